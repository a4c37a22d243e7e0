// Double entry: every movement of money is a posting whose lines sum to zero in one currency. Lines are
// only ever added. Debits are positive, credits negative. Source: the chart of accounts in docs/ledger.md.
import { assert } from './assert.ts'
import type { Id, TenantId } from './ids.ts'
import type { Invoice } from './invoice.ts'
import { allocate, type Currency, mulDiv } from './money.ts'
import type { Transaction } from './payment.ts'
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
  | 'processing_fee'
  | 'refund_credited'
  | 'refund_paid'
  | 'refund_failed'

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

function posting(
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

const debit = (account: Account, amountMinor: number): PostingLine => ({ account, amountMinor })
const credit = (account: Account, amountMinor: number): PostingLine => ({
  account,
  amountMinor: amountMinor === 0 ? 0 : -amountMinor,
})

/** What each line of an invoice earns: paid in advance is deferred, the rest is revenue at once. */
function earnings(invoice: Invoice): { deferredMinor: number; revenueMinor: number } {
  const advance = ['recurring', 'proration_charge', 'proration_credit']
  const sum = (inAdvance: boolean) =>
    invoice.lines
      .filter(line => advance.includes(line.kind) === inAdvance)
      .reduce((total, line) => total + line.amountMinor, 0)
  return { deferredMinor: sum(true), revenueMinor: sum(false) }
}

/** Dr receivable and discounts / Cr deferred revenue, revenue and tax. */
export function invoiceFinalized(invoice: Invoice): Posting {
  const { deferredMinor, revenueMinor } = earnings(invoice)
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
    ],
    { invoiceId: invoice.id },
  )
}

/** The finalisation turned round. */
export function invoiceVoided(invoice: Invoice): Posting {
  const { lines } = invoiceFinalized(invoice)
  return posting(
    'invoice_voided',
    invoice.id,
    invoice.currency,
    lines.map(line => ({ ...line, amountMinor: -line.amountMinor })),
    { invoiceId: invoice.id },
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

/** Dr processor clearing / Cr receivable; money without a home becomes customer credit. */
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
      debit('processor_clearing', payment.amountMinor),
      credit(writtenOff ? 'bad_debt' : 'receivable', appliedMinor),
      credit('customer_credit', payment.amountMinor - appliedMinor),
    ],
    { invoiceId: payment.invoiceId, transactionId: payment.id, processorId: payment.processorId },
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

/**
 * What a refund takes back, pro rata over revenue, deferred revenue, discounts and tax of its invoice
 * (largest remainder): Dr earnings and tax / Cr refunds payable. The shares are taken cumulatively, so that
 * refunds which add up to the invoice reverse exactly what it posted.
 */
export function refundCredited(
  refund: Transaction,
  invoice: Invoice | null,
  alreadyCreditedMinor: number,
): Posting {
  const lines =
    invoice === null || invoice.totalMinor === 0
      ? [debit('revenue', refund.amountMinor)]
      : cumulativeShare(invoice, alreadyCreditedMinor, refund.amountMinor)
  return posting(
    'refund_credited',
    refund.id,
    refund.currency,
    [...lines, credit('refunds_payable', refund.amountMinor)],
    { invoiceId: refund.invoiceId, transactionId: refund.id },
  )
}

function cumulativeShare(
  invoice: Invoice,
  beforeMinor: number,
  amountMinor: number,
): PostingLine[] {
  const earned = invoiceFinalized(invoice).lines.filter(line => line.account !== 'receivable')
  const weights = earned.map(line => -line.amountMinor)
  const split = (minor: number) => splitSigned(minor, weights, invoice.totalMinor)
  const before = split(beforeMinor)
  const after = split(beforeMinor + amountMinor)
  return earned.map((line, i) => debit(line.account, (after[i] ?? 0) - (before[i] ?? 0)))
}

/**
 * Splits a part of a total by weights of which some are negative (discounts, proration credits): the
 * negative side is scaled and rounded once, and the positive side takes the rest, so the parts sum exactly.
 */
function splitSigned(minor: number, weights: readonly number[], totalMinor: number): number[] {
  const taken = weights.map(weight => Math.max(0, -weight))
  const given = weights.map(weight => Math.max(0, weight))
  const takenTotal = taken.reduce((a, b) => a + b, 0)
  const takenMinor = mulDiv(takenTotal, minor, totalMinor, 'half_away')
  const takenParts = takenMinor === 0 ? taken.map(() => 0) : allocate(takenMinor, taken)
  const givenParts = allocate(minor + takenMinor, given)
  return weights.map((_, i) => (givenParts[i] ?? 0) - (takenParts[i] ?? 0))
}

/** Dr refunds payable / Cr processor clearing: the money has left. */
export function refundPaid(refund: Transaction): Posting {
  return posting(
    'refund_paid',
    refund.processorId ?? refund.id,
    refund.currency,
    [
      debit('refunds_payable', refund.amountMinor),
      credit('processor_clearing', refund.amountMinor),
    ],
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
      debit(hadLeft ? 'processor_clearing' : 'refunds_payable', refund.amountMinor),
      credit('customer_credit', refund.amountMinor),
    ],
    { invoiceId: refund.invoiceId, transactionId: refund.id, processorId: refund.processorId },
  )
}

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
