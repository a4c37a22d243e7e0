// The live subscriptions of a tenant, in one read of their unique key.
import { refuse } from '../../core/refusal.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { CollectionName } from '../../ports/collections.ts'
import type { Reads } from '../../ports/store.ts'

/** Of one tenant, as many as are asked for. */
export async function liveSubscriptions(
  reads: Pick<Reads<CollectionName>, 'list'>,
  limit: number,
): Promise<readonly Subscription[]> {
  const { rows } = await reads.list('subscriptions', {
    range: { field: 'liveKey', from: '' },
    order: { field: 'liveKey', direction: 'asc' },
    limit,
  })
  return rows
}

/** A tenant is billed in one currency at a time. Refuses `currency_locked` while a subscription lives. */
export async function assertCurrencyFree(
  reads: Pick<Reads<CollectionName>, 'list'>,
): Promise<void> {
  const [live] = await liveSubscriptions(reads, 1)
  if (live) refuse('currency_locked', { currency: live.currency, subscriptionId: live.id })
}
