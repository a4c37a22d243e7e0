import { type Sandbox, startSandbox } from '@quittance/stripe-sandbox/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeProcessor } from '../../ports/processor.contract.ts'
import { makeStripeProcessor } from './processor.ts'
import { fixtureOf, processorOf } from './test-fixture.ts'

describeProcessor('stripe', async () => fixtureOf(await startSandbox()))

describe('the Stripe processor on the sandbox', () => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await startSandbox()
  })
  afterAll(() => sandbox.close())

  it('knows the sandbox by its key', async () => {
    const { mode, account } = await processorOf(sandbox).identify()
    expect(mode).toBe('sandbox')
    expect(account).toMatch(/^acct_/)
  })

  it('a wrong key is a fault that does not repeat the key', async () => {
    const secretKey = 'sk_test_sandbox_wrong_1234567890'
    const processor = makeStripeProcessor({
      secretKey,
      apiBase: sandbox.url,
      webhookSecrets: [],
    })
    const failure = await processor.identify().catch((reason: unknown) => reason)
    expect(failure).toBeInstanceOf(Error)
    expect(String(failure)).toMatch(/statusCode=401/)
    expect(String(failure)).not.toContain(secretKey)
  })

  it('a connection cut after the charge is healed by its key: one payment, answered', async () => {
    const processor = processorOf(sandbox)
    const { customer, method } = await readyToPay(processor)
    disturbOnce(sandbox, 'reset_after')
    const seen = await processor.charge(chargeOf('txn_cut', customer, method))
    expect(seen.status).toBe('succeeded')
    const intents = sandbox.state.list('payment_intent')
    expect(intents.filter(row => row.metadata.transaction_id === 'txn_cut')).toHaveLength(1)
  })

  it('a fee that is booked later is unknown first and found then', async () => {
    const processor = processorOf(sandbox)
    const { customer, method } = await readyToPay(processor)
    disturbOnce(sandbox, 'late_balance')
    const seen = await processor.charge(chargeOf('txn_late', customer, method))
    expect(seen).toMatchObject({ status: 'succeeded', feeMinor: null, netMinor: null })
    sandbox.state.advance(60_000)
    const later = await processor.readObject('payment_intent', seen.processorId ?? '')
    expect(later).toMatchObject({ observation: { feeMinor: 172, netMinor: 4_728 } })
  })

  it('a 500 that Stripe keeps stays unavailable, and the payment behind it is found', async () => {
    const processor = processorOf(sandbox)
    const { customer, method } = await readyToPay(processor)
    const request = chargeOf('txn_kept500', customer, method)
    disturbOnce(sandbox, 'server_error')
    await expect(processor.charge(request)).rejects.toThrow(/statusCode=500/)
    await expect(processor.charge(request)).rejects.toThrow(/statusCode=500/)
    const found = await processor.findPayment({
      transactionId: request.transactionId,
      processorId: null,
      processorCustomerId: customer,
      createdAt: 0,
    })
    expect(found?.status).toBe('succeeded')
  })

  it('finds a payment behind 120 newer ones of the same customer', async () => {
    const processor = processorOf(sandbox)
    const { customer, method } = await readyToPay(processor)
    await processor.charge(chargeOf('txn_first', customer, method))
    for (let number = 0; number < 120; number += 1) {
      await processor.charge(chargeOf(`txn_later${number}`, customer, method))
    }
    const found = await processor.findPayment({
      transactionId: 'txn_first',
      processorId: null,
      processorCustomerId: customer,
      createdAt: 0,
    })
    expect(found?.status).toBe('succeeded')
  })

  it('a bank debit without a mandate has failed for want of one', async () => {
    const processor = processorOf(sandbox)
    const customer = await processor.createCustomer(customerNamed('cus_bank'))
    const attached = await processor.attachMethod({
      key: 'bank',
      processorCustomerId: customer,
      processorMethodId: 'pm_usBankAccount_success',
      billingDetails: null,
      acceptance: null,
    })
    if (attached.outcome !== 'attached') throw new Error(attached.outcome)
    expect(attached.method).toMatchObject({
      type: 'bank_account',
      card: null,
      bankAccount: { last4: '6789', accountType: 'checking' },
    })
    const seen = await processor.charge({
      ...chargeOf('txn_bank', customer, attached.method.processorId),
      methodType: 'bank_account',
    })
    expect(seen).toMatchObject({
      status: 'failed',
      processorId: null,
      failureCode: 'payment_intent_mandate_invalid',
    })
  })

  it('a first payment on session sets its card up for later ones', async () => {
    const processor = processorOf(sandbox)
    const { customer, method } = await readyToPay(
      processor,
      'pm_card_authenticationRequiredOnSetup',
    )
    const first = await processor.charge({
      ...chargeOf('txn_sca1', customer, method),
      offSession: false,
    })
    expect(first.status).toBe('requires_action')
    const intent = sandbox.state.get('payment_intent', first.processorId ?? '')
    expect(intent?.setup_future_usage).toBe('off_session')
  })

  it('an object that is gone is null, and one of no interest is other', async () => {
    const processor = processorOf(sandbox)
    for (const type of ['payment_intent', 'charge', 'refund', 'payment_method', 'setup_intent']) {
      expect(await processor.readObject(type, 'nobody_knows_this')).toBeNull()
    }
    expect(await processor.readObject('balance', '')).toEqual({ kind: 'other' })
    expect(await processor.readObject('constructor', 'x_1')).toEqual({ kind: 'other' })
  })

  it('an event about a charge leads to its payment, one about a card to the card', async () => {
    const processor = processorOf(sandbox)
    const { customer, method } = await readyToPay(processor)
    const seen = await processor.charge(chargeOf('txn_event', customer, method))
    const byCharge = await processor.readObject('charge', seen.processorChargeId ?? '')
    expect(byCharge).toMatchObject({ kind: 'payment', transactionId: 'txn_event' })
    expect(await processor.readObject('payment_method', method)).toMatchObject({
      kind: 'method',
      attached: true,
    })
    await processor.detachMethod(method)
    expect(await processor.readObject('payment_method', method)).toMatchObject({ attached: false })
  })
})

const disturbOnce = (
  sandbox: Sandbox,
  kind: 'reset_after' | 'late_balance' | 'server_error',
): unknown =>
  sandbox.state.faults.add({
    kind,
    remaining: 1,
    probability: 1,
    method: kind === 'late_balance' ? null : 'POST',
    match: null,
    delayMs: 0,
    status: 429,
    performs: true,
  })

type Made = ReturnType<typeof makeStripeProcessor>

const customerNamed = (customerId: string) => ({
  tenantId: 'tenant_1',
  customerId,
  name: null,
  email: null,
})

let customers = 0

async function readyToPay(processor: Made, card = 'pm_card_visa') {
  customers += 1
  const customer = await processor.createCustomer(customerNamed(`cus_${customers}`))
  const attached = await processor.attachMethod({
    key: `attach${customers}`,
    processorCustomerId: customer,
    processorMethodId: card,
    billingDetails: null,
    acceptance: null,
  })
  if (attached.outcome !== 'attached') throw new Error(attached.outcome)
  return { customer, method: attached.method.processorId }
}

const chargeOf = (transactionId: string, customer: string, method: string) => ({
  transactionId,
  tenantId: 'tenant_1',
  invoiceId: null,
  amount: { amountMinor: 4_900, currency: 'USD' },
  processorCustomerId: customer,
  processorMethodId: method,
  methodType: 'card' as const,
  offSession: true,
  representment: false,
  description: 'ACME-0001',
  createdAt: 0,
})
