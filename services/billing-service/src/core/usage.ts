// Usage events and their roll-up. Events are kept once by their key; what is billed and shown is read from
// the totals per billing period and day.
import type { SubscriptionId, TenantId } from './ids.ts'
import type { Instant } from './time.ts'

export interface UsageEvent {
  readonly tenantId: TenantId
  /** The caller's key, or one made for it: the same key counts once. */
  readonly idempotencyKey: string
  readonly subscriptionId: SubscriptionId
  readonly metric: string
  /** Decimal string; negative only as a correction by the issuer. */
  readonly quantity: string
  readonly occurredAt: Instant
  /** Start of the billing period that the event falls into. */
  readonly periodStart: Instant
  /** Local day of the tenant, `YYYY-MM-DD`. */
  readonly day: string
  readonly recordedAt: Instant
}

/** Sum of one metric on one day of one billing period. */
export interface UsageTotal {
  readonly tenantId: TenantId
  readonly subscriptionId: SubscriptionId
  readonly metric: string
  readonly periodStart: Instant
  readonly day: string
  readonly quantity: string
  readonly events: number
}
