import { createCreditNote } from '../../actions/credits/create-credit-note.ts'
import { adjustBalance, readBalances } from '../../actions/credits/credit-balance.ts'
import { creditNotePdf } from '../../actions/credits/render-credit-note.ts'
import { enter } from '../../actions/enter.ts'
import { creditNoteXml } from '../../actions/invoices/render-e-invoice.ts'
import { readList } from '../../actions/read-list.ts'
import type { CreditNote, WantedCredit } from '../../core/credit-note.ts'
import { creditOfLine } from '../../core/credit-note.ts'
import { parseQuantity } from '../../core/decimal.ts'
import type { Invoice } from '../../core/invoice.ts'
import { fromWire } from '../../core/money.ts'
import { refuse } from '../../core/refusal.ts'
import { listInput, pageToWire, whereOf } from '../list-input.ts'
import { serve, serveFile } from '../serve.ts'
import type { Server } from '../server.ts'
import { creditBalanceToWire, creditNoteToWire } from '../wire/credits.ts'
import { transactionToWire } from '../wire/records.ts'

type Amount = number | string

interface LineInput {
  readonly lineId: string
  readonly amount?: Amount
  readonly quantity?: Amount
}

/** A positive amount of money from outside. Refuses `invalid_amount`. */
function positive(value: Amount | undefined, currency: string, path: string): number | null {
  if (value === undefined) return null
  const minor = fromWire(value, currency, path)
  if (minor < 0) refuse('invalid_amount', {}, [{ path, message: 'must not be negative' }])
  return minor
}

function wantedOf(invoice: Invoice, item: LineInput, path: string): WantedCredit {
  const netMinor = positive(item.amount, invoice.currency, `${path}/amount`)
  if (netMinor !== null) return { lineId: item.lineId, netMinor }
  const quantity =
    item.quantity === undefined ? null : parseQuantity(item.quantity, `${path}/quantity`)
  return creditOfLine(invoice, item.lineId, quantity)
}

export function creditRoutes(server: Server): void {
  const { deps } = server

  serve(server, 'createCreditNote', async ({ caller, params, body }) => {
    const invoice = await deps.store.of(caller.tenantId).get('invoices', params.id)
    const { currency } = invoice
    const note = await createCreditNote(deps, caller, params.id, {
      lines: body.lines?.map((item, i) => wantedOf(invoice, item, `/lines/${i}`)) ?? null,
      amountMinor: positive(body.amount, currency, '/amount'),
      reason: body.reason ?? null,
      refundMinor: positive(body.refund, currency, '/refund'),
      creditMinor: positive(body.credit, currency, '/credit'),
    })
    return creditNoteToWire(note, caller.language)
  })
  serve(server, 'listCreditNotes', async ({ caller, query }) => {
    const where = whereOf(query, ['customerId', 'invoiceId']) as Partial<CreditNote>
    const page = await readList(deps, caller.tenantId, 'creditNotes', where, listInput(query))
    return pageToWire(page, note => creditNoteToWire(note, caller.language))
  })
  serve(server, 'getCreditNote', async ({ caller, params }) => {
    const note = await deps.store.of(caller.tenantId).get('creditNotes', params.id)
    return creditNoteToWire(note, caller.language)
  })
  serveFile(server, 'getCreditNotePdf', async ({ caller, params, query, reply }) => {
    const { pdf, filename } = await creditNotePdf(deps, caller, params.id, query.lang ?? null)
    return reply
      .header('content-type', 'application/pdf')
      .header('content-disposition', `inline; filename="${filename}"`)
      .send(Buffer.from(pdf))
  })
  serve(server, 'getCreditBalance', async ({ caller, query }) => {
    const { customerId, balances } = await readBalances(deps, caller, query.customerId)
    return creditBalanceToWire(caller.tenantId, customerId, balances)
  })
  serve(server, 'adjustCreditBalance', async ({ caller, body }) => {
    const currency = body.currency ?? (await enter(deps, caller)).settings.currency
    const transaction = await adjustBalance(deps, caller, {
      customerId: body.customerId,
      currency,
      amountMinor: fromWire(body.amount, currency),
      reason: body.reason,
    })
    return transactionToWire(transaction)
  })
  serveFile(server, 'getCreditNoteUbl', async ({ caller, params, reply }) => {
    const { xml, filename } = await creditNoteXml(deps, caller, params.id)
    return reply
      .header('content-type', 'application/xml; charset=utf-8')
      .header('content-disposition', `attachment; filename="${filename}"`)
      .send(xml)
  })
}
