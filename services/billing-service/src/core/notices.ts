// What payers are told ahead of time or while something is overdue, each thing once. Pure: which notice is
// due when; who writes and delivers them is not known here.
import { noticeDays } from './dunning.ts'
import type { Invoice } from './invoice.ts'
import type { PaymentMethod } from './payment-method.ts'
import type { Subscription } from './subscription.ts'
import { addLocalDays, type Instant, toIso } from './time.ts'

const dayMs = 86_400_000

export interface DueNotice {
  /** Names what is told, about what and for which period; the same notice is never given twice. */
  readonly id: string
  readonly dueAt: Instant
  readonly type:
    | 'reminder.renewal_due'
    | 'reminder.trial_ending'
    | 'invoice.overdue'
    | 'payment_method.expiring'
    | 'branding.template_failed'
  readonly objectId: string
  readonly data: Readonly<Record<string, string | number | null>>
}

/** The reminder before a paid renewal or the end of a trial; null when nothing will be charged. */
export function renewalNotice(
  subscription: Subscription,
  facts: { readonly reminderDays: number; readonly free: boolean },
): DueNotice | null {
  const { id, status, currentPeriodEnd } = subscription
  const running = status === 'active' || status === 'trialing'
  const ends = subscription.cancelAtPeriodEnd || subscription.pauseAtPeriodEnd
  if (!running || ends || facts.free || facts.reminderDays === 0) return null
  return {
    id: `renewal:${id}:${toIso(currentPeriodEnd)}`,
    dueAt: addLocalDays(currentPeriodEnd, -facts.reminderDays, subscription.anchorZone),
    type: status === 'trialing' ? 'reminder.trial_ending' : 'reminder.renewal_due',
    objectId: id,
    data: { planCode: subscription.planCode, renewsAt: toIso(currentPeriodEnd) },
  }
}

/** The stages of an open invoice after its due date, in order. */
export function overdueNotices(invoice: Invoice): DueNotice[] {
  const { dueAt } = invoice
  if (invoice.status !== 'open' || dueAt === null) return []
  return noticeDays.map(days => ({
    id: `overdue:${invoice.id}:${days}`,
    dueAt: dueAt + days * dayMs,
    type: 'invoice.overdue',
    objectId: invoice.id,
    data: { days, invoiceNumber: invoice.invoiceNumber },
  }))
}

/** How long before its last month ends a card's holder is told. */
const expiryNoticeDays = 30

/** The notice that a card ends soon; null for what does not expire. */
export function expiryNotice(method: PaymentMethod): DueNotice | null {
  if (method.status !== 'active' || method.card === null) return null
  const { expYear, expMonth, last4 } = method.card
  const endsAt = Date.UTC(expYear, expMonth, 1)
  return {
    id: `expiry:${method.id}:${expYear}-${expMonth}`,
    dueAt: endsAt - expiryNoticeDays * dayMs,
    type: 'payment_method.expiring',
    objectId: method.id,
    data: { last4, expMonth, expYear },
  }
}

/** The newest notice that is due at an instant: stages that were missed are not made up for. */
export const latestDue = (notices: readonly DueNotice[], at: Instant): DueNotice | null =>
  notices.filter(notice => notice.dueAt <= at).at(-1) ?? null
