// How bearer tokens are verified, read from the environment. Part of config.ts, which names every bad value.

/** The least that HS256 allows (RFC 7518, 3.2). */
export const secretBytesMin = 32

export interface TokenConfig {
  readonly secret: string | null
  readonly publicKey: string | null
  readonly jwksUrl: string | null
  readonly issuer: string | null
  readonly audience: string | null
  /** Which claims say who somebody is; a name, or a JSON Pointer into nested claims. */
  readonly claims: { readonly subject: string; readonly tenant: string; readonly roles: string }
}

interface Reader {
  readonly problems: string[]
  readonly text: (name: string) => string | null
  readonly url: (name: string, schemes: readonly string[]) => string | null
}

/** Adds to the problems when no key is given beside a Stripe key, several are, or one is too short. */
export function readToken({ text, url, problems }: Reader, sandbox: boolean): TokenConfig {
  const secret = text('JWT_SECRET')
  const publicKey = text('JWT_PUBLIC_KEY')
  const jwksUrl = url('JWT_JWKS_URL', ['http', 'https'])
  const given = [secret, publicKey, jwksUrl].filter(value => value !== null)
  if (given.length > 1) {
    problems.push('Set only one of JWT_SECRET, JWT_PUBLIC_KEY and JWT_JWKS_URL.')
  }
  if (!sandbox && given.length === 0) {
    problems.push(
      'With STRIPE_SECRET_KEY set, say how tokens are verified: JWT_SECRET (at least 32 bytes), JWT_PUBLIC_KEY or JWT_JWKS_URL.',
    )
  }
  if (!sandbox && secret !== null && Buffer.byteLength(secret) < secretBytesMin) {
    problems.push(`JWT_SECRET has ${Buffer.byteLength(secret)} bytes, but needs at least 32.`)
  }
  return {
    secret,
    publicKey: publicKey?.replaceAll('\\n', '\n') ?? null,
    jwksUrl,
    issuer: text('JWT_ISSUER'),
    audience: text('JWT_AUDIENCE'),
    claims: readClaimNames(text, problems),
  }
}

function readClaimNames(text: Reader['text'], problems: string[]): TokenConfig['claims'] {
  const claims = {
    subject: text('JWT_CLAIM_SUBJECT') ?? 'sub',
    tenant: text('JWT_CLAIM_TENANT') ?? 'tenantId',
    roles: text('JWT_CLAIM_ROLES') ?? 'roles',
  }
  const names = Object.values(claims)
  if (new Set(names).size < names.length) {
    problems.push('JWT_CLAIM_SUBJECT, JWT_CLAIM_TENANT and JWT_CLAIM_ROLES must be three claims.')
  }
  return claims
}
