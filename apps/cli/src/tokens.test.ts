import { makeTokenVerifier } from '@quittance/http-kit/token'
import { expect, it } from 'vitest'
import { demoPeople, makeDemoIssuer, newcomerId } from './demo.ts'
import { signToken } from './tokens.ts'

const secret = 'a secret of at least thirty-two bytes'
const now = Date.parse('2026-11-23T12:00:00Z')

it('signs tokens that the service accepts for 12 hours and no second longer', async () => {
  const input = { subject: 'cli', tenantId: 'demo', roles: ['admin'], hours: 12 } as const
  const token = signToken(input, { secret }, now)
  const at = (ms: number) => makeTokenVerifier({ secret, now: () => now + ms })
  const claims = await at(0).verify(token)
  expect(claims).toMatchObject({ sub: 'cli', tenantId: 'demo', roles: ['admin'] })
  await at(12 * 3_600_000 - 1000).verify(token)
  expect(() => at(12 * 3_600_000).verify(token)).toThrow()
})

it('carries issuer and audience where they are checked', async () => {
  const parties = { secret, issuer: 'https://id.example', audience: 'billing' }
  const input = { subject: 'cli', tenantId: null, roles: ['operator'], hours: 1 } as const
  const verifier = makeTokenVerifier({ ...parties, now: () => now })
  expect(await verifier.verify(signToken(input, parties, now))).toMatchObject({ tenantId: null })
  expect(() => verifier.verify(signToken(input, { secret }, now))).toThrow()
})

it('signs every person of the demo in with the roles it shows, tenants only where they have one', async () => {
  const issuer = makeDemoIssuer({ secret }, () => now)
  const verifier = makeTokenVerifier({ secret, now: () => now })
  for (const person of demoPeople) {
    const claims = await verifier.verify(issuer.issue(person.id))
    expect(claims.roles).toEqual(person.roles)
    if (person.id !== newcomerId) expect(claims.tenantId).toBe(person.tenantId)
  }
})

it('gives each newcomer a tenant that nobody had before', async () => {
  const issuer = makeDemoIssuer({ secret }, () => now)
  const verifier = makeTokenVerifier({ secret, now: () => now })
  const tenants = new Set<string | null>()
  for (let index = 0; index < 20; index += 1) {
    tenants.add((await verifier.verify(issuer.issue(newcomerId))).tenantId)
  }
  expect(tenants.size).toBe(20)
  for (const tenant of tenants) expect(tenant).toMatch(/^demo-[0-9a-f]{10}$/)
})

it('names and nests the claims as the verifier is told to read them', async () => {
  const claims = { subject: '/who/id', tenant: 'https://example.com/tenant', roles: '/who/roles' }
  const input = { subject: 'cli', tenantId: 'demo', roles: ['admin'], hours: 1 } as const
  const verifier = makeTokenVerifier({ secret, claims, now: () => now })
  expect(await verifier.verify(signToken(input, { secret, claims }, now))).toMatchObject({
    sub: 'cli',
    tenantId: 'demo',
    roles: ['admin'],
  })
})
