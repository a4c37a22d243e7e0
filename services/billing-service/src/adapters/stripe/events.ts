// Stripe's own list of its events, which it keeps for 30 days: where lost deliveries are found again.
import type Stripe from 'stripe'
import type { Instant } from '../../core/time.ts'
import type { ProcessorEvent } from '../../ports/processor.ts'
import type { StripeConnection } from './connect.ts'
import { faultOf, isStripeError } from './failures.ts'
import { eachPage } from './lists.ts'
import { toEvent } from './webhook.ts'

/** Events made at or after an instant, newest first. Those without a readable object are left out. */
export async function* listStripeEvents(
  connection: StripeConnection,
  from: Instant,
): AsyncGenerator<ProcessorEvent> {
  const created = { gte: Math.floor(from / 1_000) }
  try {
    const listed = eachPage<Stripe.Event>(connection, 'list events', (stripe, page) =>
      stripe.events.list({ created, ...page }),
    )
    for await (const payload of listed) {
      const event = toEvent(payload)
      if (event !== null) yield event
    }
  } catch (failure) {
    throw isStripeError(failure) ? faultOf('list events', failure) : failure
  }
}
