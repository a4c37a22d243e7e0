// From prices to an invoice: lines, their tax, the totals. One pricing serves invoices, previews, mails and
// documents; nothing else computes what somebody owes.
import type { AttachedDiscount } from './coupon.ts'
import { discountLines } from './discounts/discount-lines.ts'
import type { CustomerId, InvoiceId, InvoiceLineId, PaymentMethodId, TenantId } from './ids.ts'
import {
  type BillingReason,
  type Invoice,
  type InvoiceLine,
  type LineTax,
  type TaxBehavior,
  totalsOf,
} from './invoice.ts'
import {
  atItsPrice,
  chargedMinor,
  creditedMinor,
  type TaxTerms,
  taxInvoiceLines,
} from './invoice-tax.ts'
import {
  assertChargeable,
  type Currency,
  multiplyUnit,
  parseUnitAmount,
  sumMinor,
  toDecimalString,
  unitAmountText,
} from './money.ts'
import type { Plan, PlanPrice } from './plan.ts'
import {
  type ChargedLine,
  type Counting,
  chargeUsed,
  creditUnused,
  prorateChange,
} from './proration.ts'
import type { Subscription } from './subscription.ts'
import type { Instant, Period } from './time.ts'

export type LineIds = () => InvoiceLineId

type LineDraft = Pick<
  InvoiceLine,
  'kind' | 'description' | 'quantity' | 'unitAmount' | 'amountMinor'
> &
  Partial<InvoiceLine>

/** A line with what every line has; the rest is the caller's. */
export const blankLine = (id: InvoiceLineId, draft: LineDraft): InvoiceLine => ({
  discountMinor: 0,
  taxMinor: 0,
  taxRatePpm: null,
  descriptionZh: null,
  periodStart: null,
  periodEnd: null,
  planCode: null,
  metric: null,
  why: null,
  ...draft,
  id,
})

/** Whether the price of a line contains its tax; only said where it does. */
export const behaviorOf = (price: { readonly taxBehavior?: TaxBehavior }) =>
  price.taxBehavior === 'inclusive' ? ({ taxBehavior: 'inclusive' } as const) : {}

/** One full period of a plan, paid in advance. */
export function recurringLine(
  id: InvoiceLineId,
  plan: Plan,
  price: PlanPrice,
  quantity: number,
  period: Period,
): InvoiceLine {
  return blankLine(id, {
    kind: 'recurring',
    description: plan.name,
    quantity: String(quantity),
    unitAmount: toDecimalString(price.amountMinor, price.currency),
    amountMinor: price.amountMinor * quantity,
    periodStart: period.start,
    periodEnd: period.end,
    planCode: plan.code,
    ...behaviorOf(price),
    why: {
      rule: 'full_period',
      inputs: { unitMinor: price.amountMinor, quantity, formula: 'unitMinor * quantity' },
    },
  })
}

export interface ManualItem {
  readonly description: string
  /** Decimal string. */
  readonly quantity: string
  /** Major unit, up to 12 decimals. */
  readonly unitAmount: string | number
  readonly taxRatePpm: number | null
  readonly taxBehavior?: TaxBehavior
}

/** A line written by hand: quantity times unit price, rounded once, half away from zero. */
export function manualLine(
  id: InvoiceLineId,
  item: ManualItem,
  currency: Currency,
  path: string,
): InvoiceLine {
  const unit = parseUnitAmount(item.unitAmount, `${path}/unitAmount`)
  const unitAmount = unitAmountText(unit)
  const amountMinor = multiplyUnit(unit, item.quantity, currency, 'half_away')
  assertChargeable(amountMinor, currency)
  return blankLine(id, {
    kind: 'one_off',
    description: item.description,
    quantity: item.quantity,
    unitAmount,
    amountMinor,
    taxRatePpm: item.taxRatePpm,
    ...behaviorOf(item),
    why: {
      rule: 'quantity_times_unit',
      inputs: {
        unitAmount,
        quantity: item.quantity,
        formula: 'unitAmount * quantity',
        rounding: 'half_away',
      },
    },
  })
}

/** A line that was charged for time still to come, and how much of it earlier changes gave back. */
export interface PaidLine extends ChargedLine {
  readonly lineId: string
  readonly planCode: string | null
  readonly description: string
  readonly taxBehavior?: TaxBehavior
  readonly taxes?: readonly LineTax[]
}

const netMinor = (l: InvoiceLine): number => l.amountMinor - l.discountMinor

/**
 * What was really charged for the time after `at` on paid invoices of a subscription: the basis of every
 * credit (choice 6). Unpaid invoices give no credit, and nothing is credited twice, neither by an earlier
 * change nor by a credit note. A line comes at its price, with the tax that the price contains, or net.
 */
export function paidLines(
  invoices: readonly Pick<Invoice, 'status' | 'lines' | 'createdAt'>[],
  at: Instant,
  statuses: readonly Invoice['status'][] = ['paid'],
  basis: 'price' | 'net' = 'price',
): PaidLine[] {
  const paid = invoices
    .filter(invoice => statuses.includes(invoice.status))
    .sort((a, b) => a.createdAt - b.createdAt)
  const lines = paid.flatMap(invoice => invoice.lines)
  const whole = basis === 'price' ? chargedMinor : netMinor
  const back = basis === 'price' ? creditedMinor : (l: InvoiceLine) => l.creditedNetMinor ?? 0
  // A change gives back all the time that was unused then, so of such a line nothing is unused any more but
  // what a note took back of that credit and no later change has given again.
  const takenBack = new Map<string, number>()
  for (const credit of lines) {
    const source = credit.why?.inputs.creditsLineId
    if (credit.kind !== 'proration_credit' || typeof source !== 'string') continue
    const before = takenBack.get(source)
    const givenMinor = before === undefined ? 0 : -whole(credit)
    takenBack.set(source, (before ?? 0) - back(credit) - givenMinor)
  }
  const spentMinor = (id: string, wholeMinor: number) =>
    takenBack.has(id) ? wholeMinor - takenBack.get(id)! : 0
  return lines
    .filter(l => l.kind === 'recurring' || l.kind === 'proration_charge')
    .filter(l => l.periodEnd !== null && l.periodStart !== null && l.periodEnd > at)
    .map(l => ({
      lineId: l.id,
      planCode: l.planCode,
      description: l.description,
      amountMinor: whole(l),
      creditedMinor: spentMinor(l.id, whole(l)) + back(l),
      ...behaviorOf(l),
      ...(l.taxes === undefined ? {} : { taxes: l.taxes }),
      period: { start: l.periodStart!, end: l.periodEnd! },
    }))
    .filter(l => l.amountMinor > l.creditedMinor)
}

export interface ChangeTerms {
  readonly plan: Plan
  readonly price: PlanPrice
  readonly quantity: number
  /** The running period, or the new one that starts at `at` when the cycle changes. */
  readonly period: Period
  readonly at: Instant
  readonly counting: Counting
}

const remaining = 'Remaining time: '

/** What was sold, whether for a whole period or for the rest of one. */
const soldAs = (description: string): string =>
  description.startsWith(remaining) ? description.slice(remaining.length) : description

/** Lines of a change in mid-period: unused time of what was paid comes back, the rest costs the new price. */
export function changeLines(
  newId: LineIds,
  charged: readonly PaidLine[],
  terms: ChangeTerms,
): InvoiceLine[] {
  const { plan, price, quantity, period, at, counting } = terms
  const credits = charged.flatMap(paid => {
    const credit = creditUnused(paid, at, counting)
    if (credit === null) return []
    return blankLine(newId(), {
      kind: 'proration_credit',
      description: `Unused time: ${soldAs(paid.description)}`,
      descriptionZh: `未使用时长：${soldAs(paid.description)}`,
      quantity: '1',
      unitAmount: toDecimalString(credit.amountMinor, price.currency),
      amountMinor: credit.amountMinor,
      periodStart: credit.period.start,
      periodEnd: credit.period.end,
      planCode: paid.planCode,
      ...behaviorOf(paid),
      ...(paid.taxes === undefined ? {} : { taxes: paid.taxes }),
      why: {
        rule: credit.why.rule,
        inputs: { ...credit.why.inputs, creditsLineId: paid.lineId },
      },
    })
  })
  const fullMinor = price.amountMinor * quantity
  const { charges } = prorateChange({ at, counting, charged: [], nextMinor: [fullMinor], period })
  const debits = charges.map(charge =>
    blankLine(newId(), {
      kind: 'proration_charge',
      description: at === period.start ? plan.name : `${remaining}${plan.name}`,
      descriptionZh: at === period.start ? plan.name : `剩余时长：${plan.name}`,
      quantity: String(quantity),
      unitAmount: toDecimalString(price.amountMinor, price.currency),
      amountMinor: charge.amountMinor,
      periodStart: charge.period.start,
      periodEnd: charge.period.end,
      planCode: plan.code,
      ...behaviorOf(price),
      why: charge.why,
    }),
  )
  return [...credits, ...debits]
}

/**
 * The part of a full period that was used until `at`: what a draft still charges after an early end. Its
 * discounts are taken anew when the draft is priced.
 */
export function usedPart(
  line: InvoiceLine,
  at: Instant,
  counting: Counting,
  currency: Currency,
): InvoiceLine[] {
  const full = atItsPrice(line)
  const whole = { start: full.periodStart!, end: full.periodEnd! }
  const used = chargeUsed(full.amountMinor, whole, at, counting)
  if (used === null) return []
  return [
    {
      ...full,
      kind: 'proration_charge',
      description: `Used time: ${full.description}`,
      descriptionZh: `已用时长：${full.descriptionZh ?? full.description}`,
      quantity: '1',
      unitAmount: toDecimalString(used.amountMinor, currency),
      amountMinor: used.amountMinor,
      discountMinor: 0,
      periodEnd: at,
      why: used.why,
    },
  ]
}

export interface InvoiceDraft {
  readonly id: InvoiceId
  readonly tenantId: TenantId
  readonly customerId: CustomerId
  readonly subscription: Pick<Subscription, 'id' | 'planCode'> | null
  readonly billingReason: BillingReason
  readonly currency: Currency
  readonly lines: readonly InvoiceLine[]
  /** Those that count for it; their parts of earlier pricings of the lines are taken anew. */
  readonly discounts: readonly AttachedDiscount[]
  readonly tax: TaxTerms
  readonly collection: 'automatic' | 'manual'
  readonly paymentMethodId: PaymentMethodId | null
  readonly period: Period | null
  readonly dueAt: Instant | null
  readonly metadata: Readonly<Record<string, string>>
  readonly at: Instant
}

/**
 * The draft of an invoice: discounts, tax once per rate on the discounted lines, then the totals. An invoice is never
 * negative: what credits exceed costs by, tax included, becomes a line that moves it to the credit balance.
 */
export function draftInvoice(undiscounted: InvoiceDraft): Invoice {
  const { discounts, currency } = undiscounted
  const lines = discountLines(undiscounted.lines.map(atItsPrice), discounts, currency)
  const draft = { ...undiscounted, lines }
  const priced = pricedInvoice(draft)
  if (priced.totalMinor >= 0) return priced
  // One such line an invoice, so the invoice's own id makes the line's.
  const transfer = blankLine(`il_${draft.id.slice('inv_'.length)}`, {
    kind: 'balance_transfer',
    description: 'Moved to your credit balance',
    descriptionZh: '转入您的余额',
    quantity: '1',
    unitAmount: toDecimalString(-priced.totalMinor, draft.currency),
    amountMinor: -priced.totalMinor,
    why: { rule: 'balance_transfer', inputs: { creditMinor: -priced.totalMinor } },
  })
  return pricedInvoice({ ...draft, lines: [...draft.lines, transfer] })
}

function pricedInvoice(draft: InvoiceDraft): Invoice {
  const { lines, taxLines } = taxInvoiceLines(draft.lines, draft.tax)
  const totals = totalsOf({ lines, taxLines })
  return {
    tenantId: draft.tenantId,
    id: draft.id,
    invoiceNumber: null,
    customerId: draft.customerId,
    subscriptionId: draft.subscription?.id ?? null,
    status: 'draft',
    billingReason: draft.billingReason,
    currency: draft.currency,
    lines,
    taxLines,
    amountPaidMinor: 0,
    amountCreditedMinor: 0,
    amountForgivenMinor: 0,
    amountRefundedMinor: 0,
    amountFromBalanceMinor: 0,
    collection: draft.collection,
    paymentMethodId: draft.paymentMethodId,
    attemptCount: 0,
    nextAttemptAt: null,
    clock: 'live',
    renewalKey: null,
    processorId: null,
    processorUrl: null,
    arrears: null,
    finalizeAt: null,
    firstFailedAt: null,
    giveUpAt: null,
    periodStart: draft.period?.start ?? null,
    periodEnd: draft.period?.end ?? null,
    buyer: null,
    issuer: null,
    brandingId: null,
    dueAt: draft.dueAt,
    issuedAt: null,
    paidAt: null,
    closedAt: null,
    planCode: draft.subscription?.planCode ?? null,
    country: null,
    metadata: draft.metadata,
    createdAt: draft.at,
    updatedAt: draft.at,
    version: 1,
    ...totals,
  }
}

/** Sum of lines before tax; negative means that a change owes more than it costs. */
export const netOfLines = (lines: readonly InvoiceLine[]): number =>
  sumMinor(lines.map(l => l.amountMinor - l.discountMinor))
