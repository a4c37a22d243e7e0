// What a new subscription or a change would cost, as a quote that is kept unless it is only looked at. It runs the
// same steps as subscribing and changing and writes nothing but the quote.
import type { Caller } from '../../core/caller.ts'
import type { AttachedDiscount } from '../../core/coupon.ts'
import { isDiscountLive } from '../../core/discounts/life.ts'
import type { Invoice } from '../../core/invoice.ts'
import type { Offer } from '../../core/plan-change.ts'
import { makeQuote, type Quote, type QuoteRequest, requestOf } from '../../core/quote.ts'
import { refuse } from '../../core/refusal.ts'
import { applyChange, type Subscription } from '../../core/subscription.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { attachedDiscounts } from '../coupons/use-discounts.ts'
import { customerOf, type Entered, enter } from '../enter.ts'
import { notForMirrored } from '../mirror/limits.ts'
import { planToSell } from '../plans/read-plans.ts'
import { assertMayChange, withTrialEnd } from '../subscriptions/change-subscription.ts'
import { refuseSecond, startOf } from '../subscriptions/create-subscription.ts'
import { firstInvoice, isDue, liveKeyOf, termsOf } from '../subscriptions/new-subscription.ts'
import { type PricedChange, priceChange } from '../subscriptions/price-change.ts'
import { taxTermsOf } from '../tax/tax-terms.ts'
import { balanceOf, type DueNow, dueNow } from './due-now.ts'
import { forecast, type NextInvoice } from './forecast.ts'

export interface PreviewSubscription extends QuoteRequest {
  readonly subscriptionId?: string | undefined
  /** False: only looked at, so there is nothing to confirm. */
  readonly keep?: boolean | undefined
}

/** When what is quoted is in force. */
export type Effect = 'now' | 'when_paid' | 'period_end' | 'none'

export interface Preview {
  readonly quote: Quote
  readonly isKept: boolean
  readonly effect: Effect
  readonly effectiveAt: Instant | null
  /** Null: nothing is invoiced now. */
  readonly draft: Invoice | null
  readonly due: DueNow
  readonly nextInvoice: NextInvoice | null
}

interface Priced {
  readonly before: Subscription | null
  readonly after: Subscription
  readonly offer: Offer
  readonly trialDays: number
  /** All attached ones, and those among them that count now. */
  readonly attached: readonly AttachedDiscount[]
  readonly discounts: readonly AttachedDiscount[]
  readonly draft: Invoice | null
  readonly effect: Effect
  readonly effectiveAt: Instant | null
}

/**
 * Quotes a new subscription, or a change of the one that is named. Refuses what subscribing or changing
 * would refuse before money moves.
 */
export async function previewSubscription(
  deps: Deps,
  caller: Caller,
  input: PreviewSubscription,
): Promise<Preview> {
  const entered = await enter(deps, caller)
  const { subscriptionId } = input
  if (subscriptionId === undefined && input.plan === undefined) {
    refuse('invalid_request', {}, [{ path: '/plan', message: 'is needed for a new subscription' }])
  }
  if (subscriptionId !== undefined) assertMayChange(caller, input)
  return deps.store.transaction(caller.tenantId, async tx => {
    const priced =
      subscriptionId === undefined
        ? await priceNew(deps, tx, caller, entered, input)
        : await priceExisting(deps, tx, entered, subscriptionId, input)
    return quoteOf(deps, tx, entered, priced, input)
  })
}

async function quoteOf(
  deps: Deps,
  tx: TenantTransaction,
  entered: Entered,
  priced: Priced,
  { keep = true, ...input }: PreviewSubscription,
): Promise<Preview> {
  const { before, after, draft } = priced
  const balanceMinor = await balanceOf(tx, after.customerId, after.currency)
  const due = dueNow(draft, balanceMinor)
  const quote = makeQuote(
    {
      tenantId: after.tenantId,
      id: deps.ids.next('quote'),
      subscriptionId: before?.id ?? null,
      request: requestOf(input),
    },
    { ...priced, balanceMinor, dueNowMinor: due.dueNowMinor },
    entered.at,
  )
  if (keep) await tx.insert('quotes', quote)
  const nextInvoice = await forecast(deps, tx, entered, {
    after,
    discounts: priced.attached,
    now: draft,
    balanceMinor: balanceMinor - due.fromBalanceMinor + due.toBalanceMinor,
  })
  const { effect, effectiveAt } = priced
  return { quote, isKept: keep, effect, effectiveAt, draft, due, nextInvoice }
}

async function priceNew(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Entered,
  input: PreviewSubscription,
): Promise<Priced> {
  const wanted = { ...input, plan: input.plan! }
  const plan = await planToSell(tx, wanted.plan)
  const customer = await customerOf(tx, entered.tenant, input.customerId)
  await refuseSecond(tx, liveKeyOf(customer.id, plan))
  const terms = await termsOf(tx, caller, entered, wanted, { plan, customerId: customer.id })
  const begun = { input: wanted, terms, customerId: customer.id, named: null }
  const { started, redemption } = await startOf(deps, tx, entered, begun)
  const attached = redemption === null ? [] : [redemption.discount]
  const discounts = attached.filter(discount => isDiscountLive(discount, entered.at))
  const tax = await taxTermsOf(deps, tx, customer, entered.settings, entered.at)
  const draft = isDue(terms)
    ? firstInvoice(deps, entered, started, terms, { tax, discounts, paymentMethodId: null })
    : null
  return {
    before: null,
    after: started,
    offer: terms,
    trialDays: terms.trialDays,
    attached,
    discounts,
    draft,
    effect: draft === null || draft.totalMinor === 0 ? 'now' : 'when_paid',
    effectiveAt: entered.at,
  }
}

async function priceExisting(
  deps: Deps,
  tx: TenantTransaction,
  entered: Entered,
  subscriptionId: string,
  input: PreviewSubscription,
): Promise<Priced> {
  const before = await tx.get('subscriptions', subscriptionId)
  if (before.billedBy === 'stripe') notForMirrored('quotes')
  const moved = withTrialEnd(before, input.trialEnd, entered.at)
  const priced = await priceChange(deps, tx, entered, moved, input)
  const attached = await attachedDiscounts(tx, [before])
  const fresh = priced.redemption === null ? [] : [priced.redemption.discount]
  const draft = priced.invoice?.draft ?? null
  return {
    before,
    after: afterChange(priced, entered.at),
    offer: priced.to,
    trialDays: 0,
    attached: [...attached, ...fresh],
    discounts: priced.discounts,
    draft,
    ...effectOf(priced, entered.at),
  }
}

function afterChange({ subscription, decision, invoice }: PricedChange, at: Instant): Subscription {
  if (invoice !== null) return applyChange(subscription, invoice.change, at)
  return decision !== null && 'subscription' in decision ? decision.subscription : subscription
}

function effectOf(
  { decision, invoice }: PricedChange,
  at: Instant,
): Pick<Priced, 'effect' | 'effectiveAt'> {
  if (decision === null) return { effect: 'none', effectiveAt: null }
  if (decision.kind === 'scheduled') {
    const effectiveAt = decision.subscription.pendingChange?.effectiveAt ?? null
    return { effect: 'period_end', effectiveAt }
  }
  const costs = (invoice?.draft.totalMinor ?? 0) > 0
  return { effect: costs ? 'when_paid' : 'now', effectiveAt: at }
}
