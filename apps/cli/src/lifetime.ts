// The life of a process that serves: runs until it is told to stop, then stops its parts in order.

/** A part to stop, in the order of the list. */
export interface Stoppable {
  readonly name: string
  readonly stop: () => Promise<void>
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * npm passes a signal on that the terminal has already sent to us, so a repetition within this time is the
 * same request; a later one is somebody who does not want to wait.
 */
const sameRequestMs = 500

export interface Lifetime {
  /** Resolves with the first signal. */
  readonly ended: Promise<NodeJS.Signals>
  /** Whether a signal came: a start under way should give up. */
  readonly isEnding: () => boolean
}

/**
 * Listens for signals from now on. A second one ends the process at once; what it leaves behind (an embedded
 * database that still runs) is taken over by the next start.
 */
export function watchSignals(force = () => process.exit(1)): Lifetime {
  let firstAt: number | null = null
  const ended = new Promise<NodeJS.Signals>(resolve => {
    const onSignal = (signal: NodeJS.Signals) => {
      if (firstAt === null) {
        firstAt = performance.now()
        resolve(signal)
      } else if (performance.now() - firstAt > sameRequestMs) {
        force()
      }
    }
    for (const signal of signals) process.on(signal, onSignal)
  })
  return { ended, isEnding: () => firstAt !== null }
}

/** Stops each part in turn. A part that fails is reported, and the rest is stopped all the same. */
export async function stopInOrder(
  parts: readonly Stoppable[],
  report: (text: string) => void,
): Promise<boolean> {
  let clean = true
  for (const { name, stop } of parts) {
    try {
      await stop()
    } catch (error) {
      clean = false
      report(`${name} did not stop in order: ${error instanceof Error ? error.message : error}`)
    }
  }
  return clean
}
