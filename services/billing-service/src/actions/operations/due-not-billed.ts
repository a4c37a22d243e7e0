// The number that must be 0: periods of live subscriptions that have ended and were not billed.
import { waitsForPayment } from '../../core/subscription.ts'
import type { Deps } from '../../deps.ts'

/** A due subscription may wait this long for a job before it counts. */
const slackMs = 15 * 60_000
/** More than these are an outage, whose number need not leave out the few that wait for a bank. */
const lookedAtMax = 1_000

/**
 * How many live subscriptions are past their boundary without having been renewed. No period ends while a change
 * waits for its payment, and a bank may take weeks: those are not due.
 */
export async function countDueNotBilled(deps: Deps): Promise<number> {
  const past = {
    where: {
      clock: 'live',
      billedBy: 'engine',
      status: { in: ['trialing', 'active', 'past_due', 'unpaid'] },
    },
    range: { field: 'currentPeriodEnd', to: deps.clock.real() - slackMs },
  } as const
  const { rows, nextCursor } = await deps.store.system.list('subscriptions', {
    ...past,
    order: { field: 'currentPeriodEnd', direction: 'asc' },
    limit: lookedAtMax,
  })
  if (nextCursor !== null) return deps.store.system.count('subscriptions', past)
  return rows.filter(row => !waitsForPayment(row)).length
}
