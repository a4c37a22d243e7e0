// Topics about money: rounding, allocation, currencies; and what is left of negative invoices.

import { settleNegative, spreadCredit } from '../../core/credit-note.ts'
import { decimal, decimalText, rounded } from '../../core/decimal.ts'
import {
  allocate,
  chargeableMinor,
  exponentOf,
  fromWire,
  payableMinor,
  processorAmount,
  roundToMinor,
  toDecimalString,
} from '../../core/money.ts'
import {
  currencyOf,
  type Got,
  has,
  type Input,
  list,
  minor,
  roundingOf,
  scaledWeights,
  shown,
  type Topic,
  text,
} from './reading.ts'

const roundCurrency: Topic = (input, rule) => {
  const currency = currencyOf(input)
  const amountMinor = roundToMinor(decimal(text(input.amount)), currency, roundingOf(rule))
  return { rounded: toDecimalString(amountMinor, currency) }
}

const roundMode: Topic = (input, rule) => {
  const rounding = roundingOf(input.mode ?? rule)
  return { rounded: decimalText(rounded(decimal(text(input.amount)), 0, rounding)) }
}

function allocated(input: Input): Got {
  const amountMinor = minor(input, input.amount)
  if (has(input, 'item_amounts')) {
    const lines = list(input.item_amounts).map(amount => ({
      netMinor: minor(input, amount),
      taxMinor: 0,
      creditedNetMinor: 0,
      creditedTaxMinor: 0,
    }))
    return { parts: spreadCredit(lines, amountMinor).map(line => shown(input, line.netMinor)) }
  }
  const parts = allocate(amountMinor, scaledWeights(list(input.weights)))
  return { parts: parts.map(part => shown(input, part)) }
}

const processorUnits: Topic = input => {
  const currency = currencyOf(input)
  if (has(input, 'payout')) {
    const payableAmount = payableMinor(fromWire(text(input.payout), currency), currency)
    return { stripe_payout_amount: processorAmount(payableAmount, currency) }
  }
  const chargeable = chargeableMinor(fromWire(text(input.amount), currency), currency)
  return { stripe_amount: processorAmount(chargeable, currency) }
}

const creditFromChange: Topic = input => {
  const sum = minor(input, input.new_plan_charge) - minor(input, input.repaired)
  const { totalMinor, creditMinor } = settleNegative(sum)
  return { account_credit: shown(input, creditMinor), total: shown(input, totalMinor) }
}

export const moneyTopics: Readonly<Record<string, Topic>> = {
  round_currency: roundCurrency,
  round_mode: roundMode,
  allocate: allocated,
  allocate_error: allocated,
  stripe_minor_units: processorUnits,
  iso_exponent: input => ({ exponent: exponentOf(currencyOf(input)) }),
  credit_balance_from_change: creditFromChange,
}
