// Seals: what was booked and who did what, chained per tenant, so that a later change of a row shows. Each
// seal holds the digests of its rows and the hash of the seal before it. Hashing itself is handed in.
import type { TenantId } from './ids.ts'
import type { LedgerEntry } from './ledger.ts'
import type { AuditLine } from './records.ts'
import type { Instant } from './time.ts'

export type SealStream = 'ledger' | 'audit'

/** SHA-256 of a text, in hexadecimal. */
export type Hash = (content: string | Uint8Array) => string

export interface SealedRow {
  readonly id: string
  readonly digest: string
}

/** One link of a tenant's chain. */
export interface Seal {
  readonly tenantId: TenantId
  /** `<stream>:<sequence>`, padded: the order of the texts is the order of the chain. */
  readonly id: string
  readonly stream: SealStream
  /** 1, 2, 3 ... without a gap. */
  readonly sequence: number
  readonly previousHash: string
  readonly rows: readonly SealedRow[]
  readonly rowCount: number
  readonly hash: string
  readonly sealedAt: Instant
}

/** The newest seal of a chain: the row that sealing locks, and what is exported. */
export interface SealHead {
  readonly tenantId: TenantId
  readonly id: SealStream
  readonly sequence: number
  readonly hash: string
  /** Rows under all seals of the chain. */
  readonly rowCount: number
  readonly sealedAt: Instant
  readonly version: number
}

/**
 * Rows that wait for their seal, written in the transaction that wrote them. So whatever commits late still
 * waits when it is seen, and a row in no seal that does not wait was not written by us.
 */
export interface UnsealedRows {
  readonly tenantId: TenantId
  /** The id of the first of the rows. */
  readonly id: string
  readonly stream: SealStream
  readonly rowIds: readonly string[]
  readonly recordedAt: Instant
}

type Sealable = Pick<UnsealedRows, 'tenantId' | 'id' | 'recordedAt'>

/** What waits of the rows that one transaction wrote, for each tenant. They are in the order in which they were written. */
export function unsealedOf(stream: SealStream, rows: readonly Sealable[]): UnsealedRows[] {
  const byTenant = new Map<TenantId, { readonly first: Sealable; readonly rowIds: string[] }>()
  for (const row of rows) {
    const known = byTenant.get(row.tenantId)
    if (known) known.rowIds.push(row.id)
    else byTenant.set(row.tenantId, { first: row, rowIds: [row.id] })
  }
  return [...byTenant.values()].map(({ first: { tenantId, id, recordedAt }, rowIds }) => ({
    tenantId,
    id,
    stream,
    rowIds,
    recordedAt,
  }))
}

/** What the first seal of a chain follows. */
export const chainStart = '0'.repeat(64)

export const sealIdOf = (stream: SealStream, sequence: number): string =>
  `${stream}:${String(sequence).padStart(12, '0')}`

/** A nested value in one form, however a store orders its members. */
export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => [key, canonical(member)])
  return { members }
}

// The fields stand in a fixed order, and a field that is added to the record later is added here under a
// new first word: digests of old rows must never change.
const ledgerText = (row: LedgerEntry): string =>
  JSON.stringify([
    'ledger-1',
    row.tenantId,
    row.id,
    row.postingId,
    row.dedupeKey,
    row.kind,
    row.account,
    row.currency,
    row.amountMinor,
    row.invoiceId,
    row.transactionId,
    row.processorId,
    row.bookedAt,
    row.recordedAt,
  ])

function auditText(row: AuditLine): string {
  const { reason, ipAddress } = row
  const isPlain = reason === null && ipAddress === null
  return JSON.stringify([
    isPlain ? 'audit-1' : 'audit-2',
    row.tenantId,
    row.id,
    row.actor,
    row.role,
    row.action,
    row.objectId,
    canonical(row.changes),
    row.requestId,
    row.recordedAt,
    ...(isPlain ? [] : [reason, ipAddress]),
  ])
}

/** The digest of one row as the store holds it. */
export const ledgerDigest = (hash: Hash, row: LedgerEntry): string => hash(ledgerText(row))
export const auditDigest = (hash: Hash, row: AuditLine): string => hash(auditText(row))

type Link = Omit<Seal, 'id' | 'hash' | 'rowCount'>

const hashOf = (hash: Hash, { tenantId, stream, sequence, previousHash, rows, sealedAt }: Link) =>
  hash(
    JSON.stringify([
      'seal-1',
      tenantId,
      stream,
      sequence,
      previousHash,
      rows.map(({ id, digest }) => [id, digest]),
      sealedAt,
    ]),
  )

/** The link that follows the head. */
export function nextSeal(
  hash: Hash,
  head: Pick<SealHead, 'tenantId' | 'id' | 'sequence' | 'hash'>,
  rows: readonly SealedRow[],
  sealedAt: Instant,
): Seal {
  const link: Link = {
    tenantId: head.tenantId,
    stream: head.id,
    sequence: head.sequence + 1,
    previousHash: head.hash,
    rows,
    sealedAt,
  }
  return {
    ...link,
    id: sealIdOf(link.stream, link.sequence),
    rowCount: rows.length,
    hash: hashOf(hash, link),
  }
}

/** What is wrong with a link after the one before it; null when it holds. Its rows are checked one by one. */
export function brokenLink(
  hash: Hash,
  before: Pick<Seal, 'sequence' | 'hash'>,
  seal: Seal,
): string | null {
  if (seal.sequence !== before.sequence + 1) {
    return `seal ${before.sequence + 1} is missing before seal ${seal.sequence}`
  }
  if (seal.previousHash !== before.hash) return `seal ${seal.sequence} follows another chain`
  if (seal.hash !== hashOf(hash, seal) || seal.rowCount !== seal.rows.length) {
    return `seal ${seal.sequence} was changed`
  }
  return null
}
