// The append-only file that carries the sandbox's state over restarts. One line is one unit of
// work. It does not lock its folder against a second process.

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { applyChange, changesOf, emptyStore, type Store } from './state.ts'
import type { Change } from './tables.ts'

export type Journal = {
  /** Writes one unit of work. Returns once the operating system has it, so that the death of this
   * process loses nothing; a power cut may lose the last moments. */
  append(changes: Change[]): void
  /** Replaces the whole file by the given state. */
  rewrite(store: Store): void
  close(): void
}

const fileName = 'journal.jsonl'
const linesPerWrite = 500

/** A journal that remembers nothing, for a sandbox in memory. */
export function memoryJournal(): Journal {
  return { append() {}, rewrite() {}, close() {} }
}

function parseLines(content: string): Change[][] {
  const lines = content.split('\n')
  // A complete journal ends in a newline: whatever stands behind the last one was torn by a crash
  // before its request was answered, so dropping it is the same as the request never arriving.
  lines.pop()
  return lines.filter(line => line !== '').map(line => JSON.parse(line) as Change[])
}

/** The state recorded in a folder; empty when there is none. Throws on a damaged line within. */
export function readJournal(dataDir: string): Store {
  const store = emptyStore()
  const path = join(dataDir, fileName)
  if (!existsSync(path)) return store
  for (const changes of parseLines(readFileSync(path, 'utf8'))) {
    for (const change of changes) applyChange(store, change)
  }
  return store
}

function writeCompacted(path: string, store: Store): void {
  const temporary = `${path}.next`
  const file = openSync(temporary, 'w')
  let pending: string[] = []
  const flush = () => {
    if (pending.length > 0) writeAll(file, pending.join(''))
    pending = []
  }
  for (const change of changesOf(store)) {
    pending.push(`${JSON.stringify([change])}\n`)
    if (pending.length === linesPerWrite) flush()
  }
  flush()
  fsyncSync(file)
  closeSync(file)
  renameSync(temporary, path)
}

function writeAll(file: number, content: string): void {
  const bytes = Buffer.from(content)
  for (let offset = 0; offset < bytes.length; ) offset += writeSync(file, bytes, offset)
}

/** Opens the journal of a folder, first compacting it to the state it describes. */
export function openJournal(dataDir: string, store: Store): Journal {
  mkdirSync(dataDir, { recursive: true })
  const path = join(dataDir, fileName)
  writeCompacted(path, store)
  let file = openSync(path, 'a')
  let closed = false
  return {
    append(changes) {
      // The number of a closed file may already belong to another one.
      if (closed) throw new Error('The sandbox is closed.')
      if (changes.length > 0) writeAll(file, `${JSON.stringify(changes)}\n`)
    },
    rewrite(next) {
      closeSync(file)
      writeCompacted(path, next)
      file = openSync(path, 'a')
    },
    close() {
      if (!closed) closeSync(file)
      closed = true
    },
  }
}
