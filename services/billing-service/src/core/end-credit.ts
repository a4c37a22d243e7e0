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
    if (grossOf(parts) > 0) credits.push({ invoice, parts })
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
  return invoice.lines.map((line, i): CreditedLine => {
    const { netMinor, taxMinor } = back[i]!
    const source = line.why?.inputs.creditsLineId
    if (netMinor > 0 && typeof source === 'string') {
      wanted.set(source, (wanted.get(source) ?? 0) + netMinor)
    }
    return netMinor + taxMinor > 0 ? takenBack(line, back[i]!) : wants[i]!
  })
}

interface Amounts {
  readonly netMinor: number
  readonly taxMinor: number
}

const grossOf = (parts: readonly Amounts[]): number =>
  sumMinor(parts.map(part => part.netMinor + part.taxMinor))

/**
 * How much of each credit of an invoice is taken back, so that with tax it comes to the excess exactly: a unit
 * that rounding by line leaves over goes to a tax, and where there is none left to a credit.
 */
function takenOfCredits(invoice: Invoice, excessMinor: number): Amounts[] {
  const credits = invoice.lines.map(line => (netOf(line) < 0 ? line : null))
  const rooms = credits.map(line => (line === null ? 0 : Math.max(0, -netLeft(line))))
  const taxRooms = credits.map(line => (line === null ? 0 : Math.max(0, -taxLeft(line))))
  const roomMinor = sumMinor(rooms)
  const grossMinor = roomMinor + sumMinor(taxRooms)
  if (excessMinor === 0 || grossMinor === 0) return rooms.map(() => ({ netMinor: 0, taxMinor: 0 }))
  const wantedMinor = mulDiv(excessMinor, roomMinor, grossMinor, 'half_away')
  const nets = roomMinor === 0 ? rooms : allocate(Math.min(roomMinor, wantedMinor), rooms)
  const taxes = nets.map((minor, i) =>
    minor === 0 ? 0 : mulDiv(taxRooms[i]!, minor, rooms[i]!, 'half_away'),
  )
  const inTaxes = broughtTo(taxes, taxRooms, excessMinor - sumMinor(nets))
  const inNets = broughtTo(nets, rooms, excessMinor - sumMinor(inTaxes))
  return inNets.map((netMinor, i) => ({ netMinor, taxMinor: inTaxes[i]! }))
}

/** Amounts that together come to a sum as far as each has room; the first ones take what is missing or over. */
function broughtTo(amounts: readonly number[], rooms: readonly number[], minor: number): number[] {
  let missingMinor = minor - sumMinor(amounts)
  return amounts.map((amountMinor, i) => {
    const next = Math.min(rooms[i]!, Math.max(0, amountMinor + missingMinor))
    missingMinor -= next - amountMinor
    return next
  })
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
const takenBack = (line: InvoiceLine, { netMinor, taxMinor }: Amounts): CreditedLine => ({
  netMinor: -netMinor + 0,
  taxMinor: -taxMinor + 0,
  why: {
    rule: 'credit_note.credit_taken_back',
    inputs: { creditMinor: -netLeft(line), takenBackMinor: netMinor },
  },
})
