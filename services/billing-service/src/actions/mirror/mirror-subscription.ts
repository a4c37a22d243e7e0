// A subscription that Stripe Billing runs becomes, or updates, our copy of it. The API's answer, its webhooks
// and the import all end here, so order and repetition do not matter.
import { type Caller, systemCaller } from '../../core/caller.ts'
import { isId, type SubscriptionId } from '../../core/ids.ts'
import { mirroredSubscription, type SubscriptionFacts, soldAs } from '../../core/mirror.ts'
import type { Plan } from '../../core/plan.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { enter } from '../enter.ts'
import { type Change, record } from '../record.ts'
import { type Payer, payerOf } from './payer.ts'

/** Why nothing was copied; `mends` tells that an operator can change it and ask again. */
export interface Left {
  readonly left: string
  readonly mends: boolean
}

export const isLeft = (result: object): result is Left => 'left' in result

type Sold = NonNullable<ReturnType<typeof soldAs>>

/** Copies what Stripe says of a subscription. */
export async function mirrorSubscription(
  deps: Deps,
  facts: SubscriptionFacts,
): Promise<Subscription | Left> {
  const payer = await payerOf(deps, facts.processorCustomerId, facts.metadata.tenant_id)
  if (payer === null) {
    return { left: `the customer ${facts.processorCustomerId} is none of ours`, mends: true }
  }
  const sold = soldAs(facts, await everyPlan(deps))
  if (sold === null) {
    const prices = facts.items.map(({ priceId }) => priceId).join(', ')
    return { left: `no plan names ${prices} as its stripePriceId`, mends: true }
  }
  const caller = systemCaller(payer.tenantId, 'mirror', facts.processorId)
  const { at } = await enter(deps, caller)
  return deps.store.transaction(payer.tenantId, tx =>
    copy(deps, tx, caller, payer, facts, sold, at),
  )
}

/** Every version of every plan: which one a price at Stripe stands for, its `stripePriceId` says. */
export async function everyPlan(deps: Deps): Promise<Plan[]> {
  const plans: Plan[] = []
  const all = deps.store.system.stream('plans', { order: { field: 'rank', direction: 'asc' } })
  for await (const plan of all) plans.push(plan)
  return plans
}

async function copy(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  payer: Payer,
  facts: SubscriptionFacts,
  sold: Sold,
  at: number,
): Promise<Subscription> {
  // The customer's row keeps two copies of one subscription from being made at once.
  await tx.lock('customers', payer.customerId)
  const before = await rowOf(tx, facts)
  const id: SubscriptionId = before?.id ?? deps.ids.next('subscription')
  const next = mirroredSubscription(before, facts, {
    ...payer,
    ...sold,
    id,
    paymentMethodId: await methodOf(tx, facts),
    latestInvoiceId: await invoiceOf(tx, facts),
    liveKey: await liveKeyOf(tx, payer, sold.plan, id, facts),
    at,
  })
  if (before !== null && same(before, next)) return before
  if (before === null) await tx.insert('subscriptions', next)
  const saved = before === null ? next : await tx.replace('subscriptions', next)
  await record(deps, tx, caller, at, [changeOf(before, saved)])
  return saved
}

/** By Stripe's name, else by ours: the row that was written before Stripe was asked. */
async function rowOf(
  tx: TenantTransaction,
  { processorId, metadata }: SubscriptionFacts,
): Promise<Subscription | null> {
  const { rows } = await tx.list('subscriptions', { where: { processorId }, limit: 1 })
  if (rows[0] !== undefined) return tx.lock('subscriptions', rows[0].id)
  const ours = metadata.subscription_id ?? ''
  const asked = isId('subscription', ours) ? await tx.find('subscriptions', ours) : null
  const waits = asked?.billedBy === 'stripe' && asked.processorId === null
  return waits ? tx.lock('subscriptions', asked.id) : null
}

async function methodOf(tx: TenantTransaction, { processorMethodId }: SubscriptionFacts) {
  if (processorMethodId === null) return null
  const where = { processorId: processorMethodId }
  return (await tx.list('paymentMethods', { where, limit: 1 })).rows[0]?.id ?? null
}

async function invoiceOf(tx: TenantTransaction, { processorInvoiceId }: SubscriptionFacts) {
  if (processorInvoiceId === null) return null
  const where = { processorId: processorInvoiceId }
  return (await tx.list('invoices', { where, limit: 1 })).rows[0]?.id ?? null
}

/** Stripe allows what we would refuse: a second live subscription of a family has a key of its own. */
async function liveKeyOf(
  tx: TenantTransaction,
  { customerId }: Payer,
  plan: Plan,
  id: SubscriptionId,
  { processorId }: SubscriptionFacts,
): Promise<string> {
  const liveKey = `${customerId}:${plan.family}`
  const { rows } = await tx.list('subscriptions', { where: { liveKey }, limit: 1 })
  const taken = rows[0] !== undefined && rows[0].id !== id
  return taken ? `${liveKey}:${processorId}` : liveKey
}

const told = ({ updatedAt: _at, version: _version, ...rest }: Subscription): string =>
  JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)))

const same = (before: Subscription, next: Subscription): boolean => told(before) === told(next)

function changeOf(before: Subscription | null, saved: Subscription): Change {
  const { id, status, planCode, quantity, cancelAtPeriodEnd } = saved
  const data = { billedBy: 'stripe', planCode, status, quantity, cancelAtPeriodEnd }
  const known = before !== null && before.processorId !== null
  if (!known) return { type: 'subscription.created', objectId: id, data }
  const moved = before.status !== status
  return { type: moved ? `subscription.${status}` : 'subscription.changed', objectId: id, data }
}
