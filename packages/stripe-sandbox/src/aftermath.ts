// What a successful payment sets in motion by itself when its test value says so.

import type Stripe from 'stripe'
import { bankBehind, cardBehind } from './instruments.ts'
import type { Work } from './state.ts'
import { clockOf, schedule } from './tasks.ts'

/** Schedules the dispute that the charge's card or bank account promises. */
export function scheduleAftermath(work: Work, charge: Stripe.Charge): void {
  if (!charge.payment_method) return
  const { disputeOpensMs } = work.environment.timings
  const clock = clockOf(work, typeof charge.customer === 'string' ? charge.customer : null)
  const card = cardBehind(work, charge.payment_method)
  const disputed =
    card?.dispute !== undefined ||
    card?.earlyFraudWarning === true ||
    bankBehind(work, charge.payment_method)?.disputedLater === true
  if (disputed) schedule(work, 'open_dispute', charge.id, disputeOpensMs, clock)
}
