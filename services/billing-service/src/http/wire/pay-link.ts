// What the holder of a link to an invoice is shown: no lines, no addresses, no ids.
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
    invoiceNumber: invoice.invoiceNumber,
    amountDue: amount(view.dueMinor, invoice.currency),
    currency: invoice.currency,
    dueDate: time(invoice.dueAt),
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
            message: view.lastReason?.[caller.language] ?? null,
          },
  }
}
