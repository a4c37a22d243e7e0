// What the console reads of the offer and of settings: plans, coupons, branding, endpoints.
import { usePages, useRead } from '@quittance/billing-react/data/read'
import type { CouponRow, DeliveryRow, EndpointRow, PromotionCodeRow } from './wire.ts'

const pageSize = 50

const after = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor })

export const usePlanOffer = () =>
  useRead(['issuer', 'plans'], async (client, options) => (await client.listPlans(options)).data)

export const useCoupons = (status: string | undefined) => {
  const known = (['active', 'archived'] as const).find(each => each === status)
  const query = known ? { status: known } : {}
  return usePages<CouponRow>(['issuer', 'coupons', query], (client, cursor, options) =>
    client.listCoupons({ limit: pageSize, ...query, ...after(cursor) }, options),
  )
}

export const usePromotionCodes = (coupon: string) =>
  usePages<PromotionCodeRow>(['issuer', 'promotion-codes', coupon], (client, cursor, options) =>
    client.listPromotionCodes({ limit: pageSize, coupon, ...after(cursor) }, options),
  )

export const useBranding = () =>
  useRead(['issuer', 'branding'], (client, options) => client.getBranding(options))

export const useBrandingVersions = () =>
  useRead(
    ['issuer', 'branding-versions'],
    async (client, options) => (await client.listBrandingVersions(options)).data,
  )

export const useEndpoints = () =>
  usePages<EndpointRow>(['issuer', 'endpoints'], (client, cursor, options) =>
    client.listWebhookEndpoints({ limit: pageSize, ...after(cursor) }, options),
  )

export const useDeliveries = (id: string) =>
  usePages<DeliveryRow>(['issuer', 'deliveries', id], (client, cursor, options) =>
    client.listWebhookDeliveries(id, { limit: pageSize, ...after(cursor) }, options),
  )
