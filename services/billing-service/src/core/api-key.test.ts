import { expect, it } from 'vitest'
import { type ApiKey, isUseNews, stateOfKey } from './api-key.ts'

const key: ApiKey = {
  tenantId: 'acme',
  id: 'key_1',
  name: 'metering',
  role: 'service',
  hint: 'qk_abcdefg',
  secretHash: '00',
  expiresAt: 1_000,
  revokedAt: null,
  lastUsedAt: null,
  createdBy: 'ada',
  createdAt: 0,
  updatedAt: 0,
  version: 1,
}

it('is in force before its last instant, and never again once revoked', () => {
  expect([999, 1_000].map(now => stateOfKey(key, now))).toEqual(['active', 'expired'])
  expect(stateOfKey({ ...key, expiresAt: null }, 1e12)).toBe('active')
  expect(stateOfKey({ ...key, revokedAt: 5 }, 6)).toBe('revoked')
})

it('a use is written down once in 5 minutes', () => {
  expect(isUseNews(key, 0)).toBe(true)
  const used = { ...key, lastUsedAt: 1_000 }
  expect([300_999, 301_000].map(now => isUseNews(used, now))).toEqual([false, true])
})
