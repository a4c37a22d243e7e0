// What an end in the middle of a period gives back: the unused time of what was really charged, as parts of
// credit notes on the invoices that charged it. Where it goes (debt, payer, balance) is decided elsewhere.
import { type CreditedLine, creditLine } from './credit-note.ts'
import type { Invoice, InvoiceLine } from './invoice.ts'
import { allocate, mulDiv, sumMinor } from './money.ts'
import { paidLines } from './pricing.ts'
import { type Counting, creditUnused } from './proration.ts'
import type { Instant } from './time.ts'
import type { Why } from './why.ts'

/** What a credit note takes of each line of an invoice, in the order of its lines. */
export interface EndCredit {
  readonly invoice: Invoice
  readonly parts: readonly CreditedLine[]
}

const netOf = (line: InvoiceLine): number => line.amountMinor - line.discountMinor
const netLeft = (line: InvoiceLine): number => netOf(line) - (line.creditedNetMinor ?? 0)
const taxLeft = (line: InvoiceLine): number => line.taxMinor - (line.creditedTaxMinor ?? 0)

/**
 * The credit notes of an end at `at`, newest invoice first. An invoice never gives back more than its total:
 * what an upgrade paid with unused time of an older line comes out of the older invoice (choice 11: paid minus
 * used). Open invoices are credited too, so that nobody owes time after the end. `pendingLines` wait for the next
 * invoice: what they gave back is not given again.
 */
export function creditAtEnd(
  invoices: readonly Invoice[],
  at: Instant,
  counting: Counting,
  pendingLines: readonly InvoiceLine[] = [],
): EndCredit[] {
  const charged = invoices.filter(({ status }) => status === 'paid' || status === 'open')
  const waiting = { status: 'paid', lines: pendingLines, createdAt: at } as const
  const wanted = new Map<string, number>()
  const whys = new Map<string, Why>()
  for (const line of paidLines([...charged, waiting], at, ['paid', 'open'], 'net')) {
    const credit = creditUnused(line, at, counting)
    if (credit === null) continue
    wanted.set(line.lineId, -credit.amountMinor)
    whys.set(line.lineId, credit.why)
  }
  const newestFirst = [...charged].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
  const credits: EndCredit[] = []
  for (const invoice of newestFirst) {
    const parts = partsOf(invoice, wanted, whys)
    if (sumMinor(parts.map(part => part.netMinor)) > 0) credits.push({ invoice, parts })
  }
  return credits
}

/**
 * Takes what is wanted of an invoice; what exceeds it is wanted of the lines that its credits came from. Both are
 * held against each other with their taxes: a change may have given time back at another rate than it charged.
 */
function partsOf(
  invoice: Invoice,
  wanted: Map<string, number>,
  whys: ReadonlyMap<string, Why>,
): CreditedLine[] {
  const wants = invoice.lines.map(line => {
    const wantsMinor = netOf(line) > 0 ? Math.min(wanted.get(line.id) ?? 0, netLeft(line)) : 0
    return given(line, wantsMinor, whys.get(line.id))
  })
  const leftMinor = Math.max(0, sumMinor(invoice.lines.map(line => netLeft(line) + taxLeft(line))))
  const back = takenOfCredits(invoice, Math.max(0, grossOf(wants) - leftMinor))
  const parts = invoice.lines.map((line, i): CreditedLine => {
    const source = line.why?.inputs.creditsLineId
    if (back[i]! > 0 && typeof source === 'string') {
      wanted.set(source, (wanted.get(source) ?? 0) + back[i]!)
    }
    return back[i]! > 0 ? takenBack(line, back[i]!) : wants[i]!
  })
  return withinTax(invoice, parts)
}

const grossOf = (parts: readonly CreditedLine[]): number =>
  sumMinor(parts.map(part => part.netMinor + part.taxMinor))

/** How much of each credit of an invoice is taken back, before tax, so that with tax it comes to the excess. */
function takenOfCredits(invoice: Invoice, excessMinor: number): number[] {
  const rooms = invoice.lines.map(line => Math.max(0, -netLeft(line)))
  const roomMinor = sumMinor(rooms)
  if (excessMinor === 0 || roomMinor === 0) return rooms.map(() => 0)
  const taxes = invoice.lines.map((line, i) => (rooms[i]! > 0 ? -taxLeft(line) : 0))
  const wantedMinor = mulDiv(excessMinor, roomMinor, roomMinor + sumMinor(taxes), 'half_away')
  return allocate(Math.min(roomMinor, wantedMinor), rooms)
}

/** Nothing of a line, which may itself be a credit; else what a note takes of it, with why it was unused. */
function given(line: InvoiceLine, netMinor: number, why: Why | undefined): CreditedLine {
  if (netMinor <= 0) return { netMinor: 0, taxMinor: 0, why: line.why ?? untouched }
  const part = creditLine(
    {
      netMinor: netOf(line),
      taxMinor: line.taxMinor,
      creditedNetMinor: line.creditedNetMinor ?? 0,
      creditedTaxMinor: line.creditedTaxMinor ?? 0,
    },
    netMinor,
  )
  return why === undefined ? part : { ...part, why }
}

const untouched: Why = { rule: 'credit_note.remaining_tax', inputs: {} }

/** A credit of the invoice is taken back: its line is negative, and so is its part. */
function takenBack(line: InvoiceLine, minor: number): CreditedLine {
  const taxMinor = mulDiv(taxLeft(line), minor, -netLeft(line), 'half_away')
  return {
    netMinor: -minor,
    taxMinor,
    why: {
      rule: 'credit_note.credit_taken_back',
      inputs: { creditMinor: -netLeft(line), takenBackMinor: minor },
    },
  }
}

/** Rounding by line may take a unit of tax more than the invoice still has; it is left on the invoice. */
function withinTax(invoice: Invoice, parts: CreditedLine[]): CreditedLine[] {
  const leftMinor = sumMinor(invoice.lines.map(taxLeft))
  let overMinor = sumMinor(parts.map(part => part.taxMinor)) - leftMinor
  return parts.map(part => {
    const cutMinor = Math.max(0, Math.min(overMinor, part.taxMinor))
    overMinor -= cutMinor
    return cutMinor === 0 ? part : { ...part, taxMinor: part.taxMinor - cutMinor }
  })
}
