// Topics about tax: by rate, inclusive, surcharges, withholding, and line totals before tax.

import { applyRate, multiplyUnit, parseUnitAmount, percentToPpm } from '../../core/money.ts'
import { defaultTaxRules, type Tax, type TaxableLine, taxLines } from '../../core/tax.ts'
import {
  currencyOf,
  type Got,
  has,
  type Input,
  list,
  minor,
  record,
  roundingOf,
  shown,
  type Topic,
  text,
} from './reading.ts'

function taxOf(percent: unknown, kind: Tax['kind'] = 'standard'): Tax {
  if (percent === 'exempt' || percent === 'reverse_charge') return { kind: percent, ratePpm: 0 }
  return { kind, ratePpm: percentToPpm(text(percent)) }
}

function exclusive(amountMinor: number, taxes: readonly Tax[]): TaxableLine {
  return { amountMinor, behavior: 'exclusive', taxes }
}

function lineOf(input: Input, value: unknown): TaxableLine {
  const line = record(value)
  const inclusive = has(line, 'gross')
  const percents = has(line, 'percents') ? list(line.percents) : [line.percent]
  const taxes = percents.map(percent => taxOf(percent))
  const surcharge = has(line, 'surcharge') ? [taxOf(line.surcharge, 'surcharge')] : []
  return {
    amountMinor: minor(input, inclusive ? line.gross : line.net),
    behavior: inclusive ? 'inclusive' : 'exclusive',
    taxes: [...taxes, ...surcharge],
  }
}

const byRate: Topic = (input, rule) => {
  const lines = list(input.lines).map(line => lineOf(input, line))
  const rounding = roundingOf(rule === 'half_even' ? rule : null)
  const at = (level: 'rate' | 'invoice' | 'line') =>
    taxLines(lines, { ...defaultTaxRules, level, rounding })
  const byGroup = at('rate')
  const sumOf = (kind: Tax['kind']) =>
    byGroup.groups
      .filter(group => group.kind === kind)
      .reduce((sum, group) => sum + group.taxMinor, 0)
  const surcharged = sumOf('surcharge')
  return {
    tax: shown(input, byGroup.taxMinor - surcharged),
    surcharge: shown(input, surcharged),
    total: shown(input, surcharged === 0 ? byGroup.totalMinor : byGroup.taxMinor),
    net: shown(input, byGroup.netMinor),
    round_then_sum: shown(input, byGroup.taxMinor),
    sum_then_round: shown(input, at('invoice').taxMinor),
    per_rate: shown(input, byGroup.taxMinor),
    per_invoice: shown(input, at('invoice').taxMinor),
    per_line: shown(input, at('line').taxMinor),
  }
}

function inclusiveLine(input: Input): TaxableLine {
  const percents = has(input, 'percents') ? list(input.percents) : [input.percent]
  return {
    amountMinor: minor(input, input.gross),
    behavior: 'inclusive',
    taxes: percents.map((percent, at) => ({ ...taxOf(percent), name: String(at) })),
  }
}

const inclusive: Topic = input => {
  const lines = has(input, 'lines')
    ? list(input.lines).map(line => lineOf(input, line))
    : [inclusiveLine(input)]
  const inclusiveRule = input.round === 'net' ? 'round_net' : 'round_tax'
  const result = taxLines(lines, { ...defaultTaxRules, inclusive: inclusiveRule })
  return {
    net: shown(input, result.netMinor),
    tax: shown(input, result.taxMinor),
    taxes: result.lines[0]?.taxesMinor.map(tax => shown(input, tax)),
  }
}

const withholding: Topic = input => {
  const main = exclusive(minor(input, input.net), [
    taxOf(input.vat),
    taxOf(input.retained, 'withheld'),
  ])
  const others = has(input, 'other') ? [record(input.other)] : []
  const result = taxLines([
    main,
    ...others.map(other => exclusive(minor(input, other.net), [taxOf(other.vat)])),
  ])
  return {
    vat: shown(input, result.taxMinor),
    retained: shown(input, result.withheldMinor),
    total: shown(input, result.totalMinor),
    payable: shown(input, result.totalMinor - result.withheldMinor),
  }
}

function lineTotal(input: Input): number {
  const price = parseUnitAmount(text(input.price))
  return multiplyUnit(price, text(input.quantity), currencyOf(input), 'half_away')
}

const discountThenTax: Topic = input => {
  const lineMinor = lineTotal(input)
  const ratePpm = percentToPpm(text(input.discount_percent ?? '0'))
  const discountMinor = applyRate(lineMinor, ratePpm, 'half_away')
  const result = taxLines([exclusive(lineMinor - discountMinor, [taxOf(input.tax_percent)])])
  return {
    line: shown(input, lineMinor),
    discount: shown(input, discountMinor),
    net: shown(input, result.netMinor),
    tax: shown(input, result.taxMinor),
    total: shown(input, result.totalMinor),
  }
}

const negativeInvoice: Topic = (input): Got => {
  const result = taxLines([exclusive(minor(input, input.net), [taxOf(input.percent)])])
  return { tax: shown(input, result.taxMinor), total: shown(input, result.totalMinor) }
}

const roundedUp: Topic = input => {
  const taxes = list(input.percents).map((percent, at) => ({ ...taxOf(percent), name: String(at) }))
  const lines = list(input.lines).map(amount => exclusive(minor(input, amount), taxes))
  const rules = { ...defaultTaxRules, level: 'line', rounding: roundingOf(input.round) } as const
  const result = taxLines(lines, rules)
  const each = [...new Set(result.lines.flatMap(line => line.taxesMinor))]
  return {
    tax_each: each.length === 1 ? shown(input, each[0]!) : each.map(tax => shown(input, tax)),
    total: shown(input, result.taxMinor),
  }
}

export const taxTopics: Readonly<Record<string, Topic>> = {
  tax_by_rate: byRate,
  tax_with_surcharge: byRate,
  tax_inclusive: inclusive,
  tax_withholding: withholding,
  line_discount_then_tax: discountThenTax,
  negative_invoice: negativeInvoice,
  line_total_rounding: input => ({ line: shown(input, lineTotal(input)) }),
  tax_round_up: roundedUp,
}
