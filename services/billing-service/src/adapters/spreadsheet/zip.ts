// Files in one ZIP, streamed file by file. The same files give the same bytes: the time is given, and the
// compression does not depend on the version of Node.
import { Zip, ZipDeflate } from 'fflate'
import type { ArchivedFile, ByteStream } from '../../ports/renderer.ts'

/** The archive keeps local times without a zone: these fields read as UTC wherever it is written. */
export function dosTime(at: number): Date {
  const date = new Date(at)
  return new Date(
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  )
}

/** Writes the archive as its files come. Errors of the files end it. */
export async function* writeZip(files: AsyncIterable<ArchivedFile>, at: number): ByteStream {
  let ready: Uint8Array[] = []
  const archive = new Zip((error, chunk) => {
    if (error) throw error
    ready.push(chunk)
  })
  for await (const { name, bytes } of files) {
    const entry = new ZipDeflate(name, { level: 6 })
    entry.mtime = dosTime(at)
    archive.add(entry)
    entry.push(bytes, true)
    yield* ready
    ready = []
  }
  archive.end()
  yield* ready
}
