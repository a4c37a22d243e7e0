// Tax of the lines of an invoice: which taxes a line bears, and its figures once they are known. Lines of
// prices that contain their tax are priced with it and stand on the invoice without, so that every total is
// lines - discounts + tax. The arithmetic of tax is tax.ts.
import type { InvoiceLine, LineTax, TaxLine } from './invoice.ts'
import { allocate, mulDiv, sumMinor } from './money.ts'
import { isReverseCharge, type Tax, type TaxRules, taxLines } from './tax.ts'
import type { Instant } from './time.ts'
import type { Why } from './why.ts'

/** What a customer is charged in tax, as decided once for an invoice. */
export interface TaxTerms {
  /** For lines without a rate of their own. */
  readonly taxes: readonly Tax[]
  readonly rules: TaxRules
  /** What an exemption or a reverse charge stands on. */
  readonly basis: Why['inputs']
}

/** That a VAT id belongs to the customer, or the issuer's decision to take it as proved. */
export interface TaxProof {
  readonly vatId: string
  readonly country: string
  /** The authority's service that confirmed it, such as `vies`; `manual`: the issuer's own decision. */
  readonly source: string
  /** The authority's own number of the answer, or the reason of the decision. */
  readonly reference: string | null
  readonly provedAt: Instant
  readonly recordedBy: string
}

export interface TaxFacts {
  readonly exempt: boolean
  readonly proof: TaxProof | null
  readonly issuerCountry: string | null
  readonly buyerCountry: string | null
  /** What applies to whoever is neither exempt nor owes the tax itself. */
  readonly taxes: readonly Tax[]
  readonly rules: TaxRules
}

/**
 * Exempt customers bear no tax; whoever proved a VAT id of another country owes it itself (choice 28).
 * A decision of the issuer stands for the authority's answer, not for the other country.
 */
export function taxTerms(facts: TaxFacts): TaxTerms {
  const { exempt, proof, issuerCountry, buyerCountry, taxes, rules } = facts
  if (exempt) return { taxes: [{ kind: 'exempt', ratePpm: 0 }], rules, basis: {} }
  const reversed =
    issuerCountry !== null &&
    proof !== null &&
    proof.country === buyerCountry &&
    isReverseCharge({ issuerCountry, buyerCountry, buyerVatIdProved: true })
  if (!reversed) return { taxes, rules, basis: {} }
  const { vatId, source, reference, provedAt } = proof
  return {
    taxes: [{ kind: 'reverse_charge', ratePpm: 0 }],
    rules,
    basis: { vatId, issuerCountry, buyerCountry, source, reference, provedAt },
  }
}

const isOwed = (tax: Tax): boolean => tax.kind !== 'exempt' && tax.kind !== 'reverse_charge'

/** Unused time comes back with the taxes that were charged for it, whatever applies by now (choice 6). */
function taxesOf(line: InvoiceLine, terms: TaxTerms): readonly Tax[] {
  if (line.kind === 'balance_transfer') return []
  if (line.kind === 'proration_credit' && line.taxes !== undefined) return plain(line.taxes)
  if (!terms.taxes.every(isOwed)) return terms.taxes
  if (line.kind === 'one_off' && line.taxes !== undefined) return plain(line.taxes)
  const own = line.taxes === undefined ? line.taxRatePpm : null
  const taxes: readonly Tax[] = own === null ? terms.taxes : [{ kind: 'standard', ratePpm: own }]
  return taxes.filter(tax => !isOwed(tax) || tax.ratePpm !== 0)
}

const plain = (taxes: readonly LineTax[]): Tax[] =>
  taxes.map(({ kind, ratePpm, name }) => ({
    kind,
    ratePpm,
    ...(name === undefined ? {} : { name }),
  }))

const million = 1_000_000

/** A line at its price: with its tax, where the price contains it. What an earlier pricing made is undone. */
export function atItsPrice(line: InvoiceLine): InvoiceLine {
  if (line.taxBehavior !== 'inclusive' || line.priceMinor === undefined) return line
  const { priceMinor, ...rest } = line
  return { ...rest, amountMinor: priceMinor }
}

/** What was charged for a line at its price, after discounts. */
export const chargedMinor = (line: InvoiceLine): number =>
  line.amountMinor - line.discountMinor + (line.taxBehavior === 'inclusive' ? line.taxMinor : 0)

/** What credit notes took back of it. */
export const creditedMinor = (line: InvoiceLine): number =>
  (line.creditedNetMinor ?? 0) +
  (line.taxBehavior === 'inclusive' ? (line.creditedTaxMinor ?? 0) : 0)

/** Without its tax; its discount loses the same part, and what each discount took of it as well. */
function withoutTax(line: InvoiceLine, netMinor: number, taxes: readonly Tax[]): InvoiceLine {
  const contained = sumMinor(taxes.filter(isOwed).map(tax => tax.ratePpm))
  const discountMinor = mulDiv(line.discountMinor, million, million + contained, 'half_away')
  const { discounts } = line
  const parts =
    discounts === undefined
      ? []
      : allocate(
          discountMinor,
          discounts.map(each => each.amountMinor),
        )
  return {
    ...line,
    priceMinor: line.amountMinor,
    amountMinor: netMinor + discountMinor,
    discountMinor,
    ...(discounts === undefined
      ? {}
      : { discounts: discounts.map((each, at) => ({ ...each, amountMinor: parts[at] ?? 0 })) }),
  }
}

/** Taxes discounted lines that stand at their prices: lines without tax, their taxes, and one sum per tax. */
export function taxInvoiceLines(
  lines: readonly InvoiceLine[],
  terms: TaxTerms,
): { readonly lines: InvoiceLine[]; readonly taxLines: TaxLine[] } {
  const taxed = taxLines(
    lines.map(line => ({
      amountMinor: line.amountMinor - line.discountMinor,
      behavior: line.taxBehavior ?? 'exclusive',
      taxes: taxesOf(line, terms),
    })),
    terms.rules,
  )
  const done = lines.map((line, at) => {
    const taxes = taxesOf(line, terms)
    const { netMinor, taxMinor, taxesMinor } = taxed.lines[at]!
    const net = line.taxBehavior === 'inclusive' ? withoutTax(line, netMinor, taxes) : line
    const rates = taxes.filter(isOwed).map(tax => tax.ratePpm)
    return {
      ...net,
      taxMinor,
      taxRatePpm: rates.length > 0 ? sumMinor(rates) : line.taxRatePpm,
      taxes: taxes.map((tax, place) => ({ ...tax, taxMinor: taxesMinor[place] ?? 0 })),
    }
  })
  const groups = taxed.groups.map(({ kind, ratePpm, name, taxableMinor, taxMinor, why }) => ({
    kind,
    ratePpm,
    ...(name === undefined ? {} : { name }),
    taxableMinor,
    taxMinor,
    why: { ...why, inputs: { ...why.inputs, ...terms.basis } },
  }))
  return { lines: done, taxLines: groups }
}

/** What a part of a line's tax is of each of its taxes: of what is left, so that all parts make the whole. */
export function shareOfTaxes(line: InvoiceLine, taxMinor: number): readonly LineTax[] {
  const taxes = line.taxes ?? []
  const left = taxes.map(tax => Math.abs(tax.taxMinor - (tax.creditedMinor ?? 0)))
  if (taxes.length === 0) return []
  const shares = taxMinor === 0 ? taxes.map(() => 0) : allocate(taxMinor, left)
  return taxes.map(({ kind, ratePpm, name }, at) => ({
    kind,
    ratePpm,
    ...(name === undefined ? {} : { name }),
    taxMinor: shares[at] ?? 0,
  }))
}
