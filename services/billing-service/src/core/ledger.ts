// Double entry: every movement of money is a posting whose lines sum to zero in one currency. Lines are
// only ever added. Debits are positive, credits negative. Source: the chart of accounts in docs/ledger.md.
import { assert } from './assert.ts'
import type { CreditNote } from './credit-note.ts'
import type { Id, TenantId } from './ids.ts'
import type { Invoice, InvoiceLineKind } from './invoice.ts'
import type { Currency } from './money.ts'
import type { Transaction } from './payment.ts'
import { isManual } from './received-payment.ts'
import type { Instant } from './time.ts'

export const accounts = [
  'receivable',
  'processor_clearing',
  'bank',
  'deferred_revenue',
  'revenue',
  'discounts',
  'tax_payable',
  'customer_credit',
  'processor_credit',
  'refunds_payable',
  'disputes_held',
  'processing_fees',
  'dispute_fees',
  'bad_debt',
  'fx',
  'rounding',
] as const

export type Account = (typeof accounts)[number]

export type PostingKind =
  | 'invoice_finalized'
  | 'invoice_voided'
  | 'invoice_written_off'
  | 'payment_received'
  | 'payment_reversed'
  | 'paid_outside'
  | 'processing_fee'
  | 'balance_applied'
  | 'balance_returned'
  | 'balance_adjusted'
  | 'balance_refunded'
  | 'credit_note_issued'
  | 'refund_paid'
  | 'refund_failed'
  | 'refund_stopped'
  | 'refund_paid_by_dispute'
  | 'dispute_movement'
  | 'dispute_lost'
  | 'dispute_recovered'
  | 'payout_paid'
  | 'payout_failed'
  | 'payout_fee'
  | 'exchanged'

/** One line of a posting. `dedupeKey` is unique per tenant: a movement is booked once, however often it is seen. */
export interface LedgerEntry {
  readonly tenantId: TenantId
  readonly id: Id<'ledgerEntry'>
  readonly postingId: Id<'posting'>
  readonly dedupeKey: string
  readonly kind: PostingKind
  readonly account: Account
  readonly currency: Currency
  readonly amountMinor: number
  readonly invoiceId: string | null
  readonly transactionId: string | null
  readonly processorId: string | null
  readonly bookedAt: Instant
  readonly recordedAt: Instant
}

export interface PostingLine {
  readonly account: Account
  readonly amountMinor: number
}

export interface Posting {
  readonly kind: PostingKind
  /** The object that moved, for the unique key: an invoice, or the processor's object. */
  readonly about: string
  readonly currency: Currency
  readonly lines: readonly PostingLine[]
  readonly invoiceId: string | null
  readonly transactionId: string | null
  readonly processorId: string | null
}

/** A posting of balanced lines; those of 0 are left out. */
export function posting(
  kind: PostingKind,
  about: string,
  currency: Currency,
  lines: readonly PostingLine[],
  links: Partial<Pick<Posting, 'invoiceId' | 'transactionId' | 'processorId'>>,
): Posting {
  const sum = lines.reduce((total, line) => total + line.amountMinor, 0)
  assert(sum === 0, `debits equal credits in ${kind} of ${about}`)
  return {
    kind,
    about,
    currency,
    lines: lines.filter(line => line.amountMinor !== 0),
    invoiceId: links.invoiceId ?? null,
    transactionId: links.transactionId ?? null,
    processorId: links.processorId ?? null,
  }
}

export const debit = (account: Account, amountMinor: number): PostingLine => ({
  account,
  amountMinor,
})
export const credit = (account: Account, amountMinor: number): PostingLine => ({
  account,
  amountMinor: amountMinor === 0 ? 0 : -amountMinor,
})

const isAdvance = (kind: InvoiceLineKind): boolean =>
  ['recurring', 'proration_charge', 'proration_credit'].includes(kind)

/** What each line of an invoice earns: paid in advance is deferred, the rest is revenue at once. */
function earnings(invoice: Invoice) {
  const sum = (has: (kind: InvoiceLineKind) => boolean) =>
    invoice.lines
      .filter(line => has(line.kind))
      .reduce((total, line) => total + line.amountMinor, 0)
  const transferredMinor = sum(kind => kind === 'balance_transfer')
  const deferredMinor = sum(isAdvance)
  const revenueMinor = sum(() => true) - deferredMinor - transferredMinor
  return { deferredMinor, revenueMinor, transferredMinor }
}

/** Credit of mirrored invoices lies in Stripe's customer balance, never in ours. */
const creditAccount = (invoice: Invoice): Account =>
  invoice.processorId === null ? 'customer_credit' : 'processor_credit'

/** Dr receivable and discounts / Cr deferred revenue, revenue, tax and what goes to the balance. */
export function invoiceFinalized(invoice: Invoice): Posting {
  const { deferredMinor, revenueMinor, transferredMinor } = earnings(invoice)
  return posting(
    'invoice_finalized',
    invoice.id,
    invoice.currency,
    [
      debit('receivable', invoice.totalMinor),
      debit('discounts', invoice.discountMinor),
      credit('deferred_revenue', deferredMinor),
      credit('revenue', revenueMinor),
      credit('tax_payable', invoice.taxMinor),
      credit(creditAccount(invoice), transferredMinor),
    ],
    { invoiceId: invoice.id },
  )
}

const turnedRound = (booked: Posting): Posting => ({
  ...booked,
  lines: booked.lines.map(line => ({ ...line, amountMinor: -line.amountMinor })),
})

/**
 * The finalisation turned round; what was given up as bad debt meanwhile leaves from there. An invoice that was
 * credited in part is not withdrawn but credited.
 */
export function invoiceVoided(invoice: Invoice, onBadDebtMinor = 0): Posting {
  const turned = turnedRound(invoiceFinalized(invoice))
  return posting(
    'invoice_voided',
    turned.about,
    turned.currency,
    [
      ...turned.lines.filter(line => line.account !== 'receivable'),
      credit('receivable', invoice.totalMinor - onBadDebtMinor),
      credit('bad_debt', onBadDebtMinor),
    ],
    turned,
  )
}

/** Dr bad debt / Cr receivable for what is still owed. */
export function invoiceWrittenOff(
  invoice: Invoice,
  owedMinor: number,
  transactionId: string,
): Posting {
  return posting(
    'invoice_written_off',
    invoice.id,
    invoice.currency,
    [debit('bad_debt', owedMinor), credit('receivable', owedMinor)],
    { invoiceId: invoice.id, transactionId },
  )
}

/** Where the money of a transaction lies: with the processor, or at our own bank. */
export const moneyAt = (transaction: Pick<Transaction, 'processor'>): Account =>
  isManual(transaction) ? 'bank' : 'processor_clearing'

/** Dr processor clearing or bank / Cr receivable; money without a home becomes customer credit. */
export function paymentReceived(
  payment: Transaction,
  appliedMinor: number,
  writtenOff: boolean,
): Posting {
  assert(payment.processorId !== null, 'a received payment names its processor object')
  return posting(
    'payment_received',
    payment.processorId,
    payment.currency,
    [
      debit(moneyAt(payment), payment.amountMinor),
      credit(writtenOff ? 'bad_debt' : 'receivable', appliedMinor),
      credit('customer_credit', payment.amountMinor - appliedMinor),
    ],
    { invoiceId: payment.invoiceId, transactionId: payment.id, processorId: payment.processorId },
  )
}

/**
 * A recorded payment turned round: what it had paid is owed again, or bad debt again, and its surplus leaves
 * the balance.
 */
export function paymentReversed(
  payment: Transaction,
  appliedMinor: number,
  writtenOff: boolean,
): Posting {
  return posting(
    'payment_reversed',
    payment.processorId ?? payment.id,
    payment.currency,
    [
      credit(moneyAt(payment), payment.amountMinor),
      debit(writtenOff ? 'bad_debt' : 'receivable', appliedMinor),
      debit('customer_credit', payment.amountMinor - appliedMinor),
    ],
    { invoiceId: payment.invoiceId, transactionId: payment.id, processorId: payment.processorId },
  )
}

/** What a mirrored invoice was paid outside of Stripe: Dr bank / Cr receivable. */
export function paidOutside(payment: Transaction): Posting {
  return posting(
    'paid_outside',
    payment.id,
    payment.currency,
    [debit('bank', payment.amountMinor), credit('receivable', payment.amountMinor)],
    { invoiceId: payment.invoiceId, transactionId: payment.id },
  )
}

/** Dr processing fees / Cr processor clearing, in the settlement currency. */
export function processingFee(payment: Transaction): Posting {
  assert(payment.feeMinor !== null && payment.settlementCurrency !== null, 'the fee is known')
  return posting(
    'processing_fee',
    payment.processorId ?? payment.id,
    payment.settlementCurrency,
    [debit('processing_fees', payment.feeMinor), credit('processor_clearing', payment.feeMinor)],
    { transactionId: payment.id, processorId: payment.processorId },
  )
}

/** Dr customer credit / Cr receivable; turned round where a carried debt is collected. */
export function balanceApplied(invoice: Invoice): Posting {
  return posting(
    'balance_applied',
    invoice.id,
    invoice.currency,
    [
      debit(creditAccount(invoice), invoice.amountFromBalanceMinor),
      credit('receivable', invoice.amountFromBalanceMinor),
    ],
    { invoiceId: invoice.id },
  )
}

/** What a withdrawn invoice took from the balance, given back. */
export function balanceReturned(invoice: Invoice): Posting {
  return {
    ...turnedRound(balanceApplied(invoice)),
    kind: 'balance_returned',
  }
}

/** A correction of the balance by the operator: Dr discounts / Cr customer credit. */
export function balanceAdjusted(
  transactionId: string,
  currency: Currency,
  amountMinor: number,
): Posting {
  return posting(
    'balance_adjusted',
    transactionId,
    currency,
    [debit('discounts', amountMinor), credit('customer_credit', amountMinor)],
    { transactionId },
  )
}

/** Dr earnings and tax of the credited lines / Cr what was owed, the payer's refund and the balance. */
export function creditNoteIssued(note: CreditNote): Posting {
  const sum = (inAdvance: boolean) =>
    note.lines
      .filter(line => isAdvance(line.kind) === inAdvance)
      .reduce((total, line) => total + line.amountMinor, 0)
  return posting(
    'credit_note_issued',
    note.id,
    note.currency,
    [
      debit('deferred_revenue', sum(true)),
      debit('revenue', sum(false)),
      debit('tax_payable', note.taxMinor),
      credit('discounts', note.discountMinor),
      credit(note.onBadDebt ? 'bad_debt' : 'receivable', note.lowersInvoiceMinor),
      credit('refunds_payable', note.refundedMinor),
      credit('customer_credit', note.toBalanceMinor),
    ],
    { invoiceId: note.invoiceId },
  )
}

/** A refund of money that no invoice kept is paid out of the balance. */
export function balanceRefunded(refund: Transaction, amountMinor: number): Posting {
  return posting(
    'balance_refunded',
    refund.id,
    refund.currency,
    [debit('customer_credit', amountMinor), credit('refunds_payable', amountMinor)],
    { invoiceId: refund.invoiceId, transactionId: refund.id },
  )
}

/** Dr refunds payable / Cr processor clearing: the money has left. */
export function refundPaid(refund: Transaction): Posting {
  return posting(
    'refund_paid',
    refund.processorId ?? refund.id,
    refund.currency,
    [debit('refunds_payable', refund.amountMinor), credit(moneyAt(refund), refund.amountMinor)],
    { invoiceId: refund.invoiceId, transactionId: refund.id, processorId: refund.processorId },
  )
}

/** A refund that did not arrive: what is owed to the customer stays owed, as customer credit. */
export function refundFailed(refund: Transaction, hadLeft: boolean): Posting {
  return posting(
    'refund_failed',
    refund.processorId ?? refund.id,
    refund.currency,
    [
      debit(hadLeft ? moneyAt(refund) : 'refunds_payable', refund.amountMinor),
      credit('customer_credit', refund.amountMinor),
    ],
    { invoiceId: refund.invoiceId, transactionId: refund.id, processorId: refund.processorId },
  )
}

/** The object that a line was booked for, as its posting named it. */
export const aboutOf = ({ dedupeKey, kind, account }: LedgerEntry): string =>
  dedupeKey.slice(0, -`:${kind}:${account}`.length)

/** The lines of a posting as rows. The key names object, kind and account, so a replay adds nothing. */
export function entriesOf(
  booked: Posting,
  context: {
    readonly tenantId: TenantId
    readonly at: Instant
    readonly recordedAt: Instant
    readonly postingId: Id<'posting'>
    readonly entryId: () => Id<'ledgerEntry'>
  },
): LedgerEntry[] {
  return booked.lines.map(line => ({
    tenantId: context.tenantId,
    id: context.entryId(),
    postingId: context.postingId,
    dedupeKey: `${booked.about}:${booked.kind}:${line.account}`,
    kind: booked.kind,
    account: line.account,
    currency: booked.currency,
    amountMinor: line.amountMinor,
    invoiceId: booked.invoiceId,
    transactionId: booked.transactionId,
    processorId: booked.processorId,
    bookedAt: context.at,
    recordedAt: context.recordedAt,
  }))
}
