// Signed links: the claims and their HMAC-SHA256, both as base64url. Nobody outside can tell a text that was
// changed from one that has expired.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { FileClaims, LinkClaims, Links } from '../../ports/links.ts'

const tokenLengthMax = 1_000

/** Short names keep the address short; the time is in seconds. */
function packed(claims: LinkClaims | FileClaims): string {
  const { tenantId, purpose, expiresAt } = claims
  const objectId = claims.purpose === 'export' ? claims.exportId : claims.invoiceId
  return JSON.stringify([purpose.charAt(0), tenantId, objectId, Math.floor(expiresAt / 1_000)])
}

function unpacked(text: string): LinkClaims | FileClaims | null {
  const [letter, tenantId, objectId, seconds] = JSON.parse(text) as unknown[]
  if (typeof tenantId !== 'string' || typeof seconds !== 'number') return null
  const expiresAt = seconds * 1_000
  if (letter === 'e') {
    const exportId = String(objectId) as FileClaims['exportId']
    return { purpose: 'export', tenantId, exportId, expiresAt }
  }
  if (letter !== 'p' && letter !== 'f') return null
  const invoiceId = String(objectId) as LinkClaims['invoiceId']
  return { purpose: letter === 'p' ? 'pay' : 'fix', tenantId, invoiceId, expiresAt }
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
