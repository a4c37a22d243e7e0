import { describe, expect, it } from 'vitest'
import { toDecimalString } from './money.ts'
import { reserveRefund, type Transaction } from './payment.ts'

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
})
