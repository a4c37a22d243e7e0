// Rows for the store's contract: keys of machines.
import type { ApiKey } from '../../core/api-key.ts'
import { newYear, serial } from './rows.ts'

export const apiKeyRow = (tenantId: string, more: Partial<ApiKey> = {}): ApiKey => ({
  tenantId,
  id: `key_${serial()}`,
  name: 'metering',
  role: 'service',
  hint: 'qk_abcdefg',
  secretHash: String(serial()).padStart(64, '0'),
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
  createdBy: 'ada',
  createdAt: newYear,
  updatedAt: newYear,
  version: 1,
  ...more,
})
