// A method the processor knows becomes one of ours. Its number never passes through here.
import type { Caller } from '../../core/caller.ts'
import type { Customer } from '../../core/customer.ts'
import { isId, type PaymentMethodId } from '../../core/ids.ts'
import type { BillingDetails, PaymentMethod } from '../../core/payment-method.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import type { Acceptance, AttachOutcome } from '../../ports/processor.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { retryWithNewMethod } from '../dunning/recover.ts'
import { customerOf, type Entered, enter } from '../enter.ts'
import { processorCustomer } from '../payments/charge.ts'
import { refuseDecline } from '../payments/payment-result.ts'
import { record } from '../record.ts'

export interface AddMethod {
  readonly processorMethodId: string
  readonly setDefault?: boolean | undefined
  readonly billingDetails?: Partial<BillingDetails> | undefined
  readonly customerId?: string | undefined
  /** Who agreed to a bank account's mandate and where; the request itself without it. */
  readonly acceptance?: Partial<Acceptance> | undefined
}

type Attached = Extract<AttachOutcome, { outcome: 'attached' }>

interface Adding {
  readonly customer: Customer
  readonly input: AddMethod
  readonly outcome: Attached
}

/**
 * Attaches a method to the tenant's customer. The first one becomes the default. A card or account that the
 * customer has already, by its fingerprint, stays one method: the one there was is answered, with the new
 * expiry. Refuses `payment_declined` (a card that the issuer does not let us keep),
 * `payment_method_attached_elsewhere`, `not_found`.
 */
export async function addPaymentMethod(
  deps: Deps,
  caller: Caller,
  input: AddMethod,
): Promise<PaymentMethod> {
  const entered = await enter(deps, caller)
  const reads = deps.store.of(caller.tenantId)
  const customer = await customerOf(reads, entered.tenant, input.customerId)
  const outcome = await deps.processor.attachMethod({
    key: deps.ids.next('request'),
    processorCustomerId: await processorCustomer(deps, caller, customer),
    processorMethodId: input.processorMethodId,
    billingDetails: input.billingDetails ?? null,
    acceptance: {
      acceptedAt: entered.now,
      ipAddress: caller.origin?.ipAddress ?? null,
      userAgent: caller.origin?.userAgent ?? null,
      ...input.acceptance,
    },
  })
  if (outcome.outcome === 'declined') refuseDecline(outcome.decline)
  if (outcome.outcome === 'attached_elsewhere') refuse('payment_method_attached_elsewhere')
  if (outcome.outcome === 'unknown') {
    refuse('not_found', { noun: 'payment method', nounZh: '支付方式' })
  }
  const { method, spare } = await deps.store.transaction(caller.tenantId, tx =>
    keep(deps, tx, caller, entered, { customer, input, outcome }),
  )
  if (spare !== null) await deps.processor.detachMethod(spare)
  return method
}

/** Keeps the method, unless the customer has it; `spare` is then the processor's second name for it. */
async function keep(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  { at }: Entered,
  adding: Adding,
): Promise<{ method: PaymentMethod; spare: string | null }> {
  const { input, outcome } = adding
  // The lock makes two requests with one card wait for each other.
  const owner = await tx.lock('customers', adding.customer.id)
  const known = await methodByProcessorId(tx, outcome.method.processorId)
  const twin = known ?? (await twinOf(tx, owner, outcome))
  const method = twin === null ? newMethod(deps, owner, outcome, at) : renewed(twin, adding, at)
  if (twin === null) await tx.insert('paymentMethods', method)
  else if (method !== twin) await tx.replace('paymentMethods', method)
  const first = owner.defaultPaymentMethodId === null
  if ((first || input.setDefault === true) && method.status === 'active') {
    await becomeDefault(tx, owner, method, at)
  }
  const last4 = method.card?.last4 ?? method.bankAccount?.last4 ?? null
  await record(deps, tx, caller, at, [
    {
      type: twin === null ? 'payment_method.added' : 'payment_method.updated',
      objectId: method.id,
      data: { type: method.type, last4, status: method.status },
    },
  ])
  const names = [twin?.processorId ?? method.processorId, outcome.method.processorId]
  return { method, spare: names.find(name => name !== method.processorId) ?? null }
}

/** The customer pays by it from now on; what failed before is tried again with it. */
export async function becomeDefault(
  tx: TenantTransaction,
  owner: Customer,
  method: PaymentMethod,
  at: number,
): Promise<void> {
  await tx.replace('customers', { ...owner, defaultPaymentMethodId: method.id, updatedAt: at })
  await retryWithNewMethod(tx, owner.id, at)
}

function newMethod(
  deps: Deps,
  owner: Customer,
  { method: { verified, ...facts }, setup }: Attached,
  at: number,
): PaymentMethod {
  const pending = setup?.pending ?? null
  return {
    ...facts,
    tenantId: owner.tenantId,
    id: deps.ids.next('paymentMethod'),
    customerId: owner.id,
    status: verified ? 'active' : 'pending_verification',
    setupId: setup?.id ?? null,
    verification:
      verified || pending === null ? null : { ...pending, amountsTried: 0, codesTried: 0 },
    detachedAt: null,
    createdAt: at,
    updatedAt: at,
    version: 1,
  }
}

/** The same card or account under another name of the processor's; one that failed is none. */
async function twinOf(
  tx: TenantTransaction,
  owner: Customer,
  { method: { fingerprint, type } }: Attached,
): Promise<PaymentMethod | null> {
  if (fingerprint === null) return null
  const { rows } = await tx.list('paymentMethods', {
    where: { customerId: owner.id },
    order: { field: 'createdAt', direction: 'desc' },
    limit: 1000,
  })
  const same = (row: PaymentMethod) => row.fingerprint === fingerprint && row.type === type
  return rows.find(row => row.status === 'active' && same(row)) ?? null
}

/**
 * The method there was, after it was given again. With a later expiry or other details the newer name takes
 * over; else the older one stays, which the issuer knows from earlier payments.
 */
function renewed(twin: PaymentMethod, adding: Adding, at: number): PaymentMethod {
  const { input, outcome } = adding
  const { verified, ...facts } = outcome.method
  const setup = { setupId: outcome.setup?.id ?? twin.setupId }
  if (twin.processorId === facts.processorId) {
    const cleared = verified && twin.status === 'pending_verification'
    const state = cleared ? ({ status: 'active', verification: null } as const) : {}
    return { ...twin, ...facts, ...setup, ...state, updatedAt: at }
  }
  const later = monthsOf(facts.card) > monthsOf(twin.card) || input.billingDetails !== undefined
  return verified && later ? { ...twin, ...facts, ...setup, updatedAt: at } : twin
}

const monthsOf = (card: PaymentMethod['card']): number =>
  card === null ? 0 : card.expYear * 12 + card.expMonth

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
