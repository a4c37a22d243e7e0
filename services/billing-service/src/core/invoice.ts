// The invoice: lines, totals and the moves of its life. Once open it never changes except for what is
// paid or credited; corrections are documents of their own.
import { assert } from './assert.ts'
import type { Address, TaxId } from './customer.ts'
import type {
  CustomerId,
  Id,
  InvoiceId,
  InvoiceLineId,
  PaymentMethodId,
  SubscriptionId,
  TenantId,
} from './ids.ts'
import type { Currency } from './money.ts'
import { refuse } from './refusal.ts'
import type { Tax } from './tax.ts'
import type { Cycle, Instant, Period } from './time.ts'
import type { Why } from './why.ts'

export type InvoiceStatus = 'draft' | 'open' | 'paid' | 'void' | 'uncollectible'
export type BillingReason =
  | 'subscription_create'
  | 'subscription_cycle'
  | 'subscription_update'
  | 'subscription_cancel'
  | 'manual'

export type InvoiceLineKind =
  | 'recurring'
  | 'proration_credit'
  | 'proration_charge'
  | 'usage'
  | 'one_off'
  /** What credits of a change exceed its costs: it goes to the credit balance, so the total is 0. */
  | 'balance_transfer'

/** What one discount took of a line. */
export interface LineDiscount {
  readonly discountId: Id<'discount'>
  /** The code that the payer knows it by. */
  readonly coupon: string
  readonly amountMinor: number
  readonly why: Why
}

export interface InvoiceLine {
  readonly id: InvoiceLineId
  readonly kind: InvoiceLineKind
  readonly description: string
  readonly descriptionZh: string | null
  /** Decimal string. */
  readonly quantity: string
  /** Price of one unit in major units, up to 12 decimals. */
  readonly unitAmount: string
  /** Before discounts and tax; credits are negative. */
  readonly amountMinor: number
  readonly discountMinor: number
  readonly taxMinor: number
  /** Parts per million; null follows the invoice's rate. */
  readonly taxRatePpm: number | null
  readonly periodStart: Instant | null
  readonly periodEnd: Instant | null
  readonly planCode: string | null
  readonly metric: string | null
  readonly why: Why | null
  /** What each discount took of it, in order; together `discountMinor`. */
  readonly discounts?: readonly LineDiscount[]
  /** Whether its price contains its tax; left out, it does not. The line itself stands without tax. */
  readonly taxBehavior?: TaxBehavior
  /** Where the price contains the tax: what the line costs with it, before discounts. */
  readonly priceMinor?: number
  /** Every tax it bears; together `taxMinor`. */
  readonly taxes?: readonly LineTax[]
  /** What credit notes took back so far: of the amount after discounts, and of its tax. */
  readonly creditedNetMinor?: number
  readonly creditedTaxMinor?: number
}

export type TaxBehavior = 'exclusive' | 'inclusive'

/** One tax of a line, and what credit notes took back of it. */
export interface LineTax extends Tax {
  readonly taxMinor: number
  readonly creditedMinor?: number
}

export interface TaxLine {
  /** Left out by invoices of older versions: `standard`. */
  readonly kind?: Tax['kind']
  readonly name?: string
  readonly why?: Why
  readonly ratePpm: number
  readonly taxableMinor: number
  readonly taxMinor: number
}

/** A period that has ended, and the terms that price its usage. */
export interface Arrears extends Period {
  /** The version of the plan that was in force at its end. */
  readonly planId: string
  /** Subscribed units; drafts of earlier versions of the product do not know these three. */
  readonly quantity?: number
  readonly billingCycle?: Cycle
  /** When it would have ended: later than `end` where it was cut short. */
  readonly wholeEnd?: Instant
}

/** Buyer and issuer as they stood when the invoice was issued; later edits do not rewrite a document. */
export interface PartySnapshot {
  readonly name: string | null
  readonly email: string | null
  readonly address: Address | null
  readonly taxIds: readonly TaxId[]
  readonly purchaseOrder: string | null
}

export interface Invoice {
  readonly tenantId: TenantId
  readonly id: InvoiceId
  /** Null while draft. */
  readonly invoiceNumber: string | null
  readonly customerId: CustomerId
  readonly subscriptionId: SubscriptionId | null
  readonly status: InvoiceStatus
  readonly billingReason: BillingReason
  readonly currency: Currency
  readonly lines: readonly InvoiceLine[]
  readonly subtotalMinor: number
  readonly discountMinor: number
  readonly taxMinor: number
  readonly taxLines: readonly TaxLine[]
  readonly totalMinor: number
  readonly amountPaidMinor: number
  /** Taken off by credit notes and refunds' credit notes. */
  readonly amountCreditedMinor: number
  /** What credit notes took off before it was paid; only this part lowers what is due. */
  readonly amountForgivenMinor: number
  readonly amountRefundedMinor: number
  /** Taken from the credit balance; negative is a debt of earlier invoices collected with this one. */
  readonly amountFromBalanceMinor: number
  readonly collection: 'automatic' | 'manual'
  readonly paymentMethodId: PaymentMethodId | null
  readonly attemptCount: number
  readonly nextAttemptAt: Instant | null
  /** Whose time it is due in: jobs of live tenants never see the invoices of test tenants. */
  readonly clock: 'live' | 'test'
  /** `<subscription>:<start of the period>`, unique: a period is billed once, whoever tries again. */
  readonly renewalKey: string | null
  /** The ended period whose usage it bills, rated once more when it is finalised. */
  readonly arrears: Arrears | null
  /** When a draft becomes a demand by itself; null: somebody has to finalise it. */
  readonly finalizeAt: Instant | null
  /** Day 0 of dunning: the first charge that failed, or could not be tried. */
  readonly firstFailedAt: Instant | null
  /** When dunning ends with its final action; null while a try is still to come. */
  readonly giveUpAt: Instant | null
  readonly periodStart: Instant | null
  readonly periodEnd: Instant | null
  readonly buyer: PartySnapshot | null
  readonly issuer: PartySnapshot | null
  /** The version of the issuer's branding that it was issued under; null is the plain one. */
  readonly brandingId: string | null
  readonly dueAt: Instant | null
  readonly issuedAt: Instant | null
  readonly paidAt: Instant | null
  readonly closedAt: Instant | null
  readonly planCode: string | null
  readonly country: string | null
  /** Stripe's name of a mirrored invoice; null for those that we issue. Collected by Stripe alone. */
  readonly processorId: string | null
  /** Where the payer can settle a mirrored invoice at Stripe. */
  readonly processorUrl: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

/** What is still owed: nothing on drafts, voids and paid invoices. */
export function amountDueMinor(
  invoice: Pick<
    Invoice,
    'status' | 'totalMinor' | 'amountPaidMinor' | 'amountForgivenMinor' | 'amountFromBalanceMinor'
  >,
): number {
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') return 0
  const { totalMinor, amountPaidMinor, amountForgivenMinor, amountFromBalanceMinor } = invoice
  return totalMinor - amountPaidMinor - amountForgivenMinor - amountFromBalanceMinor
}

/** Sums of priced lines. `taxLines` already hold the tax of the discounted lines, once per rate. */
export interface Totals {
  readonly lines: readonly InvoiceLine[]
  readonly taxLines: readonly TaxLine[]
}

const sumOf = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0)

/** The figures of an invoice from its lines: total = lines - discounts + tax, always. */
export function totalsOf({ lines, taxLines }: Totals) {
  const subtotalMinor = sumOf(lines.map(line => line.amountMinor))
  const discountMinor = sumOf(lines.map(line => line.discountMinor))
  const taxMinor = sumOf(taxLines.map(line => line.taxMinor))
  assert(
    taxMinor === sumOf(lines.map(line => line.taxMinor)),
    'tax of the lines equals tax of the rates',
  )
  return {
    subtotalMinor,
    discountMinor,
    taxMinor,
    totalMinor: subtotalMinor - discountMinor + taxMinor,
  }
}

/** The moves of an invoice's life. What is not listed is refused. */
const moves: Readonly<Record<InvoiceStatus, readonly InvoiceStatus[]>> = {
  draft: ['open'],
  open: ['paid', 'void', 'uncollectible'],
  uncollectible: ['paid', 'void'],
  paid: [],
  void: [],
}

/** Whether an invoice may go from one status to another. Source: the processor's own invoice workflow. */
export const mayMove = (from: InvoiceStatus, to: InvoiceStatus): boolean => moves[from].includes(to)

export interface Finalisation {
  readonly at: Instant
  readonly number: string
  readonly buyer: PartySnapshot
  readonly issuer: PartySnapshot
  readonly brandingId: string | null
  readonly dueAt: Instant
  /** What it takes from the credit balance, or collects of a carried debt (negative). */
  readonly fromBalanceMinor: number
}

/**
 * Turns a draft into a demand: it gets its number and can no longer change. An invoice over nothing, or
 * covered by the credit balance, is paid at once. Refuses `invoice_not_draft`.
 */
export function finalizeDraft(
  draft: Invoice,
  { at, number, buyer, issuer, brandingId, dueAt, fromBalanceMinor }: Finalisation,
): Invoice {
  if (draft.status !== 'draft') refuse('invoice_not_draft', { status: draft.status })
  assert(draft.totalMinor >= 0, 'an invoice is never negative')
  assert(fromBalanceMinor <= draft.totalMinor, 'the balance never pays more than the total')
  const settled = draft.totalMinor === fromBalanceMinor
  return {
    ...draft,
    status: settled ? 'paid' : 'open',
    invoiceNumber: number,
    buyer,
    issuer,
    brandingId,
    issuedAt: at,
    dueAt,
    amountFromBalanceMinor: fromBalanceMinor,
    paidAt: settled ? at : null,
    nextAttemptAt: null,
    finalizeAt: null,
    country: buyer.address?.country ?? null,
    updatedAt: at,
  }
}

/**
 * Adds received money. The invoice is paid when nothing is due any more; money for an invoice that was
 * voided meanwhile is not taken here (it becomes customer credit). Returns whether it became paid.
 */
export function receivePayment(invoice: Invoice, amountMinor: number, at: Instant) {
  assert(amountMinor > 0, 'a payment is positive')
  const dueMinor = amountDueMinor(invoice)
  assert(amountMinor <= dueMinor, 'a payment never exceeds what is due')
  const amountPaidMinor = invoice.amountPaidMinor + amountMinor
  const paid = amountMinor === dueMinor
  const next: Invoice = {
    ...invoice,
    amountPaidMinor,
    status: paid ? 'paid' : invoice.status,
    paidAt: paid ? at : null,
    nextAttemptAt: paid ? null : invoice.nextAttemptAt,
    giveUpAt: paid ? null : invoice.giveUpAt,
    updatedAt: at,
  }
  return { invoice: next, paid }
}

const undunned = { nextAttemptAt: null, giveUpAt: null } as const

/** Withdraws an open invoice. Refuses when money already arrived (`invoice_has_payments`) or the state forbids it. */
export function voidInvoice(invoice: Invoice, at: Instant): Invoice {
  if (invoice.status === 'paid') refuse('invoice_already_paid')
  if (!mayMove(invoice.status, 'void')) refuse('invoice_not_open', { status: invoice.status })
  if (invoice.amountPaidMinor > 0 || invoice.amountCreditedMinor > 0) refuse('invoice_has_payments')
  return { ...invoice, status: 'void', closedAt: at, ...undunned, updatedAt: at }
}

/**
 * Refuses `invoice_has_payments` to withdraw an invoice of whose time another one that stands, or a line that
 * waits for one, gave a part back: it had been paid then, and its payment came back. Withdrawn, the credit
 * would have been given for nothing; a credit note over the rest is what settles it.
 */
export function assertNothingGivenBack(
  invoice: Pick<Invoice, 'lines'>,
  others: readonly Pick<Invoice, 'status' | 'lines'>[],
): void {
  const own = new Set<unknown>(invoice.lines.map(line => line.id))
  const gaveBack = others
    .filter(({ status }) => status === 'open' || status === 'paid')
    .flatMap(({ lines }) => lines)
    .some(line => line.kind === 'proration_credit' && own.has(line.why?.inputs.creditsLineId))
  if (gaveBack) refuse('invoice_has_payments')
}

/** Gives an open invoice up as bad debt; it can still be paid or voided later. */
export function writeOffInvoice(invoice: Invoice, at: Instant): Invoice {
  if (invoice.status === 'paid') refuse('invoice_already_paid')
  if (!mayMove(invoice.status, 'uncollectible')) {
    refuse('invoice_not_open', { status: invoice.status })
  }
  return { ...invoice, status: 'uncollectible', closedAt: at, ...undunned, updatedAt: at }
}

/** What an invoice must have to be paid now. Refuses with the state that stands in the way. */
export function assertPayable(invoice: Invoice): void {
  if (invoice.status === 'paid') refuse('invoice_already_paid')
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
    refuse('invoice_not_open', { status: invoice.status })
  }
  if (amountDueMinor(invoice) <= 0) refuse('nothing_to_pay')
}
