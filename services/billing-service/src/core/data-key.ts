// Keys of one tenant's personal fields, as they are stored: wrapped by a master key that stands elsewhere.
import type { TenantId } from './ids.ts'
import type { Instant } from './time.ts'

/** `erasable` keys are destroyed by an erasure; `retained` ones stay as long as the law keeps what they open. */
export type KeyPurpose = 'erasable' | 'retained'

export interface DataKey {
  readonly tenantId: TenantId
  /** Random; values name the key that opens them. */
  readonly id: string
  readonly purpose: KeyPurpose
  /** The master key that wraps it; null once it is destroyed. */
  readonly masterId: string | null
  /** Null once it is destroyed: the row stays, so that what it closed is known as erased and not as lost. */
  readonly wrapped: string | null
  readonly createdAt: Instant
  readonly destroyedAt: Instant | null
  readonly version: number
}

/** The key as an erasure leaves it. */
export const destroyedKey = (key: DataKey, destroyedAt: Instant): DataKey => ({
  ...key,
  masterId: null,
  wrapped: null,
  destroyedAt,
})
