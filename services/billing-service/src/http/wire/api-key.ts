import type { ApiKeyWire, ApiKeyWithSecretWire } from '@quittance/billing-contract/schemas/api-key'
import type { IssuedKey } from '../../actions/api-keys/key-verbs.ts'
import { type ApiKey, stateOfKey } from '../../core/api-key.ts'
import { type Instant, toIso } from '../../core/time.ts'
import { issuerTenant } from '../../core/webhook.ts'

const time = (at: Instant | null): string | null => (at === null ? null : toIso(at))

export const apiKeyToWire = (key: ApiKey, now: Instant): ApiKeyWire => ({
  id: key.id,
  tenantId: key.tenantId === issuerTenant ? null : key.tenantId,
  name: key.name,
  role: key.role,
  hint: key.hint,
  status: stateOfKey(key, now),
  expiresAt: time(key.expiresAt),
  revokedAt: time(key.revokedAt),
  lastUsedAt: time(key.lastUsedAt),
  createdBy: key.createdBy,
  createdAt: toIso(key.createdAt),
})

export const issuedKeyToWire = (
  { key, secret }: IssuedKey,
  now: Instant,
): ApiKeyWithSecretWire => ({
  ...apiKeyToWire(key, now),
  key: secret,
})
