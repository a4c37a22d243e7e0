// Keys by which machines call: what one may do and whether it still counts. The key itself is never stored, only its hash.
import type { Id, TenantId } from './ids.ts'
import type { Instant } from './time.ts'

export interface ApiKey {
  /** Whose it is; the issuer's own (`*`) name their tenant with each call. */
  readonly tenantId: TenantId
  readonly id: Id<'apiKey'>
  readonly name: string
  readonly role: 'service' | 'member'
  /** The first letters of the key, by which people know it again. */
  readonly hint: string
  /** SHA-256 of the key; 32 random bytes need no salt and no slow hash. */
  readonly secretHash: string
  readonly expiresAt: Instant | null
  readonly revokedAt: Instant | null
  /** To the nearest five minutes. */
  readonly lastUsedAt: Instant | null
  readonly createdBy: string
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

/** Keys in force that one tenant may have. */
export const apiKeysMax = 100

export const hintLength = 10

/** Real time: keys are no matter of a tenant's own clock. */
export function stateOfKey(key: ApiKey, now: Instant): 'active' | 'expired' | 'revoked' {
  if (key.revokedAt !== null) return 'revoked'
  return key.expiresAt !== null && key.expiresAt <= now ? 'expired' : 'active'
}

const coalescedMs = 5 * 60_000

/** Whether a use is worth writing down. */
export const isUseNews = ({ lastUsedAt }: ApiKey, now: Instant): boolean =>
  lastUsedAt === null || now - lastUsedAt >= coalescedMs
