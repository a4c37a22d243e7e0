// What a transaction writes, noted on its way to the store: ledger and audit lines that are new, transactions as
// they were and as they are, subscriptions as they are.
import type { LedgerEntry } from '../../core/ledger.ts'
import type { Transaction } from '../../core/payment.ts'
import type { AuditLine } from '../../core/records.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { CollectionName } from '../../ports/collections.ts'
import type { Reads, SystemTransaction, TenantTransaction } from '../../ports/store.ts'

export type Verbs = TenantTransaction | SystemTransaction

/** A transaction before the first write of it, null where there was none, and after the last. */
export interface ChangedTransaction {
  readonly before: Transaction | null
  readonly after: Transaction
}

export interface Changes {
  readonly entries: LedgerEntry[]
  readonly auditLines: AuditLine[]
  readonly transactions: Map<string, ChangedTransaction>
  readonly subscriptions: Map<string, Subscription>
}

export const noChanges = (): Changes => ({
  entries: [],
  auditLines: [],
  transactions: new Map(),
  subscriptions: new Map(),
})

interface Owned {
  readonly tenantId: string
  readonly id: string
}

const nameOf = ({ tenantId, id }: Owned): string => JSON.stringify([tenantId, id])
const keyOf = ({ tenantId, id }: Owned) => ({ tenantId, id })

/** Of rows that may have been skipped because they were there: those that stand now under their ids. */
async function newRows(
  reads: Reads<CollectionName>,
  collection: CollectionName,
  rows: readonly unknown[],
  written: number,
): Promise<readonly unknown[]> {
  if (written === rows.length) return rows
  if (written === 0) return []
  return reads.getMany(collection, (rows as readonly Owned[]).map(keyOf) as never)
}

const noted: readonly CollectionName[] = [
  'ledgerEntries',
  'auditLines',
  'transactions',
  'subscriptions',
]

/** Notes what is read and written. Rows of other collections pass by. */
function notesOn(reads: Reads<CollectionName>, changes: Changes) {
  const { entries, auditLines, transactions, subscriptions } = changes
  const lastRead = new Map<string, Transaction>()

  function writtenTransaction(before: Transaction | null, after: Transaction): void {
    const first = transactions.get(nameOf(after))
    transactions.set(nameOf(after), { before: first === undefined ? before : first.before, after })
    lastRead.set(nameOf(after), after)
  }
  function written(collection: CollectionName, row: unknown, before: Transaction | null): void {
    if (collection === 'ledgerEntries') entries.push(row as LedgerEntry)
    if (collection === 'auditLines') auditLines.push(row as AuditLine)
    if (collection === 'transactions') writtenTransaction(before, row as Transaction)
    if (collection === 'subscriptions') subscriptions.set(nameOf(row as Owned), row as Subscription)
  }
  return {
    /** A transaction as it is stored; null where there is none. */
    read(row: Transaction | null): void {
      if (row !== null) lastRead.set(nameOf(row), row)
    },
    /** The stored row that is about to be replaced; compare-and-set proves that what was read still stands. */
    async before(collection: CollectionName, row: unknown): Promise<Transaction | null> {
      if (collection !== 'transactions') return null
      const next = row as Transaction
      const known = lastRead.get(nameOf(next))
      if (known?.version === next.version) return known
      return reads.find('transactions', { tenantId: next.tenantId, id: next.id })
    },
    written,
    async inserted(collection: CollectionName, rows: readonly unknown[], count: number) {
      for (const row of await newRows(reads, collection, rows, count)) {
        written(collection, row, null)
      }
    },
  }
}

/** The verbs of a transaction, which note in `changes` what they write. Those of other rows are left as they are. */
export function noting<T extends Verbs>(tx: T, changes: Changes): T {
  const verbs = tx as SystemTransaction
  const notes = notesOn(verbs, changes)
  async function reading<R>(asked: Promise<R>): Promise<R> {
    const row = await asked
    notes.read(row as Transaction | null)
    return row
  }
  const read = <R>(collection: CollectionName, asked: Promise<R>): Promise<R> =>
    collection === 'transactions' ? reading(asked) : asked
  const own: Partial<SystemTransaction> = {
    get: (collection, key) => read(collection, verbs.get(collection, key)),
    find: (collection, key) => read(collection, verbs.find(collection, key)),
    lock: (collection, key) => read(collection, verbs.lock(collection, key)),
    async insert(collection, row) {
      await verbs.insert(collection, row)
      notes.written(collection, row, null)
    },
    insertMany(collection, rows, options) {
      const written = verbs.insertMany(collection, rows, options)
      if (!noted.includes(collection)) return written
      return written.then(async count => {
        await notes.inserted(collection, rows, count)
        return count
      })
    },
    async replace(collection, row) {
      const before = await notes.before(collection, row)
      const saved = await verbs.replace(collection, row)
      notes.written(collection, saved, before)
      return saved
    },
    async replaceMany(collection, rows) {
      const before = await Promise.all(rows.map(row => notes.before(collection, row)))
      const saved = await verbs.replaceMany(collection, rows)
      for (const [at, row] of saved.entries()) notes.written(collection, row, before[at] ?? null)
      return saved
    },
  }
  return { ...tx, ...own }
}
