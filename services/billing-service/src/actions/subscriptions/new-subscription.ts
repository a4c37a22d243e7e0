// What a new subscription would be, and its first invoice: the same for a quote and for subscribing.
import type { Caller } from '../../core/caller.ts'
import type { AttachedDiscount } from '../../core/coupon.ts'
import type { CustomerId, InvoiceLineId, PaymentMethodId } from '../../core/ids.ts'
import type { Invoice } from '../../core/invoice.ts'
import type { TaxTerms } from '../../core/invoice-tax.ts'
import type { PaymentMethod } from '../../core/payment-method.ts'
import { assertSeats, isFree, type Plan, type PlanPrice, priceOf } from '../../core/plan.ts'
import { draftInvoice, recurringLine } from '../../core/pricing.ts'
import { refuse } from '../../core/refusal.ts'
import { setupLines } from '../../core/setup-fee.ts'
import { isLive, type Subscription, scheduled } from '../../core/subscription.ts'
import { addLocalDays, anchorAt, periodAt } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { CollectionName } from '../../ports/collections.ts'
import type { Reads } from '../../ports/store.ts'
import type { Entered } from '../enter.ts'
import type { CreateSubscription } from './create-subscription.ts'
import { assertCurrencyFree } from './live.ts'

export interface Terms {
  readonly plan: Plan
  readonly price: PlanPrice
  readonly quantity: number
  readonly trialDays: number
}

export interface Starting {
  readonly input: Pick<CreateSubscription, 'metadata'>
  readonly terms: Terms
  readonly customerId: CustomerId
  readonly named: PaymentMethod | null
}

type TenantReads = Pick<Reads<CollectionName>, 'list' | 'stream'>

/** What is asked for, checked and priced. Refuses `plan_required`, `currency_locked`, `operator_only`. */
export async function termsOf(
  reads: TenantReads,
  caller: Caller,
  entered: Entered,
  input: Omit<CreateSubscription, 'plan'>,
  { plan, customerId }: { readonly plan: Plan; readonly customerId: CustomerId },
): Promise<Terms> {
  assertSeats(plan, input.quantity ?? 1)
  await refuseAlone(reads, customerId, plan)
  const currency = input.currency ?? entered.settings.currency
  const price = priceOf(plan, currency, input.billingCycle ?? 'monthly')
  if (currency !== entered.settings.currency) {
    await assertCurrencyFree(reads)
  }
  return {
    plan,
    price,
    quantity: input.quantity ?? 1,
    trialDays: await trialDaysFor(reads, caller, entered, plan, price, input.trialDays),
  }
}

/** Whether the first period is to be paid for at once. */
export const isDue = ({ price, trialDays }: Terms): boolean => !isFree(price) && trialDays === 0

/** An add-on is sold beside a live subscription to one of its plans. */
async function refuseAlone(reads: TenantReads, customerId: CustomerId, plan: Plan): Promise<void> {
  if (plan.addOnTo.length === 0) return
  const live = reads.stream('subscriptions', {
    where: { customerId },
    order: { field: 'createdAt', direction: 'desc' },
  })
  for await (const subscription of live) {
    if (isLive(subscription) && plan.addOnTo.includes(subscription.planCode)) return
  }
  refuse('plan_required', { plan: plan.code, plans: plan.addOnTo.join(', ') })
}

export const liveKeyOf = (customerId: string, plan: Plan): string => `${customerId}:${plan.family}`

/** Choice 10: the configured trial, for a tenant's first paid subscription only. */
async function trialDaysFor(
  reads: TenantReads,
  caller: Caller,
  { settings }: Entered,
  plan: Plan,
  price: PlanPrice,
  asked: number | undefined,
): Promise<number> {
  const usual = plan.trialDays ?? settings.trialDays
  if (isFree(price)) return 0
  if (asked !== undefined) {
    if (asked > usual && !caller.mayAsIssuer('policy.manage')) refuse('operator_only')
    return asked
  }
  const earlier = reads.stream('subscriptions', {
    order: { field: 'createdAt', direction: 'asc' },
  })
  for await (const subscription of earlier) {
    if (subscription.trialEnd !== null || subscription.latestInvoiceId !== null) return 0
  }
  return usual
}

/** A trial is a period of its own; the anchor then is the end of the trial. */
export function newSubscription(
  deps: Pick<Deps, 'ids'>,
  { tenant, settings, at }: Entered,
  { input, terms, customerId, named }: Starting,
): Subscription {
  const { plan, price, quantity, trialDays } = terms
  const trialEnd = trialDays > 0 ? addLocalDays(at, trialDays, settings.zone) : null
  const anchor = anchorAt(trialEnd ?? at, settings.zone)
  const first = periodAt(anchor, price.billingCycle, 0)
  const due = !isFree(price) && trialEnd === null
  return scheduled({
    tenantId: tenant.tenantId,
    id: deps.ids.next('subscription'),
    customerId,
    planId: plan.id,
    planCode: plan.code,
    planFamily: plan.family,
    billingCycle: price.billingCycle,
    quantity,
    currency: price.currency,
    status: trialEnd !== null ? 'trialing' : due ? 'incomplete' : 'active',
    anchorAt: anchor.at,
    anchorZone: anchor.zone,
    anchorDay: anchor.day,
    periodIndex: trialEnd === null ? 0 : -1,
    currentPeriodStart: trialEnd === null ? first.start : at,
    currentPeriodEnd: trialEnd ?? first.end,
    trialStart: trialEnd === null ? null : at,
    trialEnd,
    cancelAtPeriodEnd: false,
    cancelReason: null,
    canceledAt: null,
    endedAt: null,
    pendingChange: null,
    grantedChange: null,
    discounts: [],
    paymentMethodId: named?.id ?? null,
    billedBy: 'engine',
    processorId: null,
    checkAt: null,
    latestInvoiceId: null,
    liveKey: liveKeyOf(customerId, plan),
    nextBillingAt: null,
    clock: tenant.kind,
    graceEndsAt: null,
    pauseAtPeriodEnd: false,
    pendingLines: [],
    collectionPause: null,
    metadata: input.metadata ?? {},
    createdAt: at,
    updatedAt: at,
    version: 1,
  })
}

/** The first period and what is due once, with the discounts that count for it. */
export function firstInvoice(
  deps: Pick<Deps, 'ids'>,
  { at }: Entered,
  started: Subscription,
  { plan, price, quantity }: Terms,
  about: {
    readonly tax: TaxTerms
    readonly discounts: readonly AttachedDiscount[]
    readonly paymentMethodId: PaymentMethodId | null
  },
): Invoice {
  const period = { start: started.currentPeriodStart, end: started.currentPeriodEnd }
  const lineId = (): InvoiceLineId => deps.ids.next('invoiceLine')
  return draftInvoice({
    id: deps.ids.next('invoice'),
    tenantId: started.tenantId,
    customerId: started.customerId,
    subscription: started,
    billingReason: 'subscription_create',
    currency: started.currency,
    lines: [
      recurringLine(lineId(), plan, price, quantity, period),
      ...setupLines(lineId, plan, price),
    ],
    discounts: about.discounts,
    tax: about.tax,
    collection: 'automatic',
    paymentMethodId: about.paymentMethodId,
    period,
    dueAt: null,
    metadata: {},
    at,
  })
}
