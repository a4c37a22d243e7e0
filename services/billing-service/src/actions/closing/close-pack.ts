// The file of a month-end close: one ZIP with, in each language, a workbook, its tables as CSV and the statement
// of accounts as PDF; besides the reconciliation certificate, and a list of everything with its SHA-256.
import type { Certificate } from '../../core/comparison.ts'
import { type FileExport, issuerOwner } from '../../core/file-export.ts'
import { toIso } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TableContext } from '../../documents/table.ts'
import type { Language } from '../../documents/words.ts'
import type { ArchivedFile, ByteStream } from '../../ports/renderer.ts'
import { certifyMonth } from '../reconciliation/certify.ts'
import { scopeOf } from '../reports/sources.ts'
import { type PackSource, type PackTable, packTables } from './pack-tables.ts'

const languages: readonly Language[] = ['en', 'zh-CN']

/** What a closed period is called, and whose it is. */
export interface ClosedBooks {
  readonly tenantId: string | null
  readonly period: string
  readonly zone: string
  readonly startsAt: number
  readonly endsAt: number
  readonly closedAt: number
  readonly closedBy: string
}

/** The bytes of the pack; the same books give the same bytes. */
export async function openClosePack(deps: Deps, books: ClosedBooks): Promise<ByteStream> {
  const { tenantId, zone, startsAt: from, endsAt: to } = books
  const scope = await scopeOf(deps, tenantId, deps.sandbox ? 'all' : 'live')
  const certificate = tenantId === null ? await certificateOf(deps, books) : null
  const source: PackSource = { deps, scope, certificate, from, to, zone }
  return deps.renderer.zip(files(source, books), to)
}

/** The certificate of the month as it stands since its end, else a new one. */
async function certificateOf(deps: Deps, books: ClosedBooks): Promise<Certificate> {
  const known = await deps.store.system.find('certificates', books.period)
  if (known !== null && known.issuedAt >= Math.max(known.endsAt, books.endsAt)) return known
  return certifyMonth(deps, books.period, books.closedBy)
}

async function* files(source: PackSource, books: ClosedBooks): AsyncGenerator<ArchivedFile> {
  const { deps, certificate } = source
  const listed: { readonly name: string; readonly sha256: string }[] = []
  const noting = (name: string, bytes: Uint8Array): ArchivedFile => {
    listed.push({ name, sha256: deps.hash(bytes) })
    return { name, bytes }
  }
  for (const language of languages) {
    const context = contextOf(deps, books, language)
    for (const { code, table, rows } of await packTables(source, context)) {
      const bytes = await whole(deps.renderer.csv(table, rows))
      yield noting(`${language}/${code}.csv`, bytes)
    }
    const sheets = await packTables(source, context)
    const workbook = await deps.renderer.workbook(sheets, books.closedAt)
    yield noting(`${language}/close-${books.period}.xlsx`, workbook)
    yield noting(`${language}/statement.pdf`, await statement(deps, source, context))
  }
  if (certificate !== null) yield noting('reconciliation.json', json(shown(certificate)))
  yield { name: 'contents.json', bytes: json(contentsOf(books, listed)) }
}

const contextOf = (deps: Deps, books: ClosedBooks, language: Language): TableContext => ({
  language,
  zone: books.zone,
  filters: [books.period, ...(books.tenantId === null ? [] : [books.tenantId])].join(' · '),
  issuerName: deps.issuer.name ?? '',
  generatedAt: books.closedAt,
  ...(books.tenantId === null ? { ofAllTenants: true } : {}),
})

/** The trial balance on paper: what every account held, moved and holds. */
async function statement(deps: Deps, source: PackSource, context: TableContext) {
  const found = await packTables(source, context)
  const { table, rows } = found.find(({ code }) => code === 'trial-balance') as PackTable
  return deps.renderer.tablePdf(table, rows)
}

async function whole(content: ByteStream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const json = (value: unknown): Uint8Array => Buffer.from(`${JSON.stringify(value, null, 2)}\n`)

const shown = (certificate: Certificate) => ({
  ...certificate,
  startsAt: toIso(certificate.startsAt),
  endsAt: toIso(certificate.endsAt),
  issuedAt: toIso(certificate.issuedAt),
})

const contentsOf = (books: ClosedBooks, listed: readonly unknown[]) => ({
  period: books.period,
  zone: books.zone,
  from: toIso(books.startsAt),
  to: toIso(books.endsAt),
  tenantId: books.tenantId,
  closedAt: toIso(books.closedAt),
  closedBy: books.closedBy,
  files: listed,
})

/** Where the pack of a closing is described in its export. */
export const booksOf = (row: FileExport): ClosedBooks => ({
  tenantId: row.tenantId === issuerOwner ? null : row.tenantId,
  period: row.filters.where.period ?? '',
  zone: row.filters.where.zone ?? '',
  startsAt: row.filters.from ?? 0,
  endsAt: row.filters.to ?? 0,
  closedAt: row.createdAt,
  closedBy: row.requestedBy,
})
