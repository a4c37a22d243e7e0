import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { makeTokenVerifier } from './token.ts'

const startMs = Date.UTC(2026, 10, 23, 8)
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function tokenOf(key: KeyObject, kid: string | undefined, exp = startMs / 1000 + 200_000): string {
  const payload = { sub: 'user_1', tenantId: 'tenant_1', roles: ['admin'], exp }
  const input = `${encode({ alg: 'EdDSA', kid })}.${encode(payload)}`
  return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`
}

const keyPair = () => generateKeyPairSync('ed25519')
const jwkOf = (key: KeyObject, kid: string) => ({
  ...key.export({ format: 'jwk' }),
  kid,
  use: 'sig',
})

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

/** An issuer on loopback whose published keys, and whose health, the test sets. */
async function startIssuer() {
  const state = { keys: [] as object[], status: 200, fetches: 0 }
  const server = createServer((_, response) => {
    state.fetches += 1
    response.writeHead(state.status, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ keys: state.keys }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return { state, url: `http://127.0.0.1:${port}/jwks.json` }
}

const verdict = async (verify: () => unknown): Promise<unknown> => {
  try {
    return ((await verify()) as { sub: string }).sub
  } catch (error) {
    const { code, details } = error as { code: string; details: Record<string, unknown> }
    return `${code}: ${details.reason ?? details.part}`
  }
}

async function setUp() {
  const { state, url } = await startIssuer()
  const clock = { at: startMs }
  const verifier = makeTokenVerifier({ jwksUrl: url, now: () => clock.at })
  const verify = (token: string) => verdict(() => verifier.verify(token))
  return { state, clock, verify, verifier }
}

describe('keys of an issuer', () => {
  it('are fetched once for 3 tokens, and verified tokens need no promise', async () => {
    const { state, verify, verifier } = await setUp()
    const pair = keyPair()
    state.keys = [jwkOf(pair.publicKey, 'k1')]
    const token = tokenOf(pair.privateKey, 'k1')
    expect(await verify(token)).toBe('user_1')
    expect(await verify(tokenOf(pair.privateKey, 'k1', startMs / 1000 + 9))).toBe('user_1')
    expect(await verify(tokenOf(pair.privateKey, undefined))).toBe('user_1')
    expect(verifier.verify(token)).not.toBeInstanceOf(Promise)
    expect(state.fetches).toBe(1)
  })

  it('are fetched again for an unknown kid, but not within 30 s of the last try', async () => {
    const { state, clock, verify } = await setUp()
    const [old, fresh] = [keyPair(), keyPair()]
    state.keys = [jwkOf(old.publicKey, 'k1')]
    expect(await verify(tokenOf(old.privateKey, 'k1'))).toBe('user_1')
    state.keys = [jwkOf(old.publicKey, 'k1'), jwkOf(fresh.publicKey, 'k2')]
    expect(await verify(tokenOf(fresh.privateKey, 'k2'))).toMatch(/unauthenticated.*not known/)
    clock.at += 30_000
    expect(await verify(tokenOf(fresh.privateKey, 'k2'))).toBe('user_1')
    expect(state.fetches).toBe(2)
  })

  it('once withdrawn, stop verifying even remembered tokens after the 10 minutes of freshness', async () => {
    const { state, clock, verify } = await setUp()
    const [old, fresh] = [keyPair(), keyPair()]
    state.keys = [jwkOf(old.publicKey, 'k1')]
    const token = tokenOf(old.privateKey, 'k1')
    await verify(token)
    state.keys = [jwkOf(fresh.publicKey, 'k2')]
    clock.at += 10 * 60_000
    expect(await verify(tokenOf(fresh.privateKey, 'k2'))).toBe('user_1')
    expect(await verify(token)).toMatch(/not known/)
  })

  it('serve 24 h while the issuer is down, then sign-in is unavailable', async () => {
    const { state, clock, verify } = await setUp()
    const pair = keyPair()
    state.keys = [jwkOf(pair.publicKey, 'k1')]
    await verify(tokenOf(pair.privateKey, 'k1'))
    state.status = 500
    clock.at += 23 * 3_600_000
    expect(await verify(tokenOf(pair.privateKey, 'k1'))).toBe('user_1')
    clock.at += 2 * 3_600_000
    const late = tokenOf(pair.privateKey, 'k1', startMs / 1000 + 300_000)
    expect(await verify(late)).toMatch(/unavailable: the sign-in keys/)
  })

  it('that cannot be had at all make sign-in unavailable, not refused', async () => {
    const { state, verify } = await setUp()
    state.status = 503
    expect(await verify(tokenOf(keyPair().privateKey, 'k1'))).toMatch(/unavailable/)
  })

  it('skip entries for encryption, of other kinds, and of another stated algorithm', async () => {
    const { state, verify } = await setUp()
    const pair = keyPair()
    const jwk = jwkOf(pair.publicKey, 'k1')
    state.keys = [
      { ...jwk, use: 'enc' },
      { kty: 'oct', k: 'c2VjcmV0', kid: 'k1' },
      { ...jwk, alg: 'RS256' },
      jwkOf(keyPair().publicKey, 'k9'),
    ]
    expect(await verify(tokenOf(pair.privateKey, 'k1'))).toMatch(/not known/)
  })

  it('never verify a token that asks for HS256', async () => {
    const { state, verify } = await setUp()
    expect(await verify(`${encode({ alg: 'HS256', kid: 'k1' })}.e30.x`)).toMatch(/algorithm/)
    expect(state.fetches).toBe(0)
  })
})
