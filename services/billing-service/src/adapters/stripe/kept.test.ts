// That an error which Stripe keeps for a key does not stand in the way of what was promised.
import { type Sandbox, startSandbox } from '@quittance/stripe-sandbox/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { processorOf } from './test-fixture.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

const breakOnce = (match: string, performs: boolean, times = 1) =>
  sandbox.state.faults.add({
    kind: 'server_error',
    remaining: times,
    probability: 1,
    method: 'POST',
    match,
    delayMs: 0,
    status: 429,
    performs,
  })

const customerNamed = (customerId: string) => ({
  tenantId: 'tenant_1',
  customerId,
  name: null,
  email: null,
})

async function paid(transactionId: string) {
  const processor = processorOf(sandbox)
  const customer = await processor.createCustomer(customerNamed(`cus_of_${transactionId}`))
  const attached = await processor.attachMethod({
    key: `attach_${transactionId}`,
    processorCustomerId: customer,
    processorMethodId: 'pm_card_visa',
    billingDetails: null,
    acceptance: null,
  })
  if (attached.outcome !== 'attached') throw new Error(attached.outcome)
  const seen = await processor.charge({
    transactionId,
    tenantId: 'tenant_1',
    invoiceId: null,
    amount: { amountMinor: 4_900, currency: 'USD' },
    processorCustomerId: customer,
    processorMethodId: attached.method.processorId,
    methodType: 'card',
    offSession: true,
    representment: false,
    description: 'ACME-0001',
    createdAt: 0,
  })
  return seen.processorId!
}

const refundOf = (transactionId: string, processorPaymentId: string) => ({
  transactionId,
  tenantId: 'tenant_1',
  amount: { amountMinor: 1_000, currency: 'USD' },
  processorPaymentId,
  createdAt: 0,
})

const madeFor = (transactionId: string) =>
  sandbox.state.list('refund').filter(row => row.metadata?.transaction_id === transactionId)

it('a refund that failed with a kept 500 and was not made is made under the next key', async () => {
  const payment = await paid('txn_pay_1')
  breakOnce('/v1/refunds', false)
  const seen = await processorOf(sandbox).refund(refundOf('txn_refund_1', payment))
  expect(seen.status).toBe('succeeded')
  expect(madeFor('txn_refund_1')).toHaveLength(1)
})

it('a refund that failed with a kept 500 and was made all the same is found, not made again', async () => {
  const payment = await paid('txn_pay_2')
  breakOnce('/v1/refunds', true)
  const seen = await processorOf(sandbox).refund(refundOf('txn_refund_2', payment))
  expect(seen).toMatchObject({ status: 'succeeded', processorId: madeFor('txn_refund_2')[0]?.id })
  expect(madeFor('txn_refund_2')).toHaveLength(1)
})

it('a refund asked for again after 2 broken keys is still made once', async () => {
  const payment = await paid('txn_pay_3')
  breakOnce('/v1/refunds', false, 2)
  const request = refundOf('txn_refund_3', payment)
  const first = await processorOf(sandbox).refund(request)
  const second = await processorOf(sandbox).refund(request)
  expect(second.processorId).toBe(first.processorId)
  expect(madeFor('txn_refund_3')).toHaveLength(1)
})

it('a customer whose creation failed with a kept 500 is created under the next key', async () => {
  breakOnce('/v1/customers', false)
  const processor = processorOf(sandbox)
  const id = await processor.createCustomer(customerNamed('cus_broken'))
  expect(await processor.createCustomer(customerNamed('cus_broken'))).toBe(id)
})
