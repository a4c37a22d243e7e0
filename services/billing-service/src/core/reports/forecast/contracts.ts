// What the log of movements knows of each contract, laid out by calendar month: what it was worth when a month
// began, what it earned in it, and which usage was billed. A contract is one subscription.
import type { Currency } from '../../money.ts'
import { addLocal, type Cycle, type Instant, namedPeriod } from '../../time.ts'
import type { MrrMovement } from '../recurring.ts'
import type { Asked } from '../report.ts'
import { type MonthSpan, monthsOf } from '../revenue-months.ts'
import type { PlannedValue } from './planned.ts'

interface Named {
  readonly tenantId: string
  readonly subscriptionId: string
}

/** What a forecast is made from: movements in the order of their time, then what else is known. */
export type ContractFact =
  | { readonly kind: 'moved'; readonly movement: MrrMovement }
  /** Usage that was billed, after discounts, without tax; negative where it was taken back. */
  | (Named & {
      readonly kind: 'used'
      readonly currency: Currency
      readonly at: Instant
      readonly amountMinor: number
    })
  /** What a contract that runs at the end of what is asked for is going to be worth, if it is kept. */
  | (Named & { readonly kind: 'planned'; readonly values: readonly PlannedValue[] })

/** What a contract was from one movement to the next. */
export interface ContractState {
  readonly at: Instant
  readonly mrrMinor: number
  readonly planCode: string
  readonly billingCycle: Cycle
  /** The month in which the contract began to be worth anything. */
  readonly begunIn: number
  /** The month from which its periods are counted: it began, came back or changed its cycle there. */
  readonly countedFrom: number
}

/** A contract; months are places in the calendar. */
export interface Contract {
  readonly currency: Currency
  readonly states: readonly ContractState[]
  readonly planned: readonly PlannedValue[]
  /** The state in force just before each month; absent while there was none. */
  readonly before: readonly (ContractState | undefined)[]
  /** Monthly value times the milliseconds for which it stood, within each month. */
  readonly earned: readonly bigint[]
  readonly usedMinor: readonly number[]
}

export interface Contracts {
  readonly months: readonly MonthSpan[]
  readonly contracts: readonly Contract[]
}

/** A forecast reaches so many months. */
export const monthsAhead = 12

interface Gathered {
  readonly currency: Currency
  readonly movements: MrrMovement[]
  readonly used: { readonly at: Instant; readonly amountMinor: number }[]
  planned: readonly PlannedValue[]
}

/** The last of what was said before an instant. */
export function lastBefore<T extends { readonly at: Instant }>(
  said: readonly T[],
  at: Instant,
): T | undefined {
  let last: T | undefined
  for (const each of said) {
    if (each.at >= at) break
    last = each
  }
  return last
}

/**
 * Monthly value times milliseconds over a span, of values in the order of their time; before the first it is
 * `startMinor`.
 */
export function earnedOver(
  values: readonly PlannedValue[],
  { start, end }: { readonly start: Instant; readonly end: Instant },
  startMinor: number,
): bigint {
  let [earned, from, valueMinor] = [0n, start, startMinor]
  for (const { at, mrrMinor } of values) {
    if (at >= end) break
    if (at > from) {
      earned += BigInt(valueMinor) * BigInt(at - from)
      from = at
    }
    valueMinor = mrrMinor
  }
  return earned + BigInt(valueMinor) * BigInt(end - from)
}

/** Months from that of the first fact to those that a forecast reaches. */
function calendar(first: Instant, { to, zone }: Asked): MonthSpan[] {
  const from = namedPeriod('month', zone, Math.min(first, to)).from
  const last = namedPeriod('month', zone, to).from
  return monthsOf({ from, to: addLocal(last, monthsAhead + 1, 'months', zone), zone })
}

function statesOf(movements: readonly MrrMovement[], months: readonly MonthSpan[]) {
  const states: ContractState[] = []
  let month = 0
  for (const { occurredAt: at, mrrMinor, planCode, billingCycle } of movements) {
    while (months[month]!.end <= at) month += 1
    const last = states.at(-1)
    const goesOn = last !== undefined && last.mrrMinor > 0 && last.billingCycle === billingCycle
    const begunIn = last?.begunIn ?? month
    const countedFrom = goesOn ? last.countedFrom : month
    states.push({ at, mrrMinor, planCode, billingCycle, begunIn, countedFrom })
  }
  return states
}

function laidOut(gathered: Gathered, months: readonly MonthSpan[], to: Instant): Contract {
  const { currency, movements, used, planned } = gathered
  const states = statesOf(movements, months)
  const before = months.map(({ start }) => lastBefore(states, start))
  const known = months.map(({ start, end }) => ({ start, end: Math.max(start, Math.min(end, to)) }))
  const earned = known.map((span, at) => earnedOver(states, span, before[at]?.mrrMinor ?? 0))
  const usedMinor = months.map(() => 0)
  for (const { at, amountMinor } of used) {
    const month = months.findIndex(({ start, end }) => at >= start && at < end)
    if (month >= 0) usedMinor[month]! += amountMinor
  }
  return { currency, states, planned, before, earned, usedMinor }
}

/** Gathers facts and answers the contracts by calendar month. */
export function gatherContracts(asked: Asked) {
  const byName = new Map<string, Gathered>()
  let first = Number.POSITIVE_INFINITY
  const of = ({ tenantId, subscriptionId }: Named, currency: Currency): Gathered => {
    const name = JSON.stringify([tenantId, subscriptionId])
    const known = byName.get(name) ?? { currency, movements: [], used: [], planned: [] }
    byName.set(name, known)
    return known
  }
  return {
    add(fact: ContractFact): void {
      if (fact.kind === 'moved') {
        first = Math.min(first, fact.movement.occurredAt)
        of(fact.movement, fact.movement.currency).movements.push(fact.movement)
      } else if (fact.kind === 'used') {
        first = Math.min(first, fact.at)
        of(fact, fact.currency).used.push(fact)
      } else {
        const known = byName.get(JSON.stringify([fact.tenantId, fact.subscriptionId]))
        if (known !== undefined) known.planned = fact.values
      }
    },
    contracts(): Contracts {
      const months = calendar(first, asked)
      const gathered = [...byName.values()]
      return { months, contracts: gathered.map(each => laidOut(each, months, asked.to)) }
    },
  }
}
