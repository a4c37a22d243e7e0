// Subscribing: the agreement, its first invoice and the first charge.
import type { Caller } from '../../core/caller.ts'
import { type AttachedDiscount, referenceOf } from '../../core/coupon.ts'
import type { CustomerId } from '../../core/ids.ts'
import type { Currency } from '../../core/money.ts'
import type { PaymentMethod } from '../../core/payment-method.ts'
import { assertSeats, isFree, type Plan, priceOf } from '../../core/plan.ts'
import { Refusal, refuse } from '../../core/refusal.ts'
import { type Subscription, withStatus } from '../../core/subscription.ts'
import { settingsOf } from '../../core/tenant.ts'
import type { Cycle } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import {
  checkCode,
  countRedemption,
  discountFor,
  type Redeeming,
  writeDiscount,
} from '../coupons/redeem.ts'
import { customerOf, type Entered, enter } from '../enter.ts'
import { issueInvoice } from '../invoices/issue-invoice.ts'
import { methodMeant, methodToCharge } from '../payment-methods/add-method.ts'
import { type Attempt, beginAttempt, runAttempt } from '../payments/charge.ts'
import { type PaymentResult, paymentResult } from '../payments/payment-result.ts'
import { planToSell } from '../plans/read-plans.ts'
import { record } from '../record.ts'
import { whileReserved } from '../reserve.ts'
import { taxTermsOf } from '../tax/tax-terms.ts'
import { assertCurrencyFree } from './live.ts'
import {
  firstInvoice,
  liveKeyOf,
  newSubscription,
  refuseAlone,
  type Starting,
  type Terms,
  trialDaysFor,
} from './new-subscription.ts'

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

/**
 * Creates a subscription. With neither a trial nor a zero price its first invoice is charged at once; a
 * decline leaves it `incomplete`. Refuses `unknown_plan`, `plan_required`, `subscription_exists`, `operator_only` (a trial
 * longer than the plan's), `payment_method_required`, what redeeming a coupon and attaching a method refuse.
 */
export async function createSubscription(
  deps: Deps,
  caller: Caller,
  input: CreateSubscription,
): Promise<SubscriptionAndPayment> {
  if (input.billedBy === 'stripe') refuse('not_built_yet')
  const entered = await enter(deps, caller)
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
  if (input.coupon !== undefined) await checkCode(reads, redeeming(caller, entered, input, terms)!)
  const named =
    input.paymentMethodId === undefined
      ? null
      : await methodMeant(deps, caller, input.paymentMethodId, customerId)
  const due = !isFree(price) && terms.trialDays === 0
  const method = named ?? (due ? await methodToCharge(reads, null, customerId) : null)
  const begun = await begin(deps, caller, entered, { input, terms, customerId, named, due, method })
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

/** How a code is redeemed with these terms; null without one. */
function redeeming(
  caller: Caller,
  { at }: Entered,
  { coupon }: CreateSubscription,
  { plan, price, quantity }: Terms,
): Redeeming | null {
  if (coupon === undefined) return null
  return { tenantId: caller.tenantId, code: coupon, at, planCode: plan.code, price, quantity }
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

interface Beginning extends Starting {
  readonly input: CreateSubscription
  /** Whether the first period is to be paid for now. */
  readonly due: boolean
  readonly method: PaymentMethod | null
}

interface Begun {
  readonly subscription: Subscription
  readonly attempt: Attempt | null
}

async function begin(
  deps: Deps,
  caller: Caller,
  entered: Entered,
  beginning: Beginning,
): Promise<Begun> {
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
  beginning: Beginning,
): Promise<Begun> {
  const { input, terms } = beginning
  await settleCurrency(deps, tx, caller, entered, terms.price.currency)
  const plain = newSubscription(deps, entered, beginning)
  const asked = redeeming(caller, entered, input, terms)
  const redemption = asked === null ? null : await discountFor(deps, tx, plain, asked)
  const discount = redemption?.discount ?? null
  const started = discount === null ? plain : { ...plain, discounts: [referenceOf(discount)] }
  await tx.insert('subscriptions', started)
  if (redemption !== null) await writeDiscount(deps, tx, caller, redemption)
  await record(deps, tx, caller, entered.at, [
    {
      type: 'subscription.created',
      objectId: started.id,
      data: { planCode: started.planCode, status: started.status, quantity: started.quantity },
    },
  ])
  const begun = beginning.due
    ? await chargeFirst(deps, tx, caller, entered, beginning, started, discount)
    : { subscription: started, attempt: null }
  if (redemption !== null) await countRedemption(tx, redemption)
  return begun
}

async function chargeFirst(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Entered,
  { terms, method }: Beginning,
  started: Subscription,
  discount: AttachedDiscount | null,
): Promise<Begun> {
  const { at, now, settings } = entered
  const customer = await tx.get('customers', started.customerId)
  const draft = firstInvoice(deps, entered, started, terms, {
    tax: await taxTermsOf(deps, tx, customer, settings, at),
    discounts: discount === null ? [] : [discount],
    paymentMethodId: method?.id ?? null,
  })
  const invoice = await issueInvoice(deps, tx, caller, entered, draft, { stored: false })
  const covered = invoice.status === 'paid'
  if (!covered && method === null) refuse('payment_method_required')
  const subscription = await tx.replace('subscriptions', {
    ...(covered ? withStatus(started, 'active', at) : started),
    latestInvoiceId: invoice.id,
  })
  if (covered || method === null) return { subscription, attempt: null }
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
