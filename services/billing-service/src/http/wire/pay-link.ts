// What the holder of a link to an invoice is shown: names, but no lines, addresses or ids.
import type { PayLinkViewWire } from '@quittance/billing-contract/schemas/pay-link'
import type { Held, LinkView } from '../../actions/pay-links/pay-link.ts'
import { toIso } from '../../core/time.ts'
import { amount, time } from './money.ts'

export function payLinkToWire(view: LinkView, { claims, caller }: Held): PayLinkViewWire {
  const { invoice, lastTry } = view
  return {
    purpose: view.purpose,
    status: view.status,
    issuerName: view.issuerName,
    buyerName: invoice.buyer?.name ?? null,
    invoiceNumber: invoice.invoiceNumber,
    amountDue: amount(view.dueMinor, invoice.currency),
    amountPaid: amount(invoice.amountPaidMinor, invoice.currency),
    currency: invoice.currency,
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
