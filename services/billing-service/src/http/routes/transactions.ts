import { reverseReceivedPayment } from '../../actions/payments/record-payment.ts'
import { readList } from '../../actions/read-list.ts'
import { createRefund } from '../../actions/transactions/refund.ts'
import { receiptPdf } from '../../actions/transactions/render-receipt.ts'
import { summarize } from '../../actions/transactions/summarize.ts'
import type { Caller } from '../../core/caller.ts'
import { fromWire } from '../../core/money.ts'
import type { Transaction } from '../../core/payment.ts'
import { listInput, pageToWire, whereOf } from '../list-input.ts'
import { serve, serveFile } from '../serve.ts'
import type { Server } from '../server.ts'
import { summaryToWire, transactionToWire } from '../wire/records.ts'

const seesLogs = (caller: Caller): boolean => caller.mayAsIssuer('operations.manage')

const filters = ['status', 'customerId', 'type', 'invoiceId'] as const

export function transactionRoutes(server: Server): void {
  const { deps } = server

  serve(server, 'listTransactions', async ({ caller, query }) => {
    const where = whereOf(query, filters) as Partial<Transaction>
    const page = await readList(deps, caller.tenantId, 'transactions', where, listInput(query))
    const forIssuer = seesLogs(caller)
    return pageToWire(page, row => transactionToWire(row, forIssuer))
  })
  serve(server, 'getTransaction', async ({ caller, params }) =>
    transactionToWire(
      await deps.store.of(caller.tenantId).get('transactions', params.id),
      seesLogs(caller),
    ),
  )
  serve(server, 'createRefund', async ({ caller, params, body }) => {
    const payment = await deps.store.of(caller.tenantId).get('transactions', params.id)
    const refund = await createRefund(deps, caller, params.id, {
      amountMinor: body.amount === undefined ? null : fromWire(body.amount, payment.currency),
      reason: body.reason ?? null,
    })
    return transactionToWire(refund)
  })
  serve(server, 'reversePayment', async ({ caller, params, body }) =>
    transactionToWire(
      await reverseReceivedPayment(deps, caller, params.id, body.reason ?? 'reversed'),
    ),
  )
  serveFile(server, 'getReceiptPdf', async ({ caller, params, query, reply }) => {
    const { pdf, filename } = await receiptPdf(deps, caller, params.id, query.lang ?? null)
    return reply
      .header('content-type', 'application/pdf')
      .header('content-disposition', `inline; filename="${filename}"`)
      .send(Buffer.from(pdf))
  })
  serve(server, 'getSummary', async ({ caller, params }) =>
    summaryToWire(await summarize(deps, caller, params.period)),
  )
}
