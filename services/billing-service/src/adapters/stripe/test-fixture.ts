// For tests only: the Stripe processor on a sandbox, as the processor's contract asks for it.
import { signatureHeader } from '@quittance/stripe-sandbox/deliveries'
import type { Sandbox } from '@quittance/stripe-sandbox/server'
import type { Disturbance, ProcessorFixture } from '../../ports/processor.contract.world.ts'
import { makeStripeProcessor } from './processor.ts'

const webhookSecret = 'whsec_test'

/** A processor of the sandbox that gives up soon; `apiBase` may lead to it through a proxy. */
export const processorOf = (sandbox: Sandbox, apiBase = sandbox.url) =>
  makeStripeProcessor({
    secretKey: sandbox.secretKey,
    apiBase,
    webhookSecrets: [webhookSecret],
    returnUrl: 'http://127.0.0.1:3000/billing',
    timeoutMs: 1_000,
    attemptsMax: 2,
    backoffMs: 1,
  })

const faults = {
  busy_once: { kind: 'rate_limit', remaining: 1 },
  busy: { kind: 'lock_timeout', remaining: null },
  answers_lost: { kind: 'timeout_after', remaining: null },
} as const satisfies Record<Disturbance, unknown>

/** What the contract needs of a sandbox; closing it is the last thing that the suite does. */
export function fixtureOf(sandbox: Sandbox, apiBase = sandbox.url): ProcessorFixture {
  const { state } = sandbox
  return {
    processor: processorOf(sandbox, apiBase),
    methods: {
      approved: 'pm_card_visa',
      declinedWhenAttached: 'pm_card_visa_chargeDeclinedInsufficientFunds',
      declinedWhenCharged: 'pm_card_chargeCustomerFail',
      challenged: 'pm_card_authenticationRequired',
    },
    disturb: disturbance =>
      state.faults.add({
        probability: 1,
        method: 'POST',
        match: null,
        delayMs: 0,
        status: 429,
        performs: false,
        ...faults[disturbance],
      }),
    calm: () => state.faults.clear(),
    recorded: transactionId =>
      [...state.list('payment_intent'), ...state.list('refund')].filter(
        row => row.metadata?.transaction_id === transactionId,
      ).length,
    eventOf(type, now) {
      const wanted = type === 'payment' ? 'payment_intent.succeeded' : 'refund.created'
      const event = state.list('event').find(row => row.type === wanted)
      const body = JSON.stringify(event)
      const signature = signatureHeader(body, webhookSecret, Math.floor(now / 1_000))
      return { rawBody: Buffer.from(body), signature }
    },
    close: () => sandbox.close(),
  }
}
