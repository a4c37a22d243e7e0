// Topics about revenue recognition and recurring-revenue metrics.

import { decimalText } from '../../core/decimal.ts'
import {
  arrMinor,
  churnRecognisedAt,
  grossChurnPpm,
  grossRetentionPpm,
  logoChurnPpm,
  type Movements,
  movementOf,
  mrrMinor,
  netChurnPpm,
  netRetentionPpm,
} from '../../core/reports/metrics.ts'
import { type Recognition, recognise } from '../../core/revenue.ts'
import {
  type Got,
  has,
  type Input,
  instant,
  integer,
  intervalFrom,
  list,
  minor,
  shown,
  type Topic,
  text,
  unsupported,
  zoneOf,
} from './reading.ts'

const recognitions: Readonly<Record<string, Recognition>> = {
  day: 'day',
  daily: 'day',
  month: 'month',
  monthly: 'month',
  even_month: 'month',
  even_months: 'month',
  millisecond: 'millisecond',
  ms: 'millisecond',
}

function recognition(input: Input, rule: string | null, otherwise: Recognition): Recognition {
  const name = text(input.method ?? rule ?? otherwise)
  return recognitions[name] ?? unsupported(`recognition by ${name}`)
}

function recognised(otherwise: Recognition): Topic {
  return (input, rule) => {
    const zone = zoneOf(input)
    const [from, to] = list(input.period).map(edge => instant(edge, zone))
    if (from === undefined || to === undefined) return unsupported('a period has two edges')
    const by = recognition(input, rule, otherwise)
    const months = recognise(minor(input, input.amount), { start: from, end: to }, zone, by)
    const of = (pick: (month: (typeof months)[number]) => number) =>
      Object.fromEntries(months.map(month => [month.month, shown(input, pick(month))]))
    return {
      revenue: of(month => month.revenueMinor),
      deferred_after: of(month => month.deferredAfterMinor),
    }
  }
}

const movement: Topic = (input): Got => {
  if (has(input, 'billed')) {
    const interval = intervalFrom(input.interval)
    const monthly = mrrMinor([{ amountMinor: minor(input, input.billed), interval }])
    const paidBefore = input.former_customer === true
    const { kind } = movementOf({ beforeMinor: 0, afterMinor: monthly, paidBefore })
    return { mrr: shown(input, monthly), movement: kind }
  }
  if (has(input, 'adds')) return added(input)
  if (has(input, 'cancels_one_of_two_subscriptions')) {
    const lostMinor = minor(input, input.cancels_one_of_two_subscriptions)
    const { kind, changeMinor } = movementOf({
      beforeMinor: 2 * lostMinor,
      afterMinor: lostMinor,
      paidBefore: true,
    })
    return { mrr: shown(input, changeMinor), movement: kind }
  }
  if (input.former_customer_subscribes_again === true) {
    return { movement: movementOf({ beforeMinor: 0, afterMinor: 1, paidBefore: true }).kind }
  }
  return lastCancelled(input)
}

/** `2 x 30.00 monthly` bought by a customer who already pays, or by a new one. */
function added(input: Input): Got {
  const match = /^(?:(\d+) x )?([\d.]+) (\w+)$/.exec(text(input.adds))
  if (!match) return unsupported(`purchase ${text(input.adds)}`)
  const amountMinor = minor(input, match[2]) * Number(match[1] ?? 1)
  const monthly = mrrMinor([{ amountMinor, interval: intervalFrom(match[3]) }])
  const beforeMinor = input.existing_customer === true ? 1 : 0
  const { kind, changeMinor } = movementOf({
    beforeMinor,
    afterMinor: beforeMinor + monthly,
    paidBefore: beforeMinor > 0,
  })
  return { mrr: shown(input, changeMinor), movement: kind }
}

function lastCancelled(input: Input): Got {
  const yearly = has(input, 'cancels_last_subscription_yearly')
  const lost = input.cancels_last_subscription_yearly ?? input.cancels_last_subscription
  if (lost === undefined) return unsupported('movement')
  const interval = intervalFrom(yearly ? 'year' : 'month')
  const monthly = mrrMinor([{ amountMinor: minor(input, lost), interval }])
  const { kind, changeMinor } = movementOf({
    beforeMinor: monthly,
    afterMinor: 0,
    paidBefore: true,
  })
  const currentPeriodEnd = 100
  const canceledAt = input.cancelled === 'before period end' ? 50 : currentPeriodEnd
  const at = churnRecognisedAt({ canceledAt, currentPeriodEnd, endedAt: null })
  return {
    movement: kind,
    mrr: shown(input, changeMinor),
    recognised: at === currentPeriodEnd ? 'at period end' : 'at once',
  }
}

/** The movements of a row; its figures are plain numbers of one unit. */
function movementsOf(input: Input): Movements {
  const of = (key: string) => integer(input[key] ?? 0)
  return {
    startMinor: of('start'),
    churnMinor: of('churn'),
    contractionMinor: of('contraction'),
    expansionMinor: of('expansion'),
    reactivationMinor: of('reactivation'),
  }
}

function ratioText(ratePpm: number | null): string | null {
  return ratePpm === null ? null : decimalText({ digits: BigInt(ratePpm), scale: 6 })
}

function rate(ofMovements: (movements: Movements) => number | null): Topic {
  return input => ({ rate: ratioText(ofMovements(movementsOf(input))) })
}

const normalised: Topic = input => {
  const items = [
    ['plan', 'month'],
    ['addon', 'month'],
    ['monthly', 'month'],
    ['quarterly', 'quarter'],
    ['annual', 'year'],
  ] as const
  const discount = has(input, 'recurring_discount') ? minor(input, input.recurring_discount) : 0
  const found = items
    .filter(([key]) => has(input, key))
    .map(([key, unit], position) => ({
      amountMinor: minor(input, input[key]),
      interval: { unit, count: 1 },
      discountMinor: position === 0 ? discount : 0,
    }))
  if (found.length === 0) return unsupported('no recurring price')
  const monthly = mrrMinor(found)
  return { mrr: shown(input, monthly), arr: shown(input, arrMinor(monthly)) }
}

const logoChurn: Topic = input => ({
  rate: ratioText(logoChurnPpm(integer(input.lost), integer(input.start))),
})

export const reportTopics: Readonly<Record<string, Topic>> = {
  straight_line: recognised('day'),
  straight_line_daily: recognised('day'),
  straight_line_monthly: recognised('month'),
  straight_line_millisecond: recognised('millisecond'),
  mrr_movement: movement,
  mrr_normalise: normalised,
  gross_mrr_churn: rate(grossChurnPpm),
  net_mrr_churn: rate(netChurnPpm),
  net_revenue_retention: rate(netRetentionPpm),
  gross_revenue_retention: rate(grossRetentionPpm),
  logo_churn: logoChurn,
}
