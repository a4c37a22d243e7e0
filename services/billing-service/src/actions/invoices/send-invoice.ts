// Mailing an invoice with its PDF to the billing contacts once more, because somebody asked for it.
import type { Caller } from '../../core/caller.ts'
import type { Invoice } from '../../core/invoice.ts'
import { recipientsOf } from '../../core/mail.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import { enter } from '../enter.ts'
import { record } from '../record.ts'

/**
 * Puts the mail into the outbox, from where it leaves within moments. Refuses `invoice_not_open` for drafts and
 * what was withdrawn, `invalid_request` when there is nobody to write to.
 */
export async function sendInvoice(deps: Deps, caller: Caller, invoiceId: string): Promise<Invoice> {
  const { settings, at } = await enter(deps, caller)
  const reads = deps.store.of(caller.tenantId)
  const invoice = await reads.get('invoices', invoiceId)
  const { status } = invoice
  if (status === 'draft' || status === 'void') refuse('invoice_not_open', { status })
  const customer = await reads.get('customers', invoice.customerId)
  const to = recipientsOf('invoice_issued', customer, settings.notifications)
  if (to.length === 0) {
    refuse('invalid_request', {}, [
      { path: '/email', message: 'the customer has no e-mail address; add one first' },
    ])
  }
  await deps.store.transaction(caller.tenantId, tx =>
    record(deps, tx, caller, at, [
      {
        type: 'invoice.sent',
        objectId: invoice.id,
        data: { recipients: to.length, asked: true },
      },
    ]),
  )
  return invoice
}
