import { createHmac, generateKeyPairSync, type KeyObject, sign as signWith } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { HttpRefusal } from './refusal.ts'
import { bearerToken, makeTokenVerifier } from './token.ts'

const secret = 'a-secret-of-more-than-thirty-two-bytes!'
const nowMs = Date.UTC(2026, 10, 23, 8)
const nowSeconds = nowMs / 1000
const now = () => nowMs

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

const goodClaims = {
  sub: 'user_1',
  tenantId: 'tenant_1',
  roles: ['admin'],
  exp: nowSeconds + 3600,
}

function hmacToken(payload: object, header: object = { alg: 'HS256' }, key = secret): string {
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`
}

function keyToken(payload: object, alg: string, key: KeyObject): string {
  const input = `${encode({ alg, typ: 'JWT' })}.${encode(payload)}`
  const digest = alg === 'EdDSA' ? null : 'sha256'
  const signer = alg === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' as const } : key
  return `${input}.${signWith(digest, Buffer.from(input), signer).toString('base64url')}`
}

/** The English reason of the refusal, or the claims. */
function outcome(verify: () => unknown): unknown {
  try {
    return verify()
  } catch (error) {
    if (!(error instanceof HttpRefusal)) throw error
    expect(error.code).toBe('unauthenticated')
    expect(error.details.reasonZh).toMatch(/[\u4e00-\u9fff]/)
    return error.details.reason
  }
}

describe('a verifier with a shared secret', () => {
  const verifier = makeTokenVerifier({ secret, now })
  const verdict = (token: string) => outcome(() => verifier.verify(token))

  it('reads sub, tenantId, roles and exp of a valid token', () => {
    expect(verdict(hmacToken(goodClaims))).toEqual({
      sub: 'user_1',
      tenantId: 'tenant_1',
      roles: ['admin'],
      expiresAtSeconds: nowSeconds + 3600,
      notBeforeSeconds: 0,
      issuedAtSeconds: 0,
    })
  })

  it.each([
    ['no signature and alg none', `${encode({ alg: 'none' })}.${encode(goodClaims)}.`, /algorithm/],
    ['alg None', `${encode({ alg: 'None' })}.${encode(goodClaims)}.`, /algorithm/],
    [
      'HS256 without a signature',
      `${encode({ alg: 'HS256' })}.${encode(goodClaims)}.`,
      /not signed/,
    ],
    ['HS512', hmacToken(goodClaims, { alg: 'HS512' }), /algorithm/],
    ['another secret', hmacToken(goodClaims, undefined, 'another'), /signature/],
    [
      'a critical extension',
      hmacToken(goodClaims, { alg: 'HS256', crit: ['x'], x: 1 }),
      /malformed/,
    ],
    ['no dots', 'abc', /malformed/],
    ['an empty text', '', /malformed/],
    ['a header that is no JSON', 'aaaa.bbbb.cccc', /malformed/],
    ['a header null', `${encode(null)}.e30.x`, /malformed/],
    ['8,193 characters', 'a'.repeat(8193), /over 8 KB/],
  ])('refuses %s', (_, token, reason) => {
    expect(verdict(token)).toMatch(reason)
  })

  it('refuses a payload changed after signing', () => {
    const [header, , signature] = hmacToken(goodClaims).split('.')
    const forged = `${header}.${encode({ ...goodClaims, roles: ['operator'] })}.${signature}`
    expect(verdict(forged)).toMatch(/signature/)
  })

  it.each([
    ['exp missing', { exp: undefined }, /exp/],
    ['exp as text', { exp: '2026' }, /exp/],
    ['exp this very second', { exp: nowSeconds }, /expired/],
    ['nbf one second ahead', { nbf: nowSeconds + 1 }, /not valid yet/],
    ['sub missing', { sub: undefined }, /sub/],
    ['sub with a line break', { sub: 'a\nb' }, /sub/],
    ['tenantId empty', { tenantId: '' }, /tenantId/],
    ['tenantId of 129 characters', { tenantId: 'x'.repeat(129) }, /tenantId/],
    ['tenantId of 2,000 characters', { tenantId: 'x'.repeat(2000) }, /tenantId/],
    ['tenantId with a comma', { tenantId: 'a,b' }, /tenantId/],
    ['tenantId with a space', { tenantId: 'a b' }, /tenantId/],
    ['tenantId with a zero-width space', { tenantId: 'a\u200bb' }, /tenantId/],
    ['tenantId as number', { tenantId: 7 }, /tenantId/],
    ['roles as text', { roles: 'admin' }, /roles/],
  ])('refuses %s', (_, change, reason) => {
    expect(verdict(hmacToken({ ...goodClaims, ...change }))).toMatch(reason)
  })

  it('keeps known roles and ignores others', () => {
    const roles = ['owner', 'operator', 7, null, 'member', 'Admin']
    expect(verdict(hmacToken({ ...goodClaims, roles }))).toMatchObject({
      roles: ['member', 'operator'],
    })
  })

  it('lets a token without tenant and roles through with neither', () => {
    const bare = { sub: 'u', exp: nowSeconds + 1 }
    expect(verdict(hmacToken(bare))).toMatchObject({ tenantId: null, roles: [] })
  })

  it('takes a tenant of 128 Chinese characters', () => {
    const tenantId = '租'.repeat(128)
    expect(verdict(hmacToken({ ...goodClaims, tenantId }))).toMatchObject({ tenantId })
  })

  it('allows the configured clock skew of 30 s on exp and nbf', () => {
    const lenient = makeTokenVerifier({ secret, now, clockSkewSeconds: 30 })
    const edge = { ...goodClaims, exp: nowSeconds - 29, nbf: nowSeconds + 30 }
    expect(outcome(() => lenient.verify(hmacToken(edge)))).toMatchObject({ sub: 'user_1' })
    const over = { ...goodClaims, exp: nowSeconds - 30 }
    expect(outcome(() => lenient.verify(hmacToken(over)))).toMatch(/expired/)
  })
})

describe('the cache of verified tokens', () => {
  it('answers the second time with the same claims and refuses once the token expired', () => {
    let at = nowMs
    const verifier = makeTokenVerifier({ secret, now: () => at })
    const token = hmacToken(goodClaims)
    const first = verifier.verify(token)
    expect(verifier.verify(token)).toBe(first)
    at += 3_599_999
    expect(verifier.verify(token)).toBe(first)
    at += 1
    expect(outcome(() => verifier.verify(token))).toMatch(/expired/)
  })

  it('holds 2 tokens when its size is 2 and forgets the oldest', () => {
    const verifier = makeTokenVerifier({ secret, now, cacheSize: 2 })
    const tokens = ['a', 'b', 'c'].map(sub => hmacToken({ ...goodClaims, sub }))
    const first = tokens.map(token => verifier.verify(token))
    expect(verifier.verify(tokens[1]!)).toBe(first[1])
    expect(verifier.verify(tokens[2]!)).toBe(first[2])
    expect(verifier.verify(tokens[0]!)).not.toBe(first[0])
  })

  it('keeps none when its size is 0', () => {
    const verifier = makeTokenVerifier({ secret, now, cacheSize: 0 })
    const token = hmacToken(goodClaims)
    expect(verifier.verify(token)).not.toBe(verifier.verify(token))
  })
})

describe('issuer and audience', () => {
  const verifier = makeTokenVerifier({ secret, now, issuer: 'https://id', audience: 'billing' })
  const verdict = (more: object) =>
    outcome(() => verifier.verify(hmacToken({ ...goodClaims, ...more })))

  it('must both be there and match; aud may be a list', () => {
    expect(verdict({ iss: 'https://id', aud: ['x', 'billing'] })).toMatchObject({ sub: 'user_1' })
    expect(verdict({ iss: 'https://id' })).toMatch(/does not say/)
    expect(verdict({ aud: 'billing' })).toMatch(/does not say/)
    expect(verdict({ iss: 'https://other', aud: 'billing' })).toMatch(/somebody else/)
    expect(verdict({ iss: 'https://id', aud: 'shop' })).toMatch(/somebody else/)
  })
})

describe('a verifier with a public key', () => {
  const pairs = {
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: generateKeyPairSync('ed25519'),
  }

  it.each(['RS256', 'ES256', 'EdDSA'] as const)('takes %s signed by its key', alg => {
    const verifier = makeTokenVerifier({ publicKey: pairs[alg].publicKey, now })
    const token = keyToken(goodClaims, alg, pairs[alg].privateKey)
    expect(outcome(() => verifier.verify(token))).toMatchObject({ sub: 'user_1' })
  })

  it('refuses HS256 made with the text of the public key as secret', () => {
    const pem = pairs.RS256.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const verifier = makeTokenVerifier({ publicKey: pem, now })
    const token = hmacToken(goodClaims, { alg: 'HS256' }, pem)
    expect(outcome(() => verifier.verify(token))).toMatch(/algorithm/)
  })

  it('refuses the other two algorithms', () => {
    const verifier = makeTokenVerifier({ publicKey: pairs.ES256.publicKey, now })
    const token = keyToken(goodClaims, 'EdDSA', pairs.EdDSA.privateKey)
    expect(outcome(() => verifier.verify(token))).toMatch(/algorithm/)
  })

  it('beside a secret, each key checks its own algorithm only', () => {
    const verifier = makeTokenVerifier({ secret, publicKey: pairs.EdDSA.publicKey, now })
    const signed = keyToken(goodClaims, 'EdDSA', pairs.EdDSA.privateKey)
    expect(outcome(() => verifier.verify(signed))).toMatchObject({ sub: 'user_1' })
    expect(outcome(() => verifier.verify(hmacToken(goodClaims)))).toMatchObject({ sub: 'user_1' })
  })

  it('is not built from a private key, a short RSA key, a key as secret, or nothing', () => {
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
    const pem = pairs.RS256.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    expect(() => makeTokenVerifier({ publicKey: pairs.EdDSA.privateKey })).toThrow(
      /public key only/,
    )
    expect(() => makeTokenVerifier({ publicKey: short })).toThrow(/2048/)
    expect(() => makeTokenVerifier({ secret: pem })).toThrow(/key pair/)
    expect(() => makeTokenVerifier({ secret: '' })).toThrow()
    expect(() => makeTokenVerifier({})).toThrow(/needs a secret/)
  })
})

describe('the Authorization header', () => {
  it('yields the token after Bearer, in any case', () => {
    expect(bearerToken('Bearer abc')).toBe('abc')
    expect(bearerToken('bearer abc')).toBe('abc')
  })

  it.each([undefined, '', 'Basic abc', 'Bearer', 'Bearer a b', 'abc'])('refuses %s', header => {
    expect(outcome(() => bearerToken(header))).toMatch(/Authorization/)
  })
})

describe('a verifier told of other names of claims', () => {
  const claims = { subject: 'uid', tenant: 'https://example.com/tenant', roles: '/access/roles' }
  const verifier = makeTokenVerifier({ secret, now, claims })
  const verdict = (payload: object) => outcome(() => verifier.verify(hmacToken(payload)))
  const { exp } = goodClaims
  const good = { uid: 'u1', 'https://example.com/tenant': 't1', access: { roles: ['admin'] }, exp }

  it('reads subject, tenant and nested roles under those names', () => {
    expect(verdict(good)).toMatchObject({ sub: 'u1', tenantId: 't1', roles: ['admin'] })
  })

  it('reads a single role written as a text', () => {
    const said = { ...good, access: { roles: 'member' } }
    expect(verdict(said)).toMatchObject({ roles: ['member'] })
  })

  it('never falls back to the usual names', () => {
    expect(verdict({ uid: 'u1', tenantId: 't9', roles: ['operator'], exp })).toMatchObject({
      tenantId: null,
      roles: [],
    })
    expect(verdict(goodClaims)).toMatch(/uid claim/)
  })

  it('refuses another shape, with the name of the claim', () => {
    expect(verdict({ ...good, access: { roles: 7 } })).toMatch(/access\/roles claim must be a list/)
    expect(verdict({ ...good, 'https://example.com/tenant': 'a b' })).toMatch(/tenant claim/)
  })

  it('finds nothing that the token only inherits', () => {
    const inherited = { subject: 'uid', tenant: '/access/constructor/name', roles: 'roles' }
    const other = makeTokenVerifier({ secret, now, claims: inherited })
    expect(outcome(() => other.verify(hmacToken(good)))).toMatchObject({ tenantId: null })
  })
})
