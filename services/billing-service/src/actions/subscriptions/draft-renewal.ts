// What a boundary, or an end in mid-period, bills: the draft and its one key.
import type { Caller } from '../../core/caller.ts'
import type { BillingReason, Invoice, InvoiceLine } from '../../core/invoice.ts'
import { priceOf } from '../../core/plan.ts'
import { draftInvoice, recurringLine } from '../../core/pricing.ts'
import { arrearsOf, type Renewal, renewalKey } from '../../core/renewal.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { Instant } from '../../core/time.ts'
import type { Quantities } from '../../core/usage-lines.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { countUses, liveDiscounts } from '../coupons/use-discounts.ts'
import type { Entered } from '../enter.ts'
import { record } from '../record.ts'
import { taxTermsOf } from '../tax/tax-terms.ts'
import { arrearsLines } from '../usage/arrears-lines.ts'
import { lateDue, settleLate } from '../usage/late-usage.ts'
import { setupDue } from './setup-due.ts'

type Billed = Omit<Renewal, 'outcome'> & { readonly used?: Quantities }

const hourMs = 3_600_000

/** Writes a draft. A boundary that was billed before is left as it was: its key exists. */
export async function saveDraft(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  at: Instant,
  draft: Invoice,
): Promise<void> {
  const written = await tx.insertMany('invoices', [draft], { onConflict: 'skip' })
  if (written === 0) return
  await countUses(tx, null, draft, at)
  await record(deps, tx, caller, at, [
    {
      type: 'invoice.drafted',
      objectId: draft.id,
      data: { totalMinor: draft.totalMinor, currency: draft.currency },
    },
  ])
}

/**
 * The usage of a period that ends early, at `end`: a cancellation now, or a change that starts a new one. What
 * ends in a pause was rated when that began; only what came late since is left.
 */
export async function billUsageUntil(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Pick<Entered, 'at' | 'settings'>,
  before: Subscription,
  end: Instant,
  billingReason: BillingReason,
  pendingLines: readonly InvoiceLine[] = [],
): Promise<void> {
  const paused = before.status === 'paused'
  if (!paused && before.status !== 'active' && before.status !== 'past_due') return
  const draft = await draftRenewal(deps, tx, entered, before, {
    subscription: before,
    boundary: end,
    advance: null,
    arrears: paused ? null : arrearsOf(before, end),
    pendingLines,
    billingReason,
    finalizeAt: end + entered.settings.usageDraftHours * hourMs,
  })
  if (draft !== null) await saveDraft(deps, tx, caller, entered.at, draft)
}

/** The draft of a boundary: usage of the ended period, then the next one in advance. Null: no charges. */
export async function draftRenewal(
  deps: Deps,
  tx: TenantTransaction,
  { at, settings }: Pick<Entered, 'at' | 'settings'>,
  before: Subscription,
  renewal: Billed,
): Promise<Invoice | null> {
  const { advance, arrears, subscription: next } = renewal
  const lineId = () => deps.ids.next('invoiceLine')
  const plan = await tx.get('plans', next.planId)
  const price = priceOf(plan, next.currency, next.billingCycle)
  const late = await lateDue(deps, tx, before)
  const lines = [
    ...(arrears === null ? [] : await arrearsLines(deps, tx, before, arrears, renewal.used)),
    ...late.lines,
    ...renewal.pendingLines,
    ...(advance === null ? [] : [recurringLine(lineId(), plan, price, next.quantity, advance)]),
    ...(advance === null ? [] : await setupDue(deps, tx, before.id, plan, price)),
  ]
  await settleLate(tx, late.charges)
  if (lines.length === 0) return null
  const customer = await tx.get('customers', next.customerId)
  const draft = draftInvoice({
    id: deps.ids.next('invoice'),
    tenantId: next.tenantId,
    customerId: next.customerId,
    subscription: next,
    billingReason: renewal.billingReason,
    currency: next.currency,
    lines,
    discounts: await liveDiscounts(tx, next, renewal.boundary),
    tax: await taxTermsOf(deps, tx, customer, settings, at),
    collection: 'automatic',
    paymentMethodId: null,
    period: advance ?? arrears,
    dueAt: null,
    metadata: {},
    at,
  })
  return {
    ...draft,
    clock: next.clock,
    renewalKey: renewalKey(before, renewal.boundary),
    arrears,
    finalizeAt: renewal.finalizeAt,
  }
}
