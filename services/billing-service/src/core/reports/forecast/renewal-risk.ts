// How likely contracts are lost when they renew, measured on what is known at a moment: by plan, cycle and age,
// and drawn towards the rate of all contracts of the cycle where there are few. Shares are exact integers.
import type { Cycle } from '../../time.ts'
import type { Contract, ContractState } from './contracts.ts'

/** The whole of a share. */
export const whole = 1_000_000_000n

/** Where a forecast stands: all that it may know lies before the start of the month `first`. */
export interface Origin {
  /** The first month that is foretold. */
  readonly first: number
  /** Months before this one are over. */
  readonly over: number
  /** The part of the month before `first` that is still to come. */
  readonly rest: bigint
  /** What a contract is when the forecast is made. */
  readonly stateOf: (contract: Contract) => ContractState | undefined
}

export const ages = ['0-2', '3-11', '12+'] as const
export type Age = (typeof ages)[number]

/** Renewals that were due, and how many of them lost the contract. */
export interface Renewals {
  readonly planCode: string
  readonly billingCycle: Cycle
  readonly age: Age
  due: number
  lost: number
}

/** Months of history on which the rates are measured. */
const monthsMeasured = 24
/** One in twenty is assumed of a cycle of which nothing is known, and counts as much as 20 renewals. */
const assumed = { lost: 1n, due: 20n }
/** The rate of its cycle counts as much as so many renewals of a plan and age. */
const weightOfAll = 12n

const ageOf = (months: number): Age => (months < 3 ? '0-2' : months < 12 ? '3-11' : '12+')

/** Monthly contracts renew in every month, yearly ones in every twelfth. */
export const renewsIn = ({ billingCycle, countedFrom }: ContractState, month: number): boolean =>
  billingCycle === 'monthly' || (month > countedFrom && (month - countedFrom) % 12 === 0)

const cellOf = (planCode: string, cycle: Cycle, age: Age): string =>
  JSON.stringify([planCode, cycle, age])

/**
 * Renewals by plan, cycle and age in the last 24 months that were over. A contract is lost when it was worth
 * something at the start of a month, nothing at its end, and had not come back when the forecast is made.
 */
export function measuredRenewals(contracts: readonly Contract[], origin: Origin): Renewals[] {
  const cells = new Map<string, Renewals>()
  const from = Math.max(0, origin.over - monthsMeasured)
  for (const contract of contracts) {
    const isBack = (origin.stateOf(contract)?.mrrMinor ?? 0) > 0
    for (let month = from; month < origin.over; month += 1) {
      const state = contract.before[month]
      if (state === undefined || state.mrrMinor <= 0) continue
      const isLost = !isBack && contract.before[month + 1]!.mrrMinor <= 0
      if (!isLost && !renewsIn(state, month)) continue
      const { planCode, billingCycle } = state
      const age = ageOf(month - state.begunIn)
      const cell = cellOf(planCode, billingCycle, age)
      const known = cells.get(cell) ?? { planCode, billingCycle, age, due: 0, lost: 0 }
      cells.set(cell, known)
      known.due += 1
      if (isLost) known.lost += 1
    }
  }
  return [...cells.values()]
}

/** The share of contracts lost at a renewal. */
export type RiskOf = (planCode: string, cycle: Cycle, age: Age) => bigint

/** Rates that few renewals cannot swing: each plan and age is drawn towards all contracts of its cycle. */
export function smoothedRisks(measured: readonly Renewals[]): RiskOf {
  const cells = new Map(measured.map(r => [cellOf(r.planCode, r.billingCycle, r.age), r]))
  const ofCycle = (cycle: Cycle): bigint => {
    const those = measured.filter(({ billingCycle }) => billingCycle === cycle)
    const lost = BigInt(those.reduce((sum, each) => sum + each.lost, 0))
    const due = BigInt(those.reduce((sum, each) => sum + each.due, 0))
    return ((lost + assumed.lost) * whole) / (due + assumed.due)
  }
  const all = { monthly: ofCycle('monthly'), yearly: ofCycle('yearly') }
  return (planCode, cycle, age) => {
    const cell = cells.get(cellOf(planCode, cycle, age))
    const [lost, due] = [BigInt(cell?.lost ?? 0), BigInt(cell?.due ?? 0)]
    return (lost * whole + weightOfAll * all[cycle]) / (due + weightOfAll)
  }
}

/** The share of contracts in a state that is still there at the start of each month from the first one on. */
export function survival(
  state: ContractState,
  { first, rest }: Origin,
  riskOf: RiskOf,
  months: number,
): bigint[] {
  const lossIn = (month: number): bigint =>
    renewsIn(state, month)
      ? riskOf(state.planCode, state.billingCycle, ageOf(month - state.begunIn))
      : 0n
  const shares = [whole - (lossIn(first - 1) * rest) / whole]
  for (let month = first; month < first + months; month += 1) {
    shares.push((shares.at(-1)! * (whole - lossIn(month))) / whole)
  }
  return shares
}

/** The share that is there in the middle of each month: renewals are spread over it. */
export const inTheMiddle = (shares: readonly bigint[]): bigint[] =>
  shares.slice(1).map((share, at) => (share + shares[at]!) / 2n)
