// Paying an open invoice on request.
import type { Caller } from '../../core/caller.ts'
import { assertPayable, type Invoice } from '../../core/invoice.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import { enter } from '../enter.ts'
import { payMirrored } from '../mirror/change-mirrored.ts'
import { methodMeant, methodToCharge } from '../payment-methods/add-method.ts'
import { assertNoPaymentRunning, beginAttempt, runAttempt } from '../payments/charge.ts'
import { closeCheckout } from '../payments/checkout.ts'
import { type PaymentResult, paymentResult, refuseDecline } from '../payments/payment-result.ts'

/**
 * Charges what is due. Refuses `payment_declined` (402), `payment_in_progress`, `invoice_already_paid`,
 * `invoice_not_open`, `nothing_to_pay`, `payment_method_required`.
 */
export async function payInvoice(
  deps: Deps,
  caller: Caller,
  invoiceId: string,
  input: { readonly paymentMethodId?: string | undefined },
): Promise<{ invoice: Invoice; payment: PaymentResult | null }> {
  const { at, now } = await enter(deps, caller)
  const reads = deps.store.of(caller.tenantId)
  const wanted = await reads.get('invoices', invoiceId)
  assertPayable(wanted)
  const named =
    input.paymentMethodId === undefined
      ? null
      : await methodMeant(deps, caller, input.paymentMethodId, wanted.customerId)
  if (wanted.processorId !== null) return payMirrored(deps, caller, wanted, named)
  await closeCheckout(deps, caller, invoiceId)
  const { attempt, method } = await deps.store.transaction(caller.tenantId, async tx => {
    const invoice = await tx.lock('invoices', invoiceId)
    assertPayable(invoice)
    await assertNoPaymentRunning(tx, invoice)
    const own =
      invoice.subscriptionId === null
        ? invoice.paymentMethodId
        : (await tx.get('subscriptions', invoice.subscriptionId)).paymentMethodId
    const chosen = named ?? (await methodToCharge(tx, own, invoice.customerId))
    if (chosen === null) refuse('payment_method_required')
    const begun = await beginAttempt(deps, tx, {
      invoice,
      method: chosen,
      subscriptionId: invoice.subscriptionId,
      at,
      now,
    })
    return { attempt: begun, method: chosen }
  })
  const settled = await runAttempt(deps, caller, attempt.transaction, method, {
    offSession: false,
    description: `Invoice ${attempt.invoice.invoiceNumber}`,
  })
  if (settled.status === 'failed') refuseDecline(settled)
  return { invoice: await reads.get('invoices', invoiceId), payment: paymentResult(settled) }
}
