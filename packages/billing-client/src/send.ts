// One request over fetch with its timeout and its bounded retries. Not the operations: see client.ts.
import { BillingError, errorFromAnswer } from './error.ts'

export interface SendOptions {
  readonly fetch: typeof globalThis.fetch
  /** Further tries after the first; each write repeats with the same idempotency key. */
  readonly retries: number
  /** Of one try, until its body has been read (of a streamed file: until it begins). */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

export interface OutgoingRequest {
  readonly method: string
  readonly url: string
  /** Made anew for each try, because a token may be renewed between two. */
  readonly headers: () => Promise<Record<string, string>>
  readonly body?: string
}

const backoffFirstMs = 200
const backoffMaxMs = 5_000
/** A server that asks for more patience than this gets its answer passed on instead. */
const retryAfterMaxMs = 30_000

const transientStatuses = [429, 502, 503, 504]

function isTransient(error: BillingError): boolean {
  if (error.status === 0) return error.code !== 'unexpected_answer'
  // Our own earlier try may still be running under the same key: its answer is the one to wait for.
  if (error.code === 'idempotency_in_progress') return true
  return transientStatuses.includes(error.status)
}

/**
 * How long `Retry-After` asks to wait, in milliseconds (RFC 9110, 10.2.3: seconds or a date); null
 * when it says nothing usable.
 */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs)
}

/** Exponential, with half of it left to chance, so that clients do not return all at once. */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(backoffFirstMs * 2 ** attempt, backoffMaxMs)
  return full / 2 + (full / 2) * random
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/** Aborts with the caller's signal or after the time, whichever comes first. */
function deadline(timeoutMs: number, signal: AbortSignal | undefined) {
  const controller = new AbortController()
  let expired = false
  const expire = () => {
    expired = true
    controller.abort()
  }
  const abort = () => controller.abort(signal?.reason)
  const timer = setTimeout(expire, timeoutMs)
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort, { once: true })
  const stopClock = () => clearTimeout(timer)
  return {
    signal: controller.signal,
    expired: () => expired,
    /** The body of a streamed file still follows the caller's signal, but no longer the clock. */
    stopClock,
    end() {
      stopClock()
      signal?.removeEventListener('abort', abort)
    },
  }
}

function transportError(cause: unknown, expired: boolean, options: SendOptions): BillingError {
  const seconds = options.timeoutMs / 1000
  return expired
    ? new BillingError(
        0,
        { code: 'timeout', detail: `There was no answer within ${seconds} s.` },
        { cause },
      )
    : new BillingError(
        0,
        { code: 'network_error', detail: 'The billing service cannot be reached.' },
        { cause },
      )
}

interface Failure {
  readonly error: BillingError
  readonly retryAfter: string | null
}

async function tryOnce<T>(
  request: OutgoingRequest,
  options: SendOptions,
  read: (answer: Response) => Promise<T>,
  streams: boolean,
): Promise<{ readonly value: T } | Failure> {
  const headers = await request.headers()
  const limit = deadline(options.timeoutMs, options.signal)
  let streaming = false
  try {
    const { method, url, body } = request
    const init = { method, headers, signal: limit.signal, ...(body === undefined ? {} : { body }) }
    const answer = await options.fetch(url, init)
    if (!answer.ok) {
      const retryAfter = answer.headers.get('retry-after')
      return { error: await errorFromAnswer(answer), retryAfter }
    }
    streaming = streams
    return { value: await read(answer) }
  } catch (cause) {
    if (cause instanceof BillingError) return { error: cause, retryAfter: null }
    if (options.signal?.aborted) throw options.signal.reason
    return { error: transportError(cause, limit.expired(), options), retryAfter: null }
  } finally {
    if (streaming) limit.stopClock()
    else limit.end()
  }
}

/**
 * Sends until an answer decides: network failures, timeouts, 429, 502, 503 and 504 are tried again
 * (`Retry-After` is honoured up to 30 s), every other refusal is final. Throws `BillingError`, or the
 * reason of the caller's own abort.
 */
export async function send<T>(
  request: OutgoingRequest,
  options: SendOptions,
  read: (answer: Response) => Promise<T>,
  streams = false,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    options.signal?.throwIfAborted()
    const result = await tryOnce(request, options, read, streams)
    if ('value' in result) return result.value
    const asked = retryAfterMs(result.retryAfter, Date.now())
    const patient = asked === null || asked <= retryAfterMaxMs
    if (attempt >= options.retries || !patient || !isTransient(result.error)) throw result.error
    await pause(Math.max(asked ?? 0, backoffMs(attempt, Math.random())), options.signal)
  }
}
