// Changing a subscription: details at once; plan, cycle or quantity by the rules of core/plan-change. What
// costs money is pending until its invoice is paid, and a decline keeps the old plan.
import type { Caller } from '../../core/caller.ts'
import type { InvoiceLine } from '../../core/invoice.ts'
import type { PaymentMethod } from '../../core/payment-method.ts'
import { assertSeats, priceOf } from '../../core/plan.ts'
import { decideChange, type Offer } from '../../core/plan-change.ts'
import { draftInvoice, paidLines } from '../../core/pricing.ts'
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
import { retryWithNewMethod } from '../dunning/recover.ts'
import { type Entered, enter } from '../enter.ts'
import { issueInvoice } from '../invoices/issue-invoice.ts'
import { changeMirrored } from '../mirror/change-mirrored.ts'
import { methodMeant, methodToCharge } from '../payment-methods/add-method.ts'
import { type Attempt, beginAttempt, runAttempt } from '../payments/charge.ts'
import { paymentResult, refuseDecline } from '../payments/payment-result.ts'
import { planToSell } from '../plans/read-plans.ts'
import { record } from '../record.ts'
import { invoicesOf } from '../usage/arrears-lines.ts'
import type { SubscriptionAndPayment } from './create-subscription.ts'
import { setupDue } from './setup-due.ts'

export interface ChangeSubscription {
  readonly plan?: string | undefined
  readonly billingCycle?: Cycle | undefined
  readonly quantity?: number | undefined
  readonly when?: 'now' | 'period_end' | undefined
  readonly prorationBehavior?: string | undefined
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
 * `payment_method_required`, and 402 `payment_declined` with the old plan kept.
 */
export async function changeSubscription(
  deps: Deps,
  caller: Caller,
  subscriptionId: string,
  input: ChangeSubscription,
): Promise<SubscriptionAndPayment> {
  const entered = await enter(deps, caller)
  const reads = deps.store.of(caller.tenantId)
  const current = await reads.get('subscriptions', subscriptionId)
  assertAllowed(caller, input, current)
  const named =
    input.paymentMethodId === undefined
      ? null
      : await methodMeant(deps, caller, input.paymentMethodId, current.customerId)
  if (current.billedBy === 'stripe') return changeMirrored(deps, caller, current, input, named)
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

function assertAllowed(
  caller: Caller,
  input: ChangeSubscription,
  { billedBy }: Subscription,
): void {
  if (input.prorationBehavior !== undefined && !caller.mayAsIssuer('policy.manage')) {
    refuse('operator_only')
  }
  if (input.trialEnd !== undefined && !caller.mayAsIssuer('policy.manage')) refuse('operator_only')
  if (billedBy === 'stripe') return
  if (input.coupon !== undefined) refuse('unknown_coupon', { coupon: input.coupon })
  const later = [input.prorationBehavior, input.quoteId]
  if (later.some(value => value !== undefined)) refuse('not_built_yet')
}

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
  const locked = withTrialEnd(stored, input.trialEnd, at)
  const detailed: Subscription = {
    ...locked,
    paymentMethodId: named?.id ?? locked.paymentMethodId,
    metadata: input.metadata ?? locked.metadata,
    updatedAt: at,
  }
  if (named !== null) await retryWithNewMethod(tx, locked.customerId, at)
  const from = await offerOf(tx, locked)
  const to = await offerMeant(deps, locked, from, input)
  const same =
    to.plan.id === from.plan.id && to.price === from.price && to.quantity === from.quantity
  if (same && !undoesSchedule(locked, input)) {
    return save(deps, tx, caller, entered, locked, detailed)
  }
  if (same) return save(deps, tx, caller, entered, locked, { ...detailed, pendingChange: null })
  const decision = decideChange(detailed, {
    from,
    to,
    when: input.when ?? null,
    at,
    counting: { by: 'second' },
    charged: paidLines(await invoicesOf(tx, locked.id), at),
    newLineId: () => deps.ids.next('invoiceLine'),
  })
  if (decision.kind === 'applied' || decision.kind === 'scheduled') {
    return save(deps, tx, caller, entered, locked, decision.subscription)
  }
  const setup = await setupDue(deps, tx, locked.id, to.plan, to.price)
  const lines = [...decision.lines, ...setup]
  return invoiceChange(deps, tx, caller, entered, detailed, lines, decision.change)
}

/** The end of a running trial moves (by the issuer alone). Refuses `invalid_timestamp` for the past. */
function withTrialEnd(
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
  return moveTrialEnd(subscription, end, at)
}

/** Asking for the plan one already has takes back a scheduled change to another one. */
const undoesSchedule = (subscription: Subscription, input: ChangeSubscription): boolean =>
  subscription.pendingChange?.effectiveAt != null &&
  (input.plan !== undefined || input.quantity !== undefined || input.billingCycle !== undefined)

async function offerOf(tx: TenantTransaction, subscription: Subscription): Promise<Offer> {
  const plan = await tx.get('plans', subscription.planId)
  return {
    plan,
    price: priceOf(plan, subscription.currency, subscription.billingCycle),
    quantity: subscription.quantity,
  }
}

async function offerMeant(
  deps: Deps,
  subscription: Subscription,
  from: Offer,
  input: ChangeSubscription,
): Promise<Offer> {
  // The code alone keeps the version; `code@version` moves to the one on offer.
  const kept = [undefined, from.plan.code, from.plan.id].includes(input.plan)
  const other = !kept
  const plan = other ? await planToSell(deps, input.plan!) : from.plan
  const cycle = input.billingCycle ?? subscription.billingCycle
  const sameTerms = !other && cycle === subscription.billingCycle
  assertSeats(plan, input.quantity ?? subscription.quantity)
  return {
    plan,
    price: sameTerms ? from.price : priceOf(plan, subscription.currency, cycle),
    quantity: input.quantity ?? subscription.quantity,
  }
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
      },
    },
  ])
  return { subscription, attempt: null, method: null }
}

async function invoiceChange(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Entered,
  subscription: Subscription,
  lines: readonly InvoiceLine[],
  change: PendingChange,
): Promise<Changed> {
  const { at, now, settings } = entered
  const method = await methodToCharge(tx, subscription.paymentMethodId, subscription.customerId)
  const customer = await tx.get('customers', subscription.customerId)
  const draft = draftInvoice({
    id: deps.ids.next('invoice'),
    tenantId: caller.tenantId,
    customerId: subscription.customerId,
    subscription: { id: subscription.id, planCode: change.planCode },
    billingReason: 'subscription_update',
    currency: subscription.currency,
    lines,
    taxRatePpm: customer.taxExempt ? null : settings.taxRatePpm,
    collection: 'automatic',
    paymentMethodId: method?.id ?? null,
    period: { start: at, end: subscription.currentPeriodEnd },
    dueAt: null,
    metadata: {},
    at,
  })
  const invoice = await issueInvoice(deps, tx, caller, entered, draft, { stored: false })
  const changing = { ...subscription, latestInvoiceId: invoice.id, updatedAt: at }
  if (invoice.status === 'paid') {
    return save(deps, tx, caller, entered, subscription, applyChange(changing, change, at))
  }
  if (method === null) refuse('payment_method_required')
  const pendingChange: PendingChange = {
    ...change,
    invoiceId: invoice.id,
    expiresAt: Math.min(at + confirmationMs, subscription.currentPeriodEnd),
  }
  const saved = await save(deps, tx, caller, entered, subscription, {
    ...scheduled({ ...changing, pendingChange }),
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
