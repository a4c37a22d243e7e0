// The branding in force, and the one that a document was issued under.
import { type Branding, brandingFor, issuerScope } from '../../core/branding.ts'
import type { DocumentContext } from '../../documents/invoice-view.ts'
import type { CollectionName } from '../../ports/collections.ts'
import type { Reads } from '../../ports/store.ts'

type BrandingReads = Pick<Reads<CollectionName>, 'list' | 'find'>

/** What a document issued now for a tenant looks like; null is the plain one. */
export async function brandingOf(
  reads: Pick<BrandingReads, 'list'>,
  tenantId: string,
): Promise<Branding | null> {
  const { rows } = await reads.list('brandings', {
    where: { current: true, scope: { in: [tenantId, issuerScope] } },
    limit: 2,
  })
  return brandingFor(tenantId, rows)
}

/** The version a document was issued under; drafts, which may still change, show the one in force. */
export async function brandingIssued(
  reads: BrandingReads,
  document: {
    readonly tenantId: string
    readonly brandingId: string | null
    readonly issuedAt: number | null
  },
): Promise<Branding | null> {
  if (document.issuedAt === null) return brandingOf(reads, document.tenantId)
  return document.brandingId === null ? null : reads.find('brandings', document.brandingId)
}

/** What a branding gives to a document. */
export const brandContext = (
  branding: Branding | null,
): Pick<DocumentContext, 'logo' | 'accent' | 'footer' | 'terms'> => ({
  logo: branding?.logo
    ? { format: branding.logo.format, bytes: Buffer.from(branding.logo.base64, 'base64') }
    : null,
  accent: branding?.accent ?? null,
  footer: branding?.footer ?? null,
  terms: branding?.terms ?? null,
})
