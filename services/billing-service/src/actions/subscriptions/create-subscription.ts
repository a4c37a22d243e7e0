// Subscribing: the agreement, its first invoice and the first charge.
import type { Caller } from '../../core/caller.ts'
import { referenceOf } from '../../core/coupon.ts'
import type { CustomerId } from '../../core/ids.ts'
import type { Invoice } from '../../core/invoice.ts'
import type { Currency } from '../../core/money.ts'
import type { PaymentMethod } from '../../core/payment-method.ts'
import type { Quote } from '../../core/quote.ts'
import { PassingRefusal, Refusal, refuse } from '../../core/refusal.ts'
import { type Subscription, withStatus } from '../../core/subscription.ts'
import { settingsOf } from '../../core/tenant.ts'
import type { Cycle } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { CollectionName } from '../../ports/collections.ts'
import type { Reads, TenantTransaction } from '../../ports/store.ts'
import {
  checkCode,
  countRedemption,
  discountFor,
  type Redeeming,
  type Redemption,
  writeDiscount,
} from '../coupons/redeem.ts'
import { customerOf, type Entered, enter } from '../enter.ts'
import { issueInvoice } from '../invoices/issue-invoice.ts'
import { madeBy, noteMade } from '../made-by-request.ts'
import { assertOrderable, createMirrored, stripePriceOf } from '../mirror/create-mirrored.ts'
import { methodMeant, methodToCharge } from '../payment-methods/add-method.ts'
import { type Attempt, beginAttempt, runAttempt } from '../payments/charge.ts'
import { type PaymentResult, paymentResult } from '../payments/payment-result.ts'
import { planToSell } from '../plans/read-plans.ts'
import { asOf, assertQuoted, holdQuote, quotedInput, useQuote } from '../quotes/confirm-quote.ts'
import { balanceOf, dueNow } from '../quotes/due-now.ts'
import { record } from '../record.ts'
import { whileReserved } from '../reserve.ts'
import { taxTermsOf } from '../tax/tax-terms.ts'
import { assertCurrencyFree } from './live.ts'
import {
  firstInvoice,
  isDue,
  liveKeyOf,
  newSubscription,
  type Starting,
  type Terms,
  termsOf,
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
  /** Confirms a quote: exactly its amount is charged, or it is refused. */
  readonly quoteId?: string | undefined
}

export interface SubscriptionAndPayment {
  readonly subscription: Subscription
  readonly payment: PaymentResult | null
}

/**
 * Creates a subscription. With neither a trial nor a zero price its first invoice is charged at once; a
 * decline leaves it `incomplete`. Refuses `unknown_plan`, `plan_required`, `subscription_exists`, `operator_only` (a trial
 * longer than the plan's), `payment_method_required`, what redeeming a coupon and attaching a method refuse. A repetition
 * whose first run made the subscription is told of that one.
 */
export async function createSubscription(
  deps: Deps,
  caller: Caller,
  asked: CreateSubscription,
): Promise<SubscriptionAndPayment> {
  const entered = await enter(deps, caller)
  const repeated = await madeBefore(deps, caller)
  if (repeated !== null) return repeated
  if (asked.billedBy === 'stripe') assertOrderable(asked, entered.tenant)
  const reads = deps.store.of(caller.tenantId)
  const input = await quotedInput(reads, null, asked, entered.at)
  const customer = await customerOf(reads, entered.tenant, input.customerId)
  const plan = await planToSell(reads, input.plan)
  const liveKey = liveKeyOf(customer.id, plan)
  await refuseSecond(reads, liveKey)
  const terms = await termsOf(reads, caller, entered, input, { plan, customerId: customer.id })
  const order = input.billedBy === 'stripe' ? orderAtStripe : subscribe
  if (input.billedBy === 'stripe') stripePriceOf(plan, terms.price)
  const name = `subscribe:${liveKey}`
  const reserved = await whileReserved(deps, caller.tenantId, name, () =>
    order(deps, caller, entered, input, customer.id, terms),
  )
  if (reserved !== null) return reserved.result
  await refuseSecond(reads, liveKey)
  const being = { subscriptionId: 'being created', status: 'incomplete' }
  throw new PassingRefusal('subscription_exists', being)
}

/** What an earlier run of the same request made before its answer was lost. */
async function madeBefore(deps: Deps, caller: Caller): Promise<SubscriptionAndPayment | null> {
  const reads = deps.store.of(caller.tenantId)
  const made = await madeBy(reads, caller, deps.clock.real())
  if (made === null) return null
  const subscription = await reads.get('subscriptions', made.subscriptionId)
  const { transactionId } = made
  const first = transactionId === null ? null : await reads.get('transactions', transactionId)
  return { subscription, payment: paymentResult(first) }
}

async function subscribe(
  deps: Deps,
  caller: Caller,
  entered: Entered,
  input: CreateSubscription,
  customerId: CustomerId,
  terms: Terms,
): Promise<SubscriptionAndPayment> {
  const reads = deps.store.of(caller.tenantId)
  const code = redeeming(caller.tenantId, entered, input, terms)
  if (code !== null) await checkCode(reads, code)
  const named =
    input.paymentMethodId === undefined
      ? null
      : await methodMeant(deps, caller, input.paymentMethodId, customerId)
  if (terms.trialDays > 0 && named === null && entered.settings.trialNeedsMethod) {
    if ((await methodToCharge(reads, null, customerId)) === null) refuse('payment_method_required')
  }
  const due = isDue(terms)
  const method = named ?? (due ? await methodToCharge(reads, null, customerId) : null)
  const begun = await begin(deps, caller, entered, { input, terms, customerId, named, due, method })
  if (begun.attempt === null) return { subscription: begun.subscription, payment: null }
  const settled = await runAttempt(deps, caller, begun.attempt.transaction, method!, {
    offSession: false,
    description: `${terms.plan.name} (${begun.attempt.invoice.invoiceNumber})`,
  })
  return {
    subscription: await reads.get('subscriptions', begun.subscription.id),
    payment: paymentResult(settled),
  }
}

/** The same for a subscription that Stripe Billing runs: it takes the first payment too. */
async function orderAtStripe(
  deps: Deps,
  caller: Caller,
  entered: Entered,
  input: CreateSubscription,
  customerId: CustomerId,
  terms: Terms,
): Promise<SubscriptionAndPayment> {
  const reads = deps.store.of(caller.tenantId)
  const named =
    input.paymentMethodId === undefined
      ? null
      : await methodMeant(deps, caller, input.paymentMethodId, customerId)
  const method = named ?? (isDue(terms) ? await methodToCharge(reads, null, customerId) : null)
  if (isDue(terms) && method === null) refuse('payment_method_required')
  return createMirrored(deps, caller, {
    subscription: newSubscription(deps, entered, { input, terms, customerId, named: method }),
    priceId: stripePriceOf(terms.plan, terms.price),
    trialDays: terms.trialDays,
    method,
  })
}

/** How a code is redeemed with these terms; null without one. */
function redeeming(
  tenantId: string,
  { at }: Entered,
  { coupon }: Pick<CreateSubscription, 'coupon'>,
  { plan, price, quantity }: Terms,
): Redeeming | null {
  if (coupon === undefined) return null
  return { tenantId, code: coupon, at, planCode: plan.code, price, quantity }
}

/** Refused before a method is attached, so that a second subscribe leaves nothing behind at the processor. */
export async function refuseSecond(
  reads: Pick<Reads<CollectionName>, 'list'>,
  liveKey: string,
): Promise<void> {
  const { rows } = await reads.list('subscriptions', { where: { liveKey }, limit: 1 })
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
    const liveKey = liveKeyOf(beginning.customerId, beginning.terms.plan)
    await refuseSecond(deps.store.of(caller.tenantId), liveKey)
    throw error
  }
}

/** The subscription as it starts, with the discount that comes with it; nothing is written. */
export async function startOf(
  deps: Deps,
  tx: TenantTransaction,
  entered: Entered,
  starting: Starting & { readonly input: Pick<CreateSubscription, 'coupon'> },
): Promise<{ readonly started: Subscription; readonly redemption: Redemption | null }> {
  const plain = newSubscription(deps, entered, starting)
  const code = redeeming(plain.tenantId, entered, starting.input, starting.terms)
  if (code === null) return { started: plain, redemption: null }
  const redemption = await discountFor(deps, tx, plain, code)
  return { started: { ...plain, discounts: [referenceOf(redemption.discount)] }, redemption }
}

async function beginIn(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Entered,
  beginning: Beginning,
): Promise<Begun> {
  const quote = await holdQuote(tx, beginning.input.quoteId, entered)
  await settleCurrency(deps, tx, caller, entered, beginning.terms.price.currency)
  const { started, redemption } = await startOf(deps, tx, asOf(entered, quote), beginning)
  await tx.insert('subscriptions', started)
  if (redemption !== null) await writeDiscount(deps, tx, caller, redemption)
  await record(deps, tx, caller, entered.at, [
    {
      type: 'subscription.created',
      objectId: started.id,
      data: { planCode: started.planCode, status: started.status, quantity: started.quantity },
    },
  ])
  const discounts = redemption === null ? [] : [redemption.discount]
  const customer = await tx.get('customers', started.customerId)
  const draft = beginning.due
    ? firstInvoice(deps, asOf(entered, quote), started, beginning.terms, {
        tax: await taxTermsOf(deps, tx, customer, entered.settings, asOf(entered, quote).at),
        discounts,
        paymentMethodId: beginning.method?.id ?? null,
      })
    : null
  const { terms } = beginning
  const balanceMinor = await balanceOf(tx, started.customerId, started.currency)
  const { dueNowMinor } = dueNow(draft, balanceMinor)
  const { trialDays } = terms
  const quoted = {
    before: null,
    offer: terms,
    trialDays,
    discounts,
    draft,
    balanceMinor,
    dueNowMinor,
  }
  await useQuote(tx, quote, quoted, entered.at)
  const begun =
    draft === null
      ? { subscription: started, attempt: null }
      : await chargeFirst(deps, tx, caller, entered, started, { draft, quote, ...beginning })
  if (redemption !== null) await countRedemption(tx, redemption)
  const transactionId = begun.attempt?.transaction.id ?? null
  await noteMade(deps, tx, caller, { subscriptionId: started.id, transactionId }, entered.now)
  return begun
}

interface FirstCharge {
  readonly draft: Invoice
  readonly quote: Quote | null
  readonly method: PaymentMethod | null
}

async function chargeFirst(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Entered,
  started: Subscription,
  { draft, quote, method }: FirstCharge,
): Promise<Begun> {
  const { at, now } = entered
  const invoice = await issueInvoice(deps, tx, caller, entered, draft, { stored: false })
  assertQuoted(quote, invoice)
  const covered = invoice.status === 'paid'
  if (!covered && method === null) refuse('payment_method_required')
  const subscription = await tx.replace('subscriptions', {
    ...(covered ? withStatus(started, 'active', at) : started),
    latestInvoiceId: invoice.id,
  })
  if (covered) {
    const status = [started.status, subscription.status]
    await record(deps, tx, caller, at, [
      { type: 'subscription.active', objectId: started.id, data: { status } },
    ])
    return { subscription, attempt: null }
  }
  if (method === null) return { subscription, attempt: null }
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
  const { currency: from } = settingsOf(tenant, deps.settings)
  if (from === currency) return
  await assertCurrencyFree(tx)
  const settings = { ...tenant.settings, currency }
  await tx.replace('tenants', { ...tenant, settings, updatedAt: at })
  const changed = { currency: { from, to: currency } }
  await record(deps, tx, caller, at, [
    { type: 'settings.updated', objectId: caller.tenantId, data: { currency }, changed },
  ])
}
