// The number that must be 0: periods of live subscriptions that have ended and were not billed.
import type { Deps } from '../../deps.ts'

/** A due subscription may wait this long for a job before it counts. */
const slackMs = 15 * 60_000

/** How many live subscriptions are past their boundary without having been renewed. */
export async function countDueNotBilled(deps: Deps): Promise<number> {
  return deps.store.system.count('subscriptions', {
    where: {
      clock: 'live',
      billedBy: 'engine',
      status: { in: ['trialing', 'active', 'past_due', 'unpaid'] },
    },
    range: { field: 'currentPeriodEnd', to: deps.clock.real() - slackMs },
  })
}
