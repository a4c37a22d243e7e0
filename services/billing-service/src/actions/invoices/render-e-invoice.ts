// An invoice or a credit note as an electronic invoice of the European Union: UBL 2.1 after EN 16931.
import type { Caller } from '../../core/caller.ts'
import type { PartySnapshot } from '../../core/invoice.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import { creditNoteTree, invoiceTree, missingTerms } from '../../documents/e-invoice.ts'
import { enter } from '../enter.ts'

export interface EInvoiceFile {
  readonly xml: string
  readonly filename: string
}

interface Issued {
  readonly customerId: string
  readonly issuer: PartySnapshot | null
  readonly buyer: PartySnapshot | null
  readonly lines: Parameters<typeof missingTerms>[0]
}

/** Refuses `not_found`, `invoice_not_open` for a draft, `e_invoice_incomplete` with the missing terms. */
export async function invoiceXml(
  deps: Deps,
  caller: Caller,
  invoiceId: string,
): Promise<EInvoiceFile> {
  const invoice = await deps.store.of(caller.tenantId).get('invoices', invoiceId)
  const number = invoice.invoiceNumber
  if (number === null) return refuse('invoice_not_open', { status: invoice.status })
  const context = await contextOf(deps, caller, invoice)
  return { xml: deps.renderer.xml(invoiceTree(invoice, context)), filename: `${number}.xml` }
}

/** Refuses `not_found`, `e_invoice_incomplete` with the missing terms. */
export async function creditNoteXml(
  deps: Deps,
  caller: Caller,
  noteId: string,
): Promise<EInvoiceFile> {
  const note = await deps.store.of(caller.tenantId).get('creditNotes', noteId)
  const context = await contextOf(deps, caller, note)
  const filename = `${note.creditNoteNumber}.xml`
  return { xml: deps.renderer.xml(creditNoteTree(note, context)), filename }
}

/** The parties as the document names them, in the zone of its dates. */
async function contextOf(deps: Deps, caller: Caller, document: Issued) {
  const { settings } = await enter(deps, caller)
  const customer = await deps.store.of(caller.tenantId).get('customers', document.customerId)
  const parties = {
    issuer: document.issuer ?? deps.issuer,
    buyer: document.buyer ?? customer,
  }
  const missing = missingTerms(document.lines, parties)
  if (missing.length > 0) refuse('e_invoice_incomplete', { missing: missing.join('; ') })
  return { ...parties, zone: customer.zone ?? settings.zone }
}
