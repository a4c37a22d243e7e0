// Credit-note arithmetic: how much net and tax a correction takes back, so that all notes of an invoice
// together equal it to the last minor unit. Not the document, its number or its ledger entries.

import { assert } from './assert.ts'
import { type Decimal, decimal, decimalsMax, powerOfTen } from './decimal.ts'
import type { CreditNoteId, CustomerId, InvoiceId, InvoiceLineId, TenantId } from './ids.ts'
import type {
  Invoice,
  InvoiceLine,
  InvoiceLineKind,
  LineTax,
  PartySnapshot,
  TaxLine,
} from './invoice.ts'
import { shareOfTaxes } from './invoice-tax.ts'
import {
  allocate,
  type Currency,
  chargeableMinor,
  mulDiv,
  type Rounding,
  sumMinor,
} from './money.ts'
import { refuse } from './refusal.ts'
import type { Instant } from './time.ts'
import type { Why } from './why.ts'

/** One line of a credit note: what it takes back of one line of its invoice. */
export interface CreditNoteLine {
  readonly invoiceLineId: InvoiceLineId
  readonly kind: InvoiceLineKind
  readonly description: string
  readonly descriptionZh: string | null
  /** Before discounts and tax. */
  readonly amountMinor: number
  readonly discountMinor: number
  readonly taxMinor: number
  readonly taxRatePpm: number | null
  /** What it takes back of each tax of the line. */
  readonly taxes?: readonly LineTax[]
  readonly why: Why
}

/** The document that corrects an invoice: it is issued once and never changed. */
export interface CreditNote {
  readonly tenantId: TenantId
  readonly id: CreditNoteId
  readonly creditNoteNumber: string
  readonly invoiceId: InvoiceId
  readonly invoiceNumber: string
  readonly invoiceIssuedAt: Instant
  readonly customerId: CustomerId
  readonly currency: Currency
  readonly lines: readonly CreditNoteLine[]
  readonly taxLines: readonly TaxLine[]
  readonly subtotalMinor: number
  readonly discountMinor: number
  readonly taxMinor: number
  readonly totalMinor: number
  /** Where it went; the three parts add up to the total. */
  readonly lowersInvoiceMinor: number
  readonly refundedMinor: number
  /** Negative where the invoice had taken on what its payer owed on the balance: that is owed there again. */
  readonly toBalanceMinor: number
  /** What it lowered had been given up as bad debt. */
  readonly onBadDebt: boolean
  readonly reason: string | null
  /** Hash of the caller's idempotency key: a request that is repeated after a crash credits once. */
  readonly requestKey: string | null
  readonly buyer: PartySnapshot | null
  readonly issuer: PartySnapshot | null
  readonly brandingId: string | null
  readonly issuedAt: Instant
  readonly createdAt: Instant
  readonly recordedAt: Instant
}

/** A line of an invoice as printed: net after discounts, its tax, and what earlier notes took back. */
export interface CreditableLine {
  readonly netMinor: number
  readonly taxMinor: number
  readonly creditedNetMinor: number
  readonly creditedTaxMinor: number
}

/** What one note takes back of one line. */
export interface CreditedLine {
  readonly netMinor: number
  readonly taxMinor: number
  readonly why: Why
}

/**
 * Takes `netMinor` of a line back with its tax. The tax is the line's own printed tax in proportion to
 * all net credited so far, less the tax of earlier notes; so the last note takes what remains.
 * Refuses `invalid_amount` beyond what is left of the line.
 */
export function creditLine(
  line: CreditableLine,
  netMinor: number,
  rounding: Rounding = 'half_away',
): CreditedLine {
  const leftMinor = line.netMinor - line.creditedNetMinor
  if (netMinor < 0 || netMinor > leftMinor) refuse('invalid_amount', { leftMinor })
  const creditedMinor = line.creditedNetMinor + netMinor
  const dueMinor =
    creditedMinor === line.netMinor
      ? line.taxMinor
      : mulDiv(line.taxMinor, creditedMinor, line.netMinor, rounding)
  // A note over an amount may have taken a unit more of the tax than its share; it is never given back.
  const taxMinor = Math.max(0, dueMinor - line.creditedTaxMinor)
  return {
    netMinor,
    taxMinor,
    why: {
      rule: 'credit_note.remaining_tax',
      inputs: {
        ...line,
        creditMinor: netMinor,
        formula: 'taxMinor * (creditedNetMinor + creditMinor) / netMinor - creditedTaxMinor',
        rounding,
      },
    },
  }
}

/**
 * Spreads a gross amount, such as a refund, over what is left of the lines and their taxes by largest
 * remainder. Refuses `invalid_amount` beyond what is left of the invoice.
 */
export function spreadCredit(
  lines: readonly CreditableLine[],
  grossMinor: number,
): readonly CreditedLine[] {
  const parts = lines.flatMap(line => [
    line.netMinor - line.creditedNetMinor,
    line.taxMinor - line.creditedTaxMinor,
  ])
  const leftMinor = leftOf(lines)
  if (grossMinor < 0 || grossMinor > leftMinor) refuse('invalid_amount', { leftMinor })
  const shares = spreadSigned(grossMinor, parts, leftMinor)
  const why: Why = {
    rule: 'credit_note.pro_rata',
    inputs: { grossMinor, leftMinor, rounding: 'largest_remainder' },
  }
  return lines.map((_, at) => ({
    netMinor: shares[2 * at] ?? 0,
    taxMinor: shares[2 * at + 1] ?? 0,
    why,
  }))
}

/**
 * Splits a part of a total over parts of which some are negative (unused time of an older plan): the
 * negative side is scaled and rounded once, and the positive side takes the rest, so the shares sum
 * exactly and no part is exceeded.
 */
function spreadSigned(minor: number, parts: readonly number[], totalMinor: number): number[] {
  if (minor === 0) return parts.map(() => 0)
  const given = parts.map(part => Math.max(0, part))
  const taken = parts.map(part => Math.max(0, -part))
  const takenMinor = mulDiv(sumMinor(taken), minor, totalMinor, 'half_away')
  const takenShares = takenMinor === 0 ? taken : allocate(takenMinor, taken)
  const givenShares = allocate(minor + takenMinor, given)
  return parts.map((part, at) =>
    part < 0 ? (takenMinor === 0 ? 0 : -(takenShares[at] ?? 0)) : (givenShares[at] ?? 0),
  )
}

/**
 * A note first lowers what is still owed; only the rest is returned to the payer. What a card could be
 * charged it still can afterwards: the fils between its steps are returned.
 */
export function settleCreditNote(
  totalMinor: number,
  dueMinor: number,
  currency: Currency,
): { readonly forgivenMinor: number; readonly returnedMinor: number } {
  assert(totalMinor >= 0 && dueMinor >= 0, 'a note and a debt are not negative')
  const lowersMinor = Math.min(totalMinor, dueMinor)
  const movable = chargeableMinor(dueMinor, currency) === dueMinor
  const forgivenMinor = movable ? chargeableMinor(lowersMinor, currency) : lowersMinor
  return { forgivenMinor, returnedMinor: totalMinor - forgivenMinor }
}

/** An invoice is never negative: its total is 0 and the rest becomes credit balance. */
export function settleNegative(sumOfLinesMinor: number): {
  readonly totalMinor: number
  readonly creditMinor: number
} {
  const totalMinor = Math.max(0, sumOfLinesMinor)
  return { totalMinor, creditMinor: totalMinor - sumOfLinesMinor }
}

/**
 * Unused time at an immediate end: the refund is limited to what was paid less the value already used;
 * the rest of the credit goes to the credit balance.
 */
export function splitUnused(unused: {
  readonly creditMinor: number
  readonly paidMinor: number
  readonly usedMinor: number
}): { readonly refundMinor: number; readonly balanceMinor: number } {
  const limitMinor = Math.max(0, unused.paidMinor - unused.usedMinor)
  const refundMinor = Math.min(unused.creditMinor, limitMinor)
  return { refundMinor, balanceMinor: unused.creditMinor - refundMinor }
}

/** The lines of an invoice as a note sees them. */
export const creditableLines = (invoice: Invoice): CreditableLine[] =>
  invoice.lines.map(line => ({
    netMinor: line.amountMinor - line.discountMinor,
    taxMinor: line.taxMinor,
    creditedNetMinor: line.creditedNetMinor ?? 0,
    creditedTaxMinor: line.creditedTaxMinor ?? 0,
  }))

/** What is left of all lines together, with their taxes. */
const leftOf = (lines: readonly CreditableLine[]): number =>
  sumMinor(
    lines.map(
      line => line.netMinor - line.creditedNetMinor + line.taxMinor - line.creditedTaxMinor,
    ),
  )

/** What is asked back of one line: an amount after discounts and before tax. */
export interface WantedCredit {
  readonly lineId: string
  readonly netMinor: number
}

/**
 * What a quantity of a line is worth after discounts, or with null all that is left of it. Refuses
 * `not_found`, `invalid_amount` for more than the line holds.
 */
export function creditOfLine(
  invoice: Invoice,
  lineId: string,
  quantity: string | null,
): WantedCredit {
  const line = invoice.lines.find(({ id }) => id === lineId)
  if (!line) refuse('not_found', { noun: 'invoice line', nounZh: '账单明细' })
  const netMinor = line.amountMinor - line.discountMinor
  if (quantity === null) return { lineId, netMinor: netMinor - (line.creditedNetMinor ?? 0) }
  const [part, whole] = [decimal(quantity), decimal(line.quantity)]
  const scaled = (value: Decimal) => value.digits * powerOfTen(decimalsMax - value.scale)
  return { lineId, netMinor: mulDiv(netMinor, scaled(part), scaled(whole), 'half_away') }
}

/**
 * What a note over named lines takes of each line of its invoice. Refuses `not_found` for a line of
 * another invoice, `invalid_amount` beyond what is left of a line, or of the whole invoice where other
 * lines lower it.
 */
export function creditNamedLines(
  invoice: Invoice,
  wanted: readonly WantedCredit[],
): readonly CreditedLine[] {
  const unknown = wanted.some(({ lineId }) => !invoice.lines.some(line => line.id === lineId))
  if (unknown) refuse('not_found', { noun: 'invoice line', nounZh: '账单明细' })
  const lines = creditableLines(invoice)
  const parts = lines.map((line, at) => {
    const own = wanted.filter(({ lineId }) => lineId === invoice.lines[at]!.id)
    const netMinor = sumMinor(own.map(want => want.netMinor))
    return netMinor === 0 ? nothingOf(line) : creditLine(line, netMinor)
  })
  const leftMinor = leftOf(lines)
  if (sumMinor(parts.map(part => part.netMinor + part.taxMinor)) > leftMinor) {
    refuse('invalid_amount', { leftMinor })
  }
  return parts
}

const nothingOf = (line: CreditableLine): CreditedLine => ({
  netMinor: 0,
  taxMinor: 0,
  why: { rule: 'credit_note.remaining_tax', inputs: { ...line, creditMinor: 0 } },
})

/** Part of the line's discount that belongs to its credited net, taken cumulatively so that all of it comes. */
function discountOf(line: InvoiceLine, creditedNetMinor: number): number {
  const netMinor = line.amountMinor - line.discountMinor
  if (creditedNetMinor === netMinor) return line.discountMinor
  return mulDiv(line.discountMinor, creditedNetMinor, netMinor, 'half_away')
}

function noteLine(line: InvoiceLine, part: CreditedLine): CreditNoteLine {
  const before = line.creditedNetMinor ?? 0
  const after = before + part.netMinor
  const discountMinor =
    part.netMinor === 0
      ? 0
      : discountOf(line, after) - (before === 0 ? 0 : discountOf(line, before))
  return {
    invoiceLineId: line.id,
    kind: line.kind,
    description: line.description,
    descriptionZh: line.descriptionZh,
    amountMinor: part.netMinor + discountMinor,
    discountMinor,
    taxMinor: part.taxMinor,
    taxRatePpm: line.taxRatePpm ?? null,
    ...(line.taxes === undefined ? {} : { taxes: shareOfTaxes(line, part.taxMinor) }),
    why: part.why,
  }
}

/** The taxes of a note's line; invoices of older versions know one rate alone. */
function taxesOfLine(invoice: Invoice, line: CreditNoteLine): readonly LineTax[] {
  if (line.taxes !== undefined) return line.taxes
  const only = invoice.taxLines.length === 1 ? invoice.taxLines[0]!.ratePpm : 0
  const ratePpm = line.taxRatePpm ?? only
  return line.taxMinor === 0 ? [] : [{ kind: 'standard', ratePpm, taxMinor: line.taxMinor }]
}

/** Net and tax that a note takes back, by tax. */
function taxesOfNote(invoice: Invoice, lines: readonly CreditNoteLine[]): TaxLine[] {
  const groups = new Map<string, TaxLine>()
  for (const line of lines) {
    for (const { kind, ratePpm, name, taxMinor } of taxesOfLine(invoice, line)) {
      const key = `${kind}/${ratePpm}/${name ?? ''}`
      const before = groups.get(key)
      groups.set(key, {
        kind,
        ratePpm,
        ...(name === undefined ? {} : { name }),
        taxableMinor: (before?.taxableMinor ?? 0) + line.amountMinor - line.discountMinor,
        taxMinor: (before?.taxMinor ?? 0) + taxMinor,
      })
    }
  }
  return [...groups.values()]
}

/** Lines, taxes and sums of a note from what it takes of each line of its invoice. */
export function noteFigures(invoice: Invoice, parts: readonly CreditedLine[]) {
  const lines = invoice.lines
    .map((line, at) => noteLine(line, parts[at]!))
    .filter(line => line.amountMinor !== 0 || line.taxMinor !== 0)
  const subtotalMinor = sumMinor(lines.map(line => line.amountMinor))
  const discountMinor = sumMinor(lines.map(line => line.discountMinor))
  const taxMinor = sumMinor(lines.map(line => line.taxMinor))
  const totalMinor = subtotalMinor - discountMinor + taxMinor
  return {
    lines,
    taxLines: taxesOfNote(invoice, lines),
    subtotalMinor,
    discountMinor,
    taxMinor,
    totalMinor,
  }
}

const creditedTaxes = (line: InvoiceLine, taxMinor: number): readonly LineTax[] => {
  const shares = shareOfTaxes(line, taxMinor)
  return (line.taxes ?? []).map((tax, at) => ({
    ...tax,
    creditedMinor: (tax.creditedMinor ?? 0) + (shares[at]?.taxMinor ?? 0),
  }))
}

/** The invoice after a note: what was taken back stands on its lines, and what it forgave is not owed. */
export function creditInvoice(
  invoice: Invoice,
  parts: readonly CreditedLine[],
  note: Pick<CreditNote, 'totalMinor' | 'lowersInvoiceMinor'>,
  at: Instant,
): Invoice {
  const amountForgivenMinor = invoice.amountForgivenMinor + note.lowersInvoiceMinor
  const credited: Invoice = {
    ...invoice,
    lines: invoice.lines.map((line, i) => ({
      ...line,
      creditedNetMinor: (line.creditedNetMinor ?? 0) + parts[i]!.netMinor,
      creditedTaxMinor: (line.creditedTaxMinor ?? 0) + parts[i]!.taxMinor,
      ...(line.taxes === undefined ? {} : { taxes: creditedTaxes(line, parts[i]!.taxMinor) }),
    })),
    amountCreditedMinor: invoice.amountCreditedMinor + note.totalMinor,
    amountForgivenMinor,
    updatedAt: at,
  }
  const owed = invoice.status === 'open' || invoice.status === 'uncollectible'
  const settled =
    invoice.totalMinor -
      invoice.amountPaidMinor -
      invoice.amountFromBalanceMinor -
      amountForgivenMinor ===
    0
  return owed && settled
    ? { ...credited, status: 'paid', paidAt: at, nextAttemptAt: null }
    : credited
}
