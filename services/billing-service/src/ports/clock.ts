// Time comes from here alone. Billing time of a test tenant may stand elsewhere than the real time.
import type { Instant } from '../core/time.ts'

export interface Clock {
  /** Real time: tokens, signatures, leases, rate limits, `recordedAt`. */
  real(): Instant
  /**
   * Milliseconds that pass whatever becomes of the real time, which is set, and jumps: how long this process has
   * waited for something. Two processes count from different moments.
   */
  steady(): number
}

/** Billing time of a tenant: its own clock if it has one, else the real time. */
export const billingTime = (clock: Clock, tenant: { readonly clockAt: Instant | null }): Instant =>
  tenant.clockAt ?? clock.real()
