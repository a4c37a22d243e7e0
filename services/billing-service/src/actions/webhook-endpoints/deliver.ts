// Delivers what is due: endpoints side by side, one message after the other within each, so that order is
// kept as long as nothing fails. A slow or broken endpoint hands the rest of its share back and holds up nobody.
import { systemCaller } from '../../core/caller.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Instant } from '../../core/time.ts'
import {
  endpointAfter,
  isDelivered,
  messageOf,
  secretsAt,
  settledDelivery,
  type WebhookDelivery,
  type WebhookEndpoint,
} from '../../core/webhook.ts'
import type { Deps } from '../../deps.ts'
import { noteDisabled } from './endpoint-verbs.ts'

const leaseMs = 2 * 60_000
const batchMax = 100
const endpointsAtOnce = 10
/** One endpoint's share of a batch; what is left after it waits for the next. */
const shareMs = 30_000
const handedBackMs = 15_000

export type DeliveryOutcome = WebhookDelivery['state'] | 'left'

/** Delivers what is due, oldest first. Answers what became of each. */
export async function deliverDue(deps: Deps): Promise<readonly DeliveryOutcome[]> {
  const now = deps.clock.real()
  const due = await deps.store.system.claim('webhookDeliveries', {
    field: 'dueAt',
    now,
    leaseUntil: now + leaseMs,
    limit: batchMax,
  })
  const shares = [...byEndpoint(due).values()]
  const outcomes: DeliveryOutcome[] = []
  const worker = async () => {
    for (let share = shares.shift(); share !== undefined; share = shares.shift()) {
      outcomes.push(...(await deliverShare(deps, share)))
    }
  }
  await Promise.all(Array.from({ length: endpointsAtOnce }, worker))
  return outcomes
}

function byEndpoint(due: readonly WebhookDelivery[]): Map<string, WebhookDelivery[]> {
  const shares = new Map<string, WebhookDelivery[]>()
  for (const delivery of [...due].sort((a, b) => (a.eventId < b.eventId ? -1 : 1))) {
    const share = shares.get(delivery.endpointId) ?? []
    share.push(delivery)
    shares.set(delivery.endpointId, share)
  }
  return shares
}

async function deliverShare(
  deps: Deps,
  share: readonly WebhookDelivery[],
): Promise<DeliveryOutcome[]> {
  const startedAt = deps.clock.real()
  const outcomes: DeliveryOutcome[] = []
  let failed = false
  for (const delivery of share) {
    const late = deps.clock.real() - startedAt > shareMs
    const outcome: DeliveryOutcome =
      failed || late ? await handBack(deps, delivery) : await deliver(deps, delivery)
    failed ||= outcome === 'waiting'
    outcomes.push(outcome)
  }
  return outcomes
}

/** Not tried, so no try is counted. */
async function handBack(deps: Deps, delivery: WebhookDelivery): Promise<DeliveryOutcome> {
  const dueAt = deps.clock.real() + handedBackMs
  await write(deps, { ...delivery, dueAt })
  return 'left'
}

async function deliver(deps: Deps, delivery: WebhookDelivery): Promise<DeliveryOutcome> {
  const now = deps.clock.real()
  const { tenantId, endpointId, eventId, eventTenantId } = delivery
  const endpoint = await deps.store.of(tenantId).get('webhookEndpoints', endpointId)
  if (endpoint.state !== 'enabled') {
    const note = `the endpoint is ${endpoint.state}`
    return write(deps, { ...delivery, state: 'canceled', dueAt: null, note, updatedAt: now })
  }
  const event = await deps.store.of(eventTenantId).get('events', eventId)
  const result = await deps.hooks.send({
    url: endpoint.url,
    id: event.id,
    sentAt: now,
    body: messageOf(event),
    secrets: secretsAt(endpoint, now),
  })
  const settledAt = deps.clock.real()
  const outcome = await write(deps, settledDelivery(delivery, result, settledAt))
  if (endpoint.failingSince !== null || !isDelivered(result)) {
    await noteHealth(deps, endpoint, current => endpointAfter(current, result, settledAt))
  }
  return outcome
}

async function write(deps: Deps, next: WebhookDelivery): Promise<DeliveryOutcome> {
  try {
    const saved = await deps.store.transaction(next.tenantId, tx =>
      tx.replace('webhookDeliveries', next),
    )
    return saved.state
  } catch (error) {
    // Somebody else took it when the lease was over; what they write stands.
    if (error instanceof Refusal && error.code === 'version_conflict') return 'left'
    throw error
  }
}

async function noteHealth(
  deps: Deps,
  { tenantId, id }: WebhookEndpoint,
  after: (current: WebhookEndpoint) => WebhookEndpoint,
): Promise<void> {
  const caller = systemCaller(tenantId, 'deliver-webhooks', deps.ids.next('request'))
  await deps.store.transaction(tenantId, async tx => {
    const current = await tx.lock('webhookEndpoints', id)
    const next = after(current)
    if (next === current) return
    const saved = await tx.replace('webhookEndpoints', next)
    if (saved.state !== current.state) await noteDisabled(deps, tx, caller, saved)
  })
}

/** Puts a delivery back in line with all its tries; the moment it is due at. */
export const dueAgain = (delivery: WebhookDelivery, now: Instant): WebhookDelivery => ({
  ...delivery,
  state: 'waiting',
  attempts: 0,
  note: null,
  dueAt: now,
  deliveredAt: null,
  updatedAt: now,
})
