// Months of recurring revenue out of the log of movements: what stood at the start, what moved, and what became
// of those who were there at the start. The rates are metrics.ts.
import type { Currency } from '../money.ts'
import { type Instant, localDate, namedPeriod } from '../time.ts'
import type { Movements } from './metrics.ts'
import type { MrrMovement } from './recurring.ts'
import type { Asked } from './report.ts'

export interface RevenueMonth {
  /** `YYYY-MM`. */
  readonly month: string
  readonly currency: Currency
  readonly openingMinor: number
  readonly closingMinor: number
  /** Signed sums of the movements of each kind. */
  readonly byKind: Readonly<Record<MrrMovement['kind'], number>>
  readonly customersAtStart: number
  readonly customersAtEnd: number
  /** Of those who were there at the start. */
  readonly customersLost: number
  /** How those who were there at the start changed over the month; new customers are left out. */
  readonly ofTheStart: Movements
}

/** A calendar month, or the part of it that was asked for. */
export interface MonthSpan {
  readonly month: string
  readonly start: Instant
  readonly end: Instant
}

/** The calendar months that the span touches, the last one cut at its end. */
export function monthsOf({ from, to, zone }: Asked): MonthSpan[] {
  const months: MonthSpan[] = []
  for (let at = from; at < to; ) {
    const month = localDate(at, zone).slice(0, 7)
    const period = namedPeriod(month, zone, at)
    months.push({ month, start: at, end: Math.min(period.to, to) })
    at = period.to
  }
  return months
}

const noMovements = (): Record<MrrMovement['kind'], number> => ({
  new_business: 0,
  expansion: 0,
  contraction: 0,
  churn: 0,
  reactivation: 0,
})

/** One currency on its way through the months. */
interface Book {
  readonly values: Map<string, number>
  totalMinor: number
  openingMinor: number
  customersAtStart: number
  byKind: Record<MrrMovement['kind'], number>
  /** What those who moved in the month were worth at its start. */
  atStart: Map<string, number>
}

const emptyBook = (): Book => ({
  values: new Map(),
  totalMinor: 0,
  openingMinor: 0,
  customersAtStart: 0,
  byKind: noMovements(),
  atStart: new Map(),
})

function openMonth(book: Book): void {
  book.openingMinor = book.totalMinor
  book.customersAtStart = book.values.size
  book.byKind = noMovements()
  book.atStart = new Map()
}

function move(book: Book, movement: MrrMovement): void {
  const customer = `${movement.tenantId} ${movement.customerId}`
  const before = book.values.get(customer) ?? 0
  if (!book.atStart.has(customer)) book.atStart.set(customer, before)
  const after = before + movement.changeMinor
  if (after === 0) book.values.delete(customer)
  else book.values.set(customer, after)
  book.totalMinor += movement.changeMinor
  book.byKind[movement.kind] += movement.changeMinor
}

function closeMonth(month: string, currency: Currency, book: Book): RevenueMonth {
  const sums = { churnMinor: 0, contractionMinor: 0, expansionMinor: 0 }
  let customersLost = 0
  for (const [customer, startMinor] of book.atStart) {
    if (startMinor === 0) continue
    const endMinor = book.values.get(customer) ?? 0
    if (endMinor === 0) {
      customersLost += 1
      sums.churnMinor += startMinor
    } else if (endMinor < startMinor) sums.contractionMinor += startMinor - endMinor
    else sums.expansionMinor += endMinor - startMinor
  }
  return {
    month,
    currency,
    openingMinor: book.openingMinor,
    closingMinor: book.totalMinor,
    byKind: book.byKind,
    customersAtStart: book.customersAtStart,
    customersAtEnd: book.values.size,
    customersLost,
    ofTheStart: {
      startMinor: book.openingMinor,
      reactivationMinor: book.byKind.reactivation,
      ...sums,
    },
  }
}

/** Takes movements in the order of their time, from the very first one; answers the months of the span. */
export function openMonths(asked: Asked) {
  const months = monthsOf(asked)
  const books = new Map<Currency, Book>()
  const done: RevenueMonth[] = []
  let at = 0
  // Before the first month nothing is closed; what moved then stands at its start.
  let begun = false
  const begin = () => {
    for (const book of books.values()) openMonth(book)
    begun = true
  }
  const close = () => {
    const { month } = months[at]!
    const inOrder = [...books].sort(([a], [b]) => (a < b ? -1 : 1))
    for (const [currency, book] of inOrder) done.push(closeMonth(month, currency, book))
    for (const book of books.values()) openMonth(book)
    at += 1
  }
  return {
    add(movement: MrrMovement): void {
      if (!begun && movement.occurredAt >= asked.from) begin()
      while (begun && at < months.length && movement.occurredAt >= months[at]!.end) close()
      const book = books.get(movement.currency) ?? emptyBook()
      books.set(movement.currency, book)
      move(book, movement)
    },
    months(): RevenueMonth[] {
      if (!begun) begin()
      while (at < months.length) close()
      return done
    },
  }
}
