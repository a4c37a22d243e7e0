// Whether a tenant's personal data may go: not while anything is still owed, running or contested between
// tenant and issuer, for whoever settles it needs to know with whom.
import { refuse } from '../../core/refusal.ts'
import type { SubscriptionStatus } from '../../core/subscription.ts'
import type { CollectionName, RowOf } from '../../ports/collections.ts'
import type { Reads, Where } from '../../ports/store.ts'

type Source = Pick<Reads<CollectionName>, 'list' | 'stream'>

const liveStatuses: readonly SubscriptionStatus[] = [
  'incomplete',
  'trialing',
  'active',
  'past_due',
  'unpaid',
  'paused',
]

async function first<C extends 'subscriptions' | 'invoices' | 'transactions' | 'disputes'>(
  source: Source,
  collection: C,
  statuses: readonly string[],
): Promise<RowOf<C> | undefined> {
  const where = { status: { in: statuses } } as unknown as Where<C>
  return (await source.list(collection, { where, limit: 1 })).rows[0]
}

const blocked = (what: string, whatZh: string): never => refuse('erasure_blocked', { what, whatZh })

/** Refuses `erasure_blocked` with what stands in the way. */
export async function assertErasable(source: Source): Promise<void> {
  const live = await first(source, 'subscriptions', liveStatuses)
  if (live !== undefined) {
    blocked(`subscription ${live.id} is ${live.status}`, `订阅 ${live.id} 状态为 ${live.status}`)
  }
  const owed = await first(source, 'invoices', ['draft', 'open'])
  if (owed !== undefined) {
    blocked(`invoice ${owed.id} is ${owed.status}`, `账单 ${owed.id} 状态为 ${owed.status}`)
  }
  const moving = await first(source, 'transactions', ['pending', 'processing', 'requires_action'])
  if (moving !== undefined) {
    const { id, type, status } = moving
    blocked(`${type} ${id} is ${status}`, `交易 ${id} 状态为 ${status}`)
  }
  const contested = await first(source, 'disputes', [
    'warning_needs_response',
    'warning_under_review',
    'needs_response',
    'under_review',
  ])
  if (contested !== undefined) {
    const { id, status } = contested
    blocked(`dispute ${id} is ${status}`, `争议 ${id} 状态为 ${status}`)
  }
  for await (const { customerId, balanceMinor, currency } of source.stream('creditBalances', {})) {
    if (balanceMinor === 0) continue
    blocked(
      `customer ${customerId} has a credit balance in ${currency}`,
      `客户 ${customerId} 尚有 ${currency} 余额`,
    )
  }
}
