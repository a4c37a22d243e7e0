import { describe, expect, it } from 'vitest'
import { fromIso, toIso } from '../time.ts'
import { type CouponTerms, checkRedeemable, discountEndsAt, isDiscountLive } from './life.ts'

const at = (date: string) => fromIso(`${date}T00:00:00Z`)
const open: CouponTerms = {
  redeemBy: null,
  redemptionsMax: null,
  redemptions: 0,
  currency: null,
  planCodes: null,
  firstPurchaseOnly: false,
  minimumMinor: null,
}
const redemption = {
  at: at('2026-05-01'),
  currency: 'USD',
  planCode: 'pro',
  firstPurchase: false,
  subtotalMinor: 5000,
}

describe('redeeming', () => {
  it('an open coupon may be redeemed', () => {
    expect(() => checkRedeemable(open, redemption)).not.toThrow()
  })

  it.each([
    ['its date is over', { redeemBy: at('2026-04-30') }, 'coupon_expired'],
    ['all 5 redemptions are taken', { redemptionsMax: 5, redemptions: 5 }, 'coupon_expired'],
    ['it is in euros', { currency: 'EUR' }, 'currency_mismatch'],
    ['it is for another plan', { planCodes: ['starter'] }, 'coupon_not_applicable'],
    ['it is for first purchases', { firstPurchaseOnly: true }, 'coupon_not_applicable'],
    ['it asks for 50.01', { minimumMinor: 5001 }, 'coupon_not_applicable'],
  ] as const)('is refused when %s', (_, terms, code) => {
    expect(() => checkRedeemable({ ...open, ...terms }, redemption)).toThrow(code)
  })
})

describe('the life of a discount', () => {
  const startedAt = at('2026-01-31')

  it('3 months from 31 January end on 30 April', () => {
    const endsAt = discountEndsAt({ kind: 'repeating', months: 3 }, startedAt, 'UTC')
    expect(endsAt && toIso(endsAt)).toBe('2026-04-30T00:00:00.000Z')
  })

  it('a repeating discount counts months, not the invoices that used it', () => {
    const attached = { duration: { kind: 'repeating', months: 3 }, startedAt, uses: 9 } as const
    expect(isDiscountLive(attached, 'UTC', at('2026-04-29'))).toBe(true)
    expect(isDiscountLive(attached, 'UTC', at('2026-04-30'))).toBe(false)
  })

  it('a once-discount is over when one invoice used it up; none counts before it starts', () => {
    const once = { duration: { kind: 'once' }, startedAt, uses: 0 } as const
    expect(isDiscountLive(once, 'UTC', at('2027-01-01'))).toBe(true)
    expect(isDiscountLive({ ...once, uses: 1 }, 'UTC', at('2026-02-01'))).toBe(false)
    expect(isDiscountLive(once, 'UTC', at('2026-01-30'))).toBe(false)
    const forever = { duration: { kind: 'forever' }, startedAt, uses: 99 } as const
    expect(isDiscountLive(forever, 'UTC', at('2099-01-01'))).toBe(true)
  })
})
