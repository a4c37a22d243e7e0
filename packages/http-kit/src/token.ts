// Verifies bearer tokens (JWT): signature, time, claims. Not permissions, not the tenant header.

import type { KeyObject } from 'node:crypto'
import { type ClaimNames, type Claims, readClaims, refuseToken } from './claims.ts'
import { type KeySet, makeKeySet } from './key-set.ts'
import { publicKey, type SignatureKey, secretKey } from './signature.ts'

export interface TokenVerifierOptions {
  /** Shared secret for HS256. Outside a sandbox it must be at least 32 bytes (RFC 7518, 3.2). */
  readonly secret?: string | undefined
  /** PEM or key object: RSA (RS256), P-256 (ES256) or Ed25519 (EdDSA). */
  readonly publicKey?: string | KeyObject | undefined
  /** Address of the issuer's key set. */
  readonly jwksUrl?: string | undefined
  /** When set, `iss` must be there and equal it. */
  readonly issuer?: string | undefined
  /** When set, `aud` must be there and contain it. */
  readonly audience?: string | undefined
  /** Under which names subject, tenant and roles are found; default `sub`, `tenantId`, `roles`. */
  readonly claims?: ClaimNames | undefined
  /** Epoch milliseconds of the real clock; never a tenant's test clock. */
  readonly now?: (() => number) | undefined
  /** How far `exp` and `nbf` may be off; default 0. */
  readonly clockSkewSeconds?: number | undefined
  /** Verified tokens kept in memory; default 10,000; 0 keeps none. */
  readonly cacheSize?: number | undefined
}

export interface TokenVerifier {
  /**
   * The claims of a valid token; a promise only while the issuer's keys are fetched. Refusals:
   * `unauthenticated` with a reason; `unavailable` when the issuer's keys cannot be had.
   */
  verify(token: string): Claims | Promise<Claims>
}

const tokenBytesMax = 8 * 1024
/** Longer tokens are verified each time, so that the cache stays within about 20 MB. */
const cachedTokenBytesMax = 2 * 1024

/** Clocks of issuers run ahead a little; `iat` alone is no reason to lock everybody out for that. */
const issuedAheadSecondsMax = 60

interface TokenHeader {
  readonly algorithm: string
  readonly kid: string | undefined
}

function readHeader(token: string): TokenHeader {
  const malformed = () => refuseToken('the token is malformed', '令牌格式错误')
  const end = token.indexOf('.')
  if (end <= 0) return malformed()
  try {
    const header = JSON.parse(Buffer.from(token.slice(0, end), 'base64url').toString('utf8'))
    const { alg, kid } = header as { alg?: unknown; kid?: unknown }
    if (typeof alg !== 'string') return malformed()
    return { algorithm: alg, kid: typeof kid === 'string' ? kid : undefined }
  } catch {
    return malformed()
  }
}

/** Remembers verified tokens; the oldest goes first when it is full. */
function makeCache(size: number) {
  const entries = new Map<string, Claims>()
  return {
    get: (token: string) => entries.get(token),
    delete: (token: string) => entries.delete(token),
    clear: () => entries.clear(),
    set(token: string, claims: Claims) {
      if (size <= 0 || token.length > cachedTokenBytesMax) return
      if (entries.size >= size) {
        const [oldest] = entries.keys()
        if (oldest !== undefined) entries.delete(oldest)
      }
      entries.set(token, claims)
    },
  }
}

function assertInForce(claims: Claims, nowMs: number, skewSeconds: number): void {
  const seconds = nowMs / 1000
  if (seconds >= claims.expiresAtSeconds + skewSeconds) {
    refuseToken('the token has expired', '令牌已过期')
  }
  if (seconds < claims.notBeforeSeconds - skewSeconds) {
    refuseToken('the token is not valid yet', '令牌尚未生效')
  }
  if (seconds < claims.issuedAtSeconds - Math.max(skewSeconds, issuedAheadSecondsMax)) {
    refuseToken('the token was issued in the future', '令牌签发时间晚于当前时间')
  }
}

function fixedKeys(options: TokenVerifierOptions): SignatureKey[] {
  const keys: SignatureKey[] = []
  if (options.secret !== undefined) keys.push(secretKey(options.secret, options))
  if (options.publicKey !== undefined) keys.push(publicKey(options.publicKey, options))
  return keys
}

/**
 * Builds a verifier from a secret, a public key, a key set, or several of them; each checks only the
 * algorithms of its own kind. Throws when none is given. Tokens over 8 KB are refused unread.
 */
export function makeTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const now = options.now ?? Date.now
  const skewSeconds = options.clockSkewSeconds ?? 0
  const cache = makeCache(options.cacheSize ?? 10_000)
  const fixed = fixedKeys(options)
  const keySet: KeySet | undefined =
    options.jwksUrl === undefined
      ? undefined
      : makeKeySet({ url: options.jwksUrl, parties: options, now, onChange: cache.clear })
  if (fixed.length === 0 && keySet === undefined) {
    throw new Error('A token verifier needs a secret, a public key or a key set address.')
  }

  function checkWith(key: SignatureKey, token: string): Claims {
    const claims = readClaims(key.check(token), options.claims)
    assertInForce(claims, now(), skewSeconds)
    cache.set(token, claims)
    return claims
  }

  function verifyUnseen(token: string): Claims | Promise<Claims> {
    const { algorithm, kid } = readHeader(token)
    const own = fixed.find(key => key.algorithms.includes(algorithm))
    if (own !== undefined) return checkWith(own, token)
    if (keySet === undefined || !['RS256', 'ES256', 'EdDSA'].includes(algorithm)) {
      return refuseToken('the signing algorithm is not accepted here', '不接受该签名算法')
    }
    const key = keySet.find(algorithm, kid)
    return key instanceof Promise
      ? key.then(found => checkWith(found, token))
      : checkWith(key, token)
  }

  return {
    verify(token) {
      if (token.length > tokenBytesMax) {
        return refuseToken('the token is over 8 KB', '令牌超过 8 KB')
      }
      keySet?.keepFresh()
      const seen = cache.get(token)
      if (seen === undefined) return verifyUnseen(token)
      try {
        assertInForce(seen, now(), skewSeconds)
      } catch (error) {
        cache.delete(token)
        throw error
      }
      return seen
    },
  }
}

/**
 * The token of an `Authorization` header. Refusal: `unauthenticated` when it is missing or is not of
 * the form `Bearer <token>` (RFC 6750, 2.1).
 */
export function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined) {
    return refuseToken('there is no Authorization header', '缺少 Authorization 请求头')
  }
  const match = /^Bearer +([^\s]+)$/i.exec(authorization)
  return (
    match?.[1] ??
    refuseToken('the Authorization header is not "Bearer <token>"', 'Authorization 格式有误')
  )
}
