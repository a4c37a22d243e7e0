// One thing that is proved of the books: what it says, how much was compared, and each row that breaks it.
import type { Deps } from '../../deps.ts'
import type { CollectionName } from '../../ports/collections.ts'
import type { Reads } from '../../ports/store.ts'

export type Proving = Pick<Deps, 'store' | 'processor' | 'clock' | 'hash'>
export type BookReads = Reads<CollectionName>

export interface Proof {
  readonly says: string
  /** How many things were compared. */
  readonly compared: number
  /** One line for each that does not hold, in the order of the books: the first one comes first. */
  readonly broken: readonly string[]
  /** What is no fault but should be known, such as rows that still wait for their seal. */
  readonly notes: readonly string[]
}

/** Collects what a proof finds. */
export function proofOf(says: string) {
  const broken: string[] = []
  const notes: string[] = []
  let compared = 0
  return {
    compared(count = 1) {
      compared += count
    },
    /** Two figures that must be equal; `about` names the row. */
    equal(about: string, what: string, here: number, there: number) {
      compared += 1
      if (here !== there) broken.push(`${about}: ${what}: ${here}, but ${there}`)
    },
    broken(line: string) {
      broken.push(line)
    },
    note(line: string) {
      notes.push(line)
    },
    done: (): Proof => ({ says, compared, broken, notes }),
  }
}

export type OpenProof = ReturnType<typeof proofOf>

export const sum = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0)

/** Every tenant's own reads, one tenant after the other. */
export async function* everyTenant(
  deps: Proving,
): AsyncGenerator<{ readonly tenantId: string; readonly reads: BookReads }> {
  for await (const { tenantId } of deps.store.system.stream('tenants', {})) {
    yield { tenantId, reads: deps.store.of(tenantId) }
  }
}

const batchMax = 500

/** The rows of a stream in batches, for look-ups of what belongs to them. */
export async function* inBatches<R>(rows: AsyncIterable<R>): AsyncGenerator<readonly R[]> {
  let batch: R[] = []
  for await (const row of rows) {
    batch.push(row)
    if (batch.length < batchMax) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
