// Files made in the background: asked for, watched, fetched by a link that ends.
import type { Caller } from '../../core/caller.ts'
import { type FileExport, issuerOwner, waitingMax } from '../../core/file-export.ts'
import { refuse } from '../../core/refusal.ts'
import { toIso } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { ByteStream } from '../../ports/renderer.ts'
import type { Page } from '../../ports/store.ts'
import { enter } from '../enter.ts'
import { type ListInput, readList } from '../read-list.ts'
import { record } from '../record.ts'
import type { ExportInput } from './nouns.ts'

export interface FileExportInput extends ExportInput {
  readonly noun: string
  readonly format: FileExport['format']
  readonly language: FileExport['language']
}

/** Who asks: somebody for a tenant, or the issuer's staff for all of them. */
export type Asker = Caller | { readonly tenantId: null; readonly subject: string }

const ownerOf = ({ tenantId }: Asker): string => tenantId ?? issuerOwner

/** Writes down what is asked for; a job makes it. Refuses `too_many_exports`. */
export async function requestExport(
  deps: Deps,
  asker: Asker,
  input: FileExportInput,
): Promise<FileExport> {
  if (input.noun === 'everything' && (asker.tenantId === null || input.format !== 'jsonl')) {
    const message = 'everything is a dump of one tenant, as jsonl'
    return refuse('invalid_request', {}, [{ path: '/format', message }])
  }
  const isDump = input.noun === 'everything' || input.noun === 'personal'
  if (!isDump && input.format === 'jsonl') {
    return refuse('invalid_request', {}, [
      { path: '/format', message: 'lists are csv, xlsx or pdf' },
    ])
  }
  const now = deps.clock.real()
  const row = queued(deps, asker, input, now)
  const entered = asker.tenantId === null ? null : await enter(deps, asker)
  await deps.store.transaction(row.tenantId, async tx => {
    const waiting = await tx.count('exports', { where: { state: { in: ['queued', 'running'] } } })
    if (waiting >= waitingMax) refuse('too_many_exports', { max: String(waitingMax) })
    await tx.insert('exports', row)
    if (entered === null) return
    // Who took data away, in the tenant's own audit log.
    const data = { noun: row.noun, format: row.format }
    await record(deps, tx, asker as Caller, entered.at, [
      { type: 'export.requested', objectId: row.id, data },
    ])
  })
  if (entered === null) deps.log.info({ export: row.id, by: asker.subject }, 'export requested')
  return row
}

function queued(deps: Deps, asker: Asker, input: FileExportInput, now: number): FileExport {
  return {
    tenantId: ownerOf(asker),
    id: deps.ids.next('export'),
    noun: input.noun,
    format: input.format,
    language: input.language,
    filters: { where: input.where, from: input.from ?? null, to: input.to ?? null },
    state: 'queued',
    requestedBy: asker.subject,
    attempts: 0,
    rowsDone: 0,
    rowsTotal: null,
    bytes: 0,
    parts: 0,
    contentType: null,
    filename: null,
    failure: null,
    dueAt: now,
    expiresAt: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
}

const linkMs = 15 * 60_000

/** An export with the link to its bytes while there are any. */
export interface ExportSeen {
  readonly row: FileExport
  readonly download: { readonly url: string; readonly expiresAt: number } | null
}

/** A page of an owner's files, newest first. Refuses `invalid_cursor`. */
export const listExports = (
  deps: Deps,
  asker: Asker,
  status: string | undefined,
  input: ListInput,
): Promise<Page<FileExport>> => {
  const where = status === undefined ? {} : { state: status as FileExport['state'] }
  return readList(deps, ownerOf(asker), 'exports', where, input)
}

/** Refuses `not_found`. */
export async function readExport(deps: Deps, asker: Asker, id: string): Promise<ExportSeen> {
  return seen(deps, await deps.store.of(ownerOf(asker)).get('exports', id))
}

/** The address of the bytes, for a quarter of an hour and never beyond their end. */
export function seen(
  deps: Pick<Deps, 'clock' | 'links' | 'publicUrl'>,
  row: FileExport,
): ExportSeen {
  const now = deps.clock.real()
  const ends = row.expiresAt ?? Number.POSITIVE_INFINITY
  if (row.state !== 'done' || ends <= now) return { row, download: null }
  const expiresAt = Math.floor(Math.min(now + linkMs, ends) / 1_000) * 1_000
  const { tenantId, id: exportId } = row
  const token = deps.links.sign({ purpose: 'export', tenantId, exportId, expiresAt })
  const url = `${deps.publicUrl}/api/v1/billing/public/exports/${token}`
  return { row, download: { url, expiresAt } }
}

export interface FetchedFile {
  readonly contentType: string
  readonly filename: string
  readonly content: ByteStream
}

/** The bytes behind a link. Refuses `not_found`, in the same words whatever is wrong with it. */
export async function fetchExport(deps: Deps, token: string): Promise<FetchedFile> {
  const claims = deps.links.read(token, deps.clock.real())
  const gone = () => refuse('not_found', { noun: 'link', nounZh: '链接' })
  if (claims === null || claims.purpose !== 'export') return gone()
  const { tenantId, exportId } = claims
  const row = await deps.store.of(tenantId).find('exports', exportId)
  if (row?.state !== 'done' || row.contentType === null || row.filename === null) return gone()
  deps.log.info({ export: row.id, until: toIso(claims.expiresAt) }, 'export fetched')
  const { contentType, filename } = row
  return { contentType, filename, content: bytesOf(deps, row) }
}

/** The bytes of a file that is made, piece by piece. */
export async function* bytesOf(deps: Pick<Deps, 'store'>, { tenantId, id, parts }: FileExport) {
  for (let sequence = 1; sequence <= parts; sequence += 1) {
    const part = await deps.store.of(tenantId).get('exportParts', { exportId: id, sequence })
    yield Buffer.from(part.content, 'base64')
  }
}
