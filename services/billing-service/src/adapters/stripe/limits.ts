// How many calls run at once and when a call is repeated. It knows nothing of payments: every call
// that is repeated here carries an idempotency key or is harmless to repeat.
import { setTimeout as wait } from 'node:timers/promises'
import { ProcessorUnavailable } from '../../ports/processor.ts'

/** Calls waiting for a free place beyond this many are turned away: nothing was sent for them. */
const queueMax = 1_000
const backoffMaxMs = 4_000

export interface Gate {
  /** Runs the call once a place is free. Throws `ProcessorUnavailable` when too many wait. */
  pass<Result>(call: () => Promise<Result>): Promise<Result>
}

/** Lets at most `concurrencyMax` calls run at once; the others wait in order. */
export function makeGate(concurrencyMax: number): Gate {
  const waiting: (() => void)[] = []
  let running = 0
  const leave = () => {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
  return {
    async pass(call) {
      if (running < concurrencyMax) {
        running += 1
      } else {
        if (waiting.length >= queueMax) {
          throw new ProcessorUnavailable(`${queueMax} calls to the processor are waiting already`)
        }
        await new Promise<void>(resolve => waiting.push(resolve))
      }
      try {
        return await call()
      } finally {
        leave()
      }
    },
  }
}

export interface RetryPolicy {
  /** Tries in all, the first one included. */
  readonly attemptsMax: number
  /** The wait before the second try; it doubles from there. */
  readonly backoffMs: number
}

/**
 * The wait after a failed try (1 is the first): doubling, at most 4 s, and a random half of it, so
 * that callers turned away together do not come back together.
 */
export function backoffAfter(attempt: number, policy: RetryPolicy, random = Math.random): number {
  const whole = Math.min(policy.backoffMs * 2 ** (attempt - 1), backoffMaxMs)
  return Math.round(whole * (0.5 + random() * 0.5))
}

/** Repeats a call while `worthRepeating` says so, and throws the last failure. */
export async function withRetries<Result>(
  policy: RetryPolicy,
  call: () => Promise<Result>,
  worthRepeating: (failure: unknown, attempt: number) => boolean,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call()
    } catch (failure) {
      if (attempt >= policy.attemptsMax || !worthRepeating(failure, attempt)) throw failure
      await wait(backoffAfter(attempt, policy))
    }
  }
}
