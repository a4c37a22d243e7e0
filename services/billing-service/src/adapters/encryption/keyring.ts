// The keys of tenants, unwrapped and remembered up to a bound. What is asked of the store is asked through the handle
// that wants to read or write, so that a transaction stays one.
import { randomBytes } from 'node:crypto'
import type { DataKey, KeyPurpose } from '../../core/data-key.ts'
import type { MasterKeys, WrappedKey } from '../../ports/master-keys.ts'
import { keyBytes } from './cipher.ts'

/** Unwrapped keys in memory. */
const rememberedMax = 20_000

/** What opens a value: a key, or the knowledge that it is destroyed. */
export type Opener = Uint8Array | 'destroyed'

export interface UsableKey {
  readonly id: string
  readonly key: Uint8Array
}

export interface Keyring {
  /** What is known without asking. */
  known(tenantId: string, id: string): Opener | undefined
  /** Learns a stored key. Throws `StartupProblem` when no master key opens it. */
  learn(row: DataKey): Promise<Opener>
  /** A new key, which counts once its row is stored. */
  make(tenantId: string, purpose: KeyPurpose): Promise<{ readonly row: DataKey } & UsableKey>
  forget(tenantId: string, id: string): void
}

/** Names whose key is wrapped, so that no wrapped key can be handed to another tenant or purpose. */
export const contextOf = ({
  tenantId,
  id,
  purpose,
}: Pick<DataKey, 'tenantId' | 'id' | 'purpose'>) =>
  JSON.stringify(['data-key-1', tenantId, id, purpose])

const nameOf = (tenantId: string, id: string) => `${id} ${tenantId}`

export const isWrapped = (row: DataKey): row is DataKey & WrappedKey => row.wrapped !== null

export function makeKeyring(masters: MasterKeys, clock: () => number): Keyring {
  const remembered = new Map<string, Opener>()
  const remember = (name: string, opener: Opener): Opener => {
    remembered.delete(name)
    remembered.set(name, opener)
    if (remembered.size > rememberedMax) remembered.delete(remembered.keys().next().value!)
    return opener
  }
  return {
    known(tenantId, id) {
      const name = nameOf(tenantId, id)
      const opener = remembered.get(name)
      return opener === undefined ? undefined : remember(name, opener)
    },
    async learn(row) {
      const name = nameOf(row.tenantId, row.id)
      if (!isWrapped(row)) return remember(name, 'destroyed')
      return remember(name, await masters.unwrap(row, contextOf(row)))
    },
    async make(tenantId, purpose) {
      const id = randomBytes(16).toString('base64url')
      const key = randomBytes(keyBytes)
      const wrapped = await masters.wrap(key, contextOf({ tenantId, id, purpose }))
      const row = { tenantId, id, purpose, ...wrapped, createdAt: clock() }
      remember(nameOf(tenantId, id), key)
      return { id, key, row: { ...row, destroyedAt: null, version: 1 } }
    },
    forget(tenantId, id) {
      remembered.delete(nameOf(tenantId, id))
    },
  }
}
