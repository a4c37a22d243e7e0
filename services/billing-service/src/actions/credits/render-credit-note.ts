// A credit note as a document, in the language of its reader.
import type { Caller } from '../../core/caller.ts'
import type { CreditNote } from '../../core/credit-note.ts'
import type { Deps } from '../../deps.ts'
import { creditNoteView } from '../../documents/credit-note-view.ts'
import { methodName } from '../../documents/method-name.ts'
import type { Language } from '../../documents/words.ts'
import { brandContext, brandingIssued } from '../branding/branding-of.ts'
import { renderBranded } from '../branding/render-branded.ts'
import { enter } from '../enter.ts'

/** The PDF. Language: as asked, else the customer's, else the tenant's. Refuses `not_found`. */
export async function creditNotePdf(
  deps: Deps,
  caller: Caller,
  id: string,
  language: Language | null,
): Promise<{ readonly pdf: Uint8Array; readonly filename: string }> {
  const { tenant, settings } = await enter(deps, caller)
  const reads = deps.store.of(caller.tenantId)
  const note = await reads.get('creditNotes', id)
  const customer = await reads.get('customers', note.customerId)
  const printed = language ?? customer.language ?? settings.language
  const branding = await brandingIssued(reads, note)
  const pdf = await renderBranded(deps, caller.tenantId, branding, {
    kind: 'credit_note',
    view: creditNoteView(note, {
      ...brandContext(branding),
      language: printed,
      zone: customer.zone ?? settings.zone,
      test: tenant.kind === 'test',
      issuer: note.issuer ?? deps.issuer,
      customer,
      refundedTo: await refundedTo(deps, caller, note, printed),
    }),
  })
  return { pdf, filename: `${note.creditNoteNumber}.pdf` }
}

async function refundedTo(
  deps: Deps,
  caller: Caller,
  note: CreditNote,
  language: Language,
): Promise<string | null> {
  const { rows } = await deps.store.of(caller.tenantId).list('transactions', {
    where: { invoiceId: note.invoiceId },
    order: { field: 'createdAt', direction: 'asc' },
    limit: 1000,
  })
  const refund = rows.find(row => row.type === 'refund' && row.creditNoteId === note.id)
  if (refund === undefined) return null
  const { methodType: type, methodBrand: brand, methodLast4: last4 } = refund
  return methodName({ type, brand, last4 }, language)
}
