// A workbook as a stream of bytes: the parts of its frame as they are, its sheets compressed as they come. Memory
// does not grow with the number of rows.
import { pipeline, Readable } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'
import { Zip, ZipDeflate, type ZipInputFile } from 'fflate'
import { dosTime } from './zip.ts'

/** One file of the archive. */
export interface ArchivePart {
  readonly name: string
  readonly text: AsyncIterable<string> | Uint8Array
}

/** Sheets are long and much alike: a faster level makes them little longer. */
const level = 1

/** Parts of a workbook tell no time: the first that an archive can say, so that the same table gives the same bytes. */
const noTime = dosTime(Date.UTC(1980, 0, 1))

interface StreamedFile extends ZipInputFile {
  size: number
  crc: number
}

const fileOf = (filename: string): StreamedFile => ({
  filename,
  mtime: noTime,
  size: 0,
  crc: 0,
  compression: 8,
})

/** Writes the archive part by part. Errors of a part end it; leaving it early closes the part. */
export async function* archived(parts: AsyncIterable<ArchivePart>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = []
  const archive = new Zip((error, chunk) => {
    if (error) throw error
    ready.push(chunk)
  })
  const taken = () => {
    const chunks = ready
    ready = []
    return chunks
  }
  for await (const { name, text } of parts) {
    if (text instanceof Uint8Array) {
      const entry = new ZipDeflate(name, { level: 6 })
      entry.mtime = noTime
      archive.add(entry)
      entry.push(Uint8Array.from(text), true)
    } else {
      const file = fileOf(name)
      archive.add(file)
      for await (const chunk of deflated(file, text)) {
        file.ondata?.(null, Uint8Array.from(chunk), false)
        yield* taken()
      }
      file.ondata?.(null, new Uint8Array(0), true)
    }
    yield* taken()
  }
  archive.end()
  yield* taken()
}

/** Compresses outside this thread, and counts what went in. */
function deflated(file: StreamedFile, text: AsyncIterable<string>): AsyncIterable<Uint8Array> {
  async function* counted() {
    for await (const piece of text) {
      const bytes = Buffer.from(piece)
      file.size += bytes.length
      file.crc = crc32(bytes, file.crc)
      yield bytes
    }
  }
  const packer = createDeflateRaw({ level, chunkSize: 65_536 })
  // The reader of the packer sees the error; there is nobody else to tell.
  pipeline(Readable.from(counted()), packer, () => {})
  return packer
}
