// Time comes from here alone. Billing time of a test tenant may stand elsewhere than the real time.
import type { Instant } from '../core/time.ts'

export interface Clock {
  /** Real time: tokens, signatures, leases, rate limits, `recordedAt`. */
  real(): Instant
}

/** Billing time of a tenant: its own clock if it has one, else the real time. */
export const billingTime = (clock: Clock, tenant: { readonly clockAt: Instant | null }): Instant =>
  tenant.clockAt ?? clock.real()
