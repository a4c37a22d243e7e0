// A file made in the background: what was asked for, how far it is, and until when it can be fetched. Not its
// bytes.
import type { Id, TenantId } from './ids.ts'
import type { Instant } from './time.ts'

/**
 * The owner of files over all tenants. No tenant can have this name: theirs hold no space (docs of the token's
 * claims), so no tenant reaches these rows.
 */
export const issuerOwner = 'the issuer'

export type FileExportState = 'queued' | 'running' | 'done' | 'failed' | 'expired'

export interface FileExport {
  /** Whose it is: a tenant, or `issuerOwner`. */
  readonly tenantId: TenantId
  readonly id: Id<'export'>
  /** A list, `everything` that a tenant owns, what is `personal` of it, or the `close-pack` of a period. */
  readonly noun: string
  readonly format: 'csv' | 'xlsx' | 'pdf' | 'jsonl' | 'zip'
  readonly language: 'en' | 'zh-CN'
  readonly filters: {
    readonly where: Readonly<Record<string, string>>
    readonly from: Instant | null
    readonly to: Instant | null
  }
  readonly state: FileExportState
  readonly requestedBy: string
  /** How often it was begun; a process that dies leaves it to the next. */
  readonly attempts: number
  readonly rowsDone: number
  /** Counted when it begins. */
  readonly rowsTotal: number | null
  readonly bytes: number
  readonly parts: number
  readonly contentType: string | null
  readonly filename: string | null
  /** The code of the refusal, or `fault`. */
  readonly failure: string | null
  /** When the job looks at it next: to make it, to take it over, or to remove it. */
  readonly dueAt: Instant | null
  /** When its bytes go; null while there are none, and for what stays. */
  readonly expiresAt: Instant | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

/** A piece of the file, in order from 1. */
export interface FileExportPart {
  readonly tenantId: TenantId
  readonly exportId: Id<'export'>
  readonly sequence: number
  /** Base64. */
  readonly content: string
  /** Of the pack of a closed period, which the law keeps beyond an erasure. */
  readonly ofPack: boolean
  readonly createdAt: Instant
}

/** Nothing of it can be fetched, nor ever will be. */
export const expiredStates: readonly FileExportState[] = ['expired', 'failed']

/** After this many beginnings something is wrong with the file, not with the process. */
export const attemptsMax = 3

/** Files of one owner that may wait or run at a time. */
export const waitingMax = 5

export const keptMs = 7 * 86_400_000

type Made = Pick<FileExport, 'contentType' | 'filename'>

/** Begins, or begins anew, without the parts of an earlier beginning. */
export const begun = (
  row: FileExport,
  made: Made,
  rowsTotal: number,
  now: Instant,
): FileExport => ({
  ...row,
  ...made,
  state: 'running',
  attempts: row.attempts + 1,
  rowsDone: 0,
  rowsTotal,
  bytes: 0,
  parts: 0,
  updatedAt: now,
})

/** One more part is kept; whoever makes it holds it until `leaseUntil`. */
export const advanced = (
  row: FileExport,
  part: { readonly bytes: number; readonly rowsDone: number },
  now: Instant,
  leaseUntil: Instant,
): FileExport => ({
  ...row,
  rowsDone: part.rowsDone,
  bytes: row.bytes + part.bytes,
  parts: row.parts + 1,
  dueAt: leaseUntil,
  updatedAt: now,
})

/** Made; it goes after a while, but what closed the books stays. */
export function finished(row: FileExport, rowsDone: number, now: Instant): FileExport {
  const expiresAt = row.noun === 'close-pack' ? null : now + keptMs
  return { ...row, state: 'done', rowsDone, dueAt: expiresAt, expiresAt, updatedAt: now }
}

/** There is nothing of it to fetch. */
export const failed = (row: FileExport, failure: string, now: Instant): FileExport => ({
  ...row,
  parts: 0,
  state: 'failed',
  failure,
  dueAt: null,
  updatedAt: now,
})

export const expired = (row: FileExport, now: Instant): FileExport => ({
  ...row,
  state: 'expired',
  parts: 0,
  dueAt: null,
  updatedAt: now,
})
