// Forecasts made again at the ends of past months, out of what was known then, against what came; and the range
// of a forecast, which is as wide as its earlier errors say. Nothing later than an origin is looked at for it.
import { divideRounded } from '../../decimal.ts'
import { mulDiv, toSafeNumber } from '../../money.ts'
import type { Instant } from '../../time.ts'
import { type Contracts, monthsAhead } from './contracts.ts'
import { type ForecastMonth, forecastFrom, originAt, originNow, runs } from './forecast.ts'

export interface RangedMonth extends ForecastMonth {
  /** In four of five months what comes should lie from the one to the other, both included. */
  readonly lowMinor: number
  readonly highMinor: number
}

/** What a forecast said of a month that is over, and what the same contracts brought in it. */
export interface TestedMonth extends RangedMonth {
  /** The last month that was over when it was made. */
  readonly madeAfter: string
  /** 1: the month right after. */
  readonly ahead: number
  readonly actualMinor: number
}

interface Pair extends ForecastMonth {
  readonly origin: number
  readonly ahead: number
  readonly actualMinor: number
}

/** Month ends that are tried, and those before each from whose errors its range is taken. */
const originsTried = 12
const originsMeasured = 12
/** In thousandths of a deviation: four fifths of a normal distribution; a range is never narrower. */
const leastWidth = 1_282
const errorsNeeded = 10

/** What the contracts that ran at an origin brought in a month that is over. */
function actualOf(
  { months, contracts }: Contracts,
  origin: number,
  month: number,
  currency: string,
) {
  const at = originAt(origin)
  const running = contracts.filter(each => each.currency === currency && runs(each, at))
  const { start, end } = months[month]!
  const earned = running.reduce((sum, each) => sum + each.earned[month]!, 0n)
  const used = running.reduce((sum, each) => sum + each.usedMinor[month]!, 0)
  return toSafeNumber(divideRounded(earned, BigInt(end - start), 'half_away')) + used
}

/** Forecasts made at the ends of months, of the months up to `over`. What was planned then is not kept. */
function pairsOf(known: Contracts, over: number): Pair[] {
  const unplanned = known.contracts.map(each => ({ ...each, planned: [] }))
  const past = { months: known.months, contracts: unplanned }
  const pairs: Pair[] = []
  const from = Math.max(1, over - originsTried - originsMeasured)
  for (let origin = from; origin < over; origin += 1) {
    for (const said of forecastFrom(past, originAt(origin))) {
      const month = past.months.findIndex(each => each.month === said.month)
      if (month >= over) continue
      const actualMinor = actualOf(past, origin, month, said.currency)
      pairs.push({ ...said, origin, ahead: month - origin + 1, actualMinor })
    }
  }
  return pairs
}

/** How many thousandths of a deviation held four of five of the errors that were known at an origin. */
function widthAt(pairs: readonly Pair[], origin: number): number {
  const widths = pairs
    .filter(each => each.origin >= origin - originsMeasured)
    .filter(each => each.origin + each.ahead <= origin)
    .map(({ actualMinor, expectedMinor, deviationMinor }) =>
      mulDiv(Math.abs(actualMinor - expectedMinor), 1_000, deviationMinor, 'up'),
    )
    .sort((a, b) => a - b)
  if (widths.length < errorsNeeded) return leastWidth
  const place = Math.ceil(((widths.length + 1) * 4) / 5) - 1
  return Math.max(leastWidth, widths[Math.min(place, widths.length - 1)]!)
}

function ranged<F extends ForecastMonth>(month: F, width: number): F & RangedMonth {
  const { expectedMinor, deviationMinor } = month
  const reach = mulDiv(deviationMinor, width, 1_000, 'up')
  const low = expectedMinor - reach
  const lowMinor = expectedMinor >= 0 ? Math.max(0, low) : low
  return { ...month, lowMinor, highMinor: expectedMinor + reach }
}

/** The forecast made at an instant, with its range. */
export function forecastNow(known: Contracts, at: Instant): RangedMonth[] {
  const origin = originNow(known, at)
  const width = widthAt(pairsOf(known, origin.over), origin.over)
  return forecastFrom(known, origin).map(month => ranged(month, width))
}

/** What would have been said at each of the last twelve month ends, against what came up to an instant. */
export function backtest(known: Contracts, at: Instant): TestedMonth[] {
  const { over } = originNow(known, at)
  const pairs = pairsOf(known, over)
  const tried = pairs.filter(({ origin }) => origin >= over - originsTried)
  return tried.map(({ origin, ...said }) => ({
    ...ranged(said, widthAt(pairs, origin)),
    madeAfter: known.months[origin - 1]!.month,
  }))
}

export const isWithin = ({ lowMinor, highMinor, actualMinor }: TestedMonth): boolean =>
  actualMinor >= lowMinor && actualMinor <= highMinor

/** The distance of a forecast from what came, in parts per million of it; null where nothing came. */
export const errorPpm = ({ expectedMinor, actualMinor }: TestedMonth): number | null =>
  actualMinor === 0
    ? null
    : mulDiv(Math.abs(expectedMinor - actualMinor), 1_000_000, Math.abs(actualMinor), 'half_away')

export interface Accuracy {
  readonly currency: string
  /** How many months ahead; null: all together. */
  readonly ahead: number | null
  readonly forecasts: number
  /** Mean of the absolute errors, in parts per million of what came. */
  readonly meanErrorPpm: number | null
  /** The sum of the absolute errors, in parts per million of all that came. */
  readonly weightedErrorPpm: number | null
  /** What was said in all, less what came in all, in parts per million of it. */
  readonly biasPpm: number | null
  readonly withinPpm: number
}

function accuracyOf(tested: readonly TestedMonth[], currency: string, ahead: number | null) {
  const errors = tested.flatMap(each => errorPpm(each) ?? [])
  const came = tested.reduce((sum, each) => sum + each.actualMinor, 0)
  const said = tested.reduce((sum, each) => sum + each.expectedMinor, 0)
  const distances = tested.map(each => Math.abs(each.expectedMinor - each.actualMinor))
  const distance = distances.reduce((sum, each) => sum + each, 0)
  const errorsTotal = errors.reduce((sum, each) => sum + each, 0)
  const share = (part: number, of: number) => mulDiv(part, 1_000_000, of, 'half_away')
  return {
    currency,
    ahead,
    forecasts: tested.length,
    meanErrorPpm: errors.length === 0 ? null : mulDiv(errorsTotal, 1, errors.length, 'half_away'),
    weightedErrorPpm: came <= 0 ? null : share(distance, came),
    biasPpm: came <= 0 ? null : share(said - came, came),
    withinPpm: share(tested.filter(isWithin).length, tested.length),
  }
}

/** How far off forecasts were, by currency and months ahead, and all together. */
export function accuracies(tested: readonly TestedMonth[]): Accuracy[] {
  const currencies = [...new Set(tested.map(({ currency }) => currency))].sort()
  return currencies.flatMap(currency => {
    const own = tested.filter(each => each.currency === currency)
    const distances = Array.from({ length: monthsAhead }, (_, at) => at + 1)
    return [
      ...distances
        .map(ahead => ({ ahead, those: own.filter(each => each.ahead === ahead) }))
        .filter(({ those }) => those.length > 0)
        .map(({ ahead, those }) => accuracyOf(those, currency, ahead)),
      accuracyOf(own, currency, null),
    ]
  })
}
