// How a transaction is run again that lost a race: the database lets nobody wait for a row, so waiting is done
// here. Knows nothing of rows.
import { setTimeout as delay } from 'node:timers/promises'
import { Refusal } from '../../core/refusal.ts'
import { isConflict, unavailable } from './connect.ts'

/** Tries of a body that lost a race to another version of a row. */
const attemptsMax = 5
/** How long a body is run again, once it is its turn: the time that others would spend waiting for a row. */
const conflictPatienceMs = 30_000
/** Tries beside the losers of other tenants, before all go one by one. */
const besideOthersMax = 1
const pauseMaxMs = 200

/** Work under one name, one after another. */
export interface Turns {
  take<T>(name: string, work: () => Promise<T>): Promise<T>
}

export function makeTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return {
    take(name, work) {
      const turn = (last.get(name) ?? Promise.resolve()).then(work)
      const ended = turn
        .catch(() => undefined)
        .then(() => {
          if (last.get(name) === ended) last.delete(name)
        })
      last.set(name, ended)
      return turn
    },
  }
}

const isStale = (error: unknown): boolean =>
  error instanceof Refusal && error.code === 'version_conflict'

interface Patience {
  /** Tries that have lost to another version of a row before. */
  readonly stale?: number
  /** Conflicts after which the last one is thrown; without it the time alone counts. */
  readonly conflictsMax?: number
}

async function again<T>(once: () => Promise<T>, patience: Patience = {}): Promise<T> {
  const { conflictsMax = Number.POSITIVE_INFINITY } = patience
  const startedAt = performance.now()
  let stale = patience.stale ?? 0
  let conflicts = 0
  for (let tried = 1; ; tried += 1) {
    await delay(Math.random() * Math.min(pauseMaxMs, 5 * 2 ** tried))
    try {
      return await once()
    } catch (error) {
      if (isStale(error)) {
        stale += 1
        if (stale >= attemptsMax) throw error
      } else if (!isConflict(error)) throw error
      else {
        conflicts += 1
        if (conflicts >= conflictsMax) throw error
        if (performance.now() - startedAt > conflictPatienceMs) throw unavailable(error)
      }
    }
  }
}

/**
 * Runs the body, again (after a short, uneven pause) when it lost a race. The first try is made at once; those
 * that met another transaction try again one after the other, each tenant's by itself. Who keeps losing meets
 * other tenants on a row that all share (a coupon's count, the issuer's numbers): those go one by one among all,
 * or a crowd would keep ending each other's work.
 */
export async function runAgain<T>(
  turns: Turns,
  tenantId: string | null,
  once: () => Promise<T>,
): Promise<T> {
  try {
    return await once()
  } catch (error) {
    if (isStale(error)) return again(once, { stale: 1 })
    if (!isConflict(error)) throw error
  }
  return turns.take(tenantId === null ? 'system' : `tenant ${tenantId}`, async () => {
    try {
      return await again(once, { conflictsMax: besideOthersMax })
    } catch (error) {
      if (!isConflict(error)) throw error
      return turns.take('everybody', () => again(once))
    }
  })
}
