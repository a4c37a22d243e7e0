// Signed links: the claims and their HMAC-SHA256, both as base64url. Nobody outside can tell a text that was
// changed from one that has expired.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { LinkClaims, LinkPurpose, Links } from '../../ports/links.ts'

const tokenLengthMax = 1_000
const purposes: Readonly<Record<string, LinkPurpose>> = { p: 'pay', f: 'fix' }

/** Short names keep the address short; the time is in seconds. */
const packed = ({ tenantId, invoiceId, purpose, expiresAt }: LinkClaims): string =>
  JSON.stringify([purpose.charAt(0), tenantId, invoiceId, Math.floor(expiresAt / 1_000)])

function unpacked(text: string): LinkClaims | null {
  const [letter, tenantId, invoiceId, expiresAt] = JSON.parse(text) as unknown[]
  const purpose = purposes[String(letter)]
  if (purpose === undefined || typeof tenantId !== 'string' || typeof expiresAt !== 'number') {
    return null
  }
  return {
    purpose,
    tenantId,
    invoiceId: String(invoiceId) as LinkClaims['invoiceId'],
    expiresAt: expiresAt * 1_000,
  }
}

/** Links of one deployment. Its key is derived, so that the secret may serve other ends besides. */
export function makeLinks(secret: string): Links {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'quittance pay links', 32))
  const seal = (body: string) => createHmac('sha256', key).update(body).digest()
  return {
    sign(claims) {
      const body = Buffer.from(packed(claims)).toString('base64url')
      return `${body}.${seal(body).toString('base64url')}`
    },
    read(token, now) {
      if (token.length > tokenLengthMax) return null
      const [body = '', signature = '', ...rest] = token.split('.')
      const given = Buffer.from(signature, 'base64url')
      const expected = seal(body)
      const same = given.length === expected.length && timingSafeEqual(given, expected)
      // A signature has one spelling: base64 would forgive stray bits at its end.
      if (!same || rest.length > 0 || expected.toString('base64url') !== signature) return null
      const claims = unpacked(Buffer.from(body, 'base64url').toString('utf8'))
      return claims !== null && claims.expiresAt > now ? claims : null
    },
  }
}
