import type { QuoteWire } from '@quittance/billing-contract/schemas/quote'
import type { Preview } from '../../actions/quotes/preview-subscription.ts'
import type { Invoice } from '../../core/invoice.ts'
import { toIso } from '../../core/time.ts'
import { lineToWire } from './invoice.ts'
import { amount, time } from './money.ts'

type Language = 'en' | 'zh-CN'

const figures = (invoice: Invoice | null, currency: string, language: Language) => ({
  lineItems: (invoice?.lines ?? []).map(line => lineToWire(line, currency, language)),
  subtotal: amount(invoice?.subtotalMinor ?? 0, currency),
  discount: amount(invoice?.discountMinor ?? 0, currency),
  tax: amount(invoice?.taxMinor ?? 0, currency),
  total: amount(invoice?.totalMinor ?? 0, currency),
})

/** A quote in the language of its reader. */
export function quoteToWire(preview: Preview, language: Language): QuoteWire {
  const { quote, due, nextInvoice } = preview
  const { currency } = quote
  return {
    quoteId: preview.isKept ? quote.id : null,
    expiresAt: toIso(quote.expiresAt),
    subscriptionId: quote.subscriptionId,
    currency,
    ...figures(preview.draft, currency, language),
    credit: amount(due.fromBalanceMinor, currency),
    dueNow: amount(due.dueNowMinor, currency),
    creditAdded: amount(due.toBalanceMinor, currency),
    creditBalance: amount(due.balanceMinor, currency),
    takesEffect: preview.effect,
    effectiveAt: time(preview.effectiveAt),
    nextInvoice: nextInvoice && {
      date: toIso(nextInvoice.at),
      ...figures(nextInvoice.draft, currency, language),
      amountDue: amount(nextInvoice.dueMinor, currency),
    },
  }
}
