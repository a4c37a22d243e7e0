import {
  createInvoice,
  deleteDraft,
  finalizeInvoice,
  voidOpenInvoice,
  writeOff,
} from '../../actions/invoices/invoice-verbs.ts'
import { payInvoice } from '../../actions/invoices/pay-invoice.ts'
import { invoiceXml } from '../../actions/invoices/render-e-invoice.ts'
import { invoicePdf } from '../../actions/invoices/render-invoice.ts'
import { sendInvoice } from '../../actions/invoices/send-invoice.ts'
import { checkoutInvoice } from '../../actions/payments/checkout.ts'
import { recordPayment } from '../../actions/payments/record-payment.ts'
import { readList } from '../../actions/read-list.ts'
import { parseQuantity } from '../../core/decimal.ts'
import type { Invoice } from '../../core/invoice.ts'
import { fromWire, percentToPpm } from '../../core/money.ts'
import { fromIso, toIso } from '../../core/time.ts'
import { listInput, pageToWire, whereOf } from '../list-input.ts'
import { serve, serveFile } from '../serve.ts'
import type { Server } from '../server.ts'
import { invoiceToWire } from '../wire/invoice.ts'
import { paymentToWire } from '../wire/money.ts'
import { transactionToWire } from '../wire/records.ts'

export function invoiceRoutes(server: Server): void {
  const { deps } = server

  serve(server, 'listInvoices', async ({ caller, query }) => {
    const where = whereOf(query, ['status', 'customerId', 'subscriptionId']) as Partial<Invoice>
    const page = await readList(deps, caller.tenantId, 'invoices', where, listInput(query))
    return pageToWire(page, invoice => invoiceToWire(invoice, caller.language))
  })
  serve(server, 'getInvoice', async ({ caller, params }) => {
    const invoice = await deps.store.of(caller.tenantId).get('invoices', params.id)
    return invoiceToWire(invoice, caller.language)
  })
  serve(server, 'createInvoice', async ({ caller, body }) => {
    const invoice = await createInvoice(deps, caller, {
      customerId: body.customerId,
      currency: body.currency,
      dueAt: body.dueDate === undefined ? null : fromIso(body.dueDate, '/dueDate'),
      autoFinalize: body.autoFinalize ?? true,
      collection: body.collection ?? 'manual',
      metadata: body.metadata ?? {},
      lineItems: body.lineItems.map((item, i) => ({
        description: item.description,
        quantity: parseQuantity(item.quantity, `/lineItems/${i}/quantity`),
        unitAmount: item.unitAmount,
        taxRatePpm:
          item.taxRate === undefined ? null : percentToPpm(item.taxRate, `/lineItems/${i}/taxRate`),
        ...(item.taxBehavior === undefined ? {} : { taxBehavior: item.taxBehavior }),
      })),
    })
    return invoiceToWire(invoice, caller.language)
  })
  serve(server, 'payInvoice', async ({ caller, params, body }) => {
    const paid = await payInvoice(deps, caller, params.id, body)
    return {
      ...invoiceToWire(paid.invoice, caller.language),
      ...paymentToWire(paid.payment, caller.language),
    }
  })
  serve(server, 'recordPayment', async ({ caller, params, body }) => {
    const { currency } = await deps.store.of(caller.tenantId).get('invoices', params.id)
    const payment = await recordPayment(deps, caller, params.id, {
      amountMinor: fromWire(body.amount, currency),
      way: body.method,
      reference: body.reference ?? null,
      receivedAt: body.receivedAt === undefined ? null : fromIso(body.receivedAt, '/receivedAt'),
    })
    return transactionToWire(payment)
  })
  serve(server, 'checkoutInvoice', async ({ caller, params }) => {
    const { url, expiresAt } = await checkoutInvoice(deps, caller, params.id)
    return { url, expiresAt: toIso(expiresAt) }
  })
  serve(server, 'finalizeInvoice', async ({ caller, params }) =>
    invoiceToWire(await finalizeInvoice(deps, caller, params.id), caller.language),
  )
  serve(server, 'voidInvoice', async ({ caller, params }) =>
    invoiceToWire(await voidOpenInvoice(deps, caller, params.id), caller.language),
  )
  serve(server, 'writeOffInvoice', async ({ caller, params }) =>
    invoiceToWire(await writeOff(deps, caller, params.id), caller.language),
  )
  serve(server, 'sendInvoice', async ({ caller, params }) =>
    invoiceToWire(await sendInvoice(deps, caller, params.id), caller.language),
  )
  serve(server, 'deleteInvoice', async ({ caller, params }) => {
    await deleteDraft(deps, caller, params.id)
    return undefined
  })
  serveFile(server, 'getInvoicePdf', async ({ caller, params, query, reply }) => {
    const language = query.lang ?? null
    const { pdf, filename } = await invoicePdf(deps, caller, params.id, language)
    return reply
      .header('content-type', 'application/pdf')
      .header('content-disposition', `inline; filename="${filename}"`)
      .send(Buffer.from(pdf))
  })
  serveFile(server, 'getInvoiceUbl', async ({ caller, params, reply }) => {
    const { xml, filename } = await invoiceXml(deps, caller, params.id)
    return reply
      .header('content-type', 'application/xml; charset=utf-8')
      .header('content-disposition', `attachment; filename="${filename}"`)
      .send(xml)
  })
}
