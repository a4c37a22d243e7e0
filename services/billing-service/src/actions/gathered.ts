// Calls that come at the same moment are worked on together: each waits for its own outcome, and is answered only
// when that is committed. Who comes alone is not kept waiting.

/** Groups on their way at a time; what comes meanwhile makes up the next one. */
const groupsMax = 2
/** Calls in a group. */
const callsMax = 500

interface Waiting<Item, T> {
  readonly item: Item
  readonly resolve: (value: T) => void
  readonly reject: (reason: unknown) => void
}

/** `work` answers the outcome of each item, in their order. */
export function gathered<Item, T>(
  work: (items: readonly Item[]) => Promise<readonly PromiseSettledResult<T>[]>,
): (item: Item) => Promise<T> {
  const waiting: Waiting<Item, T>[] = []
  let running = 0

  async function takeGroup(): Promise<void> {
    const group = waiting.splice(0, callsMax)
    try {
      const outcomes = await work(group.map(({ item }) => item))
      for (const [at, { resolve, reject }] of group.entries()) {
        const outcome = outcomes[at]
        if (outcome?.status === 'fulfilled') resolve(outcome.value)
        else reject(outcome?.reason)
      }
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }

  async function workOff(): Promise<void> {
    running += 1
    try {
      while (waiting.length > 0) await takeGroup()
    } finally {
      running -= 1
    }
  }

  return item =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (running < groupsMax) setImmediate(() => running < groupsMax && void workOff())
    })
}
