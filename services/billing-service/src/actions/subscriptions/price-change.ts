// What a change of a subscription comes to: the offer that is meant, the coupon that comes with it, the
// decision of core and the invoice that follows. The same for a quote and for changing.
import { type AttachedDiscount, referenceOf } from '../../core/coupon.ts'
import { isDiscountLive } from '../../core/discounts/life.ts'
import type { Invoice, InvoiceLine } from '../../core/invoice.ts'
import { assertSeats, priceOf } from '../../core/plan.ts'
import {
  type ChangeDecision,
  countingOf,
  decideChange,
  type Offer,
} from '../../core/plan-change.ts'
import { draftInvoice, paidLines } from '../../core/pricing.ts'
import type { PendingChange, Subscription } from '../../core/subscription.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { discountFor, type Redemption } from '../coupons/redeem.ts'
import { liveDiscounts } from '../coupons/use-discounts.ts'
import type { Entered } from '../enter.ts'
import { methodToCharge } from '../payment-methods/add-method.ts'
import { planToSell } from '../plans/read-plans.ts'
import { taxTermsOf } from '../tax/tax-terms.ts'
import { invoicesOf } from '../usage/arrears-lines.ts'
import type { ChangeSubscription } from './change-subscription.ts'
import { setupDue } from './setup-due.ts'

/** What a change comes to, with nothing written. */
export interface PricedChange {
  /** With the discount that comes with the change. */
  readonly subscription: Subscription
  readonly redemption: Redemption | null
  /** All that count for an invoice now. */
  readonly discounts: readonly AttachedDiscount[]
  readonly to: Offer
  /** Null: plan, cycle and quantity stay as they are. */
  readonly decision: ChangeDecision | null
  /** What is to be paid or credited now. */
  readonly invoice: { readonly draft: Invoice; readonly change: PendingChange } | null
}

/** Prices a change of a subscription. Refuses as `decideChange`, `unknown_plan` and what redeeming refuses. */
export async function priceChange(
  deps: Deps,
  tx: TenantTransaction,
  entered: Entered,
  before: Subscription,
  input: ChangeSubscription,
): Promise<PricedChange> {
  const { at, settings } = entered
  const from = await offerOf(tx, before)
  const to = await offerMeant(tx, before, from, input)
  const redemption = await redemptionOf(deps, tx, before, to, input.coupon, at)
  const subscription =
    redemption === null
      ? before
      : { ...before, discounts: [...before.discounts, referenceOf(redemption.discount)] }
  const standing = await liveDiscounts(tx, before, at)
  const fresh = redemption === null ? [] : [redemption.discount]
  const discounts = [...standing, ...fresh.filter(discount => isDiscountLive(discount, at))]
  const priced = { subscription, redemption, discounts, to }
  const { plan, price, quantity } = to
  const same = plan.id === from.plan.id && price === from.price && quantity === from.quantity
  if (same) return { ...priced, decision: null, invoice: null }
  // What waits for the next invoice is as good as charged: it comes with the next one in any case.
  const waiting = { status: 'paid', lines: before.pendingLines, createdAt: at } as const
  const decision = decideChange(subscription, {
    from,
    to,
    when: input.when ?? null,
    behavior: input.prorationBehavior ?? null,
    settings,
    at,
    counting: countingOf(settings, before.anchorZone),
    charged: paidLines([...(await invoicesOf(tx, before.id)), waiting], at),
    newLineId: () => deps.ids.next('invoiceLine'),
  })
  if ('subscription' in decision) {
    return { ...priced, decision, invoice: null }
  }
  const { change } = decision
  const lines = [...decision.lines, ...(await setupDue(deps, tx, before.id, plan, price))]
  const draft = await changeDraft(deps, tx, entered, subscription, { lines, change, discounts })
  return { ...priced, decision, invoice: { draft, change } }
}

interface Drafting {
  readonly lines: readonly InvoiceLine[]
  readonly change: PendingChange
  readonly discounts: readonly AttachedDiscount[]
}

async function changeDraft(
  deps: Deps,
  tx: TenantTransaction,
  { at, settings }: Entered,
  subscription: Subscription,
  { lines, change, discounts }: Drafting,
): Promise<Invoice> {
  const method = await methodToCharge(tx, subscription.paymentMethodId, subscription.customerId)
  const customer = await tx.get('customers', subscription.customerId)
  return draftInvoice({
    id: deps.ids.next('invoice'),
    tenantId: subscription.tenantId,
    customerId: subscription.customerId,
    subscription: { id: subscription.id, planCode: change.planCode },
    billingReason: 'subscription_update',
    currency: subscription.currency,
    lines,
    discounts,
    tax: await taxTermsOf(deps, tx, customer, settings, at),
    collection: 'automatic',
    paymentMethodId: method?.id ?? null,
    period: { start: at, end: subscription.currentPeriodEnd },
    dueAt: null,
    metadata: {},
    at,
  })
}

async function redemptionOf(
  deps: Deps,
  tx: TenantTransaction,
  subscription: Subscription,
  { plan, price, quantity }: Offer,
  code: string | undefined,
  at: number,
): Promise<Redemption | null> {
  if (code === undefined) return null
  const { tenantId } = subscription
  const asked = { tenantId, code, at, planCode: plan.code, price, quantity }
  return discountFor(deps, tx, subscription, asked)
}

async function offerOf(tx: TenantTransaction, subscription: Subscription): Promise<Offer> {
  const plan = await tx.get('plans', subscription.planId)
  return {
    plan,
    price: priceOf(plan, subscription.currency, subscription.billingCycle),
    quantity: subscription.quantity,
  }
}

async function offerMeant(
  tx: TenantTransaction,
  subscription: Subscription,
  from: Offer,
  input: ChangeSubscription,
): Promise<Offer> {
  // The code alone keeps the version; `code@version` moves to the one on offer.
  const kept = [undefined, from.plan.code, from.plan.id].includes(input.plan)
  const other = !kept
  const plan = other ? await planToSell(tx, input.plan!) : from.plan
  const cycle = input.billingCycle ?? subscription.billingCycle
  const sameTerms = !other && cycle === subscription.billingCycle
  assertSeats(plan, input.quantity ?? subscription.quantity)
  return {
    plan,
    price: sameTerms ? from.price : priceOf(plan, subscription.currency, cycle),
    quantity: input.quantity ?? subscription.quantity,
  }
}
