// Requests side by side, in an order that can be had again: at every call of a port one of those that wait,
// drawn by chance, goes on; the others wait for their turn.
import { setImmediate as soon } from 'node:timers/promises'
import type { Random } from './random.ts'

export type Pass = <T>(work: () => Promise<T>) => Promise<T>

/**
 * Runs tasks side by side. Each is given the gate through which all its calls of ports go. A task that failed
 * may have calls under way still: they end before anything else draws by chance.
 */
export async function sideBySide<T>(
  random: Random,
  tasks: readonly ((pass: Pass) => Promise<T>)[],
): Promise<PromiseSettledResult<T>[]> {
  const waiting: (() => Promise<void>)[] = []
  let taken = false
  let looking = false
  // Chosen only when everything that can run without a port has run: then who waits is no accident.
  const look = () => {
    if (taken || looking) return
    looking = true
    setImmediate(() => {
      looking = false
      if (taken || waiting.length === 0) return
      taken = true
      const [next] = waiting.splice(random.whole(0, waiting.length - 1), 1)
      void next!()
    })
  }
  /** Inside a transaction its own handle is the only one: another call would wait for itself. */
  const gate = (): Pass => {
    let holds = false
    return work =>
      new Promise((resolve, reject) => {
        if (holds) return reject(new Error('a port is called inside a transaction'))
        waiting.push(async () => {
          holds = true
          try {
            resolve(await work())
          } catch (error) {
            reject(error)
          } finally {
            holds = false
            taken = false
            look()
          }
        })
        look()
      })
  }
  const results = await Promise.allSettled(tasks.map(task => task(gate())))
  while (taken || looking || waiting.length > 0) await soon()
  return results
}
