// Puts encryption over a store, or refuses to start where keys and data do not belong together.
import type { DataKey } from '../../core/data-key.ts'
import type { MasterKeys } from '../../ports/master-keys.ts'
import { StartupProblem } from '../../ports/startup.ts'
import type { Store } from '../../ports/store.ts'
import { encryptingStore } from './encrypting-store.ts'
import { contextOf, isWrapped, makeKeyring } from './keyring.ts'

/**
 * The store with its personal fields encrypted; without master keys, the store as it is. Throws `StartupProblem` when
 * the database was encrypted and its master keys are not there.
 */
export async function withEncryption<S extends Store>(
  store: S,
  masters: MasterKeys | null,
  clock: () => number,
): Promise<S> {
  for await (const key of oneKeyOfEachMaster(store)) {
    if (masters === null) {
      throw new StartupProblem(
        `Personal data in this database are encrypted (master key ${key.masterId}): set PERSONAL_KEY_FILE.`,
      )
    }
    if (isWrapped(key)) await masters.unwrap(key, contextOf(key))
  }
  return masters === null ? store : encryptingStore(store, makeKeyring(masters, clock))
}

/** The first key under each master key that is in use, found by going from one to the next. */
async function* oneKeyOfEachMaster({ system }: Store): AsyncGenerator<DataKey> {
  let after = ''
  for (;;) {
    const { rows } = await system.list('dataKeys', {
      range: { field: 'masterId', from: after },
      order: { field: 'masterId', direction: 'asc' },
      limit: 1,
    })
    const [key] = rows
    if (key === undefined) return
    yield key
    // No id has a space, so this is what follows all keys of this one.
    after = `${key.masterId} `
  }
}
