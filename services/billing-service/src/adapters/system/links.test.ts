import { describe, expect, it } from 'vitest'
import { makeLinks } from './links.ts'

const now = Date.UTC(2026, 0, 1)
const claims = {
  tenantId: 'acme 钱',
  invoiceId: 'inv_1' as const,
  purpose: 'fix' as const,
  expiresAt: now + 60_000,
}
const links = makeLinks('a secret that is long enough for this')

describe('a signed link', () => {
  it('says what it allows until it expires', () => {
    const token = links.sign(claims)
    expect(token).toMatch(/^[\w-]+\.[\w-]{43}$/)
    expect(links.read(token, now)).toEqual(claims)
    expect(links.read(token, now + 60_000)).toBeNull()
  })

  it('a changed byte anywhere, another secret or another form allow nothing', () => {
    const token = links.sign(claims)
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === 'A' ? 'B' : 'A'
      const changed = token.slice(0, at) + other + token.slice(at + 1)
      expect(links.read(changed, now), changed).toBeNull()
    }
    expect(makeLinks('another secret that is long enough').read(token, now)).toBeNull()
    for (const text of ['', '.', 'a.b', `${token}.x`, `${token}=`, 'x'.repeat(5_000)]) {
      expect(links.read(text, now)).toBeNull()
    }
  })
})
