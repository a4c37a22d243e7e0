// An object of the processor, read afresh, becomes true here. Events, the back-fill and the sync all end in
// these functions, so order and repetition do not matter.
import { systemCaller } from '../../core/caller.ts'
import { applied, ignored, type Verdict } from '../../core/inbox.ts'
import type { Deps } from '../../deps.ts'
import type { ProcessorObject } from '../../ports/processor.ts'
import { mirrorInvoiceNamed } from '../mirror/mirror-invoice.ts'
import { isLeft } from '../mirror/mirror-subscription.ts'
import { knownPayer } from '../mirror/payer.ts'
import { isCheckout, lookAt, settleCheckout } from '../payments/checkout.ts'
import { paymentOf } from '../payments/payment-of.ts'
import { settleAttempt } from '../payments/settle-attempt.ts'
import { adoptRefund, refundOf } from '../transactions/adopt-refund.ts'
import { settleRefundAttempt } from '../transactions/refund.ts'

type ObjectOf<K extends ProcessorObject['kind']> = Extract<ProcessorObject, { kind: K }>

const notOurs = ignored('the object names no attempt of ours')

/** Settles a payment that names one of our attempts; another's payment is not ours to book. */
export async function settlePaymentObject(
  deps: Deps,
  object: ObjectOf<'payment'>,
): Promise<Verdict> {
  const { tenantId, transactionId } = object
  if (tenantId === null || transactionId === null) return settleMirrored(deps, object)
  const known = await deps.store.of(tenantId).find('transactions', transactionId)
  if (known?.type !== 'payment') return notOurs
  const caller = systemCaller(tenantId, 'webhook', transactionId)
  // What fails on an open page is no result; the page says when it is over.
  const onPage = isCheckout(known) && object.observation.status === 'failed'
  if (onPage) await lookAt(deps, caller, known)
  else await settleAttempt(deps, caller, transactionId, object.observation)
  return applied(tenantId)
}

/** Settles the page on which one of our attempts is paid. */
export async function settleCheckoutObject(
  deps: Deps,
  object: ObjectOf<'checkout'>,
): Promise<Verdict> {
  const { tenantId, transactionId } = object
  if (tenantId === null || transactionId === null) return notOurs
  const known = await deps.store.of(tenantId).find('transactions', transactionId)
  if (known === null || !isCheckout(known)) return notOurs
  const caller = systemCaller(tenantId, 'webhook', transactionId)
  await settleCheckout(deps, caller, transactionId, object.observation)
  return applied(tenantId)
}

/** A payment that Stripe Billing tried for a mirrored invoice: known by its object, or by its invoice. */
async function settleMirrored(deps: Deps, object: ObjectOf<'payment'>): Promise<Verdict> {
  const { observation, happenedAt, processorCustomerId } = object
  const known = await paymentOf(deps, { processorPaymentId: observation.processorId })
  if (known !== null) {
    const caller = systemCaller(known.tenantId, 'webhook', known.id)
    await settleAttempt(deps, caller, known.id, observation, { happenedAt })
    return applied(known.tenantId)
  }
  const { billing } = deps.processor
  if (billing === undefined || processorCustomerId === null) return notOurs
  if ((await knownPayer(deps, processorCustomerId)) === null) return notOurs
  const invoiceId = await billing.invoiceOfPayment(observation.processorId ?? '')
  const copied = invoiceId === null ? null : await mirrorInvoiceNamed(deps, invoiceId)
  return copied === null || isLeft(copied) ? notOurs : applied(copied.tenantId)
}

/** Settles a refund of ours, or records one that others made of a payment of ours. */
export async function settleRefundObject(deps: Deps, object: ObjectOf<'refund'>): Promise<Verdict> {
  const known = await refundOf(deps, object)
  if (known === null) return adoptRefund(deps, object)
  const caller = systemCaller(known.tenantId, 'webhook', known.id)
  await settleRefundAttempt(deps, caller, known.id, object.observation)
  return applied(known.tenantId)
}
