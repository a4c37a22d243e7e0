import { describe, expect, it } from 'vitest'
import { toDecimalString } from './money.ts'
import { askAgainAt, openToRefundMinor, reserveRefund, type Transaction } from './payment.ts'

const payment = (currency: string, amountMinor: number) =>
  ({
    type: 'payment',
    status: 'succeeded',
    currency,
    amountMinor,
    amountRefundedMinor: 0,
    amountRefundPendingMinor: 0,
    amountDisputedMinor: 0,
  }) as Transaction

const reserve = (currency: string, wantedMinor: number) =>
  reserveRefund(payment(currency, 9_500), wantedMinor, minor => toDecimalString(minor, currency), 0)
    .amountMinor

describe('what of a payment may be given back', () => {
  it('1.234 of 9.500 dinars is refused before anything is written: cards move steps of 0.010', () => {
    expect(() => reserve('KWD', 1_234)).toThrow(
      expect.objectContaining({
        code: 'invalid_amount',
        details: { currency: 'KWD', step: '0.010' },
      }),
    )
  })

  it('1.230 of 9.500 dinars and 12.34 of 95.00 dollars are reserved', () => {
    expect(reserve('KWD', 1_230)).toBe(1_230)
    expect(reserve('USD', 1_234)).toBe(1_234)
  })

  it('is 70.00 of 95.00 after 25.00, and nothing of a refund, of cash or while 1.00 is disputed', () => {
    const paid = { ...payment('USD', 9_500), amountRefundedMinor: 2_500 }
    expect(openToRefundMinor(paid)).toBe(7_000)
    const others = [
      { type: 'refund' },
      { processor: 'none' },
      { amountDisputedMinor: 100 },
    ] as const
    for (const other of others) expect(openToRefundMinor({ ...paid, ...other })).toBe(0)
  })
})

describe('an attempt that got no answer', () => {
  it('is asked about after a minute, then after a quarter of its age, and at least each hour', () => {
    const minuteMs = 60_000
    const waits = [0, 4, 20, 120, 24 * 60].map(
      age => askAgainAt(0, age * minuteMs) / minuteMs - age,
    )
    expect(waits).toEqual([1, 1, 5, 30, 60])
  })

  it('is asked about 43 times in the day for which Stripe keeps an error', () => {
    let asked = 0
    for (let at = 0; at < 24 * 3_600_000; at = askAgainAt(0, at)) asked += 1
    expect(asked).toBe(43)
  })
})
