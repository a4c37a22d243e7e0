import { roles as contractRoles, mayDo } from '@quittance/billing-contract/permissions'
import { describe, expect, it } from 'vitest'
import { claimsInToken, permissions, roles, rolesMay } from './claims.ts'

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const token = (claims: unknown) => `${encode({})}.${encode(claims)}.signature`

describe('the claims of a token', () => {
  it('are its known roles and its tenant, beyond ASCII too', () => {
    const claims = claimsInToken(token({ roles: ['admin', 'owner'], tenantId: '晴川数据' }))
    expect(claims).toEqual({ roles: ['admin'], tenantId: '晴川数据' })
  })

  it('are none when it cannot be read', () => {
    for (const text of ['', 'a.b', 'a.###.c', token(null), token({ roles: 'admin' })]) {
      expect(claimsInToken(text)).toEqual({ roles: [], tenantId: null })
    }
  })
})

it('grants each role what the contract grants it', () => {
  expect(roles).toEqual(contractRoles)
  for (const role of roles) {
    for (const permission of permissions) {
      const expected = mayDo([role], permission)
      expect(rolesMay([role], permission), `${role} ${permission}`).toBe(expected)
    }
  }
})
