// What the holder of a link to an invoice is shown: names and lines, but no addresses or ids.
import type { PayLinkViewWire } from '@quittance/billing-contract/schemas/pay-link'
import type { Held, LinkView } from '../../actions/pay-links/pay-link.ts'
import { toIso } from '../../core/time.ts'
import { lineToWire } from './invoice.ts'
import { amount, time } from './money.ts'

export function payLinkToWire(view: LinkView, { claims, caller }: Held): PayLinkViewWire {
  const { invoice, lastTry } = view
  const { currency } = invoice
  const lines = invoice.lines.map(line => lineToWire(line, currency, caller.language))
  return {
    purpose: view.purpose,
    status: view.status,
    issuerName: view.issuerName,
    buyerName: invoice.buyer?.name ?? null,
    invoiceNumber: invoice.invoiceNumber,
    lineItems: lines.map(({ description, quantity, amount: sum, periodStart, periodEnd }) => ({
      description,
      quantity,
      amount: sum,
      periodStart,
      periodEnd,
    })),
    subtotal: amount(invoice.subtotalMinor, currency),
    discount: amount(invoice.discountMinor, currency),
    tax: amount(invoice.taxMinor, currency),
    total: amount(invoice.totalMinor, currency),
    amountDue: amount(view.dueMinor, currency),
    amountPaid: amount(invoice.amountPaidMinor, currency),
    currency,
    dueDate: time(invoice.dueAt),
    zone: view.zone,
    processor: view.processor,
    expiresAt: toIso(claims.expiresAt),
    lastTry:
      lastTry === null
        ? null
        : {
            status: lastTry.status,
            at: toIso(lastTry.createdAt),
            method:
              lastTry.methodLast4 === null
                ? null
                : { brand: lastTry.methodBrand, last4: lastTry.methodLast4 },
            nextActionUrl: lastTry.nextActionUrl,
            message: view.lastReason?.[caller.language] ?? null,
          },
  }
}
