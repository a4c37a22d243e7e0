// Subscribing to a plan that Stripe Billing runs: written down here first, then ordered there under our id.
// What Stripe answers, or its webhook brings later, becomes the copy.
import type { Caller } from '../../core/caller.ts'
import type { PaymentMethod } from '../../core/payment-method.ts'
import type { Plan, PlanPrice } from '../../core/plan.ts'
import { refuse } from '../../core/refusal.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { Tenant } from '../../core/tenant.ts'
import type { Deps } from '../../deps.ts'
import { ProcessorUnavailable } from '../../ports/processor.ts'
import { ProcessorRefusal } from '../../ports/processor-billing.ts'
import { noteMade } from '../made-by-request.ts'
import { processorCustomer } from '../payments/charge.ts'
import { record } from '../record.ts'
import { billingOf, type Forwarded, forwarded } from './forwarded.ts'
import { notForMirrored } from './limits.ts'

/** After this long without an answer Stripe is asked what became of an order. */
const firstCheckMs = 60_000

/** The Stripe price of what is to be sold. Refuses `price_not_mapped` and `not_for_mirrored`. */
export function stripePriceOf(plan: Plan, price: PlanPrice): string {
  if ((price.setupMinor ?? 0) > 0) notForMirrored('setupFees')
  const { currency, billingCycle, stripePriceId } = price
  return stripePriceId ?? refuse('price_not_mapped', { plan: plan.code, billingCycle, currency })
}

/** Refuses `not_for_mirrored` for what an order at Stripe cannot have. */
export function assertOrderable(
  input: { readonly coupon?: string | undefined; readonly quoteId?: string | undefined },
  tenant: Pick<Tenant, 'kind'>,
): void {
  if (input.coupon !== undefined) notForMirrored('coupons')
  if (input.quoteId !== undefined) notForMirrored('quotes')
  if (tenant.kind === 'test') notForMirrored('testClock')
}

export interface MirroredOrder {
  /** As it is written down: incomplete, without Stripe's name. */
  readonly subscription: Subscription
  readonly priceId: string
  readonly trialDays: number
  readonly method: PaymentMethod | null
}

/**
 * Orders a subscription at Stripe. Its answer is ours: a declined first payment leaves it `incomplete`. An
 * unknown outcome does too, and Stripe is asked again. Refuses `processor_refused`.
 */
export async function createMirrored(
  deps: Deps,
  caller: Caller,
  order: MirroredOrder,
): Promise<Forwarded> {
  const billing = billingOf(deps)
  const now = deps.clock.real()
  const { tenantId } = caller
  const written: Subscription = {
    ...order.subscription,
    status: 'incomplete',
    billedBy: 'stripe',
    nextBillingAt: null,
    checkAt: now + firstCheckMs,
  }
  await deps.store.transaction(tenantId, async tx => {
    await tx.insert('subscriptions', written)
    await noteMade(deps, tx, caller, { subscriptionId: written.id, transactionId: null }, now)
    await record(deps, tx, caller, written.createdAt, [
      { type: 'subscription.ordered', objectId: written.id, data: { planCode: written.planCode } },
    ])
  })
  const customer = await deps.store.of(tenantId).get('customers', written.customerId)
  try {
    const facts = await billing.createSubscription({
      subscriptionId: written.id,
      tenantId,
      processorCustomerId: await processorCustomer(deps, caller, customer),
      priceId: order.priceId,
      quantity: written.quantity,
      trialDays: order.trialDays,
      processorMethodId: order.method?.processorId ?? null,
      metadata: written.metadata,
    })
    return await forwarded(deps, facts, null)
  } catch (error) {
    if (error instanceof ProcessorUnavailable) return { subscription: written, payment: null }
    if (!(error instanceof ProcessorRefusal)) throw error
    await neverCame(deps, caller, written.id, error.message)
    return refuse('processor_refused', { message: error.message })
  }
}

/** Closes an order that Stripe refused, or never heard of. */
export async function neverCame(
  deps: Deps,
  caller: Caller,
  subscriptionId: string,
  reason: string,
): Promise<void> {
  await deps.store.transaction(caller.tenantId, async tx => {
    const row = await tx.lock('subscriptions', subscriptionId)
    if (row.processorId !== null || row.status !== 'incomplete') return
    const at = deps.clock.real()
    const over = {
      status: 'incomplete_expired',
      endedAt: at,
      liveKey: null,
      checkAt: null,
    } as const
    await tx.replace('subscriptions', { ...row, ...over, updatedAt: at })
    await record(deps, tx, caller, at, [
      { type: 'subscription.incomplete_expired', objectId: row.id, data: { reason } },
    ])
  })
}
