import { describe, expect, it } from 'vitest'
import { requireTenant, resolveCaller } from './caller.ts'
import type { Claims } from './claims.ts'
import { HttpRefusal } from './refusal.ts'

const origin = { requestId: 'req_1', ip: '127.0.0.1' }

const claimsOf = (roles: Claims['roles'], tenantId: string | null): Claims => ({
  sub: 'user_1',
  tenantId,
  roles,
  expiresAtSeconds: 0,
  notBeforeSeconds: 0,
  issuedAtSeconds: 0,
})

/** The tenant acted for, or the code of the refusal. */
function tenantOf(claims: Claims, header?: string): string {
  try {
    const headers = header === undefined ? {} : { 'x-tenant-id': header }
    return requireTenant(resolveCaller(claims, headers, origin))
  } catch (error) {
    if (!(error instanceof HttpRefusal)) throw error
    return error.code
  }
}

describe('the tenant a caller acts for', () => {
  it.each([
    ['a member', claimsOf(['member'], 't1'), undefined, 't1'],
    ['a member naming a tenant', claimsOf(['member'], 't1'), 't2', 'forbidden'],
    ['an admin naming its own tenant', claimsOf(['admin'], 't1'), 't1', 'forbidden'],
    ['an admin without tenant', claimsOf(['admin'], null), undefined, 'unauthenticated'],
    ['a back end with a tenant', claimsOf(['service'], 't1'), undefined, 't1'],
    ['such a back end naming another', claimsOf(['service'], 't1'), 't2', 'forbidden'],
    ['a platform-wide back end', claimsOf(['service'], null), 't2', 't2'],
    ['one that names none', claimsOf(['service'], null), undefined, 'tenant_required'],
    ['an operator', claimsOf(['operator'], null), 't2', 't2'],
    ['an operator that names none', claimsOf(['operator'], null), undefined, 'tenant_required'],
    ['an operator with a claim', claimsOf(['operator'], 't1'), 't2', 't2'],
    [
      'one with a claim that names none',
      claimsOf(['operator'], 't1'),
      undefined,
      'tenant_required',
    ],
    ['an operator naming an empty one', claimsOf(['operator'], null), '', 'invalid_request'],
    ['two of them', claimsOf(['operator'], null), 't1, t2', 'invalid_request'],
    ['one of 129', claimsOf(['operator'], null), 'x'.repeat(129), 'invalid_request'],
    ['bytes that are no text', claimsOf(['operator'], null), '\xff\xfe', 'invalid_request'],
    ['no known role naming one', claimsOf([], 't1'), 't2', 'forbidden'],
  ])('%s', (_, claims, header, expected) => {
    expect(tenantOf(claims, header)).toBe(expected)
  })

  it('reads a header of UTF-8 bytes as the text it is', () => {
    const header = Buffer.from('租户甲').toString('latin1')
    expect(tenantOf(claimsOf(['operator'], null), header)).toBe('租户甲')
  })
})

describe('a caller', () => {
  it('carries subject, roles, language, request id and address', () => {
    const headers = { 'accept-language': 'zh-TW,en;q=0.5', 'user-agent': 'Mozilla/5.0' }
    expect(resolveCaller(claimsOf(['member'], 't1'), headers, origin)).toEqual({
      userAgent: 'Mozilla/5.0',
      sub: 'user_1',
      tenantId: 't1',
      roles: ['member'],
      requestId: 'req_1',
      language: 'zh-CN',
      ip: '127.0.0.1',
    })
  })
})
