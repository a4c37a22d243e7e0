// The state of an invoice in words: one status that already combines payment and lateness.
import type { InvoiceWire } from '../data/wire.ts'
import { daysBetween } from '../formats.ts'
import { chip, type Moment, type StateOf } from './state.ts'

export type InvoiceForState = Pick<
  InvoiceWire,
  | 'status'
  | 'dueDate'
  | 'paidAt'
  | 'amountPaid'
  | 'amountCredited'
  | 'amountDue'
  | 'attempts'
  | 'nextPaymentAttempt'
  | 'collection'
  | 'payment'
>

/** Calendar days that an open invoice is late in the tenant's zone; 0 on its due day and before. */
export function daysOverdue(
  invoice: Pick<InvoiceWire, 'status' | 'dueDate'>,
  { at, zone }: Moment,
): number {
  if (invoice.status !== 'open' || invoice.dueDate === null) return 0
  return Math.max(0, daysBetween(invoice.dueDate, at, zone))
}

/** Whether a charge was tried and nothing came of it. */
export const hasFailedTry = (
  invoice: Pick<InvoiceWire, 'status' | 'attempts' | 'payment'>,
): boolean =>
  invoice.status === 'open' && invoice.attempts > 0 && invoice.payment?.status !== 'processing'

/** Chip and sentence of an invoice. */
export function invoiceState(invoice: InvoiceForState, moment: Moment): StateOf {
  switch (invoice.status) {
    case 'draft':
      return {
        chip: chip('neutral', 'edit', { key: 'invoice.chip.draft' }),
        sentence: { key: 'invoice.state.draft' },
      }
    case 'paid':
      return paidState(invoice)
    case 'void':
      return {
        chip: chip('neutral', 'stop', { key: 'invoice.chip.void' }),
        sentence: { key: 'invoice.state.void' },
      }
    case 'uncollectible':
      return {
        chip: chip('bad', 'disconnect', { key: 'invoice.chip.uncollectible' }),
        sentence: { key: 'invoice.state.uncollectible' },
      }
    default:
      return openState(invoice, moment)
  }
}

function paidState(invoice: InvoiceForState): StateOf {
  if (invoice.amountPaid === 0 && invoice.amountCredited > 0) {
    return {
      chip: chip('neutral', 'rollback', { key: 'invoice.chip.credited' }),
      sentence: { key: 'invoice.state.credited' },
    }
  }
  const paid = chip('good', 'check-circle', { key: 'invoice.chip.paid' })
  if (invoice.paidAt === null) return { chip: paid, sentence: { key: 'invoice.state.settled' } }
  const values = { day: { day: invoice.paidAt } }
  return { chip: paid, sentence: { key: 'invoice.state.paid', values } }
}

function openState(invoice: InvoiceForState, moment: Moment): StateOf {
  if (invoice.payment?.status === 'processing') {
    return {
      chip: chip('info', 'sync', { key: 'invoice.chip.processing' }),
      sentence: { key: 'invoice.state.processing' },
    }
  }
  const late = daysOverdue(invoice, moment)
  if (late > 0) return overdueState(invoice, late)
  const next = upcomingTry(invoice, moment)
  if (hasFailedTry(invoice)) {
    return {
      chip: chip('warn', 'exclamation', { key: 'invoice.chip.failed' }),
      sentence: next
        ? { key: 'invoice.state.failedNext', values: { day: { day: next } } }
        : { key: 'invoice.state.failedLast' },
    }
  }
  const waiting = waitingSentence(invoice, next)
  if (invoice.amountPaid > 0) {
    return { chip: chip('info', 'pie', { key: 'invoice.chip.partlyPaid' }), sentence: waiting }
  }
  const word = invoice.dueDate
    ? ({ key: 'invoice.chip.due', values: { day: { day: invoice.dueDate } } } as const)
    : ({ key: 'invoice.chip.open' } as const)
  return { chip: chip('info', 'calendar', word), sentence: waiting }
}

function overdueState(invoice: InvoiceForState, late: number): StateOf {
  const due = { day: invoice.dueDate ?? '' }
  const next = invoice.nextPaymentAttempt
  return {
    chip: chip('warn', 'clock', { key: 'invoice.chip.overdue', values: { count: late } }),
    sentence: next
      ? { key: 'invoice.state.overdueNext', values: { due, day: { day: next } } }
      : { key: 'invoice.state.overdue', values: { due } },
  }
}

/** The next try, unless its time has come and it is only waiting for its turn. */
function upcomingTry(invoice: InvoiceForState, { at }: Moment): string | null {
  const next = invoice.nextPaymentAttempt
  return next !== null && Date.parse(next) > at ? next : null
}

function waitingSentence(invoice: InvoiceForState, next: string | null): StateOf['sentence'] {
  if (invoice.collection === 'automatic') {
    return next
      ? { key: 'invoice.state.openAutomatic', values: { day: { day: next } } }
      : { key: 'invoice.state.openSoon' }
  }
  return invoice.dueDate
    ? { key: 'invoice.state.openManual', values: { day: { day: invoice.dueDate } } }
    : { key: 'invoice.state.openUndated' }
}
