// Every call that the Stripe adapter makes, driven through the adapter's port. A call that the
// adapter makes and that is missing here is found by the run.
import { expect } from 'vitest'
import { makeStripeProcessor } from '../../src/adapters/stripe/processor.ts'
import { chargeRequest, newId } from '../../src/ports/processor.contract.world.ts'
import type { Processor } from '../../src/ports/processor.ts'
import { answerChallenge } from './acts.ts'
import type { Ground } from './ground.ts'

export interface AdapterCall {
  readonly route: string
  make(processor: Processor, ground: Ground): Promise<void>
}

export const processorOn = (ground: Ground): Processor =>
  makeStripeProcessor({
    secretKey: ground.sandbox.secretKey,
    apiBase: ground.apiBase,
    webhookSecrets: [],
    returnUrl: 'http://127.0.0.1:3000/billing',
  })

async function ready(processor: Processor, method = 'pm_card_visa') {
  const customer = await processor.createCustomer({
    tenantId: 'tenant_1',
    customerId: newId('cus'),
    name: 'Acme GmbH',
    email: 'billing@acme.example',
  })
  const answer = await processor.attachMethod({
    key: newId('key'),
    processorCustomerId: customer,
    processorMethodId: method,
    billingDetails: null,
    acceptance: null,
  })
  if (answer.outcome !== 'attached') throw new Error(`attaching answered ${answer.outcome}`)
  return { processorCustomerId: customer, processorMethodId: answer.method.processorId }
}

async function openPage(processor: Processor) {
  const { processorCustomerId } = await ready(processor)
  const request = {
    transactionId: newId('txn'),
    tenantId: 'tenant_1',
    invoiceId: 'inv_1',
    amount: { amountMinor: 4_900, currency: 'USD' },
    description: 'ACME-0001',
    createdAt: Date.now(),
    processorCustomerId,
    email: null,
    language: 'zh-CN' as const,
  }
  return { request, page: await processor.createCheckout(request) }
}

async function charged(processor: Processor, method?: string) {
  const request = chargeRequest(await ready(processor, method))
  const seen = await processor.charge(request)
  if (seen.processorId === null) throw new Error('the charge has no id')
  return { request, seen, id: seen.processorId }
}

async function refunded(processor: Processor) {
  const { id } = await charged(processor)
  const transactionId = newId('txn')
  const refund = await processor.refund({
    transactionId,
    tenantId: 'tenant_1',
    amount: { amountMinor: 1_000, currency: 'USD' },
    processorPaymentId: id,
    createdAt: Date.now(),
  })
  expect(refund.status).toBe('succeeded')
  return { transactionId, processorPaymentId: id, processorId: refund.processorId ?? '' }
}

const newSetup = async (processor: Processor, type: 'card' | 'bank_account' = 'card') =>
  processor.createSetup({
    key: newId('key'),
    tenantId: 'tenant_1',
    processorCustomerId: (await ready(processor)).processorCustomerId,
    type,
    verification: 'automatic',
  })

/** An account that was typed into the browser, added with its mandate: it waits for its deposits. */
async function waitingAccount(processor: Processor, stripe: Ground['stripe']): Promise<string> {
  const typedIn = await stripe.paymentMethods.create({
    type: 'us_bank_account',
    us_bank_account: {
      account_number: '000123456789',
      routing_number: '110000000',
      account_holder_type: 'company',
    },
    billing_details: { name: 'Acme GmbH' },
  })
  const { processorCustomerId } = await ready(processor)
  const answer = await processor.attachMethod({
    key: newId('key'),
    processorCustomerId,
    processorMethodId: typedIn.id,
    billingDetails: null,
    acceptance: { acceptedAt: Date.now(), ipAddress: '203.0.113.9', userAgent: 'Mozilla/5.0' },
  })
  expect(answer).toMatchObject({ outcome: 'attached', method: { verified: false } })
  if (answer.outcome !== 'attached' || answer.setup === null) throw new Error('no set-up')
  expect(answer.setup.pending?.kind).toBe('descriptor_code')
  return answer.setup.id
}

const methodCalls: readonly AdapterCall[] = [
  {
    route: 'GET /v1/account',
    make: async processor => expect((await processor.identify()).mode).toBe('sandbox'),
  },
  {
    route: 'POST /v1/customers',
    make: async processor => {
      const named = { tenantId: 'tenant_1', customerId: newId('cus') }
      expect(await processor.createCustomer({ ...named, name: null, email: null })).toMatch(/^cus_/)
    },
  },
  {
    route: 'POST /v1/payment_methods/:id/attach',
    make: async processor => {
      for (const name of ['pm_card_visa', 'pm_usBankAccount_success']) await ready(processor, name)
    },
  },
  {
    route: 'POST /v1/payment_methods/:id',
    make: async processor => {
      const { processorMethodId } = await ready(processor)
      const address = {
        line1: 'Hauptstr. 1',
        line2: null,
        city: 'Berlin',
        state: null,
        postalCode: '10115',
        country: 'DE',
      }
      const changed = await processor.updateMethod({
        processorMethodId,
        billingDetails: { name: 'Li Wei', email: 'li@acme.example', phone: '+4930123', address },
        expiry: { month: 3, year: 2041 },
      })
      expect(changed.card?.expYear).toBe(2041)
      const billingDetails = { name: null, phone: null }
      await processor.updateMethod({ processorMethodId, billingDetails, expiry: null })
    },
  },
  {
    route: 'GET /v1/payment_methods/:id',
    make: async processor => {
      const { processorMethodId } = await ready(processor)
      const object = await processor.readObject('payment_method', processorMethodId)
      expect(object).toMatchObject({ kind: 'method', attached: true })
    },
  },
  {
    route: 'POST /v1/payment_methods/:id/detach',
    make: async processor => {
      await processor.detachMethod((await ready(processor)).processorMethodId)
    },
  },
  {
    route: 'POST /v1/setup_intents',
    make: async processor => {
      expect((await newSetup(processor)).clientSecret).toContain('_secret_')
      expect((await newSetup(processor, 'bank_account')).clientSecret).toContain('_secret_')
    },
  },
  {
    route: 'POST /v1/setup_intents/:id/verify_microdeposits',
    make: async (processor, { stripe }) => {
      const setup = await waitingAccount(processor, stripe)
      expect(await processor.verifyMethod(setup, { amounts: [1, 2] })).toEqual({
        outcome: 'mismatch',
      })
      const right = await processor.verifyMethod(setup, { descriptorCode: 'SM11AA' })
      expect(right).toMatchObject({ outcome: 'verified', method: { verified: true } })
    },
  },
  {
    route: 'GET /v1/setup_intents',
    make: async (processor, { stripe }) => {
      await waitingAccount(processor, stripe)
    },
  },
  {
    route: 'GET /v1/setup_intents/:id',
    make: async (processor, { stripe }) => {
      const { id } = await newSetup(processor)
      expect(await processor.readObject('setup_intent', id)).toEqual({ kind: 'other' })
      await stripe.setupIntents.confirm(id, {
        payment_method: 'pm_card_visa',
        return_url: 'https://example.com/back',
      })
      const object = await processor.readObject('setup_intent', id)
      expect(object).toMatchObject({ kind: 'method', attached: true })
    },
  },
]

const moneyCalls: readonly AdapterCall[] = [
  {
    route: 'POST /v1/checkout/sessions',
    make: async processor => {
      const { page } = await openPage(processor)
      expect(page).toMatchObject({ status: 'open', payment: null })
    },
  },
  {
    route: 'GET /v1/checkout/sessions/:id',
    make: async processor => {
      const { page } = await openPage(processor)
      const object = await processor.readObject('checkout.session', page.id)
      expect(object).toMatchObject({ kind: 'checkout', observation: { status: 'open' } })
    },
  },
  {
    route: 'GET /v1/checkout/sessions',
    make: async processor => {
      const { request, page } = await openPage(processor)
      const found = await processor.findCheckout({ ...request, checkoutId: null })
      expect(found?.id).toBe(page.id)
    },
  },
  {
    route: 'POST /v1/checkout/sessions/:id/expire',
    make: async processor => {
      const { page } = await openPage(processor)
      expect((await processor.expireCheckout(page.id)).status).toBe('expired')
      expect((await processor.expireCheckout(page.id)).status).toBe('expired')
    },
  },
  {
    route: 'POST /v1/payment_intents',
    make: async (processor, ground) => {
      expect((await charged(processor)).seen.status).toBe('succeeded')
      expect((await charged(processor, 'pm_card_chargeCustomerFail')).seen.status).toBe('failed')
      const who = await ready(processor, 'pm_card_authenticationRequired')
      const parked = await processor.charge(chargeRequest({ ...who, offSession: false }))
      expect(parked.status).toBe('requires_action')
      await answerChallenge(ground, parked.processorId ?? '', 'complete')
    },
  },
  {
    route: 'GET /v1/payment_intents/:id',
    make: async processor => {
      const { id } = await charged(processor)
      expect(await processor.readObject('payment_intent', id)).toMatchObject({ kind: 'payment' })
    },
  },
  {
    route: 'GET /v1/payment_intents',
    make: async processor => {
      const { request, id } = await charged(processor)
      const found = await processor.findPayment({ ...request, processorId: null })
      expect(found?.processorId).toBe(id)
    },
  },
  {
    route: 'POST /v1/payment_intents/:id/cancel',
    make: async processor => {
      const who = await ready(processor, 'pm_card_authenticationRequired')
      const parked = await processor.charge(chargeRequest({ ...who, offSession: false }))
      const cancelled = await processor.cancelPayment(parked.processorId ?? '')
      expect(cancelled.processorId).toBe(parked.processorId)
      expect((await processor.cancelPayment((await charged(processor)).id)).status).toBe(
        'succeeded',
      )
    },
  },
  {
    route: 'GET /v1/charges/:id',
    make: async processor => {
      const { seen } = await charged(processor)
      const object = await processor.readObject('charge', seen.processorChargeId ?? '')
      expect(object).toMatchObject({ kind: 'payment' })
    },
  },
  {
    route: 'POST /v1/refunds',
    make: async processor => {
      await refunded(processor)
    },
  },
  {
    route: 'GET /v1/refunds/:id',
    make: async processor => {
      const { processorId } = await refunded(processor)
      expect(await processor.readObject('refund', processorId)).toMatchObject({ kind: 'refund' })
    },
  },
  {
    route: 'GET /v1/refunds',
    make: async processor => {
      const { processorId, ...request } = await refunded(processor)
      const found = await processor.findRefund({ ...request, processorId: null })
      expect(found?.processorId).toBe(processorId)
    },
  },
]

export const adapterCalls: readonly AdapterCall[] = [...methodCalls, ...moneyCalls]
