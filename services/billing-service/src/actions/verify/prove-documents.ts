// What is proved of invoices and credit notes: their figures add up, notes are what invoices say was credited,
// and no series of numbers has a gap or a number twice.
import type { CreditNote } from '../../core/credit-note.ts'
import type { Invoice } from '../../core/invoice.ts'
import {
  type BookReads,
  everyTenant,
  inBatches,
  type OpenProof,
  type Proof,
  type Proving,
  proofOf,
  sum,
} from './proof.ts'

type Figures = Pick<
  Invoice | CreditNote,
  'lines' | 'taxLines' | 'subtotalMinor' | 'discountMinor' | 'taxMinor' | 'totalMinor'
>

function compareFigures(proof: OpenProof, about: string, document: Figures): void {
  const { lines, taxLines, subtotalMinor, discountMinor, taxMinor, totalMinor } = document
  const lineTaxMinor = sum(lines.map(line => line.taxMinor))
  proof.equal(about, 'subtotal and its lines', subtotalMinor, sum(lines.map(l => l.amountMinor)))
  proof.equal(about, 'discount and its lines', discountMinor, sum(lines.map(l => l.discountMinor)))
  proof.equal(about, 'tax and its lines', taxMinor, lineTaxMinor)
  proof.equal(about, 'tax and its rates', taxMinor, sum(taxLines.map(line => line.taxMinor)))
  const expectedMinor = subtotalMinor - discountMinor + taxMinor
  proof.equal(about, 'total and lines - discounts + tax', totalMinor, expectedMinor)
}

/** Total = lines - discounts + tax on every document, down to its lines. */
export async function proveFigures(deps: Proving): Promise<Proof> {
  const proof = proofOf('every document’s total is its lines - discounts + tax')
  for await (const { tenantId, reads } of everyTenant(deps)) {
    for await (const invoice of reads.stream('invoices', {})) {
      compareFigures(proof, `${tenantId} ${invoice.id}`, invoice)
    }
    for await (const note of reads.stream('creditNotes', {})) {
      const about = `${tenantId} ${note.id}`
      compareFigures(proof, about, note)
      const parts = note.lowersInvoiceMinor + note.refundedMinor + note.toBalanceMinor
      proof.equal(about, 'total and where it went', note.totalMinor, parts)
    }
  }
  return proof.done()
}

/** What an invoice says was credited is what its notes say, in all and line by line. */
export async function proveCredited(deps: Proving): Promise<Proof> {
  const proof = proofOf('credit notes are what their invoices say was credited')
  for await (const { tenantId, reads } of everyTenant(deps)) {
    for await (const invoices of inBatches(reads.stream('invoices', {}))) {
      const credited = await creditedBy(reads, invoices)
      for (const invoice of invoices) {
        const about = `${tenantId} ${invoice.id}`
        const { totalMinor, lowersMinor } = credited.get(invoice.id) ?? noCredit
        const lines = sum(
          invoice.lines.map(l => (l.creditedNetMinor ?? 0) + (l.creditedTaxMinor ?? 0)),
        )
        proof.equal(about, 'credited and its notes', invoice.amountCreditedMinor, totalMinor)
        proof.equal(about, 'forgiven and its notes', invoice.amountForgivenMinor, lowersMinor)
        proof.equal(about, 'credited and its lines', invoice.amountCreditedMinor, lines)
      }
    }
  }
  return proof.done()
}

const noCredit = { totalMinor: 0, lowersMinor: 0 }

async function creditedBy(reads: BookReads, invoices: readonly Invoice[]) {
  const groups = await reads.sum('creditNotes', {
    where: { invoiceId: { in: invoices.map(({ id }) => id) } },
    sum: ['totalMinor', 'lowersInvoiceMinor'],
    groupBy: ['invoiceId'],
  })
  return new Map(
    groups.map(({ group, sums }) => [
      String(group.invoiceId),
      { totalMinor: Number(sums.totalMinor), lowersMinor: Number(sums.lowersInvoiceMinor) },
    ]),
  )
}

type Series = Map<string, { readonly number: number; readonly about: string }[]>

function addNumber(series: Series, documentNumber: string, about: string): void {
  const cut = documentNumber.lastIndexOf('-')
  // What an issuer's branding puts before the series counts for nothing.
  const name = /[^-]+(-CN)?$/.exec(documentNumber.slice(0, cut))?.[0] ?? documentNumber
  const numbers = series.get(name) ?? []
  numbers.push({ number: Number(documentNumber.slice(cut + 1)), about })
  series.set(name, numbers)
}

async function issuerCounters({ store }: Proving): Promise<ReadonlyMap<string, number>> {
  const counters = new Map<string, number>()
  const rows = store.system.stream('issuerSeries', {})
  for await (const { id, nextNumber } of rows) counters.set(id, nextNumber)
  return counters
}

/** Every series runs 1, 2, 3 ... to the number before the next one. */
export async function proveNumbers(deps: Proving): Promise<Proof> {
  const proof = proofOf('document numbers have no gap and none is given twice')
  const series: Series = new Map()
  const next = new Map<string, number>()
  // Tenants are read one after the other: of what they share, only what stood before the first counts.
  const shared = await issuerCounters(deps)
  for (const [id, number] of shared) next.set(id, number)
  for await (const { tenantId, reads } of everyTenant(deps)) {
    // The counters first: what is issued meanwhile only goes beyond them.
    for await (const { id, nextNumber } of reads.stream('numberSeries', {})) {
      next.set(id, Math.max(next.get(id) ?? 0, nextNumber))
    }
    for await (const { id, invoiceNumber } of reads.stream('invoices', {})) {
      if (invoiceNumber !== null) addNumber(series, invoiceNumber, `${tenantId} ${id}`)
    }
    for await (const { id, creditNoteNumber } of reads.stream('creditNotes', {})) {
      addNumber(series, creditNoteNumber, `${tenantId} ${id}`)
    }
  }
  const since = await issuerCounters(deps)
  for (const [name, numbers] of series) {
    const from = shared.get(name) ?? (since.has(name) ? 1 : null)
    const meanwhile = (number: number) =>
      from !== null && number >= from && number < since.get(name)!
    const counted = numbers.filter(({ number }) => !meanwhile(number))
    compareSeries(proof, name, counted, next.get(name))
  }
  return proof.done()
}

function compareSeries(
  proof: OpenProof,
  name: string,
  numbers: { readonly number: number; readonly about: string }[],
  next: number | undefined,
): void {
  numbers.sort((a, b) => a.number - b.number)
  let expected = 1
  for (const { number, about } of numbers) {
    proof.compared()
    if (number < expected) proof.broken(`${about}: ${name}-${number} is given twice`)
    if (number > expected) proof.broken(`${about}: ${name}-${expected} is missing before it`)
    expected = Math.max(expected, number + 1)
  }
  if (next !== undefined && expected < next) {
    proof.broken(`${name}: ${expected} is missing, the next number is ${next}`)
  }
}
