// A credit note as a document, in the language of its reader.
import type { Caller } from '../../core/caller.ts'
import type { CreditNote } from '../../core/credit-note.ts'
import type { Deps } from '../../deps.ts'
import { creditNoteView } from '../../documents/credit-note-view.ts'
import { enter } from '../enter.ts'

/** The PDF. Language: as asked, else the customer's, else the tenant's. Refuses `not_found`. */
export async function creditNotePdf(
  deps: Deps,
  caller: Caller,
  id: string,
  language: 'en' | 'zh-CN' | null,
): Promise<{ readonly pdf: Uint8Array; readonly filename: string }> {
  const { tenant, settings } = await enter(deps, caller)
  const reads = deps.store.of(caller.tenantId)
  const note = await reads.get('creditNotes', id)
  const customer = await reads.get('customers', note.customerId)
  const pdf = await deps.renderer.creditNotePdf(
    creditNoteView(note, {
      language: language ?? customer.language ?? settings.language,
      zone: customer.zone ?? settings.zone,
      test: tenant.kind === 'test',
      issuer: note.issuer ?? deps.issuer,
      customer,
      refundedTo: await refundedTo(deps, caller, note),
    }),
  )
  return { pdf, filename: `${note.creditNoteNumber}.pdf` }
}

async function refundedTo(deps: Deps, caller: Caller, note: CreditNote): Promise<string | null> {
  const { rows } = await deps.store.of(caller.tenantId).list('transactions', {
    where: { invoiceId: note.invoiceId },
    order: { field: 'createdAt', direction: 'asc' },
    limit: 1000,
  })
  const refund = rows.find(row => row.type === 'refund' && row.creditNoteId === note.id)
  if (!refund?.methodLast4) return null
  return `${refund.methodBrand ?? refund.methodType} •••• ${refund.methodLast4}`
}
