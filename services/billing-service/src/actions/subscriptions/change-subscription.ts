// Changing a subscription: details at once; plan, cycle or quantity by the rules of core/plan-change. What
// costs money is pending until its invoice is paid, and a decline keeps the old plan.
import { assert } from '../../core/assert.ts'
import type { Caller } from '../../core/caller.ts'
import type { PaymentMethod } from '../../core/payment-method.ts'
import type { AskedBehavior } from '../../core/plan-change.ts'
import type { Quote, Quoted } from '../../core/quote.ts'
import { refuse } from '../../core/refusal.ts'
import {
  applyChange,
  confirmationMs,
  moveTrialEnd,
  type PendingChange,
  type Subscription,
  scheduled,
} from '../../core/subscription.ts'
import { type Cycle, fromIso, toIso } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { changedSubscription } from '../changed-row.ts'
import { attachWith, countRedemption, writeDiscount } from '../coupons/redeem.ts'
import { retryWithNewMethod } from '../dunning/recover.ts'
import { type Entered, enter } from '../enter.ts'
import { issueInvoice } from '../invoices/issue-invoice.ts'
import { assertForwardable, changeMirrored } from '../mirror/change-mirrored.ts'
import { methodMeant, methodToCharge } from '../payment-methods/add-method.ts'
import { type Attempt, beginAttempt, runAttempt } from '../payments/charge.ts'
import { paymentResult, refuseDecline } from '../payments/payment-result.ts'
import { asOf, assertQuoted, holdQuote, quotedInput, useQuote } from '../quotes/confirm-quote.ts'
import { balanceOf, dueNow } from '../quotes/due-now.ts'
import { record } from '../record.ts'
import type { SubscriptionAndPayment } from './create-subscription.ts'
import { type PricedChange, priceChange } from './price-change.ts'
import { settleRunning } from './settle-running.ts'

export interface ChangeSubscription {
  readonly plan?: string | undefined
  readonly billingCycle?: Cycle | undefined
  readonly quantity?: number | undefined
  readonly when?: 'now' | 'period_end' | undefined
  readonly prorationBehavior?: AskedBehavior | undefined
  readonly quoteId?: string | undefined
  readonly coupon?: string | undefined
  readonly paymentMethodId?: string | undefined
  readonly trialEnd?: string | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

interface Changed {
  readonly subscription: Subscription
  readonly attempt: Attempt | null
  readonly method: PaymentMethod | null
}

/**
 * Changes a subscription. Answers after the charge is settled. Refuses `operator_only`, `not_found`,
 * `unknown_plan`, `subscription_ended`, `subscription_not_active`, `change_pending`,
 * `payment_method_required`, what redeeming a coupon refuses, and 402 `payment_declined` with the old plan
 * kept.
 */
export async function changeSubscription(
  deps: Deps,
  caller: Caller,
  subscriptionId: string,
  asked: ChangeSubscription,
): Promise<SubscriptionAndPayment> {
  const entered = await enter(deps, caller)
  if (changesTerms(asked)) await settleRunning(deps, caller.tenantId, subscriptionId, entered.at)
  const reads = deps.store.of(caller.tenantId)
  const current = await reads.get('subscriptions', subscriptionId)
  const mirrored = current.billedBy === 'stripe'
  const input = mirrored ? asked : await quotedInput(reads, subscriptionId, asked, entered.at)
  assertMayChange(caller, input)
  if (mirrored) assertForwardable(input)
  const named =
    input.paymentMethodId === undefined
      ? null
      : await methodMeant(deps, caller, input.paymentMethodId, current.customerId)
  if (mirrored) return changeMirrored(deps, caller, current, input, named)
  const changed = await deps.store.transaction(caller.tenantId, tx =>
    changeIn(deps, tx, caller, entered, subscriptionId, input, named),
  )
  if (changed.attempt === null) return { subscription: changed.subscription, payment: null }
  const settled = await runAttempt(deps, caller, changed.attempt.transaction, changed.method!, {
    offSession: false,
    description: `Plan change (${changed.attempt.invoice.invoiceNumber})`,
  })
  if (settled.status === 'failed') refuseDecline(settled)
  return {
    subscription: await reads.get('subscriptions', subscriptionId),
    payment: paymentResult(settled),
  }
}

/** Refuses `operator_only` for what only the issuer changes. */
export function assertMayChange(
  caller: Caller,
  { prorationBehavior, trialEnd }: Pick<ChangeSubscription, 'prorationBehavior' | 'trialEnd'>,
): void {
  const policy = prorationBehavior !== undefined || trialEnd !== undefined
  if (policy && !caller.mayAsIssuer('policy.manage')) refuse('operator_only')
}

/** Whether plan, quantity or cycle may change at once. */
const changesTerms = ({
  plan,
  quantity,
  billingCycle,
  quoteId,
  when,
}: ChangeSubscription): boolean =>
  when !== 'period_end' &&
  [plan, quantity, billingCycle, quoteId].some(asked => asked !== undefined)

async function changeIn(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Entered,
  subscriptionId: string,
  input: ChangeSubscription,
  named: PaymentMethod | null,
): Promise<Changed> {
  const { at } = entered
  const stored = await tx.lock('subscriptions', subscriptionId)
  const quote = await holdQuote(tx, input.quoteId, entered)
  const locked = withTrialEnd(stored, input.trialEnd, at)
  const detailed: Subscription = {
    ...locked,
    paymentMethodId: named?.id ?? locked.paymentMethodId,
    metadata: input.metadata ?? locked.metadata,
    updatedAt: at,
  }
  if (named !== null) await retryWithNewMethod(tx, locked.customerId, at)
  const priced = await priceChange(deps, tx, asOf(entered, quote), detailed, input)
  await useQuote(tx, quote, await quotedOf(tx, stored, priced), at)
  const { redemption, subscription, decision, invoice } = priced
  if (redemption !== null) await writeDiscount(deps, tx, caller, redemption)
  const changed =
    invoice === null
      ? await save(deps, tx, caller, entered, stored, decided(subscription, decision, input))
      : await invoiceChange(deps, tx, caller, entered, priced, {
          ...invoice,
          quote,
          before: stored,
        })
  if (redemption !== null) await countRedemption(tx, redemption)
  return changed
}

async function quotedOf(
  tx: TenantTransaction,
  before: Subscription,
  { to, discounts, invoice }: PricedChange,
): Promise<Quoted> {
  const balanceMinor = await balanceOf(tx, before.customerId, before.currency)
  const draft = invoice?.draft ?? null
  const { dueNowMinor } = dueNow(draft, balanceMinor)
  return { before, offer: to, trialDays: 0, discounts, draft, balanceMinor, dueNowMinor }
}

/** What is in force or scheduled at once; asking for what one has takes a scheduled change back. */
function decided(
  subscription: Subscription,
  decision: PricedChange['decision'],
  input: ChangeSubscription,
): Subscription {
  if (decision === null) {
    return undoesSchedule(subscription, input)
      ? { ...subscription, pendingChange: null }
      : subscription
  }
  assert('subscription' in decision, 'a change without an invoice is in force or scheduled')
  return decision.subscription
}

/** Asking for the plan one already has takes back a scheduled change to another one. */
const undoesSchedule = (subscription: Subscription, input: ChangeSubscription): boolean =>
  subscription.pendingChange?.effectiveAt != null &&
  (input.plan !== undefined || input.quantity !== undefined || input.billingCycle !== undefined)

/** A trial ends within five years, as with Stripe. */
const trialMaxMs = 5 * 366 * 24 * 3_600_000

/** The end of a running trial moves (by the issuer alone). Refuses `invalid_timestamp` for the past and beyond five years. */
export function withTrialEnd(
  subscription: Subscription,
  trialEnd: string | undefined,
  at: number,
): Subscription {
  if (trialEnd === undefined) return subscription
  const end = fromIso(trialEnd, '/trialEnd')
  if (end <= at) {
    refuse('invalid_timestamp', {
      value: trialEnd,
      reason: 'a trial ends in the future; POST /end-trial ends it now',
      reasonZh: '试用结束时间必须晚于当前时间；立即结束请使用 POST /end-trial',
    })
  }
  if (end > at + trialMaxMs) {
    refuse('invalid_timestamp', {
      value: trialEnd,
      reason: 'a trial ends within five years',
      reasonZh: '试用期最长五年',
    })
  }
  return moveTrialEnd(subscription, end, at)
}

async function save(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  { at }: Entered,
  before: Subscription,
  next: Subscription,
): Promise<Changed> {
  const subscription = await tx.replace('subscriptions', next)
  await record(deps, tx, caller, at, [
    {
      type: 'subscription.changed',
      objectId: next.id,
      data: {
        planCode: [before.planCode, next.planCode],
        quantity: [before.quantity, next.quantity],
        trialEnd: next.trialEnd === null ? null : toIso(next.trialEnd),
        pendingPlan: next.pendingChange?.planCode ?? null,
        changesAt: next.pendingChange?.effectiveAt ? toIso(next.pendingChange.effectiveAt) : null,
      },
      changed: changedSubscription(before, subscription),
    },
  ])
  return { subscription, attempt: null, method: null }
}

async function invoiceChange(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Entered,
  { subscription, redemption }: PricedChange,
  {
    draft,
    change,
    quote,
    before,
  }: NonNullable<PricedChange['invoice']> & {
    readonly quote: Quote | null
    readonly before: Subscription
  },
): Promise<Changed> {
  const { at, now } = entered
  const method = await methodToCharge(tx, subscription.paymentMethodId, subscription.customerId)
  const invoice = await issueInvoice(deps, tx, caller, entered, draft, { stored: false })
  assertQuoted(quote, invoice)
  const changing = { ...subscription, latestInvoiceId: invoice.id, updatedAt: at }
  if (invoice.status === 'paid') {
    return save(deps, tx, caller, entered, before, applyChange(changing, change, at))
  }
  if (method === null) refuse('payment_method_required')
  if (redemption !== null) await attachWith(tx, redemption, invoice.id)
  // A method named with the change is kept when it has paid for it.
  const { paymentMethodId } = before
  const pays = subscription.paymentMethodId
  const pendingChange: PendingChange = {
    ...change,
    ...(pays === null || pays === paymentMethodId ? {} : { paymentMethodId: pays }),
    invoiceId: invoice.id,
    expiresAt: Math.min(at + confirmationMs, subscription.currentPeriodEnd),
  }
  const saved = await save(deps, tx, caller, entered, before, {
    ...scheduled({ ...changing, paymentMethodId, pendingChange }),
  })
  const attempt = await beginAttempt(deps, tx, {
    invoice,
    method,
    subscriptionId: subscription.id,
    at,
    now,
  })
  return { subscription: saved.subscription, attempt, method }
}
