// The issuer's published keys (JWKS, RFC 7517): fetched, cached, refreshed when a token names a key
// that is not there yet. Not a general HTTP client: one address, small answers, short waits.

import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { refuseToken } from './claims.ts'
import { refuseRequest } from './refusal.ts'
import { type ExpectedParties, publicKey, type SignatureKey } from './signature.ts'

export interface KeySetOptions {
  readonly url: string
  readonly parties: ExpectedParties
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Told after keys changed, so that tokens of a withdrawn key are forgotten. */
  readonly onChange: () => void
}

export interface KeySet {
  /** The key a token names; a promise only when it must be fetched first. */
  find(algorithm: string, kid: string | undefined): SignatureKey | Promise<SignatureKey>
  /** Fetches in the background when the keys have aged, so that a withdrawn key is noticed. */
  keepFresh(): void
}

interface NamedKey {
  readonly kid: string | undefined
  readonly key: SignatureKey
}

const freshMs = 10 * 60_000
/** Tokens with made-up key names must not make us hammer the issuer. */
const refetchPauseMs = 30_000
/** Longest time that sign-in outlives an unreachable issuer. */
const staleMaxMs = 24 * 3_600_000
const fetchTimeoutMs = 5_000
const answerBytesMax = 256 * 1024

function readKeys(document: unknown, parties: ExpectedParties): NamedKey[] {
  const listed = (document as { keys?: unknown } | null)?.keys
  if (!Array.isArray(listed)) throw new Error('The key set has no list of keys.')
  const keys: NamedKey[] = []
  for (const jwk of listed as (JsonWebKey & { use?: string; kid?: string; alg?: string })[]) {
    if (jwk.use !== undefined && jwk.use !== 'sig') continue
    try {
      const key = publicKey(createPublicKey({ key: jwk, format: 'jwk' }), parties)
      if (jwk.alg !== undefined && !key.algorithms.includes(jwk.alg)) continue
      keys.push({ kid: jwk.kid, key })
    } catch {
      // A set may hold keys of kinds we do not take; those beside them still count.
    }
  }
  return keys
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > answerBytesMax) throw new Error('The key set is too large.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, {
    redirect: 'error',
    headers: { accept: 'application/jwk-set+json, application/json' },
    signal: AbortSignal.timeout(fetchTimeoutMs),
  })
  if (!response.ok) throw new Error(`The key set answered ${response.status}.`)
  return readBounded(response)
}

function pick(
  keys: readonly NamedKey[],
  algorithm: string,
  kid: string | undefined,
): SignatureKey | undefined {
  const fitting = keys.filter(each => each.key.algorithms.includes(algorithm))
  if (kid !== undefined) return fitting.find(each => each.kid === kid)?.key
  return fitting.length === 1 ? fitting[0]?.key : undefined
}

/**
 * The keys behind a JWKS address. Kept 10 minutes; a token with an unknown `kid` refetches at most
 * every 30 s; while the issuer is unreachable the last keys serve for up to 24 h. Refusals:
 * `unauthenticated` for an unknown key, `unavailable` when no keys could be fetched at all.
 */
export function makeKeySet(options: KeySetOptions): KeySet {
  let keys: readonly NamedKey[] = []
  let text = ''
  let fetchedAt = Number.NEGATIVE_INFINITY
  let triedAt = Number.NEGATIVE_INFINITY
  let fetching: Promise<void> | undefined

  async function load(): Promise<void> {
    triedAt = options.now()
    try {
      const answer = await fetchText(options.url)
      if (answer !== text) {
        keys = readKeys(JSON.parse(answer), options.parties)
        text = answer
        options.onChange()
      }
      fetchedAt = options.now()
    } catch {
      if (options.now() - fetchedAt <= staleMaxMs || keys.length === 0) return
      keys = []
      text = ''
      options.onChange()
    }
  }

  function refresh(): Promise<void> {
    fetching ??= load().finally(() => {
      fetching = undefined
    })
    return fetching
  }

  function known(algorithm: string, kid: string | undefined): SignatureKey {
    const key = pick(keys, algorithm, kid)
    if (key !== undefined) return key
    if (keys.length === 0) {
      return refuseRequest('unavailable', {
        part: 'the sign-in keys of the token issuer',
        partZh: '令牌签发方的登录密钥',
      })
    }
    return refuseToken('the key that signed the token is not known', '签发令牌的密钥未知')
  }

  const mayFetch = (at: number): boolean => at - triedAt >= refetchPauseMs

  return {
    find(algorithm, kid) {
      const at = options.now()
      const found = pick(keys, algorithm, kid)
      if (found !== undefined && at - fetchedAt < staleMaxMs) return found
      if (fetching === undefined && !mayFetch(at)) return known(algorithm, kid)
      return refresh().then(() => known(algorithm, kid))
    },
    keepFresh() {
      const at = options.now()
      if (at - fetchedAt >= freshMs && mayFetch(at)) void refresh()
    },
  }
}
