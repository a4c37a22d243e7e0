import {
  createCoupon,
  createPromotionCode,
  getCoupon,
  getPromotionCode,
  listCoupons,
  listPromotionCodes,
  updateCoupon,
  updatePromotionCode,
} from '../../actions/coupons/coupon-verbs.ts'
import { removeDiscount } from '../../actions/coupons/use-discounts.ts'
import { issuerCaller } from '../caller.ts'
import { listInput, pageToWire } from '../list-input.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import {
  couponFromWire,
  couponToWire,
  offerChangeFromWire,
  promotionFromWire,
  promotionToWire,
} from '../wire/coupon.ts'

export function couponRoutes(server: Server): void {
  const { deps } = server

  serve(server, 'createCoupon', async ({ bearer, body }) =>
    couponToWire(await createCoupon(deps, issuerCaller(server, bearer), couponFromWire(body))),
  )
  serve(server, 'listCoupons', async ({ query }) =>
    pageToWire(await listCoupons(deps, query.status, listInput(query)), couponToWire),
  )
  serve(server, 'getCoupon', async ({ params }) => couponToWire(await getCoupon(deps, params.code)))
  serve(server, 'updateCoupon', async ({ bearer, params, body }) =>
    couponToWire(
      await updateCoupon(
        deps,
        issuerCaller(server, bearer),
        params.code,
        offerChangeFromWire(body),
      ),
    ),
  )
  serve(server, 'createPromotionCode', async ({ bearer, body }) =>
    promotionToWire(
      await createPromotionCode(deps, issuerCaller(server, bearer), promotionFromWire(body)),
    ),
  )
  serve(server, 'listPromotionCodes', async ({ query }) =>
    pageToWire(await listPromotionCodes(deps, query.coupon, listInput(query)), promotionToWire),
  )
  serve(server, 'getPromotionCode', async ({ params }) =>
    promotionToWire(await getPromotionCode(deps, params.code)),
  )
  serve(server, 'updatePromotionCode', async ({ bearer, params, body }) =>
    promotionToWire(
      await updatePromotionCode(
        deps,
        issuerCaller(server, bearer),
        params.code,
        offerChangeFromWire(body),
      ),
    ),
  )
  serve(server, 'removeDiscount', async ({ caller, params }) => {
    await removeDiscount(deps, caller, params.id, params.discountId)
    return undefined
  })
}
