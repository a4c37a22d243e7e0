// Deliveries of events to endpoints: which endpoint is told of which event, when a failed one comes again,
// and when an endpoint is given up. Pure; signing and sending stand behind the port.
import type { Id, TenantId } from './ids.ts'
import type { DomainEvent } from './records.ts'
import { type Instant, toIso } from './time.ts'

/**
 * What belongs to the issuer and to no tenant stands under this name. No token and no header can carry it:
 * names of tenants have no spaces.
 */
export const issuerTenant = 'all tenants'

export interface WebhookSecret {
  readonly value: string
  /** Real time until which it signs beside a newer one; null: it is the newest. */
  readonly until: Instant | null
}

export interface WebhookEndpoint {
  readonly tenantId: TenantId
  readonly id: Id<'webhookEndpoint'>
  readonly url: string
  readonly description: string | null
  /** Types of events, `<noun>.*`, or `*`. */
  readonly eventTypes: readonly string[]
  readonly secrets: readonly WebhookSecret[]
  readonly state: 'enabled' | 'disabled' | 'deleted'
  readonly disabledReason: 'by_hand' | 'gone' | 'failing' | null
  /** Events recorded before this real time are none of its. */
  readonly enabledAt: Instant
  /** Real time of the first failure after the last success. */
  readonly failingSince: Instant | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

export interface WebhookDelivery {
  /** Of the endpoint. */
  readonly tenantId: TenantId
  readonly id: Id<'webhookDelivery'>
  readonly endpointId: Id<'webhookEndpoint'>
  readonly eventId: Id<'event'>
  /** Of the event: another one's only for an endpoint of the issuer. */
  readonly eventTenantId: TenantId
  readonly eventType: string
  readonly state: 'waiting' | 'delivered' | 'failed' | 'canceled'
  readonly attempts: number
  readonly responseStatus: number | null
  readonly responseBody: string | null
  readonly note: string | null
  readonly durationMs: number | null
  /** Real time of the next try; null when it is done. */
  readonly dueAt: Instant | null
  readonly deliveredAt: Instant | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

export const endpointsMax = 20

const matches = (filter: string, type: string): boolean =>
  filter === '*' ||
  filter === type ||
  (filter.endsWith('.*') && type.startsWith(filter.slice(0, -1)))

/** Whether an endpoint is told of an event: its own tenant's, or everybody's for the issuer's. */
export const isToldOf = (endpoint: WebhookEndpoint, event: DomainEvent): boolean =>
  endpoint.state === 'enabled' &&
  (endpoint.tenantId === event.tenantId || endpoint.tenantId === issuerTenant) &&
  event.recordedAt >= endpoint.enabledAt &&
  endpoint.eventTypes.some(filter => matches(filter, event.type))

/** A delivery as it waits for its first try. */
export const waitingDelivery = (
  endpoint: WebhookEndpoint,
  event: DomainEvent,
  id: Id<'webhookDelivery'>,
  now: Instant,
): WebhookDelivery => ({
  tenantId: endpoint.tenantId,
  id,
  endpointId: endpoint.id,
  eventId: event.id,
  eventTenantId: event.tenantId,
  eventType: event.type,
  state: 'waiting',
  attempts: 0,
  responseStatus: null,
  responseBody: null,
  note: null,
  durationMs: null,
  dueAt: now,
  deliveredAt: null,
  createdAt: now,
  updatedAt: now,
  version: 1,
})

/** The body of a message; the same bytes at every try. */
export const messageOf = (event: DomainEvent): string =>
  JSON.stringify({
    id: event.id,
    type: event.type,
    timestamp: toIso(event.recordedAt),
    occurredAt: toIso(event.occurredAt),
    tenantId: event.tenantId === issuerTenant ? null : event.tenantId,
    objectId: event.objectId,
    data: event.data,
  })

/** The secrets that sign at a time, the newest first. */
export const secretsAt = (endpoint: WebhookEndpoint, now: Instant): string[] =>
  endpoint.secrets.filter(({ until }) => until === null || until > now).map(({ value }) => value)

/** A new secret; the one before signs beside it until then, older ones end now. */
export const withNewSecret = (
  endpoint: WebhookEndpoint,
  value: string,
  until: Instant,
  now: Instant,
): WebhookEndpoint => ({
  ...endpoint,
  secrets: [
    { value, until: null },
    ...endpoint.secrets
      .filter(secret => secret.until === null)
      .map(secret => ({ ...secret, until })),
  ],
  updatedAt: now,
})

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const pausesMs = [
  5 * secondMs,
  30 * secondMs,
  2 * minuteMs,
  10 * minuteMs,
  30 * minuteMs,
  ...[1, 2, 4, 8, 12, 12, 16, 16].map(hours => hours * hourMs),
]

/** When to try again after so many tries; null: never. The pauses add up to 3 days. */
export function nextDelivery(attempts: number, now: Instant): Instant | null {
  const pauseMs = pausesMs[attempts - 1]
  return pauseMs === undefined ? null : now + pauseMs
}

/** What a try met: an answer, or no answer at all. */
export interface DeliveryResult {
  readonly status: number | null
  readonly body: string | null
  /** Why there was no answer. */
  readonly problem: string | null
  readonly durationMs: number
}

export const isDelivered = ({ status }: DeliveryResult): boolean =>
  status !== null && status >= 200 && status < 300

/** The delivery after a try. A redirection is followed by nobody and counts as a failure. */
export function settledDelivery(
  delivery: WebhookDelivery,
  result: DeliveryResult,
  now: Instant,
): WebhookDelivery {
  const tried = {
    ...delivery,
    attempts: delivery.attempts + 1,
    responseStatus: result.status,
    responseBody: result.body,
    note: result.problem,
    durationMs: result.durationMs,
    updatedAt: now,
  }
  if (isDelivered(result)) return { ...tried, state: 'delivered', dueAt: null, deliveredAt: now }
  const gone = result.status === 410
  const dueAt = gone ? null : nextDelivery(tried.attempts, now)
  return { ...tried, dueAt, state: dueAt === null ? 'failed' : 'waiting' }
}

const failingMaxMs = 3 * 24 * hourMs

/** The endpoint after a try: given up at once when it says 410, else after 3 days without a success. */
export function endpointAfter(
  endpoint: WebhookEndpoint,
  result: DeliveryResult,
  now: Instant,
): WebhookEndpoint {
  if (endpoint.state !== 'enabled') return endpoint
  if (isDelivered(result)) {
    return endpoint.failingSince === null ? endpoint : { ...endpoint, failingSince: null }
  }
  const failingSince = endpoint.failingSince ?? now
  const givenUp = (reason: 'gone' | 'failing'): WebhookEndpoint => ({
    ...endpoint,
    state: 'disabled',
    disabledReason: reason,
    failingSince,
    updatedAt: now,
  })
  if (result.status === 410) return givenUp('gone')
  if (now - failingSince >= failingMaxMs) return givenUp('failing')
  return endpoint.failingSince === null ? { ...endpoint, failingSince } : endpoint
}
