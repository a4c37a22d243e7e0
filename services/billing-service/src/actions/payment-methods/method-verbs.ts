// What an admin does with methods that are there: default, details, removal, and preparing a new one.
import type { Caller } from '../../core/caller.ts'
import type { BillingDetails, PaymentMethod } from '../../core/payment-method.ts'
import { refuse } from '../../core/refusal.ts'
import { isLive } from '../../core/subscription.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { changedRow } from '../changed-row.ts'
import { retryWithNewMethod } from '../dunning/recover.ts'
import { customerOf, enter } from '../enter.ts'
import { processorCustomer } from '../payments/charge.ts'
import { record } from '../record.ts'

/** Refuses `not_found`, and `payment_method_not_usable` unless it is active. */
export async function makeDefault(deps: Deps, caller: Caller, id: string): Promise<PaymentMethod> {
  const { at } = await enter(deps, caller)
  return deps.store.transaction(caller.tenantId, async tx => {
    const method = await tx.get('paymentMethods', id)
    if (method.status !== 'active') refuse('payment_method_not_usable', { status: method.status })
    const customer = await tx.lock('customers', method.customerId)
    if (customer.defaultPaymentMethodId === method.id) return method
    const { defaultPaymentMethodId: from } = customer
    await tx.replace('customers', { ...customer, defaultPaymentMethodId: method.id, updatedAt: at })
    await retryWithNewMethod(tx, customer.id, at)
    const changed = { defaultPaymentMethodId: { from, to: method.id } }
    await record(deps, tx, caller, at, [
      { type: 'payment_method.made_default', objectId: id, data: {}, changed },
    ])
    return method
  })
}

export interface MethodUpdate {
  readonly billingDetails?: Partial<BillingDetails> | undefined
  readonly expiry?: { readonly month: number; readonly year: number } | undefined
}

/** Changes details at the processor first, then keeps what it answered. */
export async function updateMethod(
  deps: Deps,
  caller: Caller,
  id: string,
  input: MethodUpdate,
): Promise<PaymentMethod> {
  const { at } = await enter(deps, caller)
  const current = await deps.store.of(caller.tenantId).get('paymentMethods', id)
  if (current.status === 'detached') {
    refuse('payment_method_not_usable', { status: current.status })
  }
  const facts = await deps.processor.updateMethod({
    processorMethodId: current.processorId,
    billingDetails: input.billingDetails ?? null,
    expiry: input.expiry ?? null,
  })
  return deps.store.transaction(caller.tenantId, async tx => {
    const locked = await tx.lock('paymentMethods', id)
    const saved = await tx.replace('paymentMethods', {
      ...locked,
      card: facts.card,
      billingDetails: facts.billingDetails,
      updatedAt: at,
    })
    const data = { last4: saved.card?.last4 ?? null }
    const changed = changedRow('paymentMethods', locked, saved)
    await record(deps, tx, caller, at, [
      { type: 'payment_method.updated', objectId: id, data, changed },
    ])
    return saved
  })
}

/**
 * Detaches a method. Subscriptions that name it fall back to the default. Refuses `payment_method_in_use`
 * when a paying subscription would be left without any.
 */
export async function removeMethod(deps: Deps, caller: Caller, id: string): Promise<void> {
  const { at } = await enter(deps, caller)
  const processorId = await deps.store.transaction(caller.tenantId, async tx => {
    const method = await tx.lock('paymentMethods', id)
    if (method.status === 'detached') return null
    await letGo(deps, tx, caller, at, method, { refuses: true })
    return method.processorId
  })
  // Here it is gone already: nothing charges it any more, whatever the processor answers.
  if (processorId !== null) await deps.processor.detachMethod(processorId)
}

/** Lets a method go; `refuses` unless it is gone anyway, because the processor removed it. */
export async function letGo(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  at: number,
  method: PaymentMethod,
  { refuses }: { readonly refuses: boolean },
): Promise<void> {
  const heir = await heirOf(tx, method)
  await leaveSubscriptions(tx, method, heir, at, refuses)
  const customer = await tx.lock('customers', method.customerId)
  if (customer.defaultPaymentMethodId === method.id) {
    await tx.replace('customers', {
      ...customer,
      defaultPaymentMethodId: heir?.id ?? null,
      updatedAt: at,
    })
  }
  await tx.replace('paymentMethods', {
    ...method,
    status: 'detached',
    verification: null,
    detachedAt: at,
    updatedAt: at,
  })
  await record(deps, tx, caller, at, [
    { type: 'payment_method.removed', objectId: method.id, data: { heir: heir?.id ?? null } },
  ])
}

/** Who takes over: the default if it is another one, else the newest other active method. */
async function heirOf(tx: TenantTransaction, method: PaymentMethod): Promise<PaymentMethod | null> {
  const customer = await tx.get('customers', method.customerId)
  const { rows } = await tx.list('paymentMethods', {
    where: { customerId: method.customerId },
    order: { field: 'createdAt', direction: 'desc' },
    limit: 1000,
  })
  const others = rows.filter(other => other.id !== method.id && other.status === 'active')
  return others.find(other => other.id === customer.defaultPaymentMethodId) ?? others[0] ?? null
}

async function leaveSubscriptions(
  tx: TenantTransaction,
  method: PaymentMethod,
  heir: PaymentMethod | null,
  at: number,
  refuses: boolean,
): Promise<void> {
  const { rows } = await tx.list('subscriptions', {
    where: { customerId: method.customerId },
    order: { field: 'createdAt', direction: 'desc' },
    limit: 1000,
  })
  for (const subscription of rows.filter(isLive)) {
    const plan = await tx.get('plans', subscription.planId)
    const paying = plan.prices.some(price => price.amountMinor > 0)
    const ends = subscription.cancelAtPeriodEnd
    if (refuses && heir === null && paying && !ends) {
      refuse('payment_method_in_use', { plan: plan.name })
    }
    if (subscription.paymentMethodId !== method.id) continue
    await tx.replace('subscriptions', { ...subscription, paymentMethodId: null, updatedAt: at })
  }
}

export interface SetupPrepared {
  readonly id: string
  readonly clientSecret: string
  readonly publishableKey: string | null
  readonly processor: 'sandbox' | 'stripe'
}

/** Prepares the processor's own form, into which the payer types the number. */
export async function prepareSetup(
  deps: Deps,
  caller: Caller,
  input: {
    readonly type?: 'card' | 'bank_account' | undefined
    readonly verification?: 'automatic' | 'instant' | 'microdeposits' | undefined
    readonly customerId?: string | undefined
  },
): Promise<SetupPrepared> {
  const { tenant } = await enter(deps, caller)
  const reads = deps.store.of(caller.tenantId)
  const customer = await customerOf(reads, tenant, input.customerId)
  const setup = await deps.processor.createSetup({
    key: deps.ids.next('request'),
    tenantId: caller.tenantId,
    processorCustomerId: await processorCustomer(deps, caller, customer),
    type: input.type ?? 'card',
    verification: input.verification ?? 'automatic',
  })
  return {
    ...setup,
    publishableKey: deps.publishableKey,
    processor: deps.sandbox ? 'sandbox' : 'stripe',
  }
}
