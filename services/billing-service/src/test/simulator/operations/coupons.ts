// Codes that are redeemed, discounts that are taken off, and what the issuer changes about its offers.
import { updateCoupon, updatePromotionCode } from '../../../actions/coupons/coupon-verbs.ts'
import { removeDiscount } from '../../../actions/coupons/use-discounts.ts'
import { changeSubscription } from '../../../actions/subscriptions/change-subscription.ts'
import { couponCodes, issuer, promotionCodes } from '../offers.ts'
import type { Random } from '../random.ts'
import { act, live, type Operation, one } from './scene.ts'

/** Any code of the issuer, or one that nobody has ever given out. */
export const drawCode = (random: Random): string =>
  random.chance(0.03) ? 'NOSUCHCODE' : random.pick([...couponCodes, ...promotionCodes])

export const redeem: Operation = scene => {
  const subscription = live(scene)
  if (subscription === null) return null
  const coupon = drawCode(scene.random)
  return act(`redeems ${coupon}`, (deps, caller) =>
    changeSubscription(deps, caller, subscription.id, { coupon }),
  )
}

export const takeOff: Operation = scene => {
  const subscription = live(scene)
  const discount = one(scene, subscription?.discounts ?? [])
  if (subscription === null || discount === null) return null
  return act(`takes ${discount.coupon} off`, (deps, caller) =>
    removeDiscount(deps, caller, subscription.id, discount.id),
  )
}

/** Limits are raised when they are used up, and lowered below what is redeemed already. */
export const changeOffer: Operation = ({ random }) => {
  const redemptionsMax = random.pick([null, 1, 3, 8, 20])
  const coupon = random.chance(0.5)
  const code = random.pick(coupon ? couponCodes : promotionCodes)
  return act(`lets ${code} be redeemed ${redemptionsMax ?? 'any number of'} times`, deps =>
    coupon
      ? updateCoupon(deps, issuer, code, { redemptionsMax })
      : updatePromotionCode(deps, issuer, code, { redemptionsMax }),
  )
}
