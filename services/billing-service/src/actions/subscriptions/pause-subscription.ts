// Pausing, resuming and ending a trial early. What starts a period now is in force when its invoice is paid,
// like any change: a decline leaves the subscription as it was.
import type { Caller } from '../../core/caller.ts'
import type { PaymentMethodId } from '../../core/ids.ts'
import type { Invoice } from '../../core/invoice.ts'
import { isFree, priceOf } from '../../core/plan.ts'
import { draftInvoice, recurringLine } from '../../core/pricing.ts'
import { refuse } from '../../core/refusal.ts'
import {
  applyChange,
  type CollectionPause,
  confirmationMs,
  isLive,
  type PendingChange,
  pauseCollection,
  type Subscription,
  scheduled,
  schedulePause,
} from '../../core/subscription.ts'
import { anchorAt, type Instant, periodAt, toIso } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { changedSubscription } from '../changed-row.ts'
import { liveDiscounts } from '../coupons/use-discounts.ts'
import { type Entered, enter } from '../enter.ts'
import { issueInvoice } from '../invoices/issue-invoice.ts'
import { endTrialMirrored, pauseMirrored } from '../mirror/change-mirrored.ts'
import { methodToCharge } from '../payment-methods/add-method.ts'
import { type Attempt, beginAttempt, runAttempt } from '../payments/charge.ts'
import { paymentResult, refuseDecline } from '../payments/payment-result.ts'
import { record } from '../record.ts'
import { taxTermsOf } from '../tax/tax-terms.ts'
import type { SubscriptionAndPayment } from './create-subscription.ts'
import { setupDue } from './setup-due.ts'

/**
 * Stops the service at the end of the paid period (choice 13), or with `collection` keeps it and pauses
 * collecting, which only the issuer may. Refuses as core and `operator_only`.
 */
export async function pauseSubscription(
  deps: Deps,
  caller: Caller,
  subscriptionId: string,
  collection?: CollectionPause,
): Promise<Subscription> {
  if (collection !== undefined && !caller.mayAsIssuer('policy.manage')) refuse('operator_only')
  const { at } = await enter(deps, caller)
  const found = await deps.store.of(caller.tenantId).get('subscriptions', subscriptionId)
  if (found.billedBy === 'stripe') {
    return (await pauseMirrored(deps, caller, found, collection ?? 'void')).subscription
  }
  return deps.store.transaction(caller.tenantId, async tx => {
    const before = await tx.lock('subscriptions', subscriptionId)
    if (collection !== undefined) {
      return saveCollection(deps, tx, caller, before, pauseCollection(before, collection, at))
    }
    return savePause(deps, tx, caller, at, before, true)
  })
}

async function saveCollection(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  before: Subscription,
  next: Subscription,
): Promise<Subscription> {
  if (next === before) return before
  const saved = await tx.replace('subscriptions', next)
  const data = { collectionPause: [before.collectionPause, saved.collectionPause] }
  const type = 'subscription.collection_changed'
  const changed = changedSubscription(before, saved)
  await record(deps, tx, caller, next.updatedAt, [{ type, objectId: saved.id, data, changed }])
  return saved
}

async function savePause(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  at: Instant,
  before: Subscription,
  pause: boolean,
): Promise<Subscription> {
  const next = schedulePause(before, pause, at)
  if (next === before) return before
  const saved = await tx.replace('subscriptions', next)
  await record(deps, tx, caller, at, [
    {
      type: pause ? 'subscription.pause_requested' : 'subscription.pause_taken_back',
      objectId: saved.id,
      data: { pauseAtPeriodEnd: pause, periodEnd: toIso(saved.currentPeriodEnd) },
      changed: changedSubscription(before, saved),
    },
  ])
  return saved
}

/**
 * Takes a scheduled pause back, or ends a pause: a new period starts now, from a new anchor, when it is
 * paid. Refuses `subscription_ended`, `subscription_not_active`, `change_pending`,
 * `payment_method_required`, and 402 `payment_declined` with the pause kept.
 */
export async function resumeSubscription(
  deps: Deps,
  caller: Caller,
  subscriptionId: string,
): Promise<SubscriptionAndPayment> {
  const { at } = await enter(deps, caller)
  const current = await deps.store.of(caller.tenantId).get('subscriptions', subscriptionId)
  if (current.billedBy === 'stripe') return pauseMirrored(deps, caller, current, null)
  if (current.status === 'paused') return startNow(deps, caller, subscriptionId, 'paused')
  const subscription = await deps.store.transaction(caller.tenantId, async tx => {
    const before = await tx.lock('subscriptions', subscriptionId)
    if (before.collectionPause !== null) {
      if (!caller.mayAsIssuer('policy.manage')) refuse('operator_only')
      return saveCollection(deps, tx, caller, before, pauseCollection(before, null, at))
    }
    return savePause(deps, tx, caller, at, before, false)
  })
  return { subscription, payment: null }
}

/** Ends the trial now; the first period starts when it is paid. Refuses as `resumeSubscription`. */
export const endTrial = (
  deps: Deps,
  caller: Caller,
  subscriptionId: string,
): Promise<SubscriptionAndPayment> => startNow(deps, caller, subscriptionId, 'trialing')

async function startNow(
  deps: Deps,
  caller: Caller,
  subscriptionId: string,
  needed: 'paused' | 'trialing',
): Promise<SubscriptionAndPayment> {
  const entered = await enter(deps, caller)
  const reads = deps.store.of(caller.tenantId)
  const found = await reads.get('subscriptions', subscriptionId)
  if (found.billedBy === 'stripe') return endTrialMirrored(deps, caller, found)
  const begun = await deps.store.transaction(caller.tenantId, tx =>
    begin(deps, tx, caller, entered, subscriptionId, needed),
  )
  if (begun.attempt === null) return { subscription: begun.subscription, payment: null }
  const { transaction, invoice } = begun.attempt
  const method = await reads.get('paymentMethods', transaction.paymentMethodId!)
  const settled = await runAttempt(deps, caller, transaction, method, {
    offSession: false,
    description: `Invoice ${invoice.invoiceNumber}`,
  })
  if (settled.status === 'failed') refuseDecline(settled)
  return {
    subscription: await reads.get('subscriptions', subscriptionId),
    payment: paymentResult(settled),
  }
}

function assertStartable(subscription: Subscription, needed: 'paused' | 'trialing'): void {
  const { status, pendingChange } = subscription
  if (!isLive(subscription)) {
    refuse('subscription_ended', { endedAt: toIso(subscription.endedAt ?? subscription.updatedAt) })
  }
  if (status !== needed) refuse('subscription_not_active', { status, needed })
  if (pendingChange?.invoiceId) {
    refuse('change_pending', { plan: pendingChange.planCode, invoiceId: pendingChange.invoiceId })
  }
}

async function begin(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Entered,
  subscriptionId: string,
  needed: 'paused' | 'trialing',
): Promise<{ subscription: Subscription; attempt: Attempt | null }> {
  const { at, now } = entered
  const before = await tx.lock('subscriptions', subscriptionId)
  assertStartable(before, needed)
  const change: PendingChange = {
    planId: before.planId,
    planCode: before.planCode,
    billingCycle: before.billingCycle,
    quantity: before.quantity,
    effectiveAt: null,
    invoiceId: null,
    restartsPeriodAt: at,
  }
  const plan = await tx.get('plans', before.planId)
  const price = priceOf(plan, before.currency, before.billingCycle)
  if (isFree(price)) {
    const started = await tx.replace('subscriptions', applyChange(before, change, at))
    await record(deps, tx, caller, at, [startedBy(needed, started)])
    return { subscription: started, attempt: null }
  }
  const method = await methodToCharge(tx, before.paymentMethodId, before.customerId)
  if (method === null) refuse('payment_method_required')
  const draft = await firstPeriodDraft(deps, tx, entered, before, method.id)
  const invoice = await issueInvoice(deps, tx, caller, entered, draft, { stored: false })
  if (invoice.status === 'paid') {
    const started = await tx.replace('subscriptions', {
      ...applyChange(before, change, at),
      latestInvoiceId: invoice.id,
    })
    await record(deps, tx, caller, at, [startedBy(needed, started)])
    return { subscription: started, attempt: null }
  }
  const subscription = await tx.replace('subscriptions', {
    ...scheduled({
      ...before,
      pendingChange: { ...change, invoiceId: invoice.id, expiresAt: at + confirmationMs },
    }),
    latestInvoiceId: invoice.id,
    updatedAt: at,
  })
  await record(deps, tx, caller, at, [startedBy(needed, subscription)])
  const attempt = await beginAttempt(deps, tx, {
    invoice,
    method,
    subscriptionId: subscription.id,
    at,
    now,
  })
  return { subscription, attempt }
}

const startedBy = (needed: 'paused' | 'trialing', subscription: Subscription) => ({
  type: needed === 'paused' ? 'subscription.resume_requested' : 'subscription.trial_end_requested',
  objectId: subscription.id,
  data: { planCode: subscription.planCode, invoiceId: subscription.latestInvoiceId },
})

/** One full period from now, from a new anchor. */
async function firstPeriodDraft(
  deps: Deps,
  tx: TenantTransaction,
  { at, settings }: Entered,
  subscription: Subscription,
  paymentMethodId: PaymentMethodId,
): Promise<Invoice> {
  const { billingCycle, currency, customerId, quantity } = subscription
  const plan = await tx.get('plans', subscription.planId)
  const price = priceOf(plan, currency, billingCycle)
  const customer = await tx.get('customers', customerId)
  const period = periodAt(anchorAt(at, subscription.anchorZone), billingCycle, 0)
  return draftInvoice({
    id: deps.ids.next('invoice'),
    tenantId: subscription.tenantId,
    customerId,
    subscription,
    billingReason: 'subscription_cycle',
    currency,
    lines: [
      recurringLine(deps.ids.next('invoiceLine'), plan, price, quantity, period),
      ...(await setupDue(deps, tx, subscription.id, plan, price)),
    ],
    discounts: await liveDiscounts(tx, subscription, at),
    tax: await taxTermsOf(deps, tx, customer, settings, at),
    collection: 'automatic',
    paymentMethodId,
    period,
    dueAt: null,
    metadata: {},
    at,
  })
}
