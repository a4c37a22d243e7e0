// A quote: what a new subscription or a change costs as of one instant, kept for a while. Confirming it charges
// exactly that or is refused with what changed. It computes nothing: amounts come from pricing.

import type { AttachedDiscount } from './coupon.ts'
import type { Id, SubscriptionId, TenantId } from './ids.ts'
import type { Invoice } from './invoice.ts'
import type { Currency } from './money.ts'
import type { AskedBehavior, Offer } from './plan-change.ts'
import { refuse } from './refusal.ts'
import type { Subscription } from './subscription.ts'
import { type Cycle, type Instant, toIso } from './time.ts'

/** How long a quote holds. */
const heldMs = 15 * 60_000

/** What was asked for, as far as it decides the price. */
export interface QuoteRequest {
  readonly plan?: string | undefined
  readonly billingCycle?: Cycle | undefined
  readonly quantity?: number | undefined
  readonly when?: 'now' | 'period_end' | undefined
  readonly prorationBehavior?: AskedBehavior | undefined
  readonly coupon?: string | undefined
  readonly trialDays?: number | undefined
  readonly trialEnd?: string | undefined
  readonly currency?: string | undefined
  readonly customerId?: string | undefined
}

const asked = [
  'plan',
  'billingCycle',
  'quantity',
  'when',
  'prorationBehavior',
  'coupon',
  'trialDays',
  'trialEnd',
  'currency',
  'customerId',
] as const satisfies readonly (keyof QuoteRequest)[]

const parts = {
  subscription: ['the subscription', '订阅'],
  plan: ['the price of the plan', '套餐价格'],
  trial: ['the trial', '试用'],
  discounts: ['the discounts', '优惠'],
  tax: ['the tax', '税率'],
  paid_time: ['the time that is paid for', '已付费时长'],
  credit: ['the credit balance', '余额'],
  amount: ['the amount', '金额'],
} as const

type QuotePart = keyof typeof parts

/** What a quote was computed from, part by part: equal texts mean that nothing changed. */
export type QuoteFacts = Readonly<Record<QuotePart, string>>

export interface Quote {
  readonly tenantId: TenantId
  readonly id: Id<'quote'>
  /** Null: for a new subscription. */
  readonly subscriptionId: SubscriptionId | null
  readonly request: QuoteRequest
  readonly facts: QuoteFacts
  readonly currency: Currency
  readonly dueNowMinor: number
  /** Billing time that its amounts are computed as of, and until when it holds. */
  readonly at: Instant
  readonly expiresAt: Instant
  /** A quote is confirmed once. */
  readonly usedAt: Instant | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

/** The part of an input that decides the price. */
export const requestOf = (input: QuoteRequest): QuoteRequest =>
  Object.fromEntries(
    asked.filter(name => input[name] !== undefined).map(name => [name, input[name]]),
  )

export interface Quoted {
  /** As it was before the change; null for a new one. */
  readonly before: Subscription | null
  readonly offer: Offer
  readonly trialDays: number
  readonly discounts: readonly AttachedDiscount[]
  /** What is to be paid now; null when nothing is. */
  readonly draft: Invoice | null
  readonly balanceMinor: number
  readonly dueNowMinor: number
}

/** The facts of a quote; made the same way when it is confirmed. */
export function quoteFacts(quoted: Quoted): QuoteFacts {
  const { before, offer, draft } = quoted
  const { plan, price, quantity } = offer
  const credits = (draft?.lines ?? []).filter(line => line.kind === 'proration_credit')
  const text = (values: readonly unknown[]) => JSON.stringify(values)
  return {
    subscription: text(
      before === null
        ? []
        : [
            before.status,
            before.planId,
            before.billingCycle,
            before.quantity,
            before.currentPeriodStart,
            before.currentPeriodEnd,
            before.cancelAtPeriodEnd,
            before.pendingChange?.planId ?? null,
            before.pendingChange?.quantity ?? null,
          ],
    ),
    plan: text([plan.id, price.currency, price.billingCycle, price.amountMinor, quantity]),
    trial: text([quoted.trialDays]),
    discounts: text(quoted.discounts.map(discount => [discount.couponId, discount.uses])),
    tax: text((draft?.taxLines ?? []).map(line => line.ratePpm)),
    paid_time: text(
      credits.map(line => [line.why?.inputs.creditsLineId ?? null, line.amountMinor]),
    ),
    credit: text([quoted.balanceMinor]),
    amount: text([draft?.totalMinor ?? 0, quoted.dueNowMinor]),
  }
}

/** A quote of an instant. */
export function makeQuote(
  about: Pick<Quote, 'tenantId' | 'id' | 'subscriptionId' | 'request'>,
  quoted: Quoted,
  at: Instant,
): Quote {
  return {
    ...about,
    facts: quoteFacts(quoted),
    currency: quoted.offer.price.currency,
    dueNowMinor: quoted.dueNowMinor,
    at,
    expiresAt: at + heldMs,
    usedAt: null,
    createdAt: at,
    updatedAt: at,
    version: 1,
  }
}

/**
 * The input of a confirmation: what the quote says, with what the caller adds. Refuses `quote_mismatch` for
 * another subscription or other terms.
 */
export function confirmedInput<T extends QuoteRequest>(
  quote: Quote,
  subscriptionId: string | null,
  input: T,
): T {
  const other = asked.find(name => input[name] !== undefined && input[name] !== quote.request[name])
  if (quote.subscriptionId !== subscriptionId || other !== undefined) {
    refuse('quote_mismatch', { quoteId: quote.id, field: other ?? 'subscriptionId' })
  }
  return { ...input, ...quote.request }
}

/** Refuses `quote_used` and `quote_expired`. */
export function assertHolds(quote: Quote, at: Instant): void {
  if (quote.usedAt !== null) refuse('quote_used', { quoteId: quote.id })
  if (at >= quote.expiresAt) {
    refuse('quote_expired', { quoteId: quote.id, expiresAt: toIso(quote.expiresAt) })
  }
}

/** Refuses `quote_changed` and names what changed since. */
export function assertUnchanged(quote: Quote, facts: QuoteFacts): void {
  const all = Object.keys(parts) as QuotePart[]
  const changed = all.filter(part => quote.facts[part] !== facts[part])
  if (changed.length > 0) refuseChanged(quote, changed)
}

/** Refuses `quote_changed`: what is charged would not be what was quoted. */
export function assertCharges(quote: Quote, dueNowMinor: number): void {
  if (dueNowMinor !== quote.dueNowMinor) refuseChanged(quote, ['credit', 'amount'])
}

function refuseChanged(quote: Quote, changed: readonly QuotePart[]): never {
  return refuse('quote_changed', {
    quoteId: quote.id,
    parts: changed.join(','),
    changed: changed.map(part => parts[part][0]).join(', '),
    changedZh: changed.map(part => parts[part][1]).join('、'),
  })
}
