// A method the processor knows becomes one of ours. Its number never passes through here.
import type { Caller } from '../../core/caller.ts'
import { isId, type PaymentMethodId } from '../../core/ids.ts'
import type { BillingDetails, PaymentMethod } from '../../core/payment-method.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { retryWithNewMethod } from '../dunning/recover.ts'
import { customerOf, enter } from '../enter.ts'
import { processorCustomer } from '../payments/charge.ts'
import { refuseDecline } from '../payments/payment-result.ts'
import { record } from '../record.ts'

export interface AddMethod {
  readonly processorMethodId: string
  readonly setDefault?: boolean | undefined
  readonly billingDetails?: Partial<BillingDetails> | undefined
  readonly customerId?: string | undefined
}

/**
 * Attaches a method to the tenant's customer. The first one becomes the default. Refuses `payment_declined`
 * (a card that the issuer does not let us keep), `payment_method_attached_elsewhere`, `not_found`.
 */
export async function addPaymentMethod(
  deps: Deps,
  caller: Caller,
  input: AddMethod,
): Promise<PaymentMethod> {
  const { tenant, at } = await enter(deps, caller)
  const reads = deps.store.of(caller.tenantId)
  const customer = await customerOf(reads, tenant, input.customerId)
  const outcome = await deps.processor.attachMethod({
    key: deps.ids.next('request'),
    processorCustomerId: await processorCustomer(deps, caller, customer),
    processorMethodId: input.processorMethodId,
    billingDetails: input.billingDetails ?? null,
  })
  if (outcome.outcome === 'declined') refuseDecline(outcome.decline)
  if (outcome.outcome === 'attached_elsewhere') refuse('payment_method_attached_elsewhere')
  if (outcome.outcome === 'unknown') {
    refuse('not_found', { noun: 'payment method', nounZh: '支付方式' })
  }
  const { verified, ...facts } = outcome.method
  return deps.store.transaction(caller.tenantId, async tx => {
    const known = await methodByProcessorId(tx, facts.processorId)
    const method: PaymentMethod = known ?? {
      ...facts,
      tenantId: caller.tenantId,
      id: deps.ids.next('paymentMethod'),
      customerId: customer.id,
      status: verified ? 'active' : 'pending_verification',
      detachedAt: null,
      createdAt: at,
      updatedAt: at,
      version: 1,
    }
    if (known === null) await tx.insert('paymentMethods', method)
    const owner = await tx.lock('customers', customer.id)
    const first = owner.defaultPaymentMethodId === null
    if ((first || input.setDefault === true) && method.status === 'active') {
      await tx.replace('customers', { ...owner, defaultPaymentMethodId: method.id, updatedAt: at })
      await retryWithNewMethod(tx, owner.id, at)
    }
    await record(deps, tx, caller, at, [
      {
        type: 'payment_method.added',
        objectId: method.id,
        data: { type: method.type, last4: method.card?.last4 ?? method.bankAccount?.last4 ?? null },
      },
    ])
    return method
  })
}

async function methodByProcessorId(
  tx: TenantTransaction,
  processorId: string,
): Promise<PaymentMethod | null> {
  const { rows } = await tx.list('paymentMethods', { where: { processorId }, limit: 1 })
  return rows[0] ?? null
}

/**
 * The method somebody means: one of ours by its id, or a processor's token, which is attached first.
 * Refuses `not_found` and what attaching refuses.
 */
export async function methodMeant(
  deps: Deps,
  caller: Caller,
  paymentMethodId: string,
  customerId?: string,
): Promise<PaymentMethod> {
  if (isId('paymentMethod', paymentMethodId)) {
    return deps.store.of(caller.tenantId).get('paymentMethods', paymentMethodId)
  }
  if (!paymentMethodId.startsWith('pm_')) {
    refuse('not_found', { noun: 'payment method', nounZh: '支付方式' })
  }
  return addPaymentMethod(deps, caller, { processorMethodId: paymentMethodId, customerId })
}

/** The method to charge: the subscription's own, else the customer's default. Null when there is none. */
export async function methodToCharge(
  reads: Pick<TenantTransaction, 'get' | 'find'>,
  ownId: PaymentMethodId | null,
  customerId: string,
): Promise<PaymentMethod | null> {
  const customer = await reads.get('customers', customerId)
  for (const id of [ownId, customer.defaultPaymentMethodId]) {
    const method = id === null ? null : await reads.find('paymentMethods', id)
    if (method !== null && method.status === 'active') return method
  }
  return null
}
