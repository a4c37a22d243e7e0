// Revenue of the next months from the contracts that run when the forecast is made: what they are worth if all
// stay, what renewals put at risk, the trend of usage, and a range. Exact inside; each figure is rounded once.
import { divideRounded } from '../../decimal.ts'
import { type Currency, toSafeNumber } from '../../money.ts'
import type { Instant } from '../../time.ts'
import {
  type Contract,
  type ContractState,
  type Contracts,
  earnedOver,
  lastBefore,
  monthsAhead,
} from './contracts.ts'
import {
  inTheMiddle,
  measuredRenewals,
  type Origin,
  smoothedRisks,
  survival,
  whole,
} from './renewal-risk.ts'
import { usageTrend } from './usage-trend.ts'

export interface ForecastMonth {
  readonly month: string
  readonly currency: Currency
  /** If every contract stays. */
  readonly contractedMinor: number
  /** What renewals are expected to lose of it; never positive. */
  readonly atRiskMinor: number
  readonly usageMinor: number
  /** The sum of the three. */
  readonly expectedMinor: number
  /** How far off the model itself takes it to be: one standard deviation, at least 2 % of what stands now. */
  readonly deviationMinor: number
}

/** The forecast made at the start of a month, out of nothing but what was known then. */
export const originAt = (month: number): Origin => ({
  first: month,
  over: month,
  rest: 0n,
  stateOf: ({ before }) => before[month],
})

/** The forecast made at an instant: its first month is the one that begins then or next. */
export function originNow({ months }: Contracts, at: Instant): Origin {
  const first = months.findIndex(({ start }) => start >= at)
  const running = months[first - 1]
  const begun = running !== undefined && months[first]!.start > at
  return {
    first,
    over: begun ? first - 1 : first,
    rest: begun ? (BigInt(running.end - at) * whole) / BigInt(running.end - running.start) : 0n,
    stateOf: ({ states }) => lastBefore(states, at),
  }
}

/** Whether a contract runs: it is worth something, or it pays by use alone and did so of late. */
export function runs(contract: Contract, origin: Origin): boolean {
  const state = origin.stateOf(contract)
  if (state !== undefined) return state.mrrMinor > 0
  if (contract.states.length > 0) return false
  const { over } = origin
  return contract.usedMinor.slice(Math.max(0, over - 3), over).some(amount => amount !== 0)
}

export const currenciesOf = ({ contracts }: Contracts): Currency[] =>
  [...new Set(contracts.map(({ currency }) => currency))].sort()

/** The integer part of a square root (Newton). */
export function squareRoot(value: bigint): bigint {
  if (value < 2n) return value < 0n ? 0n : value
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

/** Sums of one month in minor units times milliseconds, and times a share. */
interface Sums {
  /** If nothing changed at all. */
  standing: bigint
  contracted: bigint
  expected: bigint
  variance: bigint
}

type Book = Contracts & {
  readonly origin: Origin
  readonly riskOf: ReturnType<typeof smoothedRisks>
}

/** Adds what contracts bring month by month. Those that renew alike share the way of their survival. */
function recurringOf(book: Book, running: readonly Contract[]): Sums[] {
  const { origin, riskOf } = book
  const ahead = book.months.slice(origin.first, origin.first + monthsAhead)
  const sums: Sums[] = ahead.map(() => ({
    standing: 0n,
    contracted: 0n,
    expected: 0n,
    variance: 0n,
  }))
  const ways = new Map<string, bigint[]>()
  const wayOf = (state: ContractState): bigint[] => {
    const { planCode, billingCycle, begunIn, countedFrom } = state
    const phase = billingCycle === 'yearly' ? countedFrom : 0
    const name = JSON.stringify([planCode, billingCycle, begunIn, phase])
    const known = ways.get(name) ?? inTheMiddle(survival(state, origin, riskOf, monthsAhead))
    ways.set(name, known)
    return known
  }
  for (const contract of running) {
    const state = origin.stateOf(contract)
    if (state === undefined) continue
    const way = wayOf(state)
    ahead.forEach((span, at) => {
      const length = BigInt(span.end - span.start)
      const earned = earnedOver(contract.planned, span, state.mrrMinor)
      const [share, sum] = [way[at]!, sums[at]!]
      const averageMinor = earned / length
      sum.standing += BigInt(state.mrrMinor) * length
      sum.contracted += earned
      sum.expected += earned * share
      sum.variance += (averageMinor ** 2n * share * (whole - share)) / whole ** 2n
    })
  }
  return sums
}

/** One part of so many: nothing is foretold more exactly, however many contracts there are. */
const leastDeviation = 50n

const rounded = (value: bigint, by: bigint): number =>
  toSafeNumber(divideRounded(value, by, 'half_away'))

/** The share of usage that is kept: as much as of what contracts are worth, and no more than all of it. */
function keptOf({ standing, expected }: Sums): bigint {
  const share = standing === 0n ? whole : expected / standing
  return share < whole ? share : whole
}

function monthsOfCurrency(book: Book, currency: Currency): ForecastMonth[] {
  const { origin, months } = book
  const running = book.contracts.filter(each => each.currency === currency && runs(each, origin))
  if (running.length === 0) return []
  const usage = usageTrend(running, origin, monthsAhead)
  return recurringOf(book, running).map((sums, at) => {
    const { month, start, end } = months[origin.first + at]!
    const length = BigInt(end - start)
    const contractedMinor = rounded(sums.contracted, length)
    const atRiskMinor = rounded(sums.expected - sums.contracted * whole, length * whole)
    const usageMinor = rounded(usage[at]!.expectedMinor * keptOf(sums), whole)
    const deviation = squareRoot(sums.variance + usage[at]!.varianceMinor)
    const least = (sums.standing / length + usage[at]!.expectedMinor) / leastDeviation
    return {
      month,
      currency,
      contractedMinor,
      atRiskMinor,
      usageMinor,
      expectedMinor: contractedMinor + atRiskMinor + usageMinor,
      deviationMinor: Math.max(1, toSafeNumber(deviation > least ? deviation : least)),
    }
  })
}

/** The next twelve months in each currency that runs, without a range. */
export function forecastFrom(known: Contracts, origin: Origin): ForecastMonth[] {
  const riskOf = smoothedRisks(measuredRenewals(known.contracts, origin))
  const book = { ...known, origin, riskOf }
  return currenciesOf(known).flatMap(currency => monthsOfCurrency(book, currency))
}
