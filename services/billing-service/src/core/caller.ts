// Who asks for a change, as far as rules and records care. Tokens and headers are the boundary's business.
import type { Id, TenantId } from './ids.ts'

export interface Caller {
  readonly tenantId: TenantId
  /** The token's subject; `job:<name>` for our own work. */
  readonly subject: string
  readonly role: string
  readonly requestId: string
  readonly language: 'en' | 'zh-CN'
  /** Hash of the request's idempotency key; null without one. */
  readonly requestKey: string | null
  /** Where the request came from, the proof of an agreement; null for our own work. */
  readonly origin: { readonly ipAddress: string; readonly userAgent: string | null } | null
  /** Why, in the caller's words, for the audit log; null when nothing was said. */
  readonly reason: string | null
  /** The approval under which it is done: a second person agreed. */
  readonly approvalId?: Id<'approval'>
  /** Whether an act reserved to the issuer is allowed: an operator, or an admin who was granted it. */
  readonly mayAsIssuer: (permission: string) => boolean
}

/** Our own work for a tenant: jobs and webhooks. It may do what the rules ask of it. */
export const systemCaller = (tenantId: TenantId, name: string, requestId: string): Caller => ({
  tenantId,
  subject: `job:${name}`,
  role: 'system',
  requestId,
  language: 'en',
  requestKey: null,
  origin: null,
  reason: null,
  mayAsIssuer: () => true,
})
