// What time does to a subscription: trials end, periods renew, pauses and ends take effect, what was never
// paid expires. One boundary, one transaction; a service that was down catches up boundary by boundary.
import { type Caller, systemCaller } from '../../core/caller.ts'
import type { Invoice } from '../../core/invoice.ts'
import { isFree, type PlanPrice, priceOf } from '../../core/plan.ts'
import {
  decideRenewal,
  isRenewalDue,
  planIdAfter,
  type RenewalOutcome,
} from '../../core/renewal.ts'
import { nextDueAt, type Subscription } from '../../core/subscription.ts'
import { type Instant, toIso } from '../../core/time.ts'
import { usedPriced } from '../../core/usage-lines.ts'
import type { Deps } from '../../deps.ts'
import { oneByOne } from '../../ports/one-by-one.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { returnUnused } from '../coupons/use-discounts.ts'
import { type Entered, enter } from '../enter.ts'
import { issueInvoice } from '../invoices/issue-invoice.ts'
import { methodToCharge } from '../payment-methods/add-method.ts'
import { record } from '../record.ts'
import { quantitiesOf } from '../usage/quantities.ts'
import { draftRenewal, saveDraft } from './draft-renewal.ts'
import { type Expired, expireChange, expireIncomplete } from './expire.ts'

/** Boundaries of one subscription taken in one go; what is left is due again at once. */
const stepsMax = 60

export type Step = RenewalOutcome | Expired

interface Named {
  readonly tenantId: string
  readonly id: string
}

/** Does everything that is due for a subscription, in order. */
export async function renewSubscription(
  deps: Deps,
  tenantId: string,
  subscriptionId: string,
): Promise<readonly Step[]> {
  const caller = systemCaller(tenantId, 'renew-due', subscriptionId)
  const done: Step[] = []
  for (;;) {
    const { steps, expiring } = await passBoundaries(deps, { tenantId, id: subscriptionId })
    done.push(...steps)
    if (expiring === null) return done
    done.push(await expire(deps, caller, expiring))
    if (done.at(-1) === 'postponed') return done
  }
}

/** The same for many: their boundaries together, then those for whose end the processor is asked. */
export async function renewTogether(
  deps: Deps,
  due: readonly Named[],
): Promise<PromiseSettledResult<readonly Step[]>[]> {
  const passed = await deps.store.together(due, (store, named) =>
    passBoundaries({ ...deps, store }, named),
  )
  return oneByOne(deps.store, [...passed.entries()], async (_store, [at, outcome]) => {
    if (outcome.status === 'rejected') throw outcome.reason
    const { steps, expiring } = outcome.value
    if (expiring === null) return steps
    const { tenantId, id } = due[at]!
    return [...steps, ...(await renewSubscription(deps, tenantId, id))]
  })
}

/** Passes what is due, one transaction each, until nothing is or an end needs a word to the processor. */
async function passBoundaries(
  deps: Deps,
  { tenantId, id }: Named,
): Promise<{ readonly steps: readonly Step[]; readonly expiring: Expiring | null }> {
  const caller = systemCaller(tenantId, 'renew-due', id)
  const steps: Step[] = []
  while (steps.length < stepsMax) {
    const entered = await enter(deps, caller)
    const step = await deps.store.transaction(tenantId, tx =>
      oneStep(deps, tx, caller, entered, id),
    )
    if (step === null) break
    if ('expires' in step) return { steps, expiring: step }
    steps.push(step.outcome)
    if (!isDue(step.next, entered.at)) break
  }
  return { steps, expiring: null }
}

interface Passed {
  readonly outcome: RenewalOutcome
  readonly next: Subscription
}

interface Expiring {
  readonly expires: 'change' | 'incomplete'
  readonly subscription: Subscription
}

const expire = (deps: Deps, caller: Caller, { expires, subscription }: Expiring) =>
  expires === 'change'
    ? expireChange(deps, caller, subscription)
    : expireIncomplete(deps, caller, subscription)

function isDue(subscription: Subscription, at: Instant): boolean {
  const dueAt = nextDueAt(subscription)
  return dueAt !== null && dueAt <= at
}

async function oneStep(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Entered,
  subscriptionId: string,
): Promise<Passed | Expiring | null> {
  const { at } = entered
  const subscription = await tx.lock('subscriptions', subscriptionId)
  if (!isDue(subscription, at)) {
    // What claimed it moved the time on; a row that needs nothing goes back to its own.
    const dueAt = nextDueAt(subscription)
    if (subscription.nextBillingAt !== dueAt) {
      await tx.replace('subscriptions', { ...subscription, nextBillingAt: dueAt })
    }
    return null
  }
  const expiresAt = subscription.pendingChange?.expiresAt ?? null
  if (subscription.status === 'incomplete') return { expires: 'incomplete', subscription }
  if (expiresAt !== null && expiresAt <= at) return { expires: 'change', subscription }
  return isRenewalDue(subscription, at) ? renew(deps, tx, caller, entered, subscription) : null
}

async function renew(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Entered,
  before: Subscription,
): Promise<Passed> {
  const { at, settings } = entered
  const price = await priceAfter(tx, before)
  const used = await quantitiesOf(tx, before.id, before.currentPeriodStart)
  const ended = await tx.get('plans', before.planId)
  const method = await methodToCharge(tx, before.paymentMethodId, before.customerId)
  const renewal = decideRenewal(before, {
    settings,
    zone: settings.zone,
    methodUsable: method !== null,
    free: isFree(price),
    used: usedPriced(ended, used, before.currency),
  })
  const invoice = await draftRenewal(deps, tx, entered, before, { ...renewal, used })
  const next: Subscription = {
    ...renewal.subscription,
    latestInvoiceId: invoice?.id ?? before.latestInvoiceId,
    updatedAt: at,
  }
  if (invoice !== null) await bill(deps, tx, caller, entered, before, invoice)
  await tx.replace('subscriptions', next)
  await record(deps, tx, caller, at, [
    {
      type: `subscription.${renewal.outcome}`,
      objectId: next.id,
      data: {
        status: [before.status, next.status],
        planCode: [before.planCode, next.planCode],
        periodStart: toIso(next.currentPeriodStart),
        periodEnd: toIso(next.currentPeriodEnd),
        invoiceId: invoice?.id ?? null,
      },
    },
  ])
  if (renewal.outcome === 'canceled') await returnUnused(deps, tx, caller, next, at)
  return { outcome: renewal.outcome, next }
}

/**
 * A draft has a window, for late usage and review. One whose window is over when it is made becomes a demand at
 * once, unless a pause of collecting says what becomes of it. A boundary that was billed before is left as it was.
 */
async function bill(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Entered,
  { collectionPause }: Subscription,
  draft: Invoice,
): Promise<void> {
  const { tenantId, renewalKey, finalizeAt } = draft
  const windowOver = finalizeAt !== null && finalizeAt <= entered.at
  if (!windowOver || collectionPause !== null) return saveDraft(deps, tx, caller, entered.at, draft)
  if ((await tx.find('invoices', { tenantId, renewalKey })) !== null) return
  await issueInvoice(deps, tx, caller, entered, draft, { stored: false, collect: true })
}

/** The price that is in force after the next boundary. */
export async function priceAfter(
  tx: TenantTransaction,
  subscription: Subscription,
): Promise<PlanPrice> {
  const plan = await tx.get('plans', planIdAfter(subscription))
  const changed = plan.id !== subscription.planId || subscription.pendingChange?.effectiveAt != null
  const cycle = changed ? subscription.pendingChange!.billingCycle : subscription.billingCycle
  return priceOf(plan, subscription.currency, cycle)
}
