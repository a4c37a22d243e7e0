// Discounts that a subscription has: which count for an invoice, which invoices they stand on, and what
// becomes of them when an invoice is withdrawn or the subscription ends.
import type { Caller } from '../../core/caller.ts'
import type { AttachedDiscount } from '../../core/coupon.ts'
import { discountsUsed } from '../../core/discounts/discount-lines.ts'
import { isDiscountLive } from '../../core/discounts/life.ts'
import type { Invoice } from '../../core/invoice.ts'
import { refuse } from '../../core/refusal.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { CollectionName } from '../../ports/collections.ts'
import type { Reads, TenantTransaction } from '../../ports/store.ts'
import { enter } from '../enter.ts'
import { record } from '../record.ts'
import { uncountRedemptions } from './redeem.ts'

type TenantReads = Pick<Reads<CollectionName>, 'getMany'>

/** All attached discounts of subscriptions; no read where there are none. */
export async function attachedDiscounts(
  reads: TenantReads,
  subscriptions: readonly Pick<Subscription, 'discounts'>[],
): Promise<AttachedDiscount[]> {
  const ids = subscriptions.flatMap(subscription => subscription.discounts.map(d => d.id))
  return ids.length === 0 ? [] : reads.getMany('discounts', ids)
}

/**
 * The discounts that count for an invoice at `at`. `draft` is priced once more: what it stands on already
 * goes on counting.
 */
export async function liveDiscounts(
  reads: TenantReads,
  subscription: Pick<Subscription, 'discounts'>,
  at: Instant,
  draft?: Invoice,
): Promise<AttachedDiscount[]> {
  const standing = discountsUsed(draft?.lines ?? [])
  const attached = await attachedDiscounts(reads, [subscription])
  return attached.filter(discount => standing.has(discount.id) || isDiscountLive(discount, at))
}

/** Counts the discounts that `after` stands on and `before` did not, and the other way round. */
export async function countUses(
  tx: TenantTransaction,
  before: Pick<Invoice, 'lines'> | null,
  after: Pick<Invoice, 'lines'> | null,
  at: Instant,
): Promise<void> {
  const [had, has] = [discountsUsed(before?.lines ?? []), discountsUsed(after?.lines ?? [])]
  const changed = [...new Set([...had, ...has])].filter(id => had.has(id) !== has.has(id)).sort()
  for (const id of changed) {
    const discount = await tx.lock('discounts', id)
    const uses = discount.uses + (has.has(id) ? 1 : -1)
    await tx.replace('discounts', { ...discount, uses, updatedAt: at })
  }
}

/**
 * A withdrawn invoice no longer uses its discounts: a once-discount counts again, one that came with the
 * change goes with it, and so does the redemption of a subscription that has ended. Last in its transaction.
 */
export async function returnDiscounts(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  invoice: Invoice,
  at: Instant,
): Promise<void> {
  if (invoice.subscriptionId === null) return
  await countUses(tx, invoice, null, at)
  const subscription = await tx.get('subscriptions', invoice.subscriptionId)
  const attached = await attachedDiscounts(tx, [subscription])
  const over = subscription.endedAt !== null
  const back = attached.filter(d => d.uses === 0 && (over || d.attachedWith === invoice.id))
  await detach(deps, tx, caller, subscription.id, back, at)
}

/** A subscription that has ended gives back what nothing used. Last in its transaction. */
export async function returnUnused(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  subscription: Pick<Subscription, 'id' | 'discounts'>,
  at: Instant,
): Promise<void> {
  const attached = await attachedDiscounts(tx, [subscription])
  const unused = attached.filter(discount => discount.uses === 0)
  await detach(deps, tx, caller, subscription.id, unused, at)
}

async function detach(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  subscriptionId: Subscription['id'],
  gone: readonly AttachedDiscount[],
  at: Instant,
): Promise<void> {
  if (gone.length === 0) return
  const ids = new Set<string>(gone.map(discount => discount.id))
  const subscription = await tx.lock('subscriptions', subscriptionId)
  const discounts = subscription.discounts.filter(({ id }) => !ids.has(id))
  await tx.replace('subscriptions', { ...subscription, discounts, updatedAt: at })
  const returned = (discount: AttachedDiscount) => discount.uses === 0
  for (const discount of gone) {
    const status = returned(discount) ? 'returned' : 'removed'
    await tx.replace('discounts', { ...discount, status, attachedKey: null, updatedAt: at })
  }
  await record(
    deps,
    tx,
    caller,
    at,
    gone.map(discount => ({
      type: returned(discount) ? 'discount.returned' : 'discount.removed',
      objectId: discount.id,
      data: { subscriptionId, coupon: discount.coupon },
    })),
  )
  await uncountRedemptions(tx, gone.filter(returned))
}

/**
 * Takes a discount off a subscription: invoices from now on are priced without it. Its redemption is given
 * back when no invoice used it. Refuses `not_found`.
 */
export async function removeDiscount(
  deps: Deps,
  caller: Caller,
  subscriptionId: string,
  discountId: string,
): Promise<void> {
  const { at } = await enter(deps, caller)
  await deps.store.transaction(caller.tenantId, async tx => {
    const subscription = await tx.lock('subscriptions', subscriptionId)
    const named = subscription.discounts.find(({ id }) => id === discountId)
    if (named === undefined) return refuse('not_found', { noun: 'discount', nounZh: '优惠' })
    const discount = await tx.lock('discounts', named.id)
    await detach(deps, tx, caller, subscription.id, [discount], at)
  })
}
