// Subscriptions and invoices that Stripe Billing runs, as copies: what its objects say becomes our rows.
// Nothing is decided here that Stripe decides: status, period and amounts are taken as they are.
import { assert } from './assert.ts'
import type { CustomerId, InvoiceId, PaymentMethodId, SubscriptionId, TenantId } from './ids.ts'
import {
  type BillingReason,
  type Invoice,
  type InvoiceLine,
  type InvoiceLineKind,
  type PartySnapshot,
  type TaxLine,
  totalsOf,
} from './invoice.ts'
import { type Currency, mulDiv, toDecimalString } from './money.ts'
import type { Plan, PlanPrice } from './plan.ts'
import { blankLine, type LineIds } from './pricing.ts'
import {
  type CollectionPause,
  dayOfMonth,
  isLive,
  type Subscription,
  type SubscriptionStatus,
} from './subscription.ts'
import type { Instant } from './time.ts'

/** What Stripe says of a subscription right now. */
export interface SubscriptionFacts {
  readonly processorId: string
  readonly processorCustomerId: string
  readonly status: SubscriptionStatus
  readonly currency: Currency
  readonly items: readonly { readonly priceId: string; readonly quantity: number }[]
  readonly anchorAt: Instant
  readonly periodStart: Instant
  readonly periodEnd: Instant
  readonly trialStart: Instant | null
  readonly trialEnd: Instant | null
  readonly cancelAtPeriodEnd: boolean
  readonly cancelReason: string | null
  readonly canceledAt: Instant | null
  readonly endedAt: Instant | null
  /** What becomes of its invoices while Stripe collects nothing for it. */
  readonly collectionPause: CollectionPause | null
  readonly processorMethodId: string | null
  readonly processorInvoiceId: string | null
  readonly createdAt: Instant
  readonly metadata: Readonly<Record<string, string>>
}

export interface MirroredLine {
  readonly kind: InvoiceLineKind
  readonly description: string
  readonly quantity: number
  /** Before discounts, without any tax. */
  readonly amountMinor: number
  readonly discountMinor: number
  readonly taxMinor: number
  readonly periodStart: Instant | null
  readonly periodEnd: Instant | null
}

/** What Stripe says of a finalised invoice right now. */
export interface InvoiceFacts {
  readonly processorId: string
  readonly processorCustomerId: string
  readonly processorSubscriptionId: string | null
  readonly number: string | null
  readonly status: 'draft' | 'open' | 'paid' | 'void' | 'uncollectible'
  readonly billingReason: BillingReason
  readonly currency: Currency
  readonly lines: readonly MirroredLine[]
  readonly taxLines: readonly TaxLine[]
  /** Negative where credits exceed charges: the rest goes to Stripe's customer balance. */
  readonly totalMinor: number
  /** What is asked for after Stripe's customer balance. */
  readonly dueMinor: number
  readonly attemptCount: number
  readonly periodStart: Instant
  readonly periodEnd: Instant
  readonly issuedAt: Instant | null
  readonly dueAt: Instant | null
  readonly closedAt: Instant | null
  readonly url: string | null
  /** The payments tried for it, by their processor objects. */
  readonly paymentIds: readonly string[]
  /** The buyer as Stripe prints it. */
  readonly buyer: PartySnapshot
  readonly createdAt: Instant
  readonly metadata: Readonly<Record<string, string>>
}

/** The plan and price that an item of a subscription stands for; null when no plan names its price. */
export function soldAs(
  facts: Pick<SubscriptionFacts, 'items'>,
  plans: readonly Plan[],
): { readonly plan: Plan; readonly price: PlanPrice; readonly quantity: number } | null {
  const newest = [...plans].sort((a, b) => b.version - a.version)
  for (const { priceId, quantity } of facts.items) {
    for (const plan of newest) {
      const price = plan.prices.find(each => each.stripePriceId === priceId)
      if (price !== undefined) return { plan, price, quantity }
    }
  }
  return null
}

export interface MirrorTerms {
  readonly tenantId: TenantId
  readonly id: SubscriptionId
  readonly customerId: CustomerId
  readonly plan: Plan
  readonly price: PlanPrice
  readonly quantity: number
  readonly paymentMethodId: PaymentMethodId | null
  readonly latestInvoiceId: InvoiceId | null
  /** Taken when no other live subscription of the family holds it; else one of its own. */
  readonly liveKey: string
  readonly at: Instant
}

/** The row of a mirrored subscription, new or as it becomes. Its status is Stripe's (choice 14). */
export function mirroredSubscription(
  before: Subscription | null,
  facts: SubscriptionFacts,
  terms: MirrorTerms,
): Subscription {
  assert(before === null || before.billedBy === 'stripe', 'only mirrored subscriptions are copied')
  const { tenantId, id, customerId, plan, price, quantity, at } = terms
  return {
    tenantId,
    id,
    customerId,
    planId: plan.id,
    planCode: plan.code,
    planFamily: plan.family,
    billingCycle: price.billingCycle,
    quantity,
    currency: facts.currency,
    status: facts.status,
    anchorAt: facts.anchorAt,
    anchorZone: 'UTC',
    anchorDay: dayOfMonth(facts.anchorAt, 'UTC'),
    periodIndex: 0,
    currentPeriodStart: facts.periodStart,
    currentPeriodEnd: facts.periodEnd,
    trialStart: facts.trialStart,
    trialEnd: facts.trialEnd,
    cancelAtPeriodEnd: facts.cancelAtPeriodEnd,
    cancelReason: facts.cancelReason,
    canceledAt: facts.canceledAt,
    endedAt: facts.endedAt,
    pendingChange: null,
    grantedChange: null,
    discounts: [],
    paymentMethodId: terms.paymentMethodId,
    billedBy: 'stripe',
    processorId: facts.processorId,
    checkAt: null,
    latestInvoiceId: terms.latestInvoiceId ?? before?.latestInvoiceId ?? null,
    liveKey: isLive(facts) ? terms.liveKey : null,
    nextBillingAt: null,
    clock: 'live',
    graceEndsAt: null,
    pauseAtPeriodEnd: false,
    pendingLines: [],
    collectionPause: facts.collectionPause,
    metadata: facts.metadata,
    createdAt: before?.createdAt ?? facts.createdAt,
    updatedAt: at,
    version: before?.version ?? 1,
  }
}

/** A unit price where one divides the amount; else the whole amount as one unit. */
function unitsOf(line: MirroredLine, currency: Currency) {
  const quantity = Math.max(1, line.quantity)
  const unitMinor = mulDiv(line.amountMinor, 1, quantity, 'half_away')
  return unitMinor * quantity === line.amountMinor
    ? { quantity: String(quantity), unitAmount: toDecimalString(unitMinor, currency) }
    : { quantity: '1', unitAmount: toDecimalString(line.amountMinor, currency) }
}

function linesOf(facts: InvoiceFacts, planCode: string | null, newId: LineIds): InvoiceLine[] {
  const lines = facts.lines.map(({ quantity: _quantity, ...line }) =>
    blankLine(newId(), {
      ...line,
      ...unitsOf({ ...line, quantity: _quantity }, facts.currency),
      planCode,
    }),
  )
  if (facts.totalMinor >= 0) return lines
  const amountMinor = -facts.totalMinor
  const unitAmount = toDecimalString(amountMinor, facts.currency)
  const transfer = blankLine(newId(), {
    kind: 'balance_transfer',
    description: 'To the customer balance at Stripe',
    descriptionZh: '转入 Stripe 客户余额',
    quantity: '1',
    unitAmount,
    amountMinor,
  })
  return [...lines, transfer]
}

export interface MirroredInvoiceTerms {
  readonly tenantId: TenantId
  readonly id: InvoiceId
  readonly customerId: CustomerId
  readonly subscription: Pick<Subscription, 'id' | 'planCode' | 'paymentMethodId'> | null
  readonly issuer: PartySnapshot
  readonly newLineId: LineIds
  readonly at: Instant
}

/**
 * The row of a mirrored invoice as it was issued: open, or paid when nothing was left to pay. What was paid
 * comes from its payments, never from Stripe's sums; the number is Stripe's.
 */
export function mirroredInvoice(facts: InvoiceFacts, terms: MirroredInvoiceTerms): Invoice {
  assert(facts.status !== 'draft', 'drafts are not mirrored')
  const { subscription, at } = terms
  const lines = linesOf(facts, subscription?.planCode ?? null, terms.newLineId)
  const totals = totalsOf({ lines, taxLines: facts.taxLines })
  const totalMinor = Math.max(0, facts.totalMinor)
  assert(totals.totalMinor === totalMinor, `the lines of ${facts.processorId} add up to its total`)
  const nothingDue = facts.dueMinor === 0
  return {
    tenantId: terms.tenantId,
    id: terms.id,
    invoiceNumber: facts.number ?? facts.processorId,
    customerId: terms.customerId,
    subscriptionId: subscription?.id ?? null,
    status: nothingDue ? 'paid' : 'open',
    billingReason: facts.billingReason,
    currency: facts.currency,
    lines,
    taxLines: facts.taxLines,
    ...totals,
    amountPaidMinor: 0,
    amountCreditedMinor: 0,
    amountForgivenMinor: 0,
    amountRefundedMinor: 0,
    amountFromBalanceMinor: totalMinor - facts.dueMinor,
    collection: 'automatic',
    paymentMethodId: subscription?.paymentMethodId ?? null,
    attemptCount: facts.attemptCount,
    nextAttemptAt: null,
    clock: 'live',
    renewalKey: null,
    arrears: null,
    finalizeAt: null,
    firstFailedAt: null,
    giveUpAt: null,
    periodStart: facts.periodStart,
    periodEnd: facts.periodEnd,
    buyer: facts.buyer,
    issuer: terms.issuer,
    brandingId: null,
    dueAt: facts.dueAt ?? facts.issuedAt,
    issuedAt: facts.issuedAt,
    paidAt: nothingDue ? facts.issuedAt : null,
    closedAt: null,
    planCode: subscription?.planCode ?? null,
    country: facts.buyer.address?.country ?? null,
    processorId: facts.processorId,
    processorUrl: facts.url,
    metadata: facts.metadata,
    createdAt: facts.createdAt,
    updatedAt: at,
    version: 1,
  }
}

/** Tax of each rate as Stripe adds it up; the rate is what tax and base make of each other. */
export function taxLineOf(taxableMinor: number, taxMinor: number): TaxLine {
  const ratePpm = taxableMinor === 0 ? 0 : mulDiv(taxMinor, 1_000_000, taxableMinor, 'half_away')
  return { ratePpm, taxableMinor, taxMinor }
}
