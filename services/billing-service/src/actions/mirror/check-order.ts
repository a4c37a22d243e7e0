// Orders that Stripe did not answer for: it is asked what became of them. What it never heard of is closed.
import { systemCaller } from '../../core/caller.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { Deps } from '../../deps.ts'
import { neverBegan } from '../payments/never-began.ts'
import { neverCame } from './create-mirrored.ts'
import { isLeft, mirrorSubscription } from './mirror-subscription.ts'

/** Looks for one order, whose next look its claim has set. */
export async function checkOrder(
  deps: Deps,
  order: Subscription,
): Promise<'mirrored' | 'waiting' | 'never_came'> {
  const { tenantId, customerId, id } = order
  const { processorId } = await deps.store.of(tenantId).get('customers', customerId)
  const facts =
    processorId === null
      ? null
      : ((await deps.processor.billing?.findSubscription(processorId, id)) ?? null)
  if (facts !== null) {
    const copied = await mirrorSubscription(deps, facts)
    return isLeft(copied) ? 'waiting' : 'mirrored'
  }
  if (!neverBegan(deps, order, order.createdAt)) return 'waiting'
  await neverCame(deps, systemCaller(tenantId, 'check-orders', id), id, 'Stripe does not know it')
  return 'never_came'
}
