// From the invoice record to what its document says. Everything that is not on the record (issuer, names
// of coupons, days of payments) comes with the context; nothing is looked up here.
import { amountDueMinor, type Invoice, type InvoiceLine, type TaxLine } from '../core/invoice.ts'
import { sumMinor } from '../core/money.ts'
import type { Instant } from '../core/time.ts'
import { type PartyFacts, partyView } from './party.ts'
import type {
  BankTransferView,
  DiscountView,
  InvoiceState,
  InvoiceView,
  LineView,
  Logo,
  Paper,
  SettlementView,
  TaxView,
} from './views.ts'
import { type Language, wordsOf } from './words.ts'

/** What stands around every document of an issuer and a customer. */
export interface DocumentContext {
  readonly language: Language
  readonly zone: string
  readonly paper?: Paper
  /** The tenant is a test tenant. */
  readonly test: boolean
  readonly issuer: PartyFacts
  readonly logo?: Logo | null
  readonly accent?: string | null
  readonly footer?: string | null
  readonly terms?: string | null
  readonly notes?: string | null
  readonly legal?: readonly string[]
}

export interface InvoiceContext extends DocumentContext {
  /** The customer as it is now: the buyer of drafts, which have no snapshot yet. */
  readonly customer: PartyFacts
  /** Given, an open invoice past its due date is called overdue. Leave it out for a lasting file. */
  readonly at?: Instant
  readonly taxInvoice?: boolean
  readonly taxName?: string | null
  readonly discounts?: readonly DiscountView[]
  readonly payments?: readonly {
    readonly amountMinor: number
    readonly at: Instant
    readonly method: string | null
  }[]
  readonly creditNotes?: readonly {
    readonly amountMinor: number
    readonly at: Instant
    readonly number: string
  }[]
  readonly replaces?: string | null
  readonly replacedBy?: string | null
  readonly payUrl?: string | null
  readonly bankTransfer?: BankTransferView | null
  /** The sentence that explains a line in the reader's language. */
  readonly explain?: (line: InvoiceLine) => string | null
}

const sumOf = (rows: readonly { readonly amountMinor: number }[]): number =>
  sumMinor(rows.map(row => row.amountMinor))

/**
 * The view of an invoice. Details that do not add up to the record (a payment that is not known by day, a
 * coupon without a name) are left out in favour of the record's own figure, so rows always add up.
 */
export function invoiceView(invoice: Invoice, context: InvoiceContext): InvoiceView {
  const buyer = invoice.buyer ?? context.customer
  const purchaseOrder = invoice.buyer?.purchaseOrder ?? null
  return {
    ...frameOf(context),
    buyer: partyView(buyer, context.language),
    currency: invoice.currency,
    issuedAt: invoice.issuedAt,
    state: stateOf(invoice, context.at),
    taxInvoice: context.taxInvoice ?? false,
    number: invoice.invoiceNumber,
    dueAt: invoice.dueAt,
    voidedAt: invoice.status === 'void' ? invoice.closedAt : null,
    replacedBy: context.replacedBy ?? null,
    replaces: context.replaces ?? null,
    servicePeriod: periodOf(invoice.periodStart, invoice.periodEnd),
    purchaseOrder,
    lines: invoice.lines.map(line => lineView(line, invoice, context)),
    discounts: discountsOf(invoice, context),
    taxes: taxesOf(invoice, context),
    localTax: null,
    settlements: settlementsOf(invoice, context),
    subtotalMinor: shownSubtotal(invoice),
    totalMinor: invoice.totalMinor,
    amountDueMinor: amountDueMinor(invoice),
    payUrl: context.payUrl ?? null,
    bankTransfer: context.bankTransfer ?? null,
    explained: context.explain !== undefined,
  }
}

/** What the issuer and the settings give to any document. */
export function frameOf(context: DocumentContext) {
  return {
    language: context.language,
    zone: context.zone,
    paper: context.paper ?? 'a4',
    test: context.test,
    issuer: partyView(context.issuer, context.language),
    logo: context.logo ?? null,
    accent: context.accent ?? null,
    footer: context.footer ?? null,
    terms: context.terms ?? null,
    notes: context.notes ?? null,
    legal: context.legal ?? [],
  }
}

const periodOf = (start: Instant | null, end: Instant | null) =>
  start === null || end === null ? null : { start, end }

function stateOf(invoice: Invoice, at: Instant | undefined): InvoiceState {
  const { status, totalMinor, amountCreditedMinor } = invoice
  if (status === 'paid') {
    return totalMinor > 0 && amountCreditedMinor >= totalMinor ? 'credited' : 'paid'
  }
  if (status !== 'open') return status
  if (at !== undefined && invoice.dueAt !== null && invoice.dueAt < at) return 'overdue'
  return amountDueMinor(invoice) < totalMinor ? 'partly_paid' : 'open'
}

function lineView(line: InvoiceLine, invoice: Invoice, context: InvoiceContext): LineView {
  // One rate for all stands in the totals; only different rates are worth a column.
  const ratesDiffer = invoice.taxLines.length > 1
  const zh = context.language === 'zh-CN' ? line.descriptionZh : null
  return {
    description: zh ?? line.description,
    period: periodOf(line.periodStart, line.periodEnd),
    quantity: line.quantity,
    unitAmount: line.unitAmount,
    taxRatePpm: ratesDiffer ? line.taxRatePpm : null,
    amountMinor: containsTax(invoice) ? (line.priceMinor ?? line.amountMinor) : line.amountMinor,
    tiers: [],
    explanation: context.explain?.(line) ?? null,
  }
}

function discountsOf(invoice: Invoice, { discounts = [] }: InvoiceContext): DiscountView[] {
  const discountMinor = containsTax(invoice)
    ? shownSubtotal(invoice) - invoice.totalMinor
    : invoice.discountMinor
  if (discountMinor === 0) return []
  if (sumOf(discounts) === discountMinor) return [...discounts]
  const name = discounts.length === 1 ? (discounts[0]?.name ?? null) : null
  return [{ name, ratePpm: null, amountMinor: discountMinor }]
}

/** Where every taxed price contains its tax, the document shows prices as they were agreed. */
const containsTax = (invoice: Invoice): boolean => {
  const priced = invoice.lines.filter(line => line.kind !== 'balance_transfer')
  return priced.length > 0 && priced.every(line => line.priceMinor !== undefined)
}

/** The sum of the lines as they are shown. */
const shownSubtotal = (invoice: Invoice): number =>
  containsTax(invoice)
    ? sumMinor(invoice.lines.map(line => line.priceMinor ?? line.amountMinor))
    : invoice.subtotalMinor

function taxesOf(invoice: Invoice, context: InvoiceContext): TaxView[] {
  const included = containsTax(invoice)
  return invoice.taxLines.map(line => taxView(line, { ...context, included }))
}

/** One tax as a document names it: an exemption and a reverse charge have no rate but a reason. */
export function taxView(
  line: TaxLine,
  context: {
    readonly language: Language
    readonly taxName?: string | null
    readonly included: boolean
  },
): TaxView {
  const owed = line.kind !== 'exempt' && line.kind !== 'reverse_charge'
  return {
    name: line.name ?? context.taxName ?? null,
    ratePpm: owed ? line.ratePpm : null,
    baseMinor: line.taxableMinor,
    amountMinor: line.taxMinor,
    included: owed && context.included,
    reversed: line.kind === 'reverse_charge',
    reason: line.kind === 'reverse_charge' ? wordsOf(context.language).reverseCharge : null,
  }
}

function settlementsOf(invoice: Invoice, context: InvoiceContext): SettlementView[] {
  const { amountPaidMinor, amountForgivenMinor, amountFromBalanceMinor, paidAt } = invoice
  const { payments = [], creditNotes = [] } = context
  const rows: SettlementView[] = []
  if (amountForgivenMinor > 0) {
    const known = sumOf(creditNotes) === amountForgivenMinor
    const named = creditNotes.map(note => ({ ...note, label: note.number }))
    const whole = [{ amountMinor: amountForgivenMinor, at: null, label: null }]
    for (const { amountMinor, at, label } of known ? named : whole) {
      rows.push({ kind: 'credit_note', amountMinor, at, label })
    }
  }
  if (amountFromBalanceMinor !== 0) {
    rows.push({ kind: 'balance', amountMinor: amountFromBalanceMinor, at: null, label: null })
  }
  if (amountPaidMinor > 0) {
    const known = sumOf(payments) === amountPaidMinor
    const whole = [{ amountMinor: amountPaidMinor, at: paidAt, method: null }]
    for (const { amountMinor, at, method } of known ? payments : whole) {
      rows.push({ kind: 'payment', amountMinor, at, label: method })
    }
  }
  return rows
}
