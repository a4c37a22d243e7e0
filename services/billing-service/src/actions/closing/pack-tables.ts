// What a close hands over, table by table: lists of what was booked in the period, and reports of it. The
// ledger decides what belongs to the period, so that every table adds up to it.
import type { Certificate } from '../../core/comparison.ts'
import type { CreditNote } from '../../core/credit-note.ts'
import type { Invoice } from '../../core/invoice.ts'
import type { PostingKind } from '../../core/ledger.ts'
import type { DocumentFact, MoneyFact } from '../../core/reports/facts.ts'
import { reports } from '../../core/reports/index.ts'
import type { Asked } from '../../core/reports/report.ts'
import type { Deps } from '../../deps.ts'
import {
  addingUpAll,
  closeWords,
  moneyTable,
  reconciliationTable,
} from '../../documents/close-tables.ts'
import { creditNotesTable } from '../../documents/credit-notes-table.ts'
import { invoicesTable } from '../../documents/invoices-table.ts'
import { reportTable } from '../../documents/report-table.ts'
import type { TableContext, TableView } from '../../documents/table.ts'
import type { OpenTable } from '../exports/nouns.ts'
import { runReport } from '../reports/run-report.ts'
import { factsOf, type ReportScope } from '../reports/sources.ts'

export interface PackTable extends OpenTable {
  /** Names its file. */
  readonly code: string
}

export interface PackSource extends Asked {
  readonly deps: Deps
  readonly scope: ReportScope
  /** Null for the books of one tenant: the processor is compared for all together. */
  readonly certificate: Certificate | null
}

/** Money received from payers, or taken back by its own reversal. */
const paymentKinds: readonly PostingKind[] = [
  'payment_received',
  'payment_reversed',
  'paid_outside',
]
const refundKinds: readonly PostingKind[] = ['refund_paid', 'refund_failed', 'refund_stopped']

/** Reports that belong to a close, by their code, in the order in which they are read. */
const reportCodes = ['tax', 'deferred-revenue', 'fees', 'receivables-ageing', 'trial-balance']

async function* documents<Row>(
  { scope, from, to, zone }: PackSource,
  rowOf: (fact: DocumentFact) => Row | null,
): AsyncGenerator<Row> {
  for await (const fact of factsOf('documents', scope, { from, to, zone })) {
    const row = rowOf(fact)
    if (row !== null) yield row
  }
}

async function* moved(
  { scope, from, to, zone }: PackSource,
  kinds: readonly PostingKind[],
): AsyncGenerator<MoneyFact> {
  for await (const fact of factsOf('money', scope, { from, to, zone })) {
    if (kinds.includes(fact.kind)) yield fact
  }
}

const table = <Row>(code: string, view: TableView<Row>, rows: AsyncIterable<Row>): PackTable => ({
  code,
  table: view as TableView<unknown>,
  rows,
})

async function* each<Row>(rows: readonly Row[]): AsyncGenerator<Row> {
  yield* rows
}

/** The tables of a close in one language. Their rows are read as they are taken, once. */
export async function packTables(source: PackSource, context: TableContext): Promise<PackTable[]> {
  const words = closeWords(context.language)
  const invoiceOf =
    (kind: DocumentFact['kind']) =>
    (fact: DocumentFact): Invoice | null =>
      fact.kind === kind ? fact.invoice : null
  const noteOf = ({ note }: DocumentFact): CreditNote | null => note
  const invoices = invoicesTable(context)
  const { certificate } = source
  return [
    table('invoices', addingUpAll(invoices), documents(source, invoiceOf('issued'))),
    table(
      'voided-invoices',
      addingUpAll(invoices, words.voided),
      documents(source, invoiceOf('voided')),
    ),
    table('payments', moneyTable(context, words.payments), moved(source, paymentKinds)),
    table('refunds', moneyTable(context, words.refunds), moved(source, refundKinds)),
    table('credit-notes', creditNotesTable(context), documents(source, noteOf)),
    ...(await reportTables(source, context)),
    ...(certificate === null
      ? []
      : [
          table(
            'reconciliation',
            reconciliationTable(context, certificate),
            each(certificate.tallies),
          ),
        ]),
  ]
}

async function reportTables(source: PackSource, context: TableContext): Promise<PackTable[]> {
  const { deps, scope, from, to } = source
  const { tenantId, tenants } = scope
  const found: PackTable[] = []
  for (const code of reportCodes) {
    const report = reports.find(each => each.code === code)
    if (report === undefined) continue
    const result = await runReport(deps, report, { tenantId, tenants, from, to })
    const { language, issuerName, generatedAt } = context
    const view = reportTable(report, { ...result, language, issuerName, generatedAt })
    found.push(table(code, view, each(result.rows)))
  }
  return found
}
