// From a settled payment to its receipt. One payment settles one invoice here; the view holds several.
import { assert } from '../core/assert.ts'
import { amountDueMinor, type Invoice } from '../core/invoice.ts'
import type { Transaction } from '../core/payment.ts'
import { type DocumentContext, frameOf } from './invoice-view.ts'
import { methodName } from './method-name.ts'
import { type PartyFacts, partyView } from './party.ts'
import type { ReceiptView } from './views.ts'
import { wordsOf } from './words.ts'

export interface ReceiptContext extends DocumentContext {
  readonly customer: PartyFacts
  /** The receipt's own number; by default the payment's id, which is as unique. */
  readonly number?: string
}

/** The receipt of a payment that succeeded for an issued invoice; anything else is a fault. */
export function receiptView(
  payment: Transaction,
  invoice: Invoice,
  context: ReceiptContext,
): ReceiptView {
  const { language } = context
  const paidAt = payment.processedAt ?? payment.createdAt
  assert(payment.type === 'payment' && payment.status === 'succeeded', 'a receipt needs a payment')
  assert(invoice.invoiceNumber !== null && invoice.issuedAt !== null, 'a receipt needs an invoice')
  const facts = {
    type: payment.methodType,
    brand: payment.methodBrand,
    last4: payment.methodLast4,
  }
  return {
    ...frameOf(context),
    buyer: partyView(invoice.buyer ?? context.customer, language),
    currency: payment.currency,
    number: context.number ?? payment.id,
    issuedAt: paidAt,
    paidAt,
    method: methodName(facts, language) ?? wordsOf(language).payment,
    transactionId: payment.id,
    amountMinor: payment.amountMinor,
    refundedMinor: payment.amountRefundedMinor,
    invoices: [
      {
        number: invoice.invoiceNumber,
        issuedAt: invoice.issuedAt,
        totalMinor: invoice.totalMinor,
        settledMinor: payment.amountMinor,
        remainingMinor: amountDueMinor(invoice),
      },
    ],
  }
}
