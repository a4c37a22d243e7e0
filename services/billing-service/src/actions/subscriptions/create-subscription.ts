// Subscribing: the agreement, its first invoice and the first charge.
import type { Caller } from '../../core/caller.ts'
import type { CustomerId, InvoiceLineId } from '../../core/ids.ts'
import type { Currency } from '../../core/money.ts'
import type { PaymentMethod } from '../../core/payment-method.ts'
import { assertSeats, isFree, type Plan, type PlanPrice, priceOf } from '../../core/plan.ts'
import { draftInvoice, recurringLine } from '../../core/pricing.ts'
import { Refusal, refuse } from '../../core/refusal.ts'
import { setupLines } from '../../core/setup-fee.ts'
import { isLive, type Subscription, scheduled, withStatus } from '../../core/subscription.ts'
import { settingsOf } from '../../core/tenant.ts'
import { addLocalDays, anchorAt, type Cycle, periodAt } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { customerOf, type Entered, enter } from '../enter.ts'
import { issueInvoice } from '../invoices/issue-invoice.ts'
import { createMirrored, stripePriceOf } from '../mirror/create-mirrored.ts'
import { notForMirrored } from '../mirror/limits.ts'
import { methodMeant, methodToCharge } from '../payment-methods/add-method.ts'
import { type Attempt, beginAttempt, runAttempt } from '../payments/charge.ts'
import { type PaymentResult, paymentResult } from '../payments/payment-result.ts'
import { planToSell } from '../plans/read-plans.ts'
import { record } from '../record.ts'
import { whileReserved } from '../reserve.ts'
import { assertCurrencyFree } from './live.ts'

export interface CreateSubscription {
  readonly plan: string
  readonly billingCycle?: Cycle | undefined
  readonly paymentMethodId?: string | undefined
  readonly quantity?: number | undefined
  readonly coupon?: string | undefined
  readonly trialDays?: number | undefined
  readonly billedBy?: 'engine' | 'stripe' | undefined
  readonly customerId?: string | undefined
  /** Chosen with the first live subscription; the tenant is billed in it from then on. */
  readonly currency?: Currency | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

export interface SubscriptionAndPayment {
  readonly subscription: Subscription
  readonly payment: PaymentResult | null
}

interface Terms {
  readonly plan: Plan
  readonly price: PlanPrice
  readonly quantity: number
  readonly trialDays: number
}

/**
 * Creates a subscription. With neither a trial nor a zero price its first invoice is charged at once; a
 * decline leaves it `incomplete`. Refuses `unknown_plan`, `plan_required`, `subscription_exists`, `operator_only` (a trial
 * longer than the plan's), `payment_method_required` and what attaching a method refuses.
 */
export async function createSubscription(
  deps: Deps,
  caller: Caller,
  input: CreateSubscription,
): Promise<SubscriptionAndPayment> {
  if (input.billedBy === 'stripe' && input.coupon !== undefined) notForMirrored('coupons')
  if (input.coupon !== undefined) refuse('unknown_coupon', { coupon: input.coupon })
  const entered = await enter(deps, caller)
  if (input.billedBy === 'stripe' && entered.tenant.kind === 'test') notForMirrored('testClock')
  const reads = deps.store.of(caller.tenantId)
  const customer = await customerOf(reads, entered.tenant, input.customerId)
  const plan = await planToSell(deps, input.plan)
  assertSeats(plan, input.quantity ?? 1)
  await refuseAlone(deps, caller, customer.id, plan)
  const liveKey = liveKeyOf(customer.id, plan)
  await refuseSecond(deps, caller, liveKey)
  const name = `subscribe:${liveKey}`
  const reserved = await whileReserved(deps, caller.tenantId, name, () =>
    subscribe(deps, caller, entered, input, customer.id, plan),
  )
  if (reserved !== null) return reserved.result
  await refuseSecond(deps, caller, liveKey)
  return refuse('subscription_exists', { subscriptionId: 'being created', status: 'incomplete' })
}

async function subscribe(
  deps: Deps,
  caller: Caller,
  entered: Entered,
  input: CreateSubscription,
  customerId: CustomerId,
  plan: Plan,
): Promise<SubscriptionAndPayment> {
  const reads = deps.store.of(caller.tenantId)
  const currency = input.currency ?? entered.settings.currency
  const price = priceOf(plan, currency, input.billingCycle ?? 'monthly')
  if (currency !== entered.settings.currency) await assertCurrencyFree(reads)
  const terms: Terms = {
    plan,
    price,
    quantity: input.quantity ?? 1,
    trialDays: await trialDaysFor(deps, caller, entered, plan, price, input.trialDays),
  }
  const priceId = input.billedBy === 'stripe' ? stripePriceOf(plan, price) : null
  const named =
    input.paymentMethodId === undefined
      ? null
      : await methodMeant(deps, caller, input.paymentMethodId, customerId)
  const due = !isFree(price) && terms.trialDays === 0
  const method = named ?? (due ? await methodToCharge(reads, null, customerId) : null)
  if (due && method === null) refuse('payment_method_required')
  if (priceId !== null) {
    const subscription = newSubscription(deps, entered, { input, terms, customerId, named: method })
    const { trialDays } = terms
    return createMirrored(deps, caller, { subscription, priceId, trialDays, method })
  }
  const begun = await begin(deps, caller, entered, {
    input,
    terms,
    customerId,
    named,
    method: due ? method : null,
  })
  if (begun.attempt === null) return { subscription: begun.subscription, payment: null }
  const settled = await runAttempt(deps, caller, begun.attempt.transaction, method!, {
    offSession: false,
    description: `${plan.name} (${begun.attempt.invoice.invoiceNumber})`,
  })
  return {
    subscription: await reads.get('subscriptions', begun.subscription.id),
    payment: paymentResult(settled),
  }
}

/** Refused before a method is attached, so that a second subscribe leaves nothing behind at the processor. */
async function refuseSecond(deps: Deps, caller: Caller, liveKey: string): Promise<void> {
  const { rows } = await deps.store.of(caller.tenantId).list('subscriptions', {
    where: { liveKey },
    limit: 1,
  })
  const live = rows[0]
  if (live) refuse('subscription_exists', { subscriptionId: live.id, status: live.status })
}

/** An add-on is sold beside a live subscription to one of its plans. */
async function refuseAlone(
  deps: Deps,
  caller: Caller,
  customerId: CustomerId,
  plan: Plan,
): Promise<void> {
  if (plan.addOnTo.length === 0) return
  const live = deps.store.of(caller.tenantId).stream('subscriptions', {
    where: { customerId },
    order: { field: 'createdAt', direction: 'desc' },
  })
  for await (const subscription of live) {
    if (isLive(subscription) && plan.addOnTo.includes(subscription.planCode)) return
  }
  refuse('plan_required', { plan: plan.code, plans: plan.addOnTo.join(', ') })
}

const liveKeyOf = (customerId: string, plan: Plan): string => `${customerId}:${plan.family}`

/** Choice 10: the configured trial, for a tenant's first paid subscription only. */
async function trialDaysFor(
  deps: Deps,
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
  const earlier = deps.store.of(caller.tenantId).stream('subscriptions', {
    order: { field: 'createdAt', direction: 'asc' },
  })
  for await (const subscription of earlier) {
    if (subscription.trialEnd !== null || subscription.latestInvoiceId !== null) return 0
  }
  return usual
}

interface Beginning {
  readonly input: CreateSubscription
  readonly terms: Terms
  readonly customerId: Subscription['customerId']
  readonly named: PaymentMethod | null
  /** The method to charge now; null when nothing is due. */
  readonly method: PaymentMethod | null
}

async function begin(
  deps: Deps,
  caller: Caller,
  entered: Entered,
  beginning: Beginning,
): Promise<{ subscription: Subscription; attempt: Attempt | null }> {
  try {
    return await deps.store.transaction(caller.tenantId, tx =>
      beginIn(deps, tx, caller, entered, beginning),
    )
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'already_exists') throw error
    if (error.details.constraint !== 'liveKey') throw error
    await refuseSecond(deps, caller, liveKeyOf(beginning.customerId, beginning.terms.plan))
    throw error
  }
}

async function beginIn(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Entered,
  { input, terms, customerId, named, method }: Beginning,
) {
  const { at, now } = entered
  await settleCurrency(deps, tx, caller, entered, terms.price.currency)
  const started = newSubscription(deps, entered, { input, terms, customerId, named })
  await tx.insert('subscriptions', started)
  await record(deps, tx, caller, at, [
    {
      type: 'subscription.created',
      objectId: started.id,
      data: { planCode: started.planCode, status: started.status, quantity: started.quantity },
    },
  ])
  if (method === null) return { subscription: started, attempt: null }
  const period = { start: started.currentPeriodStart, end: started.currentPeriodEnd }
  const lineId = (): InvoiceLineId => deps.ids.next('invoiceLine')
  const customer = await tx.get('customers', customerId)
  const draft = draftInvoice({
    id: deps.ids.next('invoice'),
    tenantId: caller.tenantId,
    customerId,
    subscription: started,
    billingReason: 'subscription_create',
    currency: started.currency,
    lines: [
      recurringLine(lineId(), terms.plan, terms.price, terms.quantity, period),
      ...setupLines(lineId, terms.plan, terms.price),
    ],
    taxRatePpm: customer.taxExempt ? null : entered.settings.taxRatePpm,
    collection: 'automatic',
    paymentMethodId: method.id,
    period,
    dueAt: null,
    metadata: {},
    at,
  })
  const invoice = await issueInvoice(deps, tx, caller, entered, draft, { stored: false })
  const covered = invoice.status === 'paid'
  const subscription = await tx.replace('subscriptions', {
    ...(covered ? withStatus(started, 'active', at) : started),
    latestInvoiceId: invoice.id,
  })
  if (covered) return { subscription, attempt: null }
  const attempt = await beginAttempt(deps, tx, {
    invoice,
    method,
    subscriptionId: subscription.id,
    at,
    now,
  })
  return { subscription, attempt }
}

/** Holds the tenant to the currency it is about to be billed in; another request may have changed it. */
async function settleCurrency(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  { at }: Entered,
  currency: Currency,
): Promise<void> {
  const tenant = await tx.lock('tenants', caller.tenantId)
  if (settingsOf(tenant, deps.settings).currency === currency) return
  await assertCurrencyFree(tx)
  const settings = { ...tenant.settings, currency }
  await tx.replace('tenants', { ...tenant, settings, updatedAt: at })
  await record(deps, tx, caller, at, [
    { type: 'settings.updated', objectId: caller.tenantId, data: { currency } },
  ])
}

/** A trial is a period of its own; the anchor then is the end of the trial. */
function newSubscription(
  deps: Deps,
  { tenant, settings, at }: Entered,
  { input, terms, customerId, named }: Omit<Beginning, 'method'>,
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
    metadata: input.metadata ?? {},
    createdAt: at,
    updatedAt: at,
    version: 1,
  })
}
