// Mailing an invoice with its PDF to the billing contacts.
import type { Caller } from '../../core/caller.ts'
import type { Invoice } from '../../core/invoice.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import { invoiceIssuedMail } from '../../notifications/invoice-issued.ts'
import { enter } from '../enter.ts'
import { record } from '../record.ts'
import { invoicePdf } from './render-invoice.ts'

/** Refuses `invoice_not_open` for drafts, `invalid_request` when there is nobody to write to. */
export async function sendInvoice(deps: Deps, caller: Caller, invoiceId: string): Promise<Invoice> {
  const { settings, at } = await enter(deps, caller)
  const reads = deps.store.of(caller.tenantId)
  const invoice = await reads.get('invoices', invoiceId)
  if (invoice.status === 'draft') refuse('invoice_not_open', { status: invoice.status })
  const customer = await reads.get('customers', invoice.customerId)
  const to = [...new Set([customer.email, ...customer.invoiceEmails])].filter(
    address => address !== null,
  )
  if (to.length === 0) {
    refuse('invalid_request', {}, [
      { path: '/email', message: 'the customer has no e-mail address; add one first' },
    ])
  }
  const language = customer.language ?? settings.language
  const { pdf, filename } = await invoicePdf(deps, caller, invoiceId, language)
  const mailId = deps.ids.next('mail')
  await deps.mailer.send({
    id: mailId,
    to,
    ...invoiceIssuedMail(invoice, {
      language,
      zone: customer.zone ?? settings.zone,
      issuer: deps.issuer,
    }),
    attachments: [{ filename, contentType: 'application/pdf', content: pdf }],
  })
  await deps.store.transaction(caller.tenantId, tx =>
    record(deps, tx, caller, at, [
      { type: 'invoice.sent', objectId: invoice.id, data: { mailId, recipients: to.length } },
    ]),
  )
  return invoice
}
