// The issuer's coupons and promotion codes: written, changed, read. Like the catalogue they belong to no
// tenant; what is done with them stands in the issuer's own audit log.
import type { Caller } from '../../core/caller.ts'
import type { Changed } from '../../core/changed.ts'
import {
  type Coupon,
  codeKeyOf,
  type PromotionCode,
  type RedemptionLimits,
} from '../../core/coupon.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import type { Page, Reads, SystemTransaction } from '../../ports/store.ts'
import { changedRow } from '../changed-row.ts'
import type { ListInput } from '../read-list.ts'
import { record } from '../record.ts'

type NewCoupon = Omit<
  Coupon,
  'id' | 'codeKey' | 'status' | 'createdAt' | 'createdBy' | 'updatedAt' | 'version'
>

export interface NewPromotionCode extends RedemptionLimits {
  readonly code: string
  /** Code of the coupon. */
  readonly coupon: string
  readonly onlyTenantId: string | null
}

export interface WithRedemptions<T> {
  readonly offer: T
  readonly redemptions: number
}

export interface CodeAndCoupon extends WithRedemptions<PromotionCode> {
  /** Code of the coupon. */
  readonly coupon: string
}

/** Changes of what is on offer; what is not named stays. Worth, duration and scope never change. */
export interface OfferChange extends Partial<RedemptionLimits> {
  readonly name?: string | null
  readonly metadata?: Readonly<Record<string, string>>
  readonly status?: 'active' | 'archived'
}

type OfferReads = Pick<Reads<'coupons' | 'promotionCodes'>, 'find'>

/** What a code names: a coupon, or a promotion code. Null when neither. */
export async function offerNamed(
  reads: OfferReads,
  code: string,
): Promise<{ readonly coupon: Coupon; readonly promotion: PromotionCode | null } | null> {
  const codeKey = codeKeyOf(code)
  const coupon = await reads.find('coupons', { codeKey })
  if (coupon !== null) return { coupon, promotion: null }
  const promotion = await reads.find('promotionCodes', { codeKey })
  if (promotion === null) return null
  const behind = await reads.find('coupons', promotion.couponId)
  return behind === null ? null : { coupon: behind, promotion }
}

const tell = (
  deps: Deps,
  tx: SystemTransaction,
  caller: Caller,
  type: string,
  { id, code }: Pick<Coupon | PromotionCode, 'id' | 'code'>,
  changed: Changed,
): Promise<void> =>
  record(deps, tx, caller, deps.clock.real(), [{ type, objectId: id, data: { code }, changed }])

const refuseTaken = () => refuse('already_exists', { constraint: 'code' })

/** Puts a coupon on offer. Refuses `already_exists` for a code in use, by a promotion code too. */
export async function createCoupon(
  deps: Deps,
  caller: Caller,
  input: NewCoupon,
): Promise<WithRedemptions<Coupon>> {
  const at = deps.clock.real()
  const coupon: Coupon = {
    ...input,
    id: deps.ids.next('coupon'),
    codeKey: codeKeyOf(input.code),
    status: 'active',
    createdAt: at,
    createdBy: caller.subject,
    updatedAt: at,
    version: 1,
  }
  await deps.store.system.transaction(async tx => {
    if ((await offerNamed(tx, coupon.code)) !== null) refuseTaken()
    await tx.insert('coupons', coupon)
    await tx.insert('couponCounters', { id: coupon.id, redemptions: 0, version: 1 })
    await tell(deps, tx, caller, 'coupon.created', coupon, changedRow('coupons', null, coupon))
  })
  return { offer: coupon, redemptions: 0 }
}

async function couponOf(reads: OfferReads, code: string): Promise<Coupon> {
  const coupon = await reads.find('coupons', { codeKey: codeKeyOf(code) })
  return coupon ?? refuse('not_found', { noun: 'coupon', nounZh: '优惠券' })
}

async function promotionOf(reads: OfferReads, code: string): Promise<PromotionCode> {
  const promotion = await reads.find('promotionCodes', { codeKey: codeKeyOf(code) })
  return promotion ?? refuse('not_found', { noun: 'promotion code', nounZh: '优惠码' })
}

async function counted<T extends { readonly id: string }>(
  reads: Pick<Reads<'couponCounters'>, 'getMany'>,
  offers: readonly T[],
): Promise<WithRedemptions<T>[]> {
  if (offers.length === 0) return []
  const counters = await reads.getMany(
    'couponCounters',
    offers.map(offer => offer.id),
  )
  const counts = new Map(counters.map(counter => [counter.id, counter.redemptions]))
  return offers.map(offer => ({ offer, redemptions: counts.get(offer.id) ?? 0 }))
}

/** One coupon with its redemptions. Refuses `not_found`. */
export async function getCoupon(deps: Deps, code: string): Promise<WithRedemptions<Coupon>> {
  const [found] = await counted(deps.store.system, [await couponOf(deps.store.system, code)])
  return found!
}

const page = ({ limit, cursor }: ListInput) => ({
  order: { field: 'createdAt', direction: 'desc' } as const,
  limit: limit ?? 20,
  cursor: cursor ?? null,
})

/** A page of coupons, newest first. Refuses `invalid_cursor`. */
export async function listCoupons(
  deps: Deps,
  status: Coupon['status'] | undefined,
  input: ListInput,
): Promise<Page<WithRedemptions<Coupon>>> {
  const where = status === undefined ? {} : { status }
  const found = await deps.store.system.list('coupons', { where, ...page(input) })
  return { ...found, rows: await counted(deps.store.system, found.rows) }
}

/** Changes the limits of a coupon, or takes it off the offer. Refuses `not_found`. */
export async function updateCoupon(
  deps: Deps,
  caller: Caller,
  code: string,
  change: OfferChange,
): Promise<WithRedemptions<Coupon>> {
  const offer = await deps.store.system.transaction(async tx => {
    const before = await tx.lock('coupons', (await couponOf(tx, code)).id)
    const after = await tx.replace('coupons', {
      ...before,
      ...change,
      updatedAt: deps.clock.real(),
    })
    await tell(deps, tx, caller, 'coupon.updated', after, changedRow('coupons', before, after))
    return after
  })
  const [found] = await counted(deps.store.system, [offer])
  return found!
}

/** Gives a coupon a further code. Refuses `unknown_coupon`, `already_exists`. */
export async function createPromotionCode(
  deps: Deps,
  caller: Caller,
  { coupon: couponCode, ...input }: NewPromotionCode,
): Promise<CodeAndCoupon> {
  const at = deps.clock.real()
  return deps.store.system.transaction(async tx => {
    const coupon = await tx.find('coupons', { codeKey: codeKeyOf(couponCode) })
    if (coupon === null) return refuse('unknown_coupon', { coupon: couponCode })
    if ((await offerNamed(tx, input.code)) !== null) refuseTaken()
    const offer: PromotionCode = {
      ...input,
      id: deps.ids.next('promotionCode'),
      codeKey: codeKeyOf(input.code),
      couponId: coupon.id,
      status: 'active',
      createdAt: at,
      createdBy: caller.subject,
      updatedAt: at,
      version: 1,
    }
    await tx.insert('promotionCodes', offer)
    await tx.insert('couponCounters', { id: offer.id, redemptions: 0, version: 1 })
    const changed = changedRow('promotionCodes', null, offer)
    await tell(deps, tx, caller, 'promotion_code.created', offer, changed)
    return { offer, redemptions: 0, coupon: coupon.code }
  })
}

async function withCoupons(
  deps: Deps,
  offers: readonly PromotionCode[],
): Promise<readonly CodeAndCoupon[]> {
  if (offers.length === 0) return []
  const ids = [...new Set(offers.map(offer => offer.couponId))]
  const coupons = await deps.store.system.getMany('coupons', ids)
  const codes = new Map(coupons.map(coupon => [coupon.id, coupon.code]))
  const all = await counted(deps.store.system, offers)
  return all.map(found => ({ ...found, coupon: codes.get(found.offer.couponId) ?? '' }))
}

/** A page of promotion codes, of one coupon or of all. Refuses `not_found`, `invalid_cursor`. */
export async function listPromotionCodes(
  deps: Deps,
  coupon: string | undefined,
  input: ListInput,
): Promise<Page<CodeAndCoupon>> {
  const couponId = coupon === undefined ? undefined : (await couponOf(deps.store.system, coupon)).id
  const where = couponId === undefined ? {} : { couponId }
  const found = await deps.store.system.list('promotionCodes', { where, ...page(input) })
  return { ...found, rows: await withCoupons(deps, found.rows) }
}

/** One promotion code with its redemptions. Refuses `not_found`. */
export async function getPromotionCode(deps: Deps, code: string): Promise<CodeAndCoupon> {
  const [found] = await withCoupons(deps, [await promotionOf(deps.store.system, code)])
  return found!
}

/** Changes the limits of a promotion code, or takes it off the offer. Refuses `not_found`. */
export async function updatePromotionCode(
  deps: Deps,
  caller: Caller,
  code: string,
  change: Omit<OfferChange, 'name' | 'metadata'>,
): Promise<CodeAndCoupon> {
  const offer = await deps.store.system.transaction(async tx => {
    const before = await tx.lock('promotionCodes', (await promotionOf(tx, code)).id)
    const after = await tx.replace('promotionCodes', {
      ...before,
      ...change,
      updatedAt: deps.clock.real(),
    })
    const changed = changedRow('promotionCodes', before, after)
    await tell(deps, tx, caller, 'promotion_code.updated', after, changed)
    return after
  })
  const [found] = await withCoupons(deps, [offer])
  return found!
}
