// Watches the periods of subscriptions as they are written, and compares them with what was billed: every
// period follows the one before, ends on its day, and is billed once.
import type { Invoice, InvoiceLine } from '../../core/invoice.ts'
import type { Plan } from '../../core/plan.ts'
import { priceOf } from '../../core/plan.ts'
import { mayBecome, type Subscription } from '../../core/subscription.ts'
import type { Tenant } from '../../core/tenant.ts'
import { type Instant, localDate, type Period, toIso } from '../../core/time.ts'

interface SeenPeriod {
  readonly start: Instant
  readonly end: Instant
  /** What it must be billed at; null when nothing is due for it in advance. */
  readonly amountMinor: number | null
}

interface Watched {
  last: Subscription
  /** Whether its tenant counted days, not seconds, when it was last written. */
  byDays: boolean
  readonly periods: SeenPeriod[]
}

export interface Coverage {
  /** Takes the policy of a tenant as it was just written. */
  know(tenant: Pick<Tenant, 'tenantId' | 'settings'>): void
  /** Takes a subscription as it was just written; answers what is wrong with its step. */
  see(subscription: Subscription): string[]
  /** Compares what was seen with the invoices there are. */
  compare(invoices: readonly Invoice[]): string[]
}

const billable: readonly Subscription['status'][] = ['active', 'past_due', 'unpaid', 'incomplete']

const span = (period: { start: Instant; end: Instant }): string =>
  `[${toIso(period.start)}, ${toIso(period.end)})`

/** The local date one or twelve months after another, on the agreed day or the last of the month. */
function dateAfter(date: string, months: number, day: number): string {
  const [year = 0, month = 1] = date.split('-').map(Number)
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0))
  const clamped = Math.min(day, last.getUTCDate())
  return `${last.toISOString().slice(0, 8)}${String(clamped).padStart(2, '0')}`
}

/** A period ends a whole number of months after it began, on its day of the month. */
function endsOnItsDay(subscription: Subscription): string[] {
  const { anchorZone: zone, anchorDay, currentPeriodStart, currentPeriodEnd } = subscription
  if (subscription.periodIndex < 0) return []
  const months = subscription.billingCycle === 'yearly' ? 12 : 1
  const expected = dateAfter(localDate(currentPeriodStart, zone), months, anchorDay)
  const ends = localDate(currentPeriodEnd, zone)
  return ends === expected
    ? []
    : [
        `${subscription.id}: the period from ${toIso(currentPeriodStart)} ends ${ends}, not ${expected}`,
      ]
}

function step(before: Subscription, after: Subscription): string[] {
  const problems: string[] = []
  if (before.status !== after.status && !mayBecome(before.status, after.status)) {
    problems.push(`${after.id} went from ${before.status} to ${after.status}`)
  }
  if (after.currentPeriodStart === before.currentPeriodStart) return problems
  const follows = after.currentPeriodStart === before.currentPeriodEnd
  const restarts =
    after.anchorAt === after.currentPeriodStart &&
    after.periodIndex === 0 &&
    (before.status === 'paused' || after.currentPeriodStart <= before.currentPeriodEnd)
  if (!follows && !restarts) {
    problems.push(
      `${after.id}: after the period that ended ${toIso(before.currentPeriodEnd)} ` +
        `comes one that starts ${toIso(after.currentPeriodStart)}`,
    )
  }
  return problems
}

/** `planOf` finds the version of the catalogue that a subscription is on. */
export function watchPeriods(planOf: (planId: string) => Plan): Coverage {
  const watched = new Map<string, Watched>()
  const countingDays = new Set<string>()

  const due = (subscription: Subscription): number | null => {
    if (!billable.includes(subscription.status)) return null
    const { planId, currency, billingCycle, quantity } = subscription
    const { amountMinor } = priceOf(planOf(planId), currency, billingCycle)
    return amountMinor === 0 ? null : amountMinor * quantity
  }
  const begin = (into: SeenPeriod[], subscription: Subscription) => {
    const { currentPeriodStart: start, currentPeriodEnd: end } = subscription
    into.push({ start, end, amountMinor: due(subscription) })
  }
  return {
    know({ tenantId, settings }) {
      if (settings.prorationUnit === 'day') countingDays.add(tenantId)
      else countingDays.delete(tenantId)
    },
    see(after) {
      const byDays = countingDays.has(after.tenantId)
      const known = watched.get(after.id)
      const problems = endsOnItsDay(after)
      if (known === undefined) {
        const periods: SeenPeriod[] = []
        begin(periods, after)
        watched.set(after.id, { last: after, byDays, periods })
        return problems
      }
      const before = known.last
      if (after.version < before.version) return problems
      problems.push(...step(before, after))
      if (after.currentPeriodStart !== before.currentPeriodStart) begin(known.periods, after)
      // What ended stays as it was counted then.
      if (before.endedAt === null) known.byDays = byDays
      known.last = after
      return problems
    },
    compare(invoices) {
      return [...watched].flatMap(([id, known]) =>
        compareOne(
          known,
          invoices.filter(invoice => invoice.subscriptionId === id),
        ),
      )
    },
  }
}

interface Billed {
  readonly invoice: Invoice
  readonly line: InvoiceLine
}

/**
 * Whether another change at the very start of a period gave all of a line back. One that a discount took whole is
 * given back without a line: the charge of the other change alone tells of it.
 */
const isChangedAtOnce = ({ line }: Billed, billed: readonly Billed[]): boolean => {
  const isFree = line.amountMinor === line.discountMinor
  return billed
    .filter(({ invoice }) => invoice.status !== 'void')
    .flatMap(({ invoice }) => invoice.lines)
    .some(
      other =>
        other.periodStart === line.periodStart &&
        (other.why?.inputs.creditsLineId === line.id ||
          (isFree && other.id !== line.id && other.kind === 'proration_charge')),
    )
}

/**
 * Whether an end came before anything of a period was used. A renewal that is not demanded yet is cut to the used
 * time (choice 11), counted as the tenant agreed (choice 1): by days the date of the end is not charged, so an
 * end on the date the period began has used 0 days; by seconds it may come to less than half a unit. A period
 * paid before is credited whole by the same count: nothing was earned in it, and no line of 0 is written.
 */
function endedUnused({ last, byDays }: Watched, { start, end, amountMinor }: SeenPeriod): boolean {
  const { endedAt, anchorZone: zone } = last
  if (endedAt === null || endedAt < start || endedAt >= end) return false
  return (amountMinor ?? 0) * partOf({ start, end: endedAt }, { start, end }, byDays, zone) < 0.5
}

function compareOne(watched: Watched, invoices: readonly Invoice[]): string[] {
  const { periods } = watched
  const { id, endedAt, anchorZone } = watched.last
  const billed: Billed[] = invoices.flatMap(invoice =>
    invoice.lines
      .filter(line => line.kind === 'recurring' || line.kind === 'proration_charge')
      .map(line => ({ invoice, line })),
  )
  const problems: string[] = []
  for (const period of periods) {
    if (period.amountMinor === null) continue
    // What was not demanded yet when it ended is demanded up to the end alone.
    const ends = [period.end, endedAt]
    const whole = billed.filter(
      ({ line }) => line.periodStart === period.start && ends.includes(line.periodEnd),
    )
    const changed = whole.filter(each => isChangedAtOnce(each, billed))
    const standing = whole.filter(each => each.invoice.status !== 'void' && !changed.includes(each))
    if (whole.length === 0 && !endedUnused(watched, period)) {
      problems.push(`${id}: the period ${span(period)} was not billed`)
    }
    if (standing.length > 1) {
      problems.push(`${id}: the period ${span(period)} was billed ${standing.length} times`)
    }
    for (const { line } of standing) {
      if (line.amountMinor === period.amountMinor || changed.length > 0) continue
      if (line.periodEnd !== period.end && line.amountMinor < period.amountMinor) continue
      problems.push(
        `${id}: the period ${span(period)} was billed at ${line.amountMinor}, ` +
          `its plan costs ${period.amountMinor}`,
      )
    }
  }
  problems.push(...billedOutside(id, periods, billed))
  return [...problems, ...billedTwice({ id, zone: anchorZone }, billed, invoices)]
}

/** The share of a whole that a part of it is: by local dates, or by elapsed time. */
function partOf(part: Period, whole: Period, byDays: boolean, zone: string): number {
  const days = ({ start, end }: Period) =>
    Date.parse(localDate(end, zone)) - Date.parse(localDate(start, zone))
  return byDays && days(whole) > 0
    ? days(part) / days(whole)
    : (part.end - part.start) / (whole.end - whole.start)
}

/**
 * How much of a line's time is left at an instant, as whoever charges it anew counts it. By days (choice 1) a line
 * ends before its last date and the day of a change belongs to the new line: on that last date nothing is left.
 */
const leftOf = (line: Period, from: Instant, again: InvoiceLine, zone: string): number =>
  partOf({ start: from, end: line.end }, line, again.why?.rule === 'proration.day', zone)

/** Time that two lines charge is given back for the earlier one: by a change, or by a note. */
function billedTwice(
  { id, zone }: { readonly id: string; readonly zone: string },
  billed: readonly Billed[],
  invoices: readonly Invoice[],
): string[] {
  const standing = billed.filter(({ invoice }) => ['open', 'paid'].includes(invoice.status))
  const credited = new Set(
    invoices
      .flatMap(invoice => (invoice.status === 'void' ? [] : invoice.lines))
      .map(line => line.why?.inputs.creditsLineId)
      .filter(source => source !== undefined),
  )
  const problems: string[] = []
  for (const { invoice, line } of standing) {
    // What was given up and paid all the same is the payer's own affair.
    const givenUp = invoice.closedAt !== null
    if (givenUp || credited.has(line.id) || (line.creditedNetMinor ?? 0) > 0) continue
    const [start, end] = [line.periodStart ?? 0, line.periodEnd ?? 0]
    // Less than half a unit of what is left comes back as nothing.
    const netMinor = line.amountMinor - line.discountMinor
    const worth = (from: Instant, other: InvoiceLine) =>
      netMinor * leftOf({ start, end }, from, other, zone)
    const again = standing.find(({ invoice: later, line: other }) => {
      const from = other.periodStart ?? 0
      // A draft held back while it was unpaid is issued by a person, who sees what came after it.
      const known = (invoice.issuedAt ?? 0) <= (later.issuedAt ?? 0)
      return known && from > start && from < end && worth(from, other) >= 1
    })
    if (again === undefined) continue
    problems.push(
      `${id}: ${again.invoice.invoiceNumber} charges time of ${invoice.invoiceNumber} ` +
        `${span({ start, end })} again`,
    )
  }
  return problems
}

/** A period that was paid for is one that the subscription had. */
function billedOutside(
  id: string,
  periods: readonly SeenPeriod[],
  billed: readonly Billed[],
): string[] {
  return billed
    .filter(({ invoice, line }) => invoice.status === 'paid' && line.kind === 'recurring')
    .filter(({ line }) => !periods.some(period => period.start === line.periodStart))
    .map(({ invoice, line }) => {
      const period = { start: line.periodStart ?? 0, end: line.periodEnd ?? 0 }
      return `${id}: ${invoice.invoiceNumber} was paid for ${span(period)}, which it never had`
    })
}
