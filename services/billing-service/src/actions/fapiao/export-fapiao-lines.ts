// The file from which fapiao are issued: every line of the documents of a period, in renminbi, that have none yet.
// A document that a fapiao is recorded for does not come again.
import type { CreditNote } from '../../core/credit-note.ts'
import { type FapiaoLine, type FapiaoTerms, fapiaoFigures, reversed } from '../../core/fapiao.ts'
import type { Invoice } from '../../core/invoice.ts'
import { refuse } from '../../core/refusal.ts'
import { addLocal, type Instant, localDate, namedPeriod, toIso } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import { fapiaoTable } from '../../documents/fapiao-table.ts'
import type { Language } from '../../documents/words.ts'
import type { CollectionName } from '../../ports/collections.ts'
import type { Reads } from '../../ports/store.ts'
import { type ExportedFile, tableFile, tableFormat } from '../exports/table-file.ts'
import { scopeOf } from '../reports/sources.ts'
import { inBatches } from '../verify/proof.ts'

const currency = 'CNY'

export interface FapiaoExport {
  readonly from?: Instant | undefined
  readonly to?: Instant | undefined
  readonly tenantId?: string | undefined
  readonly language: Language
}

interface Span {
  readonly from: Instant
  readonly to: Instant
}

/**
 * Of documents issued in the span, which is the last whole month where none is named. Refuses `not_found` for a format
 * that does not exist, `invalid_request` for an empty span.
 */
export async function exportFapiaoLines(
  deps: Deps,
  formatName: string,
  { from, to, tenantId, language }: FapiaoExport,
): Promise<ExportedFile> {
  const format = tableFormat(formatName)
  const { zone } = deps.settings
  const generatedAt = deps.clock.real()
  const month = namedPeriod('month', zone, generatedAt).from
  const span = { from: from ?? addLocal(month, -1, 'months', zone), to: to ?? month }
  if (span.from >= span.to) {
    refuse('invalid_request', {}, [{ path: '/to', message: 'must be after from' }])
  }
  const { reads, without } = await scopeOf(deps, null, deps.sandbox ? 'all' : 'live')
  const table = fapiaoTable({
    language,
    zone,
    filters: `${toIso(span.from)} – ${toIso(span.to)}`,
    issuerName: deps.issuer.name ?? '',
    generatedAt,
    ofAllTenants: true,
  })
  const name = `fapiao-${localDate(span.from, zone)}`
  return tableFile(deps, format, name, table, fapiaoLines(reads, span, tenantId, without))
}

async function* fapiaoLines(
  reads: Reads<CollectionName>,
  span: Span,
  tenantId: string | undefined,
  without: ReadonlySet<string>,
): AsyncGenerator<FapiaoLine> {
  const where = tenantId === undefined ? {} : { tenantId }
  const order = { field: 'createdAt', direction: 'asc' } as const
  // A draft may wait long before it is issued, so the one bound that its creation has is the later one.
  const invoices = reads.stream('invoices', {
    where,
    range: { field: 'createdAt', to: span.to },
    order,
  })
  for await (const some of inBatches(invoices)) {
    const asked = some.filter(each => isAsked(each, span) && !without.has(each.tenantId))
    yield* linesOf(reads, asked, [])
  }
  const notes = reads.stream('creditNotes', {
    where,
    range: { field: 'createdAt', to: span.to },
    order,
  })
  for await (const some of inBatches(notes)) {
    const asked = some.filter(each => within(each.issuedAt, span) && each.currency === currency)
    yield* linesOf(
      reads,
      [],
      asked.filter(each => !without.has(each.tenantId)),
    )
  }
}

const within = (at: Instant | null, { from, to }: Span): boolean =>
  at !== null && at >= from && at < to

const isAsked = (invoice: Invoice, span: Span): boolean =>
  invoice.currency === currency &&
  invoice.totalMinor > 0 &&
  invoice.status !== 'void' &&
  within(invoice.issuedAt, span)

/** Of a batch; what belongs to its documents is read for all of them at once. */
async function* linesOf(
  reads: Reads<CollectionName>,
  invoices: readonly Invoice[],
  notes: readonly CreditNote[],
): AsyncGenerator<FapiaoLine> {
  const documents = [...invoices, ...notes]
  if (documents.length === 0) return
  const keys = [
    ...documents.map(({ tenantId, id }) => ({ tenantId, id: String(id) })),
    ...notes.map(note => ({ tenantId: note.tenantId, id: String(note.invoiceId) })),
  ]
  const recorded = await reads.getMany('fapiaos', distinct(keys))
  const fapiaoOf = new Map(recorded.map(each => [`${each.tenantId} ${each.id}`, each]))
  const owners = documents.map(each => ({ tenantId: each.tenantId, id: String(each.customerId) }))
  const buyers = await reads.getMany('fapiaoBuyers', distinct(owners))
  const buyerOf = new Map(buyers.map(each => [`${each.tenantId} ${each.id}`, each]))
  for (const document of documents) {
    const { tenantId } = document
    if (fapiaoOf.has(`${tenantId} ${document.id}`)) continue
    const red = 'creditNoteNumber' in document
    const blue = red ? fapiaoOf.get(`${tenantId} ${document.invoiceId}`) : undefined
    // What no blue fapiao was issued for is taken back by no red one.
    if (red && blue === undefined) continue
    const frame = {
      tenantId,
      currency,
      kind: red ? ('red' as const) : ('blue' as const),
      serial: red ? document.creditNoteNumber : document.invoiceNumber!,
      issuedAt: document.issuedAt!,
      buyer: buyerOf.get(`${tenantId} ${document.customerId}`) ?? namedOnly(document),
      blueNumber: blue?.number ?? null,
    }
    for (const figures of fapiaoFigures(document.lines, document.taxLines)) {
      yield { ...frame, ...(red ? reversed(figures) : figures) }
    }
  }
}

const distinct = (keys: readonly { readonly tenantId: string; readonly id: string }[]) => [
  ...new Map(keys.map(key => [`${key.tenantId} ${key.id}`, key])).values(),
]

/** A buyer who asked for nothing gets a general fapiao in the name that stands on the document. */
const namedOnly = ({ buyer }: Pick<Invoice, 'buyer'>): FapiaoTerms => ({
  type: 'general',
  title: buyer?.name ?? '',
  taxNumber: null,
  address: null,
  phone: null,
  bankName: null,
  bankAccount: null,
  remarks: null,
  email: buyer?.email ?? null,
})
