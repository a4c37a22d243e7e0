import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { InvoiceLine } from './invoice.ts'
import {
  atItsPrice,
  shareOfTaxes,
  type TaxFacts,
  taxInvoiceLines,
  taxTerms,
} from './invoice-tax.ts'
import { blankLine } from './pricing.ts'
import { defaultTaxRules, type Tax } from './tax.ts'

const line = (amountMinor: number, more: Partial<InvoiceLine> = {}): InvoiceLine =>
  blankLine('il_1', {
    kind: 'recurring',
    description: 'Plan',
    quantity: '1',
    unitAmount: '1',
    amountMinor,
    ...more,
  })

const vat: Tax = { kind: 'standard', ratePpm: 190_000, name: 'VAT' }
const terms = (taxes: readonly Tax[]) => ({ taxes, rules: defaultTaxRules, basis: {} })

const facts: TaxFacts = {
  exempt: false,
  proof: {
    vatId: 'FR12345678901',
    country: 'FR',
    source: 'vies',
    reference: 'WAPI1',
    provedAt: 5,
    recordedBy: 'ada',
  },
  issuerCountry: 'DE',
  buyerCountry: 'FR',
  taxes: [vat],
  rules: defaultTaxRules,
}
const kinds = (more: Partial<TaxFacts>) =>
  taxTerms({ ...facts, ...more }).taxes.map(({ kind }) => kind)

describe('who bears tax', () => {
  it('a proved VAT id of another country reverses the charge, and the basis names the proof', () => {
    expect(taxTerms(facts)).toMatchObject({
      taxes: [{ kind: 'reverse_charge', ratePpm: 0 }],
      basis: { vatId: 'FR12345678901', issuerCountry: 'DE', buyerCountry: 'FR', source: 'vies' },
    })
  })

  it('without a proof, at home, or with an address elsewhere than the VAT id, the rate applies', () => {
    expect(kinds({ proof: null })).toEqual(['standard'])
    expect(kinds({ issuerCountry: 'FR' })).toEqual(['standard'])
    expect(kinds({ buyerCountry: 'ES' })).toEqual(['standard'])
    expect(kinds({ issuerCountry: null })).toEqual(['standard'])
    expect(kinds({ exempt: true })).toEqual(['exempt'])
  })
})

describe('prices that contain their tax', () => {
  it('29.00 with 19 % stands as 24.37 and 4.63 of tax, and is priced again from 29.00', () => {
    const { lines } = taxInvoiceLines([line(2_900, { taxBehavior: 'inclusive' })], terms([vat]))
    expect(lines[0]).toMatchObject({ amountMinor: 2_437, taxMinor: 463, priceMinor: 2_900 })
    const again = taxInvoiceLines(lines.map(atItsPrice), terms([vat]))
    expect(again.lines).toEqual(lines)
  })

  it('119.00 less 19.00 with 19 % stands as 100.00 less 15.97, and 15.97 of tax', () => {
    const discounted = line(11_900, { taxBehavior: 'inclusive', discountMinor: 1_900 })
    const { lines } = taxInvoiceLines([discounted], terms([vat]))
    expect(lines[0]).toMatchObject({ amountMinor: 10_000, discountMinor: 1_597, taxMinor: 1_597 })
  })

  it('whatever the prices, discounts and rates: net + tax of all lines is what the prices say', () => {
    const anyLine = fc.record({
      amount: fc.integer({ min: 1, max: 1_000_000 }),
      off: fc.integer({ min: 0, max: 100 }),
      inclusive: fc.boolean(),
    })
    const anyTaxes = fc.array(fc.constantFrom(45_000, 48_750, 190_000, 3_750), { maxLength: 3 })
    fc.assert(
      fc.property(
        fc.array(anyLine, { minLength: 1, maxLength: 6 }),
        anyTaxes,
        fc.constantFrom('rate', 'line', 'invoice'),
        fc.constantFrom('round_tax', 'round_net'),
        (given, rates, level, inclusive) => {
          const taxes = rates.map((ratePpm, at): Tax => ({ ...vat, ratePpm, name: `T${at}` }))
          const priced = given.map(({ amount, off, inclusive: contains }) =>
            line(amount, {
              discountMinor: Math.floor((amount * off) / 100),
              ...(contains ? { taxBehavior: 'inclusive' as const } : {}),
            }),
          )
          const rules = { level, inclusive, rounding: 'half_away' as const }
          const { lines, taxLines } = taxInvoiceLines(priced, { taxes, rules, basis: {} })
          const taxMinor = lines.reduce((sum, each) => sum + each.taxMinor, 0)
          expect(taxLines.reduce((sum, each) => sum + each.taxMinor, 0)).toBe(taxMinor)
          lines.forEach((each, at) => {
            const own = (each.taxes ?? []).reduce((sum, tax) => sum + tax.taxMinor, 0)
            expect(own).toBe(each.taxMinor)
            if (priced[at]?.taxBehavior !== 'inclusive') return
            const price = (priced[at]?.amountMinor ?? 0) - (priced[at]?.discountMinor ?? 0)
            expect(each.amountMinor - each.discountMinor + each.taxMinor).toBe(price)
          })
        },
      ),
    )
  })
})

describe('credit notes over several taxes', () => {
  it('take of each tax what is left, so that all notes together take all of it', () => {
    const taxes = [
      { ...vat, ratePpm: 40_000, taxMinor: 401 },
      { ...vat, ratePpm: 45_000, name: 'City', taxMinor: 451 },
      { ...vat, ratePpm: 3_750, name: 'Metro', taxMinor: 38 },
    ]
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 6 }), parts => {
        let left = line(10_023, { taxes, taxMinor: 890 })
        let rest = 890
        for (const part of [...parts, 890]) {
          const taken = Math.min(part, rest)
          const shares = shareOfTaxes(left, taken)
          expect(shares.reduce((sum, share) => sum + share.taxMinor, 0)).toBe(taken)
          rest -= taken
          left = {
            ...left,
            taxes: (left.taxes ?? []).map((tax, at) => ({
              ...tax,
              creditedMinor: (tax.creditedMinor ?? 0) + (shares[at]?.taxMinor ?? 0),
            })),
          }
        }
        expect(left.taxes?.map(tax => tax.creditedMinor)).toEqual([401, 451, 38])
      }),
    )
  })
})
