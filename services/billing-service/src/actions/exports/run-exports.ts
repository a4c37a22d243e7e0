// The job behind files made in the background. One process holds a file while it makes it, in pieces; when it
// dies, the next begins anew, for the rows behind the pieces may have changed meanwhile.
import {
  advanced,
  attemptsMax,
  begun,
  expired,
  type FileExport,
  failed,
  finished,
} from '../../core/file-export.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import { removeParts } from './export-parts.ts'
import { type FileInMaking, makeFile } from './make-file.ts'

const leaseMs = 60_000
const partBytesMax = 256 * 1024

/** Takes the next file that is due: makes it, or removes it when its time is over. */
export async function runExports(deps: Deps): Promise<string[]> {
  const now = deps.clock.real()
  const [due] = await deps.store.system.claim('exports', {
    field: 'dueAt',
    now,
    leaseUntil: now + leaseMs,
    limit: 1,
  })
  if (due === undefined) return []
  await removeParts(deps, due)
  if (due.state === 'done') {
    await save(deps, expired(due, now))
    return ['expired']
  }
  if (due.attempts >= attemptsMax) {
    await save(deps, failed(due, 'fault', now))
    return ['failed']
  }
  return [await make(deps, due)]
}

async function make(deps: Deps, due: FileExport): Promise<string> {
  // Counted before anything can go wrong, so that what goes wrong each time ends.
  let row = await save(deps, begun(due, due, 0, deps.clock.real()))
  try {
    const file = await makeFile(deps, row)
    row = await save(deps, {
      ...begun(due, file, file.rowsTotal, row.updatedAt),
      version: row.version,
    })
    row = await keepAll(deps, row, file)
    await save(deps, finished(row, file.rowsDone(), deps.clock.real()))
    return 'done'
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // Another process took it over, because this one was too slow to say that it lives.
    if (error.code === 'version_conflict') return 'taken over'
    const held = await deps.store.system.get('exports', { tenantId: row.tenantId, id: row.id })
    await removeParts(deps, held)
    await save(deps, failed(held, error.code, deps.clock.real()))
    return 'failed'
  }
}

/** Keeps the bytes as they come, in pieces of a quarter of a megabyte. */
async function keepAll(deps: Deps, begunRow: FileExport, file: FileInMaking): Promise<FileExport> {
  let row = begunRow
  let waiting: Uint8Array[] = []
  let bytes = 0
  const keep = async () => {
    row = await keepPart(deps, row, Buffer.concat(waiting), file.rowsDone())
    waiting = []
    bytes = 0
  }
  for await (const chunk of file.content) {
    waiting.push(chunk)
    bytes += chunk.byteLength
    if (bytes >= partBytesMax) await keep()
  }
  if (bytes > 0) await keep()
  return row
}

function keepPart(
  deps: Deps,
  row: FileExport,
  bytes: Buffer,
  rowsDone: number,
): Promise<FileExport> {
  const now = deps.clock.real()
  const { tenantId, id: exportId } = row
  return deps.store.system.transaction(async tx => {
    await tx.insert('exportParts', {
      tenantId,
      exportId,
      sequence: row.parts + 1,
      content: bytes.toString('base64'),
      ofPack: row.noun === 'close-pack',
      createdAt: now,
    })
    const part = { bytes: bytes.byteLength, rowsDone }
    return tx.replace('exports', advanced(row, part, now, now + leaseMs))
  })
}

const save = (deps: Deps, row: FileExport): Promise<FileExport> =>
  deps.store.system.transaction(tx => tx.replace('exports', row))
