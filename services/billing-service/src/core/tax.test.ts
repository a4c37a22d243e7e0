import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyDiscounts, type Discount } from './discounts/index.ts'
import { defaultTaxRules, isReverseCharge, type Tax, type TaxableLine, taxLines } from './tax.ts'

const rate = (percent: number, name?: string): Tax => ({
  kind: 'standard',
  ratePpm: percent * 10_000,
  ...(name === undefined ? {} : { name }),
})
const net = (amountMinor: number, ...taxes: Tax[]): TaxableLine => ({
  amountMinor,
  behavior: 'exclusive',
  taxes,
})
const gross = (amountMinor: number, ...taxes: Tax[]): TaxableLine => ({
  amountMinor,
  behavior: 'inclusive',
  taxes,
})

describe('the level of rounding', () => {
  const lines = [net(6833, rate(20)), net(6833, rate(20))]

  it('two lines of 68.33 at 20 % bear 27.33 once per rate, 27.34 by line', () => {
    expect(taxLines(lines).taxMinor).toBe(2733)
    expect(taxLines(lines, { ...defaultTaxRules, level: 'line' }).taxMinor).toBe(2734)
  })

  it('the 27.33 are split over the lines as 13.67 and 13.66', () => {
    expect(taxLines(lines).lines.map(line => line.taxMinor)).toEqual([1367, 1366])
  })

  it('9.42 at 24 % and 13 %: 3.48 by rate, 3.49 for the invoice', () => {
    const two = [net(942, rate(24)), net(942, rate(13))]
    expect(taxLines(two).taxMinor).toBe(348)
    expect(taxLines(two, { ...defaultTaxRules, level: 'invoice' }).taxMinor).toBe(349)
  })

  it('2.5 cents of tax are 3 by default and 2 with half-even', () => {
    expect(taxLines([net(25, rate(10))]).taxMinor).toBe(3)
    expect(
      taxLines([net(25, rate(10))], { ...defaultTaxRules, rounding: 'half_even' }).taxMinor,
    ).toBe(2)
  })

  it('two taxes of a line are rounded apart: 1.00 at 4.5 % twice is 0.05 and 0.05, not 0.09', () => {
    const result = taxLines([net(100, rate(4.5, 'state'), rate(4.5, 'county'))])
    expect(result.lines[0]?.taxesMinor).toEqual([5, 5])
    expect(taxLines([net(100, rate(9))]).taxMinor).toBe(9)
  })
})

describe('prices that contain their tax', () => {
  it('2.99 with 4 %: tax 0.12 when the tax is rounded, 0.11 when the net is', () => {
    expect(taxLines([gross(299, rate(4))])).toMatchObject({ taxMinor: 12, netMinor: 287 })
    const rules = { ...defaultTaxRules, inclusive: 'round_net' } as const
    expect(taxLines([gross(299, rate(4))], rules)).toMatchObject({ taxMinor: 11, netMinor: 288 })
  })

  it('the total of an inclusive invoice is the sum of its prices', () => {
    const price = fc.integer({ min: -1_000_000, max: 1_000_000 })
    const rates = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 3 })
    const lines = fc.array(fc.tuple(price, rates), { minLength: 1, maxLength: 8 })
    const inclusive = fc.constantFrom('round_tax', 'round_net' as const)
    const level = fc.constantFrom('rate', 'line', 'invoice' as const)
    fc.assert(
      fc.property(lines, inclusive, level, (drawn, how, at) => {
        const result = taxLines(
          drawn.map(([amount, percents]) =>
            gross(amount, ...percents.map((percent, index) => rate(percent, String(index)))),
          ),
          { ...defaultTaxRules, inclusive: how, level: at },
        )
        expect(result.totalMinor).toBe(drawn.reduce((sum, [amount]) => sum + amount, 0))
      }),
    )
  })

  it('inclusive and exclusive lines of one rate share a group', () => {
    const result = taxLines([gross(12_000, rate(20)), net(10_000, rate(20))])
    expect(result.groups).toMatchObject([{ taxableMinor: 20_000, taxMinor: 4000 }])
    expect(result.totalMinor).toBe(24_000)
  })
})

describe('groups', () => {
  it('exempt and reverse-charged lines are groups of their own, without tax', () => {
    const result = taxLines([
      net(10_000, { kind: 'exempt', ratePpm: 0 }),
      net(10_000, rate(10)),
      net(5000, { kind: 'reverse_charge', ratePpm: 0 }),
    ])
    expect(result.groups.map(group => [group.kind, group.taxableMinor, group.taxMinor])).toEqual([
      ['exempt', 10_000, 0],
      ['standard', 10_000, 1000],
      ['reverse_charge', 5000, 0],
    ])
  })

  it('withheld tax lowers what is paid, not the tax', () => {
    const result = taxLines([net(10_000, rate(21), { kind: 'withheld', ratePpm: 150_000 })])
    expect(result).toMatchObject({ taxMinor: 2100, totalMinor: 12_100, withheldMinor: 1500 })
  })

  it('a negative invoice mirrors the positive one', () => {
    expect(taxLines([net(-15_405_273, rate(19))]).taxMinor).toBe(-2_927_002)
    expect(taxLines([net(15_405_273, rate(19))]).taxMinor).toBe(2_927_002)
  })

  it('explains the tax of 100.00 at 20 % with its base, rate, level and rounding', () => {
    expect(taxLines([net(10_000, rate(20))]).groups[0]?.why.inputs).toMatchObject({
      exclusiveMinor: 10_000,
      ratePpm: 200_000,
      formula: 'exclusiveMinor * ratePpm / 1000000',
      level: 'rate',
      rounding: 'half_away',
    })
  })
})

describe('any invoice', () => {
  const line = fc.tuple(
    fc.integer({ min: -500_000, max: 500_000 }),
    fc.array(fc.integer({ min: 0, max: 250_000 }), { maxLength: 3 }),
  )
  const percent = fc
    .integer({ min: 0, max: 1_000_000 })
    .map((ratePpm): Discount => ({ kind: 'percent', id: 'p', attachedAt: 2, scope: null, ratePpm }))
  const amount = fc.integer({ min: 1, max: 600_000 }).map(
    (amountMinor): Discount => ({
      kind: 'amount',
      id: 'a',
      attachedAt: 1,
      scope: null,
      amountMinor,
      currency: 'EUR',
    }),
  )
  const level = fc.constantFrom('rate', 'line', 'invoice' as const)

  it('totals its lines less discounts plus tax, and taxes by line and by rate agree', () => {
    const lines = fc.array(line, { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(
        lines,
        fc.array(fc.oneof(percent, amount), { maxLength: 3 }),
        level,
        (drawn, discounts, at) => {
          const discounted = applyDiscounts(
            drawn.map(([amountMinor]) => ({
              amountMinor,
              kind: 'recurring',
              planCode: null,
              metric: null,
            })),
            discounts,
            { currency: 'EUR', percentLevel: 'total', stacking: 'attached' },
          )
          const result = taxLines(
            drawn.map(([amountMinor, rates], index) =>
              net(
                amountMinor - (discounted.lineDiscountsMinor[index] ?? 0),
                ...rates.map((ratePpm): Tax => ({ kind: 'standard', ratePpm })),
              ),
            ),
            { ...defaultTaxRules, level: at },
          )
          const subtotal = drawn.reduce((sum, [amountMinor]) => sum + amountMinor, 0)
          expect(result.totalMinor).toBe(subtotal - discounted.discountMinor + result.taxMinor)
          const byGroup = result.groups.reduce((sum, group) => sum + group.taxMinor, 0)
          const byLine = result.lines.reduce((sum, taxed) => sum + taxed.taxMinor, 0)
          expect([byGroup, byLine]).toEqual([result.taxMinor, result.taxMinor])
        },
      ),
    )
  })
})

describe('reverse charge', () => {
  it('needs a proved VAT id and another country', () => {
    const parties = { issuerCountry: 'DE', buyerCountry: 'FR', buyerVatIdProved: true }
    expect(isReverseCharge(parties)).toBe(true)
    expect(isReverseCharge({ ...parties, buyerCountry: 'DE' })).toBe(false)
    expect(isReverseCharge({ ...parties, buyerVatIdProved: false })).toBe(false)
    expect(isReverseCharge({ ...parties, buyerCountry: null })).toBe(false)
  })
})
