// Shadow mode over all mirrored subscriptions: our engine writes their next invoices for comparison only, and
// Stripe previews them. Nothing is stored here and nothing changes there.
import { shadowDifferences } from '../../core/shadow.ts'
import { anchorOf, isLive, type Subscription } from '../../core/subscription.ts'
import { periodContaining } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import { enter } from '../enter.ts'
import { forecast } from '../quotes/forecast.ts'
import { billingOf } from './forwarded.ts'

export interface Shadow {
  readonly compared: number
  readonly same: number
  /** One line for each difference, with its tenant and subscription. */
  readonly differences: readonly string[]
}

/** Compares the next invoice of every live mirrored subscription, of one tenant or of all. */
export async function shadowAll(
  deps: Deps,
  tenantId: string | null,
  onProgress: (shadow: Shadow) => void,
): Promise<Shadow> {
  let shadow: Shadow = { compared: 0, same: 0, differences: [] }
  const order = { field: 'createdAt', direction: 'asc' } as const
  for await (const tenant of deps.store.system.stream('tenants', { order })) {
    if (tenantId !== null && tenant.tenantId !== tenantId) continue
    for await (const each of deps.store.of(tenant.tenantId).stream('subscriptions', { order })) {
      if (each.billedBy !== 'stripe' || each.processorId === null || !isLive(each)) continue
      const found = await differencesOf(deps, each, each.processorId)
      const name = `${each.tenantId} ${each.id} (${each.processorId})`
      shadow = {
        compared: shadow.compared + 1,
        same: shadow.same + (found.length === 0 ? 1 : 0),
        differences: [...shadow.differences, ...found.map(line => `${name} ${line}`)],
      }
      onProgress(shadow)
    }
  }
  return shadow
}

async function differencesOf(
  deps: Deps,
  subscription: Subscription,
  processorId: string,
): Promise<string[]> {
  const entered = await enter(deps, { tenantId: subscription.tenantId })
  const ours = await deps.store.transaction(subscription.tenantId, tx =>
    forecast(deps, tx, entered, {
      after: asOurs(subscription),
      discounts: [],
      now: null,
      balanceMinor: 0,
    }),
  )
  const theirs = await billingOf(deps).previewInvoice(processorId)
  return shadowDifferences(ours?.draft ?? null, theirs)
}

/** The same agreement as the engine would count it: its running period by number from the anchor. */
function asOurs(subscription: Subscription): Subscription {
  const trial = subscription.status === 'trialing'
  const running = periodContaining(
    anchorOf(subscription),
    subscription.billingCycle,
    subscription.currentPeriodStart,
  )
  return { ...subscription, billedBy: 'engine', periodIndex: trial ? -1 : running.index }
}
