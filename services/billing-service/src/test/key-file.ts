// Files of master keys for tests.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TestKeyFile {
  readonly path: string
  /** Writes these keys, in this order; a key that was named before is the same again. */
  write(...ids: readonly string[]): void
  remove(): void
}

/** A file of its own with one key for each name. */
export function testKeyFile(...ids: readonly string[]): TestKeyFile {
  const folder = mkdtempSync(join(tmpdir(), 'quittance-keys-'))
  const path = join(folder, 'personal.keys')
  const keys = new Map<string, string>()
  const keyOf = (id: string): string => {
    const key = keys.get(id) ?? randomBytes(32).toString('base64')
    keys.set(id, key)
    return key
  }
  const write: TestKeyFile['write'] = (...named) =>
    writeFileSync(path, named.map(id => `${id} ${keyOf(id)}\n`).join(''), { mode: 0o600 })
  write(...ids)
  return { path, write, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
