// Writes down what subscriptions have come to be worth a month, in the transaction that changed them.
import {
  moveRevenue,
  noRevenue,
  recurringIdOf,
  subscriptionMrrMinor,
} from '../../core/reports/recurring.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { CollectionName, TenantCollection } from '../../ports/collections.ts'
import type { Reads, Store, Writes } from '../../ports/store.ts'
import { planTerms } from '../plans/plan-terms.ts'

type Moving = Reads<CollectionName> & Writes<TenantCollection>

/** What a subscription is worth a month, as of its last change. */
export async function monthlyValue(
  store: Store,
  reads: Reads<CollectionName>,
  subscription: Subscription,
): Promise<number> {
  const { tenantId, planId, discounts } = subscription
  const plans = await planTerms({ store }, reads, [planId])
  const keys = discounts.map(({ id }) => ({ tenantId, id }))
  const attached = keys.length === 0 ? [] : await reads.getMany('discounts', keys)
  return subscriptionMrrMinor(subscription, plans.get(planId) ?? null, attached)
}

/** Moves the recurring revenue of the customers of changed subscriptions. Answers how many movements that were. */
export async function moveRevenues(
  store: Store,
  tx: Moving,
  subscriptions: readonly Subscription[],
): Promise<number> {
  let moved = 0
  const inOrder = [...subscriptions].sort((a, b) => (a.id < b.id ? -1 : 1))
  for (const subscription of inOrder) moved += await moveOne(store, tx, subscription)
  return moved
}

async function moveOne(store: Store, tx: Moving, subscription: Subscription): Promise<number> {
  const worthMinor = await monthlyValue(store, tx, subscription)
  const key = { tenantId: subscription.tenantId, id: recurringIdOf(subscription) }
  const known = await tx.find('recurringRevenues', key)
  if (worthMinor === (known?.bySubscription[subscription.id] ?? 0)) return 0
  if (known === null) {
    await tx.insertMany('recurringRevenues', [noRevenue(subscription)], { onConflict: 'skip' })
  }
  const before = await tx.lock('recurringRevenues', key)
  const moved = moveRevenue(before, subscription, worthMinor)
  if (moved === null) return 0
  await tx.replace('recurringRevenues', moved.revenue)
  await tx.insert('mrrMovements', moved.movement)
  return 1
}
