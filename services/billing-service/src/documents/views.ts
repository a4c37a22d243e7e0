// What a document says, as plain data: amounts in minor units, times as instants, nothing laid out and
// nothing looked up. Mail, pay page and PDF of one document are written from the same view.
import type { Currency } from '../core/money.ts'
import type { Instant } from '../core/time.ts'
import type { Language, WordKey } from './words.ts'

/** Paper of the reader: Letter in North America, A4 elsewhere. */
export type Paper = 'a4' | 'us-letter'

export interface Logo {
  readonly format: 'png' | 'jpg' | 'svg'
  readonly bytes: Uint8Array
}

/** A name, an address in the order of its country, and identifiers with their words. */
export interface PartyView {
  readonly name: string
  readonly addressLines: readonly string[]
  readonly facts: readonly PartyFact[]
}

export interface PartyFact {
  readonly label: WordKey
  readonly value: string
}

/** What all documents have. */
export interface DocumentFrame {
  readonly language: Language
  /** IANA name; every date of the document is a date in this zone. */
  readonly zone: string
  readonly paper: Paper
  /** A test tenant's documents say so on every page and cannot be paid. */
  readonly test: boolean
  readonly issuer: PartyView
  readonly buyer: PartyView
  readonly logo: Logo | null
  /** `#RRGGBB`; null is the house's own. */
  readonly accent: string | null
  /** The issuer's line at the foot of every page. */
  readonly footer: string | null
  readonly terms: string | null
  readonly currency: Currency
  /** Null while draft. Also the creation time of the file, so that equal views give equal bytes. */
  readonly issuedAt: Instant | null
  readonly notes: string | null
  /** Sentences that the law of issuer or buyer wants on the document. */
  readonly legal: readonly string[]
}

export interface PeriodView {
  readonly start: Instant
  /** Exclusive; printed as the last day. */
  readonly end: Instant
}

/** One step of a tiered price. */
export interface TierView {
  readonly from: string
  /** Inclusive decimal string; null is open-ended. */
  readonly upTo: string | null
  readonly quantity: string
  readonly unitAmount: string
  readonly amountMinor: number
}

export interface LineView {
  readonly description: string
  readonly period: PeriodView | null
  /** Decimal strings; null leaves the column empty, as for a one-off fee. */
  readonly quantity: string | null
  readonly unitAmount: string | null
  readonly taxRatePpm: number | null
  /** Before discounts and tax; credits are negative. */
  readonly amountMinor: number
  readonly tiers: readonly TierView[]
  /** Why this amount, in a sentence of the reader's language. */
  readonly explanation: string | null
}

export interface DiscountView {
  /** Name or code of the coupon. */
  readonly name: string | null
  readonly ratePpm: number | null
  /** Positive: what it takes off. */
  readonly amountMinor: number
}

export interface TaxView {
  /** Name of the tax as the law of the place has it, such as `VAT`; null prints the general word. */
  readonly name: string | null
  /** Null is exempt, which is not 0 %. */
  readonly ratePpm: number | null
  readonly baseMinor: number
  readonly amountMinor: number
  /** Contained in the amounts above instead of added to them. */
  readonly included: boolean
  /** The recipient owes it: the words that the law wants stand beside it. */
  readonly reversed?: boolean
  /** Reason of an exemption or a reverse charge. */
  readonly reason: string | null
}

/**
 * Money or credit that lowers what is due, with its day and way. Amounts are positive; a balance below zero
 * is a debt of earlier invoices that this one collects.
 */
export interface SettlementView {
  readonly kind: 'payment' | 'credit_note' | 'balance'
  readonly amountMinor: number
  readonly at: Instant | null
  /** Card and last digits, or the number of the credit note. */
  readonly label: string | null
}

export interface BankTransferView {
  readonly rows: readonly { readonly label: string; readonly value: string }[]
  readonly reference: string
}

/** Tax in the currency of the tax office where it differs from the document's (Art. 230 of 2006/112/EC). */
export interface LocalTaxView {
  readonly name: string | null
  readonly currency: Currency
  readonly amountMinor: number
  readonly rate: string
  readonly source: string
  readonly at: Instant
}

export type InvoiceState =
  | 'draft'
  | 'open'
  | 'partly_paid'
  | 'overdue'
  | 'paid'
  | 'credited'
  | 'void'
  | 'uncollectible'

export interface InvoiceView extends DocumentFrame {
  readonly state: InvoiceState
  /** Titled "Tax invoice" where the law wants these words. */
  readonly taxInvoice: boolean
  /** Null while draft. */
  readonly number: string | null
  /** Null asks for payment on receipt. */
  readonly dueAt: Instant | null
  readonly voidedAt: Instant | null
  /** Number of the invoice that stands in the place of this one, or in whose place this one stands. */
  readonly replacedBy: string | null
  readonly replaces: string | null
  readonly servicePeriod: PeriodView | null
  readonly purchaseOrder: string | null
  readonly lines: readonly LineView[]
  readonly discounts: readonly DiscountView[]
  readonly taxes: readonly TaxView[]
  readonly localTax: LocalTaxView | null
  readonly settlements: readonly SettlementView[]
  readonly subtotalMinor: number
  readonly totalMinor: number
  readonly amountDueMinor: number
  readonly payUrl: string | null
  readonly bankTransfer: BankTransferView | null
  /** Prints the explanations of the lines after the totals. */
  readonly explained: boolean
}

/** Amounts are positive under the title; lists of credit notes show them negative. */
export interface CreditNoteView extends DocumentFrame {
  readonly number: string
  readonly issuedAt: Instant
  readonly state: 'open' | 'void'
  /** The document it corrects; the law wants it named. */
  readonly original: { readonly number: string; readonly issuedAt: Instant }
  readonly reason: string | null
  readonly lines: readonly LineView[]
  readonly discounts: readonly DiscountView[]
  readonly taxes: readonly TaxView[]
  readonly subtotalMinor: number
  readonly totalMinor: number
  /** Where the money went; the parts add up to the total. */
  readonly lowersInvoiceMinor: number
  readonly refundedMinor: number
  readonly refundedTo: string | null
  readonly toBalanceMinor: number
}

export interface ReceiptView extends DocumentFrame {
  readonly number: string
  readonly issuedAt: Instant
  readonly paidAt: Instant
  /** Such as `Visa 4242`. */
  readonly method: string
  readonly transactionId: string
  readonly amountMinor: number
  readonly refundedMinor: number
  readonly invoices: readonly SettledInvoiceView[]
}

export interface SettledInvoiceView {
  readonly number: string
  readonly issuedAt: Instant
  readonly totalMinor: number
  readonly settledMinor: number
  readonly remainingMinor: number
}

export interface MovementView {
  readonly at: Instant
  readonly label: string
  readonly document: string | null
  /** Positive is charged, negative is paid or credited. */
  readonly amountMinor: number
}

/** What stood open at the end, by how late it was. */
export interface AgeingView {
  /** Null: not yet due. */
  readonly fromDays: number | null
  readonly toDays: number | null
  readonly amountMinor: number
}

export interface StatementView extends DocumentFrame {
  readonly number: string | null
  readonly issuedAt: Instant
  readonly period: PeriodView
  readonly openingMinor: number
  readonly movements: readonly MovementView[]
  readonly closingMinor: number
  readonly ageing: readonly AgeingView[]
}
