// Checks a token's signature with one key. The key's kind fixes the algorithms, so a token can never
// choose how it is checked (RFC 8725, 3.1). Not claims, not time.

import { createPublicKey, type KeyObject } from 'node:crypto'
import { type Algorithm, createVerifier, TOKEN_ERROR_CODES } from 'fast-jwt'
import { refuseToken } from './claims.ts'

export type Payload = Readonly<Record<string, unknown>>

/** A key that is ready to check tokens of its own algorithms. */
export interface SignatureKey {
  readonly algorithms: readonly string[]
  /** The payload of a token whose signature, issuer and audience hold. Refusal: `unauthenticated`. */
  check(token: string): Payload
}

export interface ExpectedParties {
  readonly issuer?: string | undefined
  readonly audience?: string | undefined
}

const reasons: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  [TOKEN_ERROR_CODES.invalidSignature]: ['the signature does not match', '签名不匹配'],
  [TOKEN_ERROR_CODES.missingSignature]: ['the token is not signed', '令牌未签名'],
  [TOKEN_ERROR_CODES.invalidAlgorithm]: [
    'the signing algorithm is not accepted here',
    '不接受该签名算法',
  ],
  [TOKEN_ERROR_CODES.invalidClaimValue]: [
    'the token was issued by or for somebody else (iss, aud)',
    '令牌的签发方或受众不符（iss、aud）',
  ],
  [TOKEN_ERROR_CODES.missingRequiredClaim]: [
    'the token does not say who issued it and for whom (iss, aud)',
    '令牌未注明签发方或受众（iss、aud）',
  ],
}

function makeKey(
  key: string | Buffer,
  algorithms: Algorithm[],
  parties: ExpectedParties,
): SignatureKey {
  const required: string[] = []
  if (parties.issuer !== undefined) required.push('iss')
  if (parties.audience !== undefined) required.push('aud')
  const verify = createVerifier({
    key,
    algorithms,
    cache: false,
    ignoreExpiration: true,
    ignoreNotBefore: true,
    requiredClaims: required,
    ...(parties.issuer === undefined ? {} : { allowedIss: parties.issuer }),
    ...(parties.audience === undefined ? {} : { allowedAud: parties.audience }),
  })
  return {
    algorithms,
    check(token) {
      try {
        return verify(token) as Payload
      } catch (error) {
        const code = String((error as { code?: unknown }).code)
        const [reason, reasonZh] = reasons[code] ?? ['the token is malformed', '令牌格式错误']
        return refuseToken(reason, reasonZh)
      }
    },
  }
}

/** A shared secret: HS256 only. Throws when the secret is empty or is a public key's text. */
export function secretKey(secret: string, parties: ExpectedParties): SignatureKey {
  if (/-----BEGIN |"kty"\s*:/.test(secret)) {
    throw new Error('The token secret looks like a key pair: configure it as the public key.')
  }
  return makeKey(Buffer.from(secret, 'utf8'), ['HS256'], parties)
}

function algorithmsFor(key: KeyObject): Algorithm[] {
  const details = key.asymmetricKeyDetails
  switch (key.asymmetricKeyType) {
    case 'rsa':
      if ((details?.modulusLength ?? 0) < 2048) {
        throw new Error('An RSA key for tokens needs at least 2048 bits (RFC 7518, 3.3).')
      }
      return ['RS256']
    case 'ec':
      if (details?.namedCurve === 'prime256v1') return ['ES256']
      break
    case 'ed25519':
      return ['EdDSA']
  }
  throw new Error('A public key for tokens must be RSA, P-256 or Ed25519.')
}

/** A public key (PEM text or key object): RS256, ES256 or EdDSA, by its kind. */
export function publicKey(key: string | KeyObject, parties: ExpectedParties): SignatureKey {
  const keyObject = typeof key === 'string' ? createPublicKey(key) : key
  if (keyObject.type !== 'public') throw new Error('A token verifier takes a public key only.')
  const pem = keyObject.export({ type: 'spki', format: 'pem' }).toString()
  return makeKey(pem, algorithmsFor(keyObject), parties)
}
