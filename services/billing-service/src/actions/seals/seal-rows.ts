// Sealing: takes the rows that wait, oldest first, and adds a link to each tenant's chain. Writers never wait
// for it. Two instances at once are kept apart by the head of the chain, which each locks.
import {
  auditDigest,
  chainStart,
  ledgerDigest,
  nextSeal,
  type SealedRow,
  type SealHead,
  type SealStream,
  type UnsealedRows,
} from '../../core/seal.ts'
import type { Deps } from '../../deps.ts'
import type { Reads, TenantTransaction } from '../../ports/store.ts'

/** Waiting entries taken in one piece of work, and rows of one link. */
const waitingMax = 500
const rowsPerSealMax = 1_000

export interface Sealing {
  /** Waiting entries that were sealed. */
  readonly taken: number
  readonly seals: number
  readonly rows: number
  readonly failed: number
}

type Digesting = Pick<Deps, 'hash'>
type RowReads = Pick<Reads<'ledgerEntries' | 'auditLines'>, 'getMany'>

/** The digests of the rows that exist, in the order of the ids. */
export async function digestsOf(
  { hash }: Digesting,
  reads: RowReads,
  stream: SealStream,
  ids: readonly string[],
): Promise<SealedRow[]> {
  if (stream === 'ledger') {
    const rows = await reads.getMany('ledgerEntries', ids)
    return rows.map(row => ({ id: row.id, digest: ledgerDigest(hash, row) }))
  }
  const rows = await reads.getMany('auditLines', ids)
  return rows.map(row => ({ id: row.id, digest: auditDigest(hash, row) }))
}

/** Seals one piece of what waits. A chain that cannot be sealed is left for the next time. */
export async function sealWaiting(deps: Deps): Promise<Sealing> {
  const { rows: waiting } = await deps.store.system.list('unsealedRows', {
    order: { field: 'recordedAt', direction: 'asc' },
    limit: waitingMax,
  })
  const total = { taken: 0, seals: 0, rows: 0, failed: 0 }
  for (const part of partsOf(waiting)) {
    const { tenantId, stream } = part[0]!
    try {
      const sealed = await sealPart(deps, part)
      total.taken += part.length
      total.rows += sealed
      total.seals += sealed > 0 ? 1 : 0
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      deps.log.error({ tenantId, stream, reason }, 'rows could not be sealed, will try again')
      total.failed += 1
    }
  }
  return total
}

/** What waits, by chain, in pieces that fit into one link. */
function partsOf(waiting: readonly UnsealedRows[]): UnsealedRows[][] {
  const open = new Map<string, { part: UnsealedRows[]; rows: number }>()
  const parts: UnsealedRows[][] = []
  for (const each of waiting) {
    const key = `${each.stream} ${each.tenantId}`
    const current = open.get(key)
    if (current && current.rows + each.rowIds.length <= rowsPerSealMax) {
      current.part.push(each)
      current.rows += each.rowIds.length
    } else {
      const part = [each]
      parts.push(part)
      open.set(key, { part, rows: each.rowIds.length })
    }
  }
  return parts
}

async function sealPart(deps: Deps, part: readonly UnsealedRows[]): Promise<number> {
  const { tenantId, stream } = part[0]!
  const now = deps.clock.real()
  return deps.store.transaction(tenantId, async tx => {
    const head = await lockHead(tx, tenantId, stream)
    // Read under the lock: what another instance sealed meanwhile does not wait any more.
    const waiting = await tx.getMany(
      'unsealedRows',
      part.map(({ id }) => id),
    )
    const ids = waiting.flatMap(({ rowIds }) => rowIds)
    const rows = await digestsOf(deps, tx, stream, ids)
    for (const { id } of waiting) await tx.remove('unsealedRows', id)
    if (rows.length === 0) return 0
    const seal = nextSeal(deps.hash, head, rows, now)
    await tx.insert('seals', seal)
    await tx.replace('sealHeads', {
      ...head,
      sequence: seal.sequence,
      hash: seal.hash,
      rowCount: head.rowCount + rows.length,
      sealedAt: now,
    })
    return rows.length
  })
}

async function lockHead(
  tx: TenantTransaction,
  tenantId: string,
  stream: SealStream,
): Promise<SealHead> {
  const fresh: SealHead = {
    tenantId,
    id: stream,
    sequence: 0,
    hash: chainStart,
    rowCount: 0,
    sealedAt: 0,
    version: 1,
  }
  if ((await tx.find('sealHeads', stream)) === null) {
    await tx.insertMany('sealHeads', [fresh], { onConflict: 'skip' })
  }
  return tx.lock('sealHeads', stream)
}
