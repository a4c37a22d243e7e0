// What usage of running contracts is going to be billed: the middle of the last months, carried on by their
// usual growth, which fades; yearly contracts as a year before. Medians, so that one odd month moves nothing.
import type { Contract } from './contracts.ts'
import { type Origin, whole } from './renewal-risk.ts'

/** One month of foretold usage: what is expected if all contracts stay, and how far off it may be, squared. */
export interface UsageMonth {
  readonly expectedMinor: bigint
  readonly varianceMinor: bigint
}

const monthsOfLevel = 3
const monthsOfGrowth = 6
/** Growth counts four fifths as much with each month ahead, and is held between these. */
const fades = { by: 8n, of: 10n }
const [leastGrowth, mostGrowth] = [-whole / 5n, whole / 4n]

const inOrder = (values: readonly bigint[]): bigint[] =>
  [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))

/** The middle value; of two in the middle the half of their sum. Of nothing it is 0. */
export function median(values: readonly bigint[]): bigint {
  const sorted = inOrder(values)
  const middle = sorted.length >> 1
  if (sorted.length === 0) return 0n
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2n
}

const sumOf = (contracts: readonly Contract[], month: number): bigint =>
  contracts.reduce((sum, { usedMinor }) => sum + BigInt(usedMinor[month] ?? 0), 0n)

/** The first month in which a contract is known. */
const knownSince = ({ states, usedMinor }: Contract): number =>
  states[0]?.begunIn ?? usedMinor.findIndex(amount => amount !== 0)

/** The usual growth from one month to the next, of contracts that were there for both. */
function growthOf(contracts: readonly Contract[], over: number): bigint {
  const growths: bigint[] = []
  for (let month = Math.max(3, over - monthsOfGrowth); month < over; month += 1) {
    const settled = contracts.filter(contract => knownSince(contract) <= month - 3)
    const [before, after] = [sumOf(settled, month - 1), sumOf(settled, month)]
    if (before > 0n && after > 0n) growths.push((after * whole) / before - whole)
  }
  const usual = median(growths)
  return usual < leastGrowth ? leastGrowth : usual > mostGrowth ? mostGrowth : usual
}

/** How far months lie from their middle: 1.4826 times the median of the distances, squared. */
function varianceOf(months: readonly bigint[], level: bigint): bigint {
  const distances = months.map(each => (each > level ? each - level : level - each))
  const usual = (median(distances) * 14_826n) / 10_000n
  const least = (level < 0n ? -level : level) / 10n
  return (usual > least ? usual : least) ** 2n
}

/** Usage of contracts that run, for each month from the first one on. */
export function usageTrend(
  contracts: readonly Contract[],
  origin: Origin,
  months: number,
): UsageMonth[] {
  const { first, over } = origin
  const isYearly = (contract: Contract) => origin.stateOf(contract)?.billingCycle === 'yearly'
  const [monthly, yearly] = [contracts.filter(each => !isYearly(each)), contracts.filter(isYearly)]
  const past = Array.from({ length: Math.min(over, monthsOfGrowth) }, (_, back) =>
    sumOf(monthly, over - 1 - back),
  )
  const level = median(past.slice(0, monthsOfLevel))
  const variance = varianceOf(past, level)
  let [factor, step] = [whole, growthOf(monthly, over)]
  return Array.from({ length: months }, (_, ahead) => {
    step = (step * fades.by) / fades.of
    factor += step
    const before = sumOf(yearly, first + ahead - 12)
    return {
      expectedMinor: (level * factor) / whole + before,
      varianceMinor: variance * BigInt(ahead + 1) + before ** 2n / 16n,
    }
  })
}
