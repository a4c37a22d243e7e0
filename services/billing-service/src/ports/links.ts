// Links that need no sign-in: whoever holds one may do one thing for one object until it expires.
import type { Id, InvoiceId, TenantId } from '../core/ids.ts'
import type { Instant } from '../core/time.ts'

/** `pay`: pay this invoice. `fix`: the same, and the method given becomes the one that pays from then on. */
export type LinkPurpose = 'pay' | 'fix'

export interface LinkClaims {
  readonly tenantId: TenantId
  readonly invoiceId: InvoiceId
  readonly purpose: LinkPurpose
  readonly expiresAt: Instant
}

/** Fetch this file. */
export interface FileClaims {
  readonly tenantId: TenantId
  readonly exportId: Id<'export'>
  readonly purpose: 'export'
  readonly expiresAt: Instant
}

export interface Links {
  /** A text that nobody can make without the deployment's secret. */
  sign(claims: LinkClaims | FileClaims): string
  /** What a text allows; null for one that was not made here, was changed, or has expired. */
  read(token: string, now: Instant): LinkClaims | FileClaims | null
}
