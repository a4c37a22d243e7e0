// What was booked, with the documents behind it: ledger lines in the order of their booking, joined in
// batches with invoices, credit notes, transactions and customers.
import type { CreditNote } from '../../core/credit-note.ts'
import type { Invoice } from '../../core/invoice.ts'
import { aboutOf, type LedgerEntry } from '../../core/ledger.ts'
import { documentPostings } from '../../core/reports/booked-lines.ts'
import type { DocumentFact, MoneyFact, OwedFact } from '../../core/reports/facts.ts'
import type { Asked } from '../../core/reports/report.ts'
import type { CollectionName, RowOf } from '../../ports/collections.ts'
import { inBatches } from '../verify/proof.ts'
import type { ReportScope } from './sources.ts'

interface Named {
  readonly tenantId: string
  readonly id: string
}

const nameOf = ({ tenantId, id }: Named): string => JSON.stringify([tenantId, id])

type Joined = Extract<CollectionName, 'invoices' | 'creditNotes' | 'transactions' | 'customers'>

/** The named rows, by tenant and id. */
async function rowsByName<C extends Joined>(
  { reads }: ReportScope,
  collection: C,
  names: readonly Named[],
): Promise<ReadonlyMap<string, RowOf<C>>> {
  const named = names.map(({ tenantId, id }) => ({ tenantId, id }))
  const keys = [...new Map(named.map(name => [nameOf(name), name])).values()]
  const rows = await reads.getMany(collection, keys as never)
  return new Map(rows.map(row => [nameOf(row as Named), row]))
}

/** One line of each posting of a document, in order; lines of a posting are booked at one instant. */
async function* documentEntries(
  { reads, without }: ReportScope,
  { from, to }: Asked,
): AsyncGenerator<LedgerEntry> {
  const found = reads.stream('ledgerEntries', {
    where: { kind: { in: documentPostings } },
    range: { field: 'bookedAt', from, to },
    order: { field: 'bookedAt', direction: 'asc' },
  })
  let [instant, seen] = [Number.NaN, new Set<string>()]
  for await (const entry of found) {
    if (entry.bookedAt !== instant) [instant, seen] = [entry.bookedAt, new Set()]
    if (seen.has(entry.postingId) || without.has(entry.tenantId)) continue
    seen.add(entry.postingId)
    yield entry
  }
}

const factKinds = {
  invoice_finalized: 'issued',
  invoice_voided: 'voided',
  credit_note_issued: 'credited',
} as const

/** Documents that entered or left the books, in the order of their booking. */
export async function* documentFacts(
  scope: ReportScope,
  asked: Asked,
): AsyncGenerator<DocumentFact> {
  for await (const entries of inBatches(documentEntries(scope, asked))) {
    const noted = entries.filter(({ kind }) => kind === 'credit_note_issued')
    const [invoices, notes] = await Promise.all([
      rowsByName(scope, 'invoices', entries.map(invoiceNamed)),
      rowsByName(scope, 'creditNotes', noted.map(aboutNamed)),
    ])
    for (const entry of entries) yield documentFact(entry, invoices, notes)
  }
}

const invoiceNamed = ({ tenantId, invoiceId }: LedgerEntry): Named => ({
  tenantId,
  id: String(invoiceId),
})
const aboutNamed = (entry: LedgerEntry): Named => ({
  tenantId: entry.tenantId,
  id: aboutOf(entry),
})

function documentFact(
  entry: LedgerEntry,
  invoices: ReadonlyMap<string, Invoice>,
  notes: ReadonlyMap<string, CreditNote>,
): DocumentFact {
  return {
    tenantId: entry.tenantId,
    kind: factKinds[entry.kind as keyof typeof factKinds],
    at: entry.bookedAt,
    invoice: invoices.get(nameOf(invoiceNamed(entry)))!,
    note: notes.get(nameOf(aboutNamed(entry))) ?? null,
  }
}

/** Lines on the accounts where money lies, with their transactions. */
export async function* moneyFacts(
  scope: ReportScope,
  { from, to }: Asked,
): AsyncGenerator<MoneyFact> {
  const found = scope.reads.stream('ledgerEntries', {
    where: { account: { in: ['processor_clearing', 'bank'] } },
    range: { field: 'bookedAt', from, to },
    order: { field: 'bookedAt', direction: 'asc' },
  })
  for await (const all of inBatches(found)) {
    const entries = all.filter(({ tenantId }) => !scope.without.has(tenantId))
    const named = entries.flatMap(({ tenantId, transactionId: id }) =>
      id === null ? [] : [{ tenantId, id }],
    )
    const transactions = await rowsByName(scope, 'transactions', named)
    for (const { tenantId, kind, currency, amountMinor, bookedAt: at, transactionId } of entries) {
      const transaction = transactions.get(nameOf({ tenantId, id: String(transactionId) })) ?? null
      yield { tenantId, kind, at, currency, amountMinor, transaction }
    }
  }
}

/** What every invoice owes at the end of what was asked for, as the ledger says. */
export async function* owedFacts(scope: ReportScope, { to }: Asked): AsyncGenerator<OwedFact> {
  const groups = await scope.reads.sum('ledgerEntries', {
    where: { account: 'receivable' },
    range: { field: 'bookedAt', to },
    sum: ['amountMinor'],
    groupBy: ['tenantId', 'invoiceId', 'currency'],
  })
  const owed = groups
    .map(({ group, sums }) => ({
      tenantId: String(group.tenantId),
      id: String(group.invoiceId),
      currency: String(group.currency),
      owedMinor: Number(sums.amountMinor),
    }))
    .filter(({ owedMinor, tenantId }) => owedMinor !== 0 && !scope.without.has(tenantId))
  for await (const some of inBatches(oneByOne(owed))) {
    const invoices = await rowsByName(scope, 'invoices', some)
    const owners = [...invoices.values()].map(({ tenantId, customerId: id }) => ({ tenantId, id }))
    const customers = await rowsByName(scope, 'customers', owners)
    for (const { tenantId, id, currency, owedMinor } of some) {
      const invoice = invoices.get(nameOf({ tenantId, id }))
      const customer = customers.get(nameOf({ tenantId, id: String(invoice?.customerId) }))
      const customerName = customer?.name ?? null
      yield { tenantId, customerName, currency, owedMinor, dueAt: invoice?.dueAt ?? null }
    }
  }
}

async function* oneByOne<R>(rows: readonly R[]): AsyncGenerator<R> {
  yield* rows
}
