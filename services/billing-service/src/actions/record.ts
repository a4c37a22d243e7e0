// What every change leaves behind in its own transaction: a domain event with its mail, an audit line,
// ledger lines.
import type { Caller } from '../core/caller.ts'
import type { Changed } from '../core/changed.ts'
import { bookingTime, isBackdated } from '../core/closing.ts'
import { entriesOf, type Posting } from '../core/ledger.ts'
import { type Mail, mailOf, queuedMail } from '../core/mail.ts'
import type { AuditLine, DomainEvent } from '../core/records.ts'
import type { Tenant } from '../core/tenant.ts'
import type { Instant } from '../core/time.ts'
import type { Deps } from '../deps.ts'
import { billingTime } from '../ports/clock.ts'
import type { TenantTransaction, Writes } from '../ports/store.ts'

export interface Change {
  /** `<noun>.<past participle>`, such as `invoice.paid`. */
  readonly type: string
  readonly objectId: string
  /** What changed, as far as readers of the event need it; never secrets. */
  readonly data: Readonly<Record<string, unknown>>
  /** For the audit log alone: each field before and after; see `changedRow`. */
  readonly changed?: Changed
}

/** Where a change is written: in the tenant's transaction, or in one over all tenants. */
type RecordWrites = Pick<Writes<'events' | 'auditLines' | 'mails'>, 'insertMany'>

/** Writes the event and the audit line of each change, and the mail that it brings. */
export async function record(
  deps: Pick<Deps, 'ids' | 'clock'>,
  tx: RecordWrites,
  caller: Caller,
  at: Instant,
  changes: readonly Change[],
): Promise<void> {
  const recordedAt = deps.clock.real()
  const tenantId = caller.tenantId
  const events = changes.map(({ type, objectId, data }) => ({
    tenantId,
    id: deps.ids.next('event'),
    type,
    objectId,
    data,
    occurredAt: at,
    recordedAt,
  }))
  await tx.insertMany('events', events)
  const lines: readonly AuditLine[] = changes.map(change => ({
    tenantId,
    id: deps.ids.next('audit'),
    actor: caller.subject,
    role: caller.role,
    action: change.type,
    objectId: change.objectId,
    changes: auditedOf(caller, change),
    requestId: caller.requestId,
    reason: caller.reason,
    ipAddress: caller.origin?.ipAddress ?? null,
    recordedAt,
  }))
  await tx.insertMany('auditLines', lines)
  const mails = events.flatMap(event => mailBy(deps, event))
  if (mails.length > 0) await tx.insertMany('mails', mails)
}

/** What was done under an approval names it, so that the log itself says whether two persons agreed. */
const auditedOf = (
  { approvalId }: Caller,
  { data, changed = {} }: Change,
): AuditLine['changes'] => ({
  ...data,
  ...(approvalId !== undefined && { approvalId }),
  ...(Object.keys(changed).length > 0 && { changed }),
})

/** The mail of an event, waiting to be sent: written here, so that none is lost and none comes twice. */
function mailBy(deps: Pick<Deps, 'ids'>, event: DomainEvent): Mail[] {
  const kind = mailOf(event.type, event.data)
  if (kind === null) return []
  const { tenantId, objectId, data, occurredAt } = event
  const id = deps.ids.next('mail')
  return [
    queuedMail(
      { tenantId, id, eventId: event.id, kind, objectId, data, occurredAt },
      event.recordedAt,
    ),
  ]
}

/**
 * The time itself, or the first instant after the periods that are closed. What is dated long ago waits for a
 * close in hand, and a close for it; the rest has no closed period to fall into.
 */
async function openTime(
  deps: Pick<Deps, 'clock'>,
  tx: TenantTransaction,
  books: string | Tenant,
  at: Instant,
): Promise<Instant> {
  const known = typeof books === 'string' ? null : books
  // No period that this falls into can have been closed since: it rests for an hour first, and nobody sets the clock
  // of a live tenant.
  if (known?.kind === 'live' && !isBackdated(at, deps.clock.real())) {
    return bookingTime(at, known.closedUntil)
  }
  const tenantId = tenantIdOf(books)
  const tenant = await tx.find('tenants', tenantId)
  if (tenant === null) return at
  const held = isBackdated(at, billingTime(deps.clock, tenant))
    ? await tx.share('tenants', tenantId)
    : tenant
  return bookingTime(at, held.closedUntil)
}

const tenantIdOf = (books: string | Tenant): string =>
  typeof books === 'string' ? books : books.tenantId

/**
 * Books postings of a tenant, which is read unless it is given as it was entered. A posting that is already there adds
 * nothing, so every path may book what it saw.
 */
export async function book(
  deps: Pick<Deps, 'ids' | 'clock'>,
  tx: TenantTransaction,
  books: string | Tenant,
  at: Instant,
  postings: readonly Posting[],
): Promise<void> {
  const recordedAt = deps.clock.real()
  const bookedAt = await openTime(deps, tx, books, at)
  const entries = postings.flatMap(posting =>
    entriesOf(posting, {
      tenantId: tenantIdOf(books),
      at: bookedAt,
      recordedAt,
      postingId: deps.ids.next('posting'),
      entryId: () => deps.ids.next('ledgerEntry'),
    }),
  )
  if (entries.length === 0) return
  await tx.insertMany('ledgerEntries', entries, { onConflict: 'skip' })
}
