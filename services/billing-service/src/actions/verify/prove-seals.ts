// What is proved of the seals: every chain is whole, every sealed row is as it was sealed, every row is sealed
// or waits for it, and seals that were kept elsewhere still stand in their chains.
import {
  brokenLink,
  chainStart,
  type Seal,
  type SealHead,
  type SealStream,
  sealIdOf,
} from '../../core/seal.ts'
import { issuerTenant } from '../../core/webhook.ts'
import { digestsOf } from '../seals/seal-rows.ts'
import {
  type BookReads,
  everyTenant,
  type OpenProof,
  type Proof,
  type Proving,
  proofOf,
  sum,
} from './proof.ts'

/** A newest seal that was exported earlier. */
export type KeptSeal = Pick<SealHead, 'tenantId' | 'sequence' | 'hash'> & {
  readonly stream: SealStream
}

const rowsMax = 1_000
const collectionOf = { ledger: 'ledgerEntries', audit: 'auditLines' } as const
const rowsCalled = { ledger: 'the ledger', audit: 'the audit log' } as const

/** Every sealed row against its seal, the open tail, and the seals kept elsewhere. */
export async function proveSeals(
  deps: Proving,
  stream: SealStream,
  kept: readonly KeptSeal[] = [],
): Promise<Proof> {
  const proof = proofOf(`sealed rows of ${rowsCalled[stream]} are as they were sealed`)
  let waiting = 0
  for await (const { tenantId, reads } of everyChain(deps)) {
    const sealed = await walkChain(deps, proof, reads, { tenantId, stream })
    waiting += await coverAll(proof, reads, { tenantId, stream, sealed })
  }
  for (const each of kept) {
    if (each.stream === stream) await compareKept(deps, proof, each)
  }
  if (waiting > 0) proof.note(`${waiting} rows are not sealed yet`)
  return proof.done()
}

/** The chains of all tenants, and of what belongs to none of them. */
async function* everyChain(deps: Proving) {
  yield* everyTenant(deps)
  yield { tenantId: issuerTenant, reads: deps.store.of(issuerTenant) }
}

interface Chain {
  readonly tenantId: string
  readonly stream: SealStream
}

/** Goes through a chain from its start; answers how many rows are under its seals. */
async function walkChain(
  deps: Proving,
  proof: OpenProof,
  reads: BookReads,
  { tenantId, stream }: Chain,
): Promise<number> {
  const head = await reads.find('sealHeads', stream)
  let before: Pick<Seal, 'sequence' | 'hash'> = { sequence: 0, hash: chainStart }
  let rows = 0
  let headSeen = head === null || head.sequence === 0
  const seals = reads.stream('seals', {
    where: { stream },
    order: { field: 'sequence', direction: 'asc' },
  })
  for await (const seal of seals) {
    const wrong = brokenLink(deps.hash, before, seal)
    if (wrong !== null) proof.broken(`${tenantId} ${stream}: ${wrong}`)
    await compareRows(deps, proof, reads, seal)
    before = seal
    rows += seal.rowCount
    if (head?.sequence !== seal.sequence) continue
    headSeen = head.hash === seal.hash && head.rowCount === rows
  }
  if (!headSeen) proof.broken(`${tenantId} ${stream}: the newest seal is not the end of the chain`)
  return rows
}

async function compareRows(
  deps: Proving,
  proof: OpenProof,
  reads: BookReads,
  seal: Seal,
): Promise<void> {
  for (let from = 0; from < seal.rows.length; from += rowsMax) {
    const part = seal.rows.slice(from, from + rowsMax)
    const ids = part.map(({ id }) => id)
    const found = new Map(
      (await digestsOf(deps, reads, seal.stream, ids)).map(({ id, digest }) => [id, digest]),
    )
    for (const { id, digest } of part) {
      proof.compared()
      const now = found.get(id)
      const about = `${seal.tenantId} ${id}`
      if (now === undefined) proof.broken(`${about}: gone since seal ${seal.sequence}`)
      else if (now !== digest) proof.broken(`${about}: changed since seal ${seal.sequence}`)
    }
  }
}

/**
 * Every row is under a seal or waits for one. Counts tell it as a rule; only where they differ each row is
 * looked for, and rows written while we read are taken for what they are.
 */
async function coverAll(
  proof: OpenProof,
  reads: BookReads,
  { tenantId, stream, sealed }: Chain & { readonly sealed: number },
): Promise<number> {
  const collection = collectionOf[stream]
  const waiting = await waitingIds(reads, stream)
  const existing = await countExisting(reads, stream, waiting)
  if ((await reads.count(collection, {})) === sealed + existing) return existing
  const candidates: string[] = []
  const known = await sealedIds(reads, stream)
  for await (const { id } of reads.stream(collection, {})) {
    if (!known.has(id)) candidates.push(id)
  }
  const [sealedNow, waitingNow] = [await sealedIds(reads, stream), await waitingIds(reads, stream)]
  const unsealed = candidates.filter(id => !sealedNow.has(id))
  for (const id of unsealed) {
    if (waitingNow.has(id)) continue
    proof.broken(`${tenantId} ${id}: in no seal, and does not wait for one`)
  }
  return unsealed.filter(id => waitingNow.has(id)).length
}

async function waitingIds(reads: BookReads, stream: SealStream): Promise<Set<string>> {
  const ids = new Set<string>()
  for await (const each of reads.stream('unsealedRows', {})) {
    if (each.stream === stream) for (const id of each.rowIds) ids.add(id)
  }
  return ids
}

async function countExisting(
  reads: BookReads,
  stream: SealStream,
  ids: ReadonlySet<string>,
): Promise<number> {
  const all = [...ids]
  const counts: number[] = []
  for (let from = 0; from < all.length; from += rowsMax) {
    const part = all.slice(from, from + rowsMax)
    counts.push((await reads.getMany(collectionOf[stream], part)).length)
  }
  return sum(counts)
}

async function sealedIds(reads: BookReads, stream: SealStream): Promise<Set<string>> {
  const ids = new Set<string>()
  const seals = reads.stream('seals', {
    where: { stream },
    order: { field: 'sequence', direction: 'asc' },
  })
  for await (const { rows } of seals) for (const { id } of rows) ids.add(id)
  return ids
}

async function compareKept(deps: Proving, proof: OpenProof, kept: KeptSeal): Promise<void> {
  proof.compared()
  const { tenantId, stream, sequence, hash } = kept
  const seal = await deps.store.of(tenantId).find('seals', sealIdOf(stream, sequence))
  if (seal?.hash === hash) return
  const what = seal === null ? 'is gone' : 'is another one'
  proof.broken(`${tenantId} ${stream}: seal ${sequence}, kept elsewhere, ${what}`)
}
