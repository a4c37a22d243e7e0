// Copies of subscriptions that Stripe Billing runs held against Stripe: events may be lost for longer than the
// back-fill reaches. It reads on both sides and changes nothing.
import { compareMirrored, type Difference } from '../../core/comparison.ts'
import { mirroredSubscription, soldAs } from '../../core/mirror.ts'
import type { Plan } from '../../core/plan.ts'
import { isLive, type Subscription } from '../../core/subscription.ts'
import type { Deps } from '../../deps.ts'
import { everyPlan } from '../mirror/mirror-subscription.ts'

/** Differences of all live copies, and the names of what was looked at. */
export async function compareMirroredAll(
  deps: Deps,
): Promise<{ readonly differences: readonly Difference[]; readonly compared: readonly string[] }> {
  const differences: Difference[] = []
  const compared: string[] = []
  const plans = await everyPlan(deps)
  const copies = deps.store.system.stream('subscriptions', {
    where: { billedBy: 'stripe' },
    order: { field: 'createdAt', direction: 'asc' },
  })
  for await (const copy of copies) {
    if (copy.processorId === null || !isLive(copy)) continue
    differences.push(...(await compareOne(deps, plans, copy)))
    compared.push(`subscription:${copy.processorId}`)
  }
  return { differences, compared }
}

async function compareOne(
  deps: Deps,
  plans: readonly Plan[],
  ours: Subscription,
): Promise<Difference[]> {
  const facts = await deps.processor.billing?.readSubscription(ours.processorId ?? '')
  if (facts === undefined) return []
  if (facts === null) return compareMirrored(ours, null)
  const sold = soldAs(facts, plans)
  // Sold at a price that no plan names any more: the event that says so waits among the dead letters.
  if (sold === null) return []
  const { tenantId, id, customerId, paymentMethodId, latestInvoiceId, updatedAt: at } = ours
  const kept = { tenantId, id, customerId, paymentMethodId, latestInvoiceId, at }
  const copy = mirroredSubscription(ours, facts, { ...kept, ...sold, liveKey: ours.liveKey ?? '' })
  return compareMirrored(ours, { copy, periodMinor: sold.price.amountMinor * sold.quantity })
}
