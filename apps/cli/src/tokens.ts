// Signs tokens for the sandbox, demos and the command line (HS256). Production tokens come from the
// platform's own identity service.
import { createHmac } from 'node:crypto'
import type { Role } from '@quittance/billing-contract/permissions'
import { type ClaimNames, claimParts, usualClaims } from '@quittance/http-kit/claims'

export interface TokenInput {
  readonly subject: string
  readonly tenantId: string | null
  readonly roles: readonly Role[]
  readonly hours: number
}

export interface SigningSettings {
  readonly secret: string
  readonly issuer?: string | undefined
  readonly audience?: string | undefined
  /** Under which names the verifier looks; default `sub`, `tenantId`, `roles`. */
  readonly claims?: ClaimNames | undefined
}

const encoded = (value: object | Buffer): string =>
  (Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value))).toString('base64url')

/** The claim as it stands in a payload, inside the objects that its name points into. */
function placed(payload: Record<string, unknown>, name: string, value: unknown): void {
  const parts = claimParts(name)
  let into = payload
  for (const part of parts.slice(0, -1)) {
    const inner = into[part] ?? {}
    into[part] = inner
    into = inner as Record<string, unknown>
  }
  into[parts.at(-1)!] = value
}

/** The claims under the names that a setting gives them. */
export const claimNamesOf = (env: Readonly<Record<string, string | undefined>>): ClaimNames => ({
  subject: env.JWT_CLAIM_SUBJECT || usualClaims.subject,
  tenant: env.JWT_CLAIM_TENANT || usualClaims.tenant,
  roles: env.JWT_CLAIM_ROLES || usualClaims.roles,
})

/** A signed token (RFC 7519), valid from `nowMs` for the hours given. */
export function signToken(input: TokenInput, settings: SigningSettings, nowMs: number): string {
  const issuedAt = Math.floor(nowMs / 1000)
  const names = settings.claims ?? usualClaims
  const claims: Record<string, unknown> = {
    iat: issuedAt,
    exp: issuedAt + Math.round(input.hours * 3600),
    ...(settings.issuer === undefined ? {} : { iss: settings.issuer }),
    ...(settings.audience === undefined ? {} : { aud: settings.audience }),
  }
  placed(claims, names.subject, input.subject)
  if (input.tenantId !== null) placed(claims, names.tenant, input.tenantId)
  placed(claims, names.roles, input.roles)
  const signed = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`
  return `${signed}.${encoded(createHmac('sha256', settings.secret).update(signed).digest())}`
}
