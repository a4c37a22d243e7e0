// The invoice that comes next, as far as it is known: the period in advance with its discounts, tax and
// credit. Usage is not known before the period ends.
import type { AttachedDiscount } from '../../core/coupon.ts'
import { fromBalance } from '../../core/credit-balance.ts'
import { discountsUsed } from '../../core/discounts/discount-lines.ts'
import { isDiscountLive } from '../../core/discounts/life.ts'
import type { Invoice } from '../../core/invoice.ts'
import { isFree, priceOf } from '../../core/plan.ts'
import { draftInvoice, recurringLine } from '../../core/pricing.ts'
import { decideRenewal } from '../../core/renewal.ts'
import { isLive, type Subscription } from '../../core/subscription.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import type { Entered } from '../enter.ts'
import { priceAfter } from '../subscriptions/renew-subscription.ts'
import { setupDue } from '../subscriptions/setup-due.ts'
import { taxTermsOf } from '../tax/tax-terms.ts'

export interface NextInvoice {
  readonly at: Instant
  readonly draft: Invoice
  readonly dueMinor: number
}

export interface Expected {
  /** As it will be when what is quoted is in force. */
  readonly after: Subscription
  readonly discounts: readonly AttachedDiscount[]
  /** What is invoiced now, before it. */
  readonly now: Invoice | null
  readonly balanceMinor: number
}

/** Null when nothing more is billed in advance: it ends, pauses, or its plan is free. */
export async function forecast(
  deps: Deps,
  tx: TenantTransaction,
  { settings }: Entered,
  { after, discounts, now, balanceMinor }: Expected,
): Promise<NextInvoice | null> {
  if (!isLive(after) || after.status === 'paused') return null
  const running = after.status === 'trialing' ? after : { ...after, status: 'active' as const }
  const renewal = decideRenewal(running, {
    settings,
    zone: settings.zone,
    methodUsable: true,
    free: isFree(await priceAfter(tx, running)),
    used: false,
  })
  const { advance, subscription: next, boundary } = renewal
  if (advance === null) return null
  const plan = await tx.get('plans', next.planId)
  const price = priceOf(plan, next.currency, next.billingCycle)
  const customer = await tx.get('customers', next.customerId)
  const used = discountsUsed(now?.lines ?? [])
  const left = discounts.map(d => (used.has(d.id) ? { ...d, uses: d.uses + 1 } : d))
  const newId = () => deps.ids.next('invoiceLine')
  const draft = draftInvoice({
    id: deps.ids.next('invoice'),
    tenantId: next.tenantId,
    customerId: next.customerId,
    subscription: next,
    billingReason: renewal.billingReason,
    currency: next.currency,
    lines: [
      ...renewal.pendingLines,
      recurringLine(newId(), plan, price, next.quantity, advance),
      ...(now === null ? await setupDue(deps, tx, next.id, plan, price) : []),
    ],
    discounts: left.filter(discount => isDiscountLive(discount, boundary)),
    tax: await taxTermsOf(deps, tx, customer, settings, boundary),
    collection: 'automatic',
    paymentMethodId: null,
    period: advance,
    dueAt: null,
    metadata: {},
    at: boundary,
  })
  return { at: boundary, draft, dueMinor: draft.totalMinor - fromBalance(draft, balanceMinor) }
}
