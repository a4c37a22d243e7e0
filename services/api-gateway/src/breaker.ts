// A circuit breaker before the billing service: when it has not answered several times in a row, requests
// are turned away at once for a while, and then one is let through to see.

export interface Breaker {
  /** Whether a request may go. After the pause one may, and the others wait for how it ends. */
  mayTry(): boolean
  /** It answered, whatever the status. */
  succeeded(): void
  failed(): void
  /** For metrics. */
  isOpen(): boolean
}

export interface BreakerOptions {
  /** Failures in a row that open it; default 10. */
  readonly failuresMax?: number | undefined
  /** How long it stays open; default 2,000. */
  readonly pauseMs?: number | undefined
  /** Milliseconds of a clock that never jumps back. */
  readonly now?: (() => number) | undefined
}

/** Makes one that lets everything through. */
export function makeBreaker(options: BreakerOptions = {}): Breaker {
  const { failuresMax = 10, pauseMs = 2_000, now = () => performance.now() } = options
  let failures = 0
  let openUntil = 0
  const isOpen = () => failures >= failuresMax
  return {
    isOpen,
    mayTry() {
      if (!isOpen()) return true
      const at = now()
      if (at < openUntil) return false
      // The next one that asks waits a further pause, unless this one comes back with an answer.
      openUntil = at + pauseMs
      return true
    },
    succeeded() {
      failures = 0
    },
    failed() {
      failures += 1
      if (failures === failuresMax) openUntil = now() + pauseMs
    },
  }
}
