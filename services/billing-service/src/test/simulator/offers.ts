// The coupons and promotion codes of the simulated issuer: shares and amounts, for once, for months and for
// ever, with scopes and limits of all kinds.
import { createCoupon, createPromotionCode } from '../../actions/coupons/coupon-verbs.ts'
import { systemCaller } from '../../core/caller.ts'
import type { RedemptionLimits } from '../../core/coupon.ts'
import { issuerTenant } from '../../core/webhook.ts'
import type { Deps } from '../../deps.ts'
import { inEachCurrency } from './catalogue.ts'

const noLimits: RedemptionLimits = {
  redeemBy: null,
  redemptionsMax: null,
  redemptionsPerTenantMax: null,
  minimumsMinor: null,
  firstPurchaseOnly: false,
}

type Offer = Omit<Parameters<typeof createCoupon>[2], 'code' | 'name' | 'metadata'>

const once = { kind: 'once' } as const
const forever = { kind: 'forever' } as const
const months = (count: number) => ({ kind: 'repeating', months: count }) as const
const percent = (share: number) => ({ kind: 'percent', ratePpm: share * 10_000 }) as const
const amount = (dollars: number) =>
  ({ kind: 'amount', amountsMinor: inEachCurrency(dollars) }) as const

const coupons: Readonly<Record<string, Offer>> = {
  TENTH: { ...noLimits, benefit: percent(10), duration: forever, scope: null },
  THIRD3: {
    ...noLimits,
    benefit: { kind: 'percent', ratePpm: 333_333 },
    duration: months(3),
    scope: { lineKinds: ['recurring', 'proration_charge'] },
    redemptionsPerTenantMax: 2,
  },
  WHOLE: { ...noLimits, benefit: percent(100), duration: once, scope: null, redemptionsMax: 4 },
  TWENTY: {
    ...noLimits,
    benefit: amount(20),
    duration: once,
    scope: null,
    minimumsMinor: inEachCurrency(50),
  },
  FIVE: { ...noLimits, benefit: amount(5), duration: months(6), scope: null, redemptionsMax: 6 },
  USE: {
    ...noLimits,
    benefit: percent(50),
    duration: forever,
    scope: { metrics: ['messages'] },
    redemptionsPerTenantMax: 1,
  },
  PRO: {
    ...noLimits,
    benefit: percent(25),
    duration: months(12),
    scope: { planCodes: ['professional'] },
  },
  FIRST: {
    ...noLimits,
    benefit: percent(40),
    duration: once,
    scope: null,
    firstPurchaseOnly: true,
  },
}

const promotions: Readonly<Record<string, { coupon: string } & Partial<RedemptionLimits>>> = {
  SPRING: { coupon: 'TENTH', redemptionsMax: 3 },
  FRIEND: { coupon: 'THIRD3', redemptionsPerTenantMax: 1 },
  LAUNCH: { coupon: 'WHOLE', firstPurchaseOnly: true },
}

export const couponCodes = Object.keys(coupons)
export const promotionCodes = Object.keys(promotions)

/** Whoever of the issuer's staff keeps offers and rates. */
export const issuer = systemCaller(issuerTenant, 'simulator', 'simulator')

/** Puts them all on offer. */
export async function openOffers(deps: Deps): Promise<void> {
  for (const [code, offer] of Object.entries(coupons)) {
    await createCoupon(deps, issuer, { ...offer, code, name: null, metadata: {} })
  }
  for (const [code, offer] of Object.entries(promotions)) {
    const onlyTenantId = code === 'FRIEND' ? 'tenant-1' : null
    await createPromotionCode(deps, issuer, { ...noLimits, ...offer, code, onlyTenantId })
  }
}
