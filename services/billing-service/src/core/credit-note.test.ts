import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CreditableLine,
  creditLine,
  creditNamedLines,
  settleCreditNote,
  settleNegative,
  splitUnused,
  spreadCredit,
} from './credit-note.ts'
import type { Invoice } from './invoice.ts'

const line = (netMinor: number, taxMinor: number): CreditableLine => ({
  netMinor,
  taxMinor,
  creditedNetMinor: 0,
  creditedTaxMinor: 0,
})

const after = (
  before: CreditableLine,
  note: { netMinor: number; taxMinor: number },
): CreditableLine => ({
  ...before,
  creditedNetMinor: before.creditedNetMinor + note.netMinor,
  creditedTaxMinor: before.creditedTaxMinor + note.taxMinor,
})

describe('credit notes', () => {
  it('two halves of a line with 27.33 of tax take 13.67 and then 13.66', () => {
    const whole = line(13_666, 2733)
    const first = creditLine(whole, 6833)
    const second = creditLine(after(whole, first), 6833)
    expect([first.taxMinor, second.taxMinor]).toEqual([1367, 1366])
  })

  it('one cent more than is left of the line is refused', () => {
    expect(() => creditLine(after(line(100, 20), { netMinor: 60, taxMinor: 12 }), 41)).toThrow(
      'invalid_amount',
    )
  })

  it('any notes that add up to the net also add up to the tax', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 250_000 }), (nets, ratePpm) => {
        const netMinor = nets.reduce((a, b) => a + b, 0)
        const taxMinor = Math.trunc((netMinor * ratePpm) / 1_000_000)
        let current = line(netMinor, taxMinor)
        for (const net of nets) {
          const note = creditLine(current, net)
          expect(note.taxMinor).toBeGreaterThanOrEqual(0)
          current = after(current, note)
        }
        expect(current.creditedTaxMinor).toBe(taxMinor)
      }),
    )
  })

  it('a line of 300.00 on an invoice that also credits 200.00 takes back 100.00 at most', () => {
    const lines = [
      { id: 'charge', amountMinor: 30_000, discountMinor: 0, taxMinor: 0 },
      { id: 'credit', amountMinor: -20_000, discountMinor: 0, taxMinor: 0 },
    ]
    const invoice = { lines } as unknown as Invoice
    const named = (netMinor: number) => creditNamedLines(invoice, [{ lineId: 'charge', netMinor }])
    expect(() => named(10_001)).toThrow('invalid_amount')
    expect(named(10_000).map(part => part.netMinor)).toEqual([10_000, 0])
  })

  it('a refund of 50.00 of 100.00 + 20.00 and 50.00 is spread over nets and taxes', () => {
    const parts = spreadCredit([line(10_000, 2000), line(5000, 0)], 5000)
    expect(parts.map(part => [part.netMinor, part.taxMinor])).toEqual([
      [2941, 588],
      [1471, 0],
    ])
  })

  it('more than the invoice cannot be spread', () => {
    expect(() => spreadCredit([line(100, 20)], 121)).toThrow('invalid_amount')
  })

  it('a note of 30.00 on 20.00 still owed forgives 20.00 and returns 10.00', () => {
    expect(settleCreditNote(3000, 2000, 'USD')).toEqual({
      forgivenMinor: 2000,
      returnedMinor: 1000,
    })
  })

  it('1.234 of 9.500 dinars owed forgives 1.230 and returns 0.004: a card is charged by 0.010', () => {
    expect(settleCreditNote(1234, 9500, 'KWD')).toEqual({ forgivenMinor: 1230, returnedMinor: 4 })
    expect(settleCreditNote(4, 9500, 'KWD')).toEqual({ forgivenMinor: 0, returnedMinor: 4 })
    expect(settleCreditNote(9500, 9500, 'KWD')).toEqual({ forgivenMinor: 9500, returnedMinor: 0 })
  })

  it('a debt that no card could be charged is lowered to the last fils', () => {
    expect(settleCreditNote(1234, 9501, 'KWD')).toEqual({ forgivenMinor: 1234, returnedMinor: 0 })
  })

  it('9.63 less 239.95 is an invoice over 0 and 230.32 of credit', () => {
    expect(settleNegative(963 - 23_995)).toEqual({ totalMinor: 0, creditMinor: 23_032 })
    expect(settleNegative(500)).toEqual({ totalMinor: 500, creditMinor: 0 })
  })

  it('unused 19.20 with 20.00 paid and 10.10 used: 9.90 refunded, 9.30 to the balance', () => {
    expect(splitUnused({ creditMinor: 1920, paidMinor: 2000, usedMinor: 1010 })).toEqual({
      refundMinor: 990,
      balanceMinor: 930,
    })
  })
})
