// Discounts on the lines of an invoice: which discounts a line is open to, and what each took of it. The
// arithmetic of taking is index.ts.

import type { AttachedDiscount } from '../coupon.ts'
import type { InvoiceLine, LineDiscount } from '../invoice.ts'
import { type Currency, mulDiv } from '../money.ts'
import { applyDiscounts, type Discount } from './index.ts'
import type { DiscountableLine } from './kind.ts'

/** How much of a full period a line charges; 1/1 but for prorated charges. */
interface Share {
  readonly part: number
  readonly whole: number
}

function shareOf(line: InvoiceLine): Share {
  const { part, whole } = line.why?.inputs ?? {}
  if (line.kind !== 'proration_charge') return { part: 1, whole: 1 }
  if (typeof part !== 'number' || typeof whole !== 'number') return { part: 1, whole: 1 }
  return { part, whole }
}

const isWhole = ({ part, whole }: Share): boolean => part === whole
const keyOf = (share: Share): string => (isWhole(share) ? '1/1' : `${share.part}/${share.whole}`)

/** Lines whose discount is given already, credits, and what goes to the balance are left as they are. */
const isOpen = (line: InvoiceLine): boolean =>
  line.amountMinor > 0 && line.kind !== 'balance_transfer' && line.discountMinor === 0

/**
 * A discount for lines that charge a share of a period. An amount is meant for a full period, so it is
 * taken by the same share: changing plan often takes no more off than changing once.
 */
function forShare(discount: AttachedDiscount, share: Share): Discount {
  const { id, attachedAt, scope, benefit } = discount
  const base = { id, attachedAt, scope }
  if (benefit.kind === 'percent') return { ...base, ...benefit }
  const amountMinor = mulDiv(benefit.amountMinor, share.part, share.whole, 'half_away')
  return { ...base, ...benefit, amountMinor }
}

const asDiscountable = (line: InvoiceLine): DiscountableLine => ({
  amountMinor: line.amountMinor,
  kind: line.kind,
  planCode: line.planCode,
  metric: line.metric,
})

/** What each discount took of each line, keyed by the line's place. */
function takenOf(
  lines: readonly { readonly line: InvoiceLine; readonly place: number }[],
  share: Share,
  discounts: readonly AttachedDiscount[],
  currency: Currency,
): Map<number, LineDiscount[]> {
  // A once-discount is not used up by a proration (choice 7): it waits for a full period.
  const meant = discounts.filter(d => isWhole(share) || d.duration.kind !== 'once')
  const result = applyDiscounts(
    lines.map(({ line }) => asDiscountable(line)),
    meant.map(discount => forShare(discount, share)),
    { currency, percentLevel: 'total', stacking: 'attached' },
  )
  const taken = new Map<number, LineDiscount[]>()
  result.applied.forEach((applied, order) => {
    const { coupon, promotionCode } = meant.find(d => d.id === applied.discountId)!
    lines.forEach(({ place }, at) => {
      const amountMinor = applied.takenMinor[at] ?? 0
      if (amountMinor === 0) return
      const inputs = { ...applied.why.inputs, order: order + 1, of: result.applied.length }
      const entry: LineDiscount = {
        discountId: applied.discountId as LineDiscount['discountId'],
        coupon: promotionCode ?? coupon,
        amountMinor,
        why: { rule: applied.why.rule, inputs },
      }
      taken.set(place, [...(taken.get(place) ?? []), entry])
    })
  })
  return taken
}

/**
 * Takes discounts off the lines of one invoice (choices 7 and 22 to 24): scoped ones first, then general
 * ones, inside by the time they were attached, compounding, never below zero, the rest dropped. Each line
 * says what took how much of it, in order. What an earlier pricing of the same lines took is taken anew.
 */
export function discountLines(
  given: readonly InvoiceLine[],
  discounts: readonly AttachedDiscount[],
  currency: Currency,
): InvoiceLine[] {
  const lines = given.map(line => {
    if (line.discounts === undefined) return line
    const { discounts: _earlier, ...plain } = line
    return { ...plain, discountMinor: 0 }
  })
  const open = lines.map((line, place) => ({ line, place })).filter(({ line }) => isOpen(line))
  const shares = new Map(open.map(({ line }) => [keyOf(shareOf(line)), shareOf(line)]))
  const taken = new Map<number, LineDiscount[]>()
  for (const [key, share] of shares) {
    const alike = open.filter(({ line }) => keyOf(shareOf(line)) === key)
    for (const [place, entries] of takenOf(alike, share, discounts, currency)) {
      taken.set(place, entries)
    }
  }
  return lines.map((line, place) => {
    const entries = taken.get(place)
    if (entries === undefined) return line
    const discountMinor = entries.reduce((sum, entry) => sum + entry.amountMinor, 0)
    return { ...line, discountMinor, discounts: entries }
  })
}

/** The discounts that an invoice stands on. */
export const discountsUsed = (lines: readonly InvoiceLine[]): ReadonlySet<string> =>
  new Set(lines.flatMap(line => (line.discounts ?? []).map(entry => entry.discountId)))

/** What each coupon took of a whole invoice, in the order of its lines; the rate of a percentage. */
export function discountTotals(lines: readonly InvoiceLine[]) {
  const totals = new Map<string, { name: string; ratePpm: number | null; amountMinor: number }>()
  for (const entry of lines.flatMap(line => line.discounts ?? [])) {
    const { ratePpm } = entry.why.inputs
    const before = totals.get(entry.discountId)
    totals.set(entry.discountId, {
      name: entry.coupon,
      ratePpm: typeof ratePpm === 'number' ? ratePpm : null,
      amountMinor: (before?.amountMinor ?? 0) + entry.amountMinor,
    })
  }
  return [...totals.values()]
}
