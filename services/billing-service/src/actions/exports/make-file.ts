// A file made in the background, from what was asked for to its bytes.
import { type FileExport, issuerOwner } from '../../core/file-export.ts'
import { localDate, toIso } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { ByteStream } from '../../ports/renderer.ts'
import { booksOf, openClosePack } from '../closing/close-pack.ts'
import { enter } from '../enter.ts'
import { countPersonal, dumpPersonal } from './dump-personal.ts'
import { countDump, dumpTenant } from './dump-tenant.ts'
import { fileNameOf, type ListExport, openExport } from './export-list.ts'
import { type ExportNoun, listNouns } from './nouns.ts'
import { tableFile } from './table-file.ts'

export interface FileInMaking {
  readonly contentType: string
  readonly filename: string
  readonly content: ByteStream
  readonly rowsTotal: number
  /** Rows taken so far. */
  rowsDone(): number
}

/** Opens the file; rows are read as its bytes are taken. Refuses a PDF of too many rows. */
export async function makeFile(deps: Deps, row: FileExport): Promise<FileInMaking> {
  if (row.noun === 'everything') return makeDump(deps, row, 'tenant')
  if (row.noun === 'personal') return makeDump(deps, row, 'personal')
  return row.noun === 'close-pack' ? makePack(deps, row) : makeList(deps, row)
}

async function makeList(deps: Deps, row: FileExport): Promise<FileInMaking> {
  const noun = row.noun as ExportNoun
  const tenantId = row.tenantId === issuerOwner ? null : row.tenantId
  const { where, from, to } = row.filters
  const asked: ListExport = {
    noun,
    tenantId,
    language: row.language,
    where,
    from: from ?? undefined,
    to: to ?? undefined,
  }
  const { table, rows } = await openExport(deps, asked)
  const reads = tenantId === null ? deps.store.system : deps.store.of(tenantId)
  const rowsTotal = await listNouns[noun].count(reads, asked)
  const counted = counting(rows)
  const name = fileNameOf(asked, table)
  const file = await tableFile(deps, row.format as 'csv', name, table, counted.rows)
  const { content } = file
  return {
    ...file,
    content: content instanceof Uint8Array ? oneChunk(content) : content,
    rowsTotal,
    rowsDone: counted.done,
  }
}

const dumps = {
  tenant: { rows: dumpTenant, count: countDump },
  personal: { rows: dumpPersonal, count: countPersonal },
} as const

async function makeDump(
  deps: Deps,
  { tenantId, noun }: FileExport,
  dump: keyof typeof dumps,
): Promise<FileInMaking> {
  const { settings, at } = await enter(deps, { tenantId })
  const counted = counting<unknown>(dumps[dump].rows(deps, tenantId))
  return {
    contentType: 'application/jsonl',
    filename: `${noun}-${localDate(at, settings.zone)}.jsonl`,
    content: jsonLines({ dump, format: 1, tenantId, madeAt: toIso(at) }, counted.rows),
    rowsTotal: await dumps[dump].count(deps, tenantId),
    rowsDone: counted.done,
  }
}

async function makePack(deps: Deps, row: FileExport): Promise<FileInMaking> {
  const books = booksOf(row)
  const whose = books.tenantId === null ? '' : `-${books.tenantId.replace(/[^\w-]/g, '_')}`
  return {
    contentType: 'application/zip',
    filename: `close-${books.period}${whose}.zip`,
    content: await openClosePack(deps, books),
    rowsTotal: 0,
    rowsDone: () => 0,
  }
}

function counting<R>(rows: AsyncIterable<R>) {
  let taken = 0
  async function* each() {
    for await (const row of rows) {
      taken += 1
      yield row
    }
  }
  return { rows: each(), done: () => taken }
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function* jsonLines(
  heading: unknown,
  lines: AsyncIterable<unknown>,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${JSON.stringify(heading)}\n`)
  for await (const line of lines) yield Buffer.from(`${JSON.stringify(line)}\n`)
}
