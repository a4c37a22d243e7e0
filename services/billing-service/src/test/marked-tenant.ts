// A tenant that left one word in every field that a person can fill, and where that word then stands.
import { expect } from 'vitest'
import { runExports } from '../actions/exports/run-exports.ts'
import { sendDueMails } from '../actions/mail/send-mail.ts'
import type { InboxEvent } from '../core/inbox.ts'
import { collectionNames, shapeOf } from '../ports/shape.ts'
import type { World } from './world.ts'

/** What only this person's data say, in any field. */
export const mark = 'Quillfeather'
export const markedEmail = `ada@${mark}.example`

/** A call of the operator about a tenant. */
export const operatorOf = (world: World, tenantId: string, body?: unknown) => ({
  as: world.operator(),
  headers: { 'x-tenant-id': tenantId },
  ...(body !== undefined && { body }),
})

const noTerms = {
  type: 'general',
  taxNumber: null,
  address: null,
  phone: null,
  bankName: null,
  bankAccount: null,
  remarks: null,
  email: null,
  createdAt: 1,
  updatedAt: 1,
  version: 1,
} as const

export async function makeFiles({ service }: World): Promise<void> {
  while ((await runExports(service.deps)).length > 0);
}

/** A tenant with a paid invoice and the mark wherever a person can leave it; answers its subscription. */
export async function livedTenant(world: World, tenantId: string): Promise<string> {
  const { deps } = world.service
  const as = world.admin(tenantId)
  const address = { line1: `${mark} Lane 1`, city: mark, country: 'DE' }
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await world.call(method, path, body === undefined ? { as } : { as, body })
    expect(answer.status, `${path} ${JSON.stringify(answer.body)}`).toBeLessThan(300)
    return answer.body
  }
  const [customer] = (await ask('GET', '/customers')).data
  await ask('PATCH', `/customers/${customer.id}`, {
    name: `Ada ${mark}`,
    email: markedEmail,
    invoiceEmails: [`books@${mark}.example`],
    phone: '+49 30 1234567',
    address,
    purchaseOrder: `PO ${mark}`,
    metadata: { contact: mark },
  })
  const recipients = [markedEmail]
  await ask('PATCH', '/settings', { notifications: { invoice_issued: { recipients } } })
  const billingDetails = { name: `Ada ${mark}`, email: markedEmail, address }
  await ask('POST', '/payment-methods', { paymentMethodId: 'pm_card_visa', billingDetails })
  const subscription = await ask('POST', '/subscriptions', {
    plan: 'starter',
    trialDays: 0,
    metadata: { owner: mark },
  })
  await ask('POST', '/subscriptions/preview', {
    subscriptionId: subscription.id,
    plan: 'professional',
  })
  await world.call('PATCH', `/customers/${customer.id}`, {
    as,
    body: { name: `Ada ${mark}` },
    headers: { 'idempotency-key': `k-${tenantId}` },
  })
  const title = `${mark} Ltd`
  await deps.store.transaction(tenantId, tx =>
    tx.insert('fapiaoBuyers', { ...noTerms, tenantId, id: customer.id, title }),
  )
  await ask('POST', '/api-keys', { name: `key of ${mark}`, role: 'service' })
  await ask('POST', '/exports', { noun: 'customers', format: 'csv' })
  await makeFiles(world)
  while ((await sendDueMails(deps)).length > 0);
  return subscription.id
}

/** The same, with its subscription at an end and a webhook that told of it: it can be erased. */
export async function endedTenant(world: World, tenantId: string): Promise<void> {
  const id = await livedTenant(world, tenantId)
  const body = { when: 'now', reason: `${mark} moves on` }
  const path = `/subscriptions/${id}/cancel`
  const answer = await world.call('POST', path, operatorOf(world, tenantId, body))
  expect(answer.status).toBe(200)
  const { store } = world.service.deps
  await store.system.transaction(tx => tx.insert('inbox', told(tenantId)))
}

/** What the processor told about a tenant. */
const told = (tenantId: string): InboxEvent => ({
  id: `stripe:evt_${tenantId}`,
  processor: 'stripe',
  type: 'payment_method.updated',
  objectId: 'pm_1',
  subject: '',
  apiVersion: null,
  payload: { billing_details: { email: markedEmail } },
  source: 'webhook',
  state: 'applied',
  attempts: 1,
  reason: null,
  tenantId,
  occurredAt: 1,
  receivedAt: 1,
  dueAt: null,
  processedAt: 1,
  replays: 0,
  replayedBy: null,
  version: 1,
})

/** The collections in which the mark stands in a row of the tenant, as the database's owner sees them. */
export async function collectionsWithMark(world: World, tenantId: string): Promise<string[]> {
  const { found } = await world.held(mark)
  const tables = found.filter(each => each.tenantId === tenantId).map(({ table }) => table)
  return collectionNames.filter(name => tables.includes(`quittance.${shapeOf(name).table}`)).sort()
}
