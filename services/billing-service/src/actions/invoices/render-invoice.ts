// An invoice as a document, in the language of its reader.
import type { Caller } from '../../core/caller.ts'
import type { Invoice } from '../../core/invoice.ts'
import type { Deps } from '../../deps.ts'
import { invoiceView } from '../../documents/invoice-view.ts'
import { enter } from '../enter.ts'

type Language = 'en' | 'zh-CN'

export interface InvoiceFile {
  readonly pdf: Uint8Array
  readonly filename: string
}

/** The PDF. Language: as asked, else the customer's, else the tenant's. Refuses `not_found`. */
export async function invoicePdf(
  deps: Deps,
  caller: Caller,
  invoiceId: string,
  language: Language | null,
): Promise<InvoiceFile> {
  const { tenant, settings } = await enter(deps, caller)
  const reads = deps.store.of(caller.tenantId)
  const invoice = await reads.get('invoices', invoiceId)
  const customer = await reads.get('customers', invoice.customerId)
  const pdf = await deps.renderer.invoicePdf(
    invoiceView(invoice, {
      language: language ?? customer.language ?? settings.language,
      zone: customer.zone ?? settings.zone,
      test: tenant.kind === 'test',
      issuer: invoice.issuer ?? deps.issuer,
      customer,
      payments: await paymentsOf(deps, caller, invoice),
    }),
  )
  return { pdf, filename: `${invoice.invoiceNumber ?? `draft-${invoice.id}`}.pdf` }
}

async function paymentsOf(deps: Deps, caller: Caller, invoice: Invoice) {
  const { rows } = await deps.store.of(caller.tenantId).list('transactions', {
    where: { invoiceId: invoice.id },
    order: { field: 'createdAt', direction: 'asc' },
    limit: 1000,
  })
  return rows
    .filter(t => t.type === 'payment' && t.status === 'succeeded')
    .map(t => ({
      amountMinor: t.amountMinor,
      at: t.processedAt ?? t.createdAt,
      method:
        t.methodLast4 === null ? null : `${t.methodBrand ?? t.methodType} •••• ${t.methodLast4}`,
    }))
}
