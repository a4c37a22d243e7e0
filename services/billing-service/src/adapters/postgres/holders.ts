// Who holds which row among pieces of work that share a transaction. The database lets them pass, for they are one
// to it; so they wait for each other here, as if each had a transaction of its own.

/** They wait for each other in a ring: they cannot share a transaction. */
export class CannotShare extends Error {}

export type Hold = 'alone' | 'shared'

interface Ending {
  readonly promise: Promise<void>
  readonly end: () => void
}

function ending(): Ending {
  let end = () => {}
  const promise = new Promise<void>(resolve => {
    end = resolve
  })
  return { promise, end }
}

/** Rows by name, works by number. A hold lasts until its work has ended. */
export class Holders {
  private readonly held = new Map<string, Map<number, Hold>>()
  private readonly namesOf = new Map<number, Set<string>>()
  private readonly endings = new Map<number, Ending>()
  private readonly waits = new Map<number, Set<number>>()

  /** Takes a row, once nobody else's hold stands against it. Answers whether that took waiting. */
  async take(work: number, name: string, hold: Hold): Promise<boolean> {
    let waited = false
    for (;;) {
      const others = this.against(work, name, hold)
      if (others.length === 0) break
      waited = true
      await this.waitFor(work, others)
    }
    const holders = this.held.get(name) ?? new Map<number, Hold>()
    this.held.set(name, holders.set(work, holders.get(work) === 'alone' ? 'alone' : hold))
    const names = this.namesOf.get(work) ?? new Set()
    this.namesOf.set(work, names.add(name))
    return waited
  }

  /** Lets everything go that a work held. */
  ended(work: number): void {
    for (const name of this.namesOf.get(work) ?? []) this.held.get(name)?.delete(work)
    this.namesOf.delete(work)
    this.endings.get(work)?.end()
    this.endings.delete(work)
  }

  private against(work: number, name: string, hold: Hold): number[] {
    const holders = [...(this.held.get(name) ?? [])]
    return holders
      .filter(([other, theirs]) => other !== work && (hold === 'alone' || theirs === 'alone'))
      .map(([other]) => other)
  }

  private async waitFor(work: number, others: readonly number[]): Promise<void> {
    if (others.some(other => this.reaches(other, work))) {
      throw new CannotShare('two pieces of work wait for each other')
    }
    const before = this.waits.get(work)
    this.waits.set(work, new Set([...(before ?? []), ...others]))
    await Promise.all(others.map(other => this.endOf(other)))
    if (before) this.waits.set(work, before)
    else this.waits.delete(work)
  }

  private endOf(work: number): Promise<void> {
    const known = this.endings.get(work) ?? ending()
    this.endings.set(work, known)
    return known.promise
  }

  private reaches(from: number, to: number): boolean {
    const seen = new Set<number>()
    const left = [from]
    for (let at = left.pop(); at !== undefined; at = left.pop()) {
      if (at === to) return true
      if (seen.has(at)) continue
      seen.add(at)
      left.push(...(this.waits.get(at) ?? []))
    }
    return false
  }
}
