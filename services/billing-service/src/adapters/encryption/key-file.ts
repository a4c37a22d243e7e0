// Master keys in a file: one a line, its id and 32 bytes in base64. The first wraps, all unwrap, so that a new one is
// put before the old one, and the old one taken away when nothing is wrapped by it any more.
import { readFileSync, statSync } from 'node:fs'
import type { MasterKeys } from '../../ports/master-keys.ts'
import { StartupProblem } from '../../ports/startup.ts'
import { decrypt, encrypt, keyBytes } from './cipher.ts'

const line = /^([A-Za-z0-9][A-Za-z0-9._-]{0,63})\s+(\S+)$/

const how = 'write lines such as "2026-11 <key>", with a key from "openssl rand -base64 32"'

/** Reads the file. Throws `StartupProblem` when it cannot be read or holds something else than keys. */
export function readKeyFile(path: string): MasterKeys {
  const keys = new Map<string, Buffer>()
  for (const [at, text] of contentOf(path).split(/\r?\n/).entries()) {
    const content = text.trim()
    if (content === '' || content.startsWith('#')) continue
    const [, id = '', encoded = ''] = line.exec(content) ?? []
    const key = Buffer.from(encoded, 'base64')
    if (key.length !== keyBytes) {
      const says = `line ${at + 1} holds no key of ${keyBytes} bytes`
      throw new StartupProblem(`PERSONAL_KEY_FILE ${path}: ${says}; ${how}.`)
    }
    if (keys.has(id)) throw new StartupProblem(`PERSONAL_KEY_FILE ${path} has two keys ${id}.`)
    keys.set(id, key)
  }
  const [first] = keys.keys()
  if (first === undefined) {
    throw new StartupProblem(`PERSONAL_KEY_FILE ${path} holds no key: ${how}.`)
  }
  return masterKeys(keys, first, path)
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new StartupProblem(`PERSONAL_KEY_FILE cannot be read: ${reason}.`, { cause })
  }
}

/** Whether everybody on the machine may read the file. */
export const isOpenToAll = (path: string): boolean => (statSync(path).mode & 0o004) !== 0

const masterKeys = (
  keys: ReadonlyMap<string, Buffer>,
  first: string,
  path: string,
): MasterKeys => ({
  first,
  async wrap(key, context) {
    return { masterId: first, wrapped: encrypt(keys.get(first)!, key, context) }
  },
  async unwrap({ masterId, wrapped }, context) {
    const master = keys.get(masterId)
    if (master === undefined) {
      throw new StartupProblem(
        `PERSONAL_KEY_FILE ${path} lacks the key ${masterId}, which personal data in this database need: put it back.`,
      )
    }
    try {
      return decrypt(master, wrapped, context)
    } catch (cause) {
      throw new StartupProblem(
        `The key ${masterId} in PERSONAL_KEY_FILE ${path} is not the one that this database was encrypted with.`,
        { cause },
      )
    }
  },
})
