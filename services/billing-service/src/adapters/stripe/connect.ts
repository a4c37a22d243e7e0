// The one place where the Stripe SDK is set up and called. Every call is bounded, repeated only
// where that is safe, and its answer is checked. It knows no operation.
import Stripe from 'stripe'
import { assert } from '../../core/assert.ts'
import { ProcessorUnavailable } from '../../ports/processor.ts'
import { describeFailure, forbidsRetry, troubleOf, UnreadableAnswer } from './failures.ts'
import { isKept, KeptFailure } from './kept.ts'
import { makeGate, withRetries } from './limits.ts'
import { readingClient } from './read-only.ts'

/** The API version that every request states and that webhook endpoints must be created with. */
export const stripeApiVersion = '2026-10-28.endive'

export type StripeMode = 'sandbox' | 'test' | 'live'

/** Takes warnings about calls that were repeated or given up; never parameters, bodies or keys. */
export interface StripeLog {
  warn(facts: Readonly<Record<string, string | number>>, message: string): void
}

export interface ConnectOptions {
  readonly secretKey: string
  /** Scheme, host and port of the API; Stripe's own without it. */
  readonly apiBase?: string
  readonly timeoutMs?: number
  /** Calls that run at once; further ones wait. */
  readonly maxConcurrency?: number
  /** Tries of one call in all, as long as repeating is safe. */
  readonly attemptsMax?: number
  readonly backoffMs?: number
  /** Nothing is changed at Stripe: whatever is no reading is stopped before it is sent. */
  readonly readOnly?: boolean
  readonly log?: StripeLog
  /** What carries the requests instead of the network. */
  readonly httpClient?: NonNullable<Stripe.StripeConfig['httpClient']>
}

/** Any object of the API as it must look before it is believed. */
interface Answer {
  readonly object: string
}

export interface StripeConnection {
  readonly stripe: Stripe
  readonly mode: StripeMode
  /**
   * Calls Stripe and checks that the answer is an `object`, with `id` if one is given. Throws
   * `ProcessorUnavailable` when the outcome is unknown; errors that Stripe answered pass as they
   * are.
   */
  call<Result extends Answer>(
    operation: string,
    expected: { readonly object: Result['object']; readonly id?: string },
    send: (stripe: Stripe) => Promise<Stripe.Response<Result>>,
  ): Promise<Stripe.Response<Result>>
}

/** Sandbox keys carry their name; Stripe's own say test or live in their prefix. */
export function modeOf(secretKey: string): StripeMode {
  if (secretKey.startsWith('sk_test_sandbox')) return 'sandbox'
  return /^[sr]k_live_/.test(secretKey) ? 'live' : 'test'
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]'])

function addressOf(apiBase: string | undefined, mode: StripeMode) {
  if (apiBase === undefined) {
    assert(mode !== 'sandbox', 'a sandbox key needs the address of the sandbox')
    return {}
  }
  const { protocol, hostname, port, pathname, search } = new URL(apiBase)
  assert(protocol === 'https:' || protocol === 'http:', 'the API is reached by http or https')
  assert(pathname === '/' && search === '', 'the address of the API has no path')
  assert(
    protocol === 'https:' || (mode !== 'live' && loopback.has(hostname)),
    'keys are sent unencrypted to this machine only, live keys never',
  )
  const scheme = protocol === 'https:' ? ('https' as const) : ('http' as const)
  const usualPort = scheme === 'https' ? '443' : '80'
  return { host: hostname, port: port === '' ? usualPort : port, protocol: scheme }
}

function checkAnswer(answer: unknown, expected: { object: string; id?: string }): void {
  const seen = answer as Partial<Stripe.Response<{ object: string; id: string }>> | null
  const status = seen?.lastResponse?.statusCode ?? 0
  // The SDK takes any JSON without an `error` for success, whatever the status: a proxy's 502 is
  // one.
  if (status < 200 || status > 299) throw new UnreadableAnswer(`answered with status ${status}`)
  if (seen?.object !== expected.object) {
    throw new UnreadableAnswer(`answered with no ${expected.object}`)
  }
  const listed = expected.object === 'list'
  if (!listed && (typeof seen.id !== 'string' || seen.id === '')) {
    throw new UnreadableAnswer(`answered with a ${expected.object} without id`)
  }
  if (expected.id !== undefined && seen.id !== expected.id) {
    throw new UnreadableAnswer(`answered with another ${expected.object}`)
  }
}

/**
 * Opens the connection. The SDK's own retries are off, so that one loop decides them all: it
 * repeats 429, locks, broken connections and 5xx, with the caller's idempotency key, and never a
 * call that timed out.
 */
export function connectStripe(options: ConnectOptions): StripeConnection {
  const { secretKey, log, timeoutMs = 20_000, maxConcurrency = 16 } = options
  assert(/^[sr]k_(test|live)_/.test(secretKey), 'the Stripe secret key has the form of one')
  const mode = modeOf(secretKey)
  const policy = { attemptsMax: options.attemptsMax ?? 3, backoffMs: options.backoffMs ?? 250 }
  const gate = makeGate(maxConcurrency)
  const stripe = new Stripe(secretKey, {
    apiVersion: stripeApiVersion,
    maxNetworkRetries: 0,
    telemetry: false,
    timeout: timeoutMs,
    ...(options.readOnly === true && { httpClient: readingClient() }),
    ...addressOf(options.apiBase, mode),
    ...(options.httpClient === undefined ? {} : { httpClient: options.httpClient }),
  })
  const repeats = (operation: string) => (failure: unknown, attempt: number) => {
    const trouble = troubleOf(failure)
    if (failure instanceof ProcessorUnavailable) return false
    if (trouble === 'late' || trouble === 'answer' || forbidsRetry(failure)) return false
    log?.warn({ operation, attempt, ...describeFailure(failure) }, 'a call to Stripe is repeated')
    return true
  }
  return {
    stripe,
    mode,
    async call(operation, expected, send) {
      const once = () =>
        gate.pass(async () => {
          const answer = await send(stripe)
          checkAnswer(answer, expected)
          return answer
        })
      try {
        return await withRetries(policy, once, repeats(operation))
      } catch (failure) {
        if (failure instanceof ProcessorUnavailable || troubleOf(failure) === 'answer')
          throw failure
        const facts = describeFailure(failure)
        log?.warn({ operation, ...facts }, 'a call to Stripe has no known outcome')
        const known = Object.entries(facts).map(([name, value]) => `${name}=${value}`)
        const told = `${operation}: ${known.join(', ')}`
        throw isKept(failure) ? new KeptFailure(told) : new ProcessorUnavailable(told)
      }
    },
  }
}
