// The processor port on Stripe's API (or on the sandbox that speaks it). It puts the parts
// together; rules about money and time are none of its business.
import { assert } from '../../core/assert.ts'
import type { Processor } from '../../ports/processor.ts'
import { stripeBilling } from './billing.ts'
import { stripeCheckouts } from './checkouts.ts'
import { type ConnectOptions, connectStripe } from './connect.ts'
import { stripeDisputes } from './disputes.ts'
import { listStripeEvents } from './events.ts'
import { faultOf, isStripeError } from './failures.ts'
import { stripeMethods } from './methods.ts'
import { readStripeObject } from './objects.ts'
import { stripePayments } from './payments.ts'
import { stripeRefunds } from './refunds.ts'
import { sandboxClock } from './sandbox-clock.ts'
import { stripeWalk } from './walk.ts'
import { readStripeEvent } from './webhook.ts'

export interface StripeProcessorOptions extends ConnectOptions {
  /** Signing secrets of the webhook endpoint; two while one is being rotated. */
  readonly webhookSecrets: readonly string[]
  /** Where a payer comes back after a challenge; without it Stripe's own script has to run it. */
  readonly returnUrl?: string
}

/** Makes the processor that moves money through Stripe. */
export function makeStripeProcessor(options: StripeProcessorOptions): Processor {
  const { webhookSecrets, returnUrl } = options
  assert(
    webhookSecrets.every(secret => secret.length > 0),
    'webhook secrets are not empty',
  )
  const connection = connectStripe(options)
  return {
    name: 'stripe',
    async identify() {
      try {
        const account = await connection.call('identify', { object: 'account' }, stripe =>
          stripe.accounts.retrieveCurrent(),
        )
        return { account: account.id, mode: connection.mode }
      } catch (failure) {
        throw isStripeError(failure) ? faultOf('identify', failure) : failure
      }
    },
    ...stripeMethods(connection),
    ...stripePayments(connection, returnUrl),
    ...stripeRefunds(connection),
    ...stripeCheckouts(connection, returnUrl),
    ...stripeDisputes(connection),
    billing: stripeBilling(connection),
    ...stripeWalk(connection),
    ...(connection.mode === 'sandbox' ? sandboxClock(options) : {}),
    readEvent: (rawBody, signature, now) =>
      readStripeEvent(webhookSecrets, rawBody, signature, now),
    listEvents: from => listStripeEvents(connection, from),
    readObject: (objectType, objectId) => readStripeObject(connection, objectType, objectId),
  }
}
