// An invoice as a document, in the language of its reader.
import type { Caller } from '../../core/caller.ts'
import { discountTotals } from '../../core/discounts/discount-lines.ts'
import { explain } from '../../core/explanation.ts'
import type { Invoice, InvoiceLine } from '../../core/invoice.ts'
import type { Deps } from '../../deps.ts'
import { invoiceView } from '../../documents/invoice-view.ts'
import { methodName } from '../../documents/method-name.ts'
import { brandContext, brandingIssued } from '../branding/branding-of.ts'
import { renderBranded } from '../branding/render-branded.ts'
import { enter } from '../enter.ts'
import { payLink } from '../mail/links.ts'

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
  const printed = language ?? customer.language ?? settings.language
  // A buyer without a name yet is still told apart: by the platform's own name of the tenant.
  const buyer = <P extends { readonly name: string | null }>(party: P): P =>
    party.name === null ? { ...party, name: caller.tenantId } : party
  const named = { ...invoice, buyer: invoice.buyer && buyer(invoice.buyer) }
  const branding = await brandingIssued(reads, invoice)
  const pdf = await renderBranded(deps, caller.tenantId, branding, {
    kind: 'invoice',
    view: invoiceView(named, {
      ...brandContext(branding),
      language: printed,
      zone: customer.zone ?? settings.zone,
      test: tenant.kind === 'test',
      issuer: invoice.issuer ?? deps.issuer,
      customer: buyer(customer),
      discounts: discountTotals(invoice.lines),
      payments: await paymentsOf(deps, caller, invoice, printed),
      creditNotes: await notesOf(deps, caller, invoice),
      payUrl: invoice.status === 'open' ? payLink(deps, invoice.id) : null,
      explain: line => tierSentence(line, invoice.currency, printed),
    }),
  })
  return { pdf, filename: `${invoice.invoiceNumber ?? `draft-${invoice.id}`}.pdf` }
}

/** Only what its own figures cannot say: the tiers that usage fell into. */
const tierSentence = (line: InvoiceLine, currency: string, language: Language): string | null =>
  line.kind === 'usage' && line.why?.inputs.parts ? explain(line.why, currency, language) : null

/** The credit notes that lowered what was due, by their own numbers. */
async function notesOf(deps: Deps, caller: Caller, invoice: Invoice) {
  if (invoice.amountForgivenMinor === 0) return []
  const { rows } = await deps.store.of(caller.tenantId).list('creditNotes', {
    where: { invoiceId: invoice.id },
    order: { field: 'createdAt', direction: 'asc' },
    limit: 1000,
  })
  return rows
    .filter(note => note.lowersInvoiceMinor > 0)
    .map(note => ({
      amountMinor: note.lowersInvoiceMinor,
      at: note.issuedAt,
      number: note.creditNoteNumber,
    }))
}

async function paymentsOf(deps: Deps, caller: Caller, invoice: Invoice, language: Language) {
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
      method: methodName(
        { type: t.methodType, brand: t.methodBrand, last4: t.methodLast4 },
        language,
      ),
    }))
}
