import type { InvoiceLineWire, InvoiceWire } from '@quittance/billing-contract/schemas/invoice'
import { explainLine } from '../../core/explanation.ts'
import { amountDueMinor, type Invoice, type InvoiceLine } from '../../core/invoice.ts'
import { ppmToPercent } from '../../core/money.ts'
import { toIso } from '../../core/time.ts'
import { amount, time } from './money.ts'
import { taxSumToWire } from './tax.ts'

type Language = 'en' | 'zh-CN'

/** An invoice in the language of its reader. */
export function invoiceToWire(invoice: Invoice, language: Language): InvoiceWire {
  const { currency } = invoice
  const money = (minor: number) => amount(minor, currency)
  const [onlyTax, ...otherTaxes] = invoice.taxLines
  return {
    id: invoice.id,
    tenantId: invoice.tenantId,
    invoiceNumber: invoice.invoiceNumber,
    customerId: invoice.customerId,
    subscriptionId: invoice.subscriptionId,
    status: invoice.status,
    billingReason: invoice.billingReason,
    currency,
    lineItems: invoice.lines.map(line => lineToWire(line, currency, language)),
    subtotal: money(invoice.subtotalMinor),
    discount: money(invoice.discountMinor),
    tax: {
      rate: onlyTax !== undefined && otherTaxes.length === 0 ? ppmToPercent(onlyTax.ratePpm) : 0,
      amount: money(invoice.taxMinor),
      lines: invoice.taxLines.map(line => taxSumToWire(line, currency)),
    },
    total: money(invoice.totalMinor),
    amountPaid: money(invoice.amountPaidMinor),
    amountCredited: money(invoice.amountCreditedMinor),
    amountFromBalance: money(invoice.amountFromBalanceMinor),
    amountDue: money(amountDueMinor(invoice)),
    dueDate: time(invoice.dueAt),
    issuedAt: time(invoice.issuedAt),
    paidAt: time(invoice.paidAt),
    periodStart: time(invoice.periodStart),
    periodEnd: time(invoice.periodEnd),
    attempts: invoice.attemptCount,
    nextPaymentAttempt: time(invoice.nextAttemptAt),
    collection: invoice.collection,
    billedBy: invoice.processorId === null ? 'engine' : 'stripe',
    stripeInvoiceId: invoice.processorId,
    stripeInvoiceUrl: invoice.processorUrl,
    metadata: { ...invoice.metadata },
    createdAt: toIso(invoice.createdAt),
  }
}

/** One line, of an invoice or a quote. */
export function lineToWire(
  line: InvoiceLine,
  currency: string,
  language: Language,
): InvoiceLineWire {
  return {
    id: line.id,
    kind: line.kind,
    description:
      language === 'zh-CN' && line.descriptionZh !== null ? line.descriptionZh : line.description,
    quantity: Number(line.quantity),
    unitAmount: line.unitAmount,
    amount: amount(line.amountMinor, currency),
    discount: amount(line.discountMinor, currency),
    tax: amount(line.taxMinor, currency),
    taxRate: line.taxRatePpm === null ? null : ppmToPercent(line.taxRatePpm),
    taxes: (line.taxes ?? []).map(({ kind, name, ratePpm, taxMinor }) => ({
      kind,
      name: name ?? null,
      rate: ppmToPercent(ratePpm),
      amount: amount(taxMinor, currency),
    })),
    taxBehavior: line.taxBehavior ?? 'exclusive',
    priceWithTax: line.priceMinor === undefined ? null : amount(line.priceMinor, currency),
    credited: amount(line.creditedNetMinor ?? 0, currency),
    periodStart: time(line.periodStart),
    periodEnd: time(line.periodEnd),
    explanation: explainLine(line, currency, language),
  }
}
