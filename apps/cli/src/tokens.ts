// Signs tokens for the sandbox, demos and the command line (HS256). Production tokens come from the
// platform's own identity service.
import { createHmac } from 'node:crypto'
import type { Role } from '@quittance/billing-contract/permissions'

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
}

const encoded = (value: object | Buffer): string =>
  (Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value))).toString('base64url')

/** A signed token (RFC 7519), valid from `nowMs` for the hours given. */
export function signToken(input: TokenInput, settings: SigningSettings, nowMs: number): string {
  const issuedAt = Math.floor(nowMs / 1000)
  const claims = {
    sub: input.subject,
    ...(input.tenantId === null ? {} : { tenantId: input.tenantId }),
    roles: input.roles,
    iat: issuedAt,
    exp: issuedAt + Math.round(input.hours * 3600),
    ...(settings.issuer === undefined ? {} : { iss: settings.issuer }),
    ...(settings.audience === undefined ? {} : { aud: settings.audience }),
  }
  const signed = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`
  return `${signed}.${encoded(createHmac('sha256', settings.secret).update(signed).digest())}`
}
