import { describe, expect, it } from 'vitest'
import { fromIso, toIso } from '../time.ts'
import { checkRedeemable, discountEndsAt, isDiscountLive, type RedeemableTerms } from './life.ts'

const at = (date: string) => fromIso(`${date}T00:00:00Z`)
const open: RedeemableTerms = {
  code: 'SPRING',
  archived: false,
  redeemBy: null,
  redemptionsMax: null,
  redemptions: 0,
  redemptionsPerTenantMax: null,
  tenantRedemptions: 0,
  currencies: null,
  planCodes: null,
  firstPurchaseOnly: false,
  minimumsMinor: null,
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
    ['it is archived', { archived: true }, 'coupon_expired'],
    ['all 5 redemptions are taken', { redemptionsMax: 5, redemptions: 5 }, 'coupon_expired'],
    [
      'the tenant has had its 1',
      { redemptionsPerTenantMax: 1, tenantRedemptions: 1 },
      'coupon_not_applicable',
    ],
    ['it is in euros', { currencies: ['EUR'] }, 'currency_mismatch'],
    ['it is for another plan', { planCodes: ['starter'] }, 'coupon_not_applicable'],
    ['it is for first purchases', { firstPurchaseOnly: true }, 'coupon_not_applicable'],
    ['it asks for 50.01', { minimumsMinor: { USD: 5001 } }, 'coupon_not_applicable'],
    ['its minimum is in euros alone', { minimumsMinor: { EUR: 100 } }, 'coupon_not_applicable'],
  ] as const)('is refused when %s', (_, terms, code) => {
    expect(() => checkRedeemable({ ...open, ...terms }, redemption)).toThrow(code)
  })

  it('the last of 5 redemptions, at its last instant and over its minimum, is taken', () => {
    const terms = {
      redeemBy: redemption.at,
      redemptionsMax: 5,
      redemptions: 4,
      minimumsMinor: { USD: 5000 },
      currencies: ['EUR', 'USD'],
    }
    expect(() => checkRedeemable({ ...open, ...terms }, redemption)).not.toThrow()
  })
})

describe('the life of a discount', () => {
  const attachedAt = at('2026-01-31')

  it('3 months from 31 January end on 30 April', () => {
    const endsAt = discountEndsAt({ kind: 'repeating', months: 3 }, attachedAt, 'UTC')
    expect(endsAt && toIso(endsAt)).toBe('2026-04-30T00:00:00.000Z')
  })

  it('a repeating discount counts months, not the invoices that used it', () => {
    const duration = { kind: 'repeating', months: 3 } as const
    const endsAt = discountEndsAt(duration, attachedAt, 'UTC')
    const attached = { duration, attachedAt, endsAt, uses: 9 }
    expect(isDiscountLive(attached, at('2026-04-29'))).toBe(true)
    expect(isDiscountLive(attached, at('2026-04-30'))).toBe(false)
  })

  it('a once-discount is over when one invoice used it up; none counts before it starts', () => {
    const once = { duration: { kind: 'once' }, attachedAt, endsAt: null, uses: 0 } as const
    expect(isDiscountLive(once, at('2027-01-01'))).toBe(true)
    expect(isDiscountLive({ ...once, uses: 1 }, at('2026-02-01'))).toBe(false)
    expect(isDiscountLive(once, at('2026-01-30'))).toBe(false)
    const forever = { duration: { kind: 'forever' }, attachedAt, endsAt: null, uses: 99 } as const
    expect(isDiscountLive(forever, at('2099-01-01'))).toBe(true)
  })
})
