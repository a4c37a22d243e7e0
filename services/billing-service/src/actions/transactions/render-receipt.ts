// The receipt of a payment as a document, in the language of its reader.
import type { Caller } from '../../core/caller.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import { receiptView } from '../../documents/receipt-view.ts'
import { brandContext, brandingIssued } from '../branding/branding-of.ts'
import { renderBranded } from '../branding/render-branded.ts'
import { enter } from '../enter.ts'

/**
 * The PDF. Language: as asked, else the customer's, else the tenant's. Refuses `not_found`: also for what is no
 * payment of an invoice, or has not succeeded.
 */
export async function receiptPdf(
  deps: Deps,
  caller: Caller,
  transactionId: string,
  language: 'en' | 'zh-CN' | null,
): Promise<{ readonly pdf: Uint8Array; readonly filename: string }> {
  const { tenant, settings } = await enter(deps, caller)
  const reads = deps.store.of(caller.tenantId)
  const payment = await reads.get('transactions', transactionId)
  if (payment.type !== 'payment' || payment.status !== 'succeeded' || payment.invoiceId === null) {
    return refuse('not_found', { noun: 'receipt', nounZh: '付款回执' })
  }
  const invoice = await reads.get('invoices', payment.invoiceId)
  const customer = await reads.get('customers', payment.customerId)
  const branding = await brandingIssued(reads, invoice)
  const pdf = await renderBranded(deps, caller.tenantId, branding, {
    kind: 'receipt',
    view: receiptView(payment, invoice, {
      ...brandContext(branding),
      language: language ?? customer.language ?? settings.language,
      zone: customer.zone ?? settings.zone,
      test: tenant.kind === 'test',
      issuer: invoice.issuer ?? deps.issuer,
      customer,
    }),
  })
  return { pdf, filename: `receipt-${invoice.invoiceNumber ?? payment.id}.pdf` }
}
