// Topics about usage: tiers, volume, packages, included quantities, minimum and maximum spend.

import { addDecimal, decimal, decimalText, minus } from '../../core/decimal.ts'
import { percentToPpm, roundToMinor } from '../../core/money.ts'
import { billableQuantity, chargeUsage, exactPrice } from '../../core/rating/charge.ts'
import { packageCount, rateBlocks } from '../../core/rating/packages.ts'
import { partText, type Tier, type UsagePrice } from '../../core/rating/price.ts'
import { rateSlice, rateUsage, sumOfParts } from '../../core/rating/rate.ts'
import {
  currencyOf,
  has,
  type Input,
  integer,
  list,
  minor,
  record,
  shown,
  type Topic,
  text,
  unsupported,
} from './reading.ts'

function tiersOf(input: Input): Tier[] {
  return list(input.tiers)
    .map(record)
    .map(tier => ({
      upTo: has(tier, 'up_to') ? text(tier.up_to) : null,
      unitAmount: text(tier.unit ?? '0'),
      flatAmount: text(tier.flat ?? '0'),
    }))
}

function packagePrice(input: Input): UsagePrice {
  const terms = has(input, 'tiers') ? record(input.tiers) : input
  return {
    model: 'package',
    packageSize: text(terms.size),
    packageAmount: text(terms.amount ?? terms.price),
    freeUnits: text(terms.free ?? '0'),
  }
}

function percentTiers(input: Input) {
  return list(input.tiers)
    .map(record)
    .map(tier => ({
      upTo: has(tier, 'up_to') ? text(tier.up_to) : null,
      ratePpm: percentToPpm(text(tier.percent ?? tier.rate)),
      flatAmount: text(tier.flat ?? '0'),
    }))
}

function unitAmount(input: Input): string {
  const terms = has(input, 'tiers') && !Array.isArray(input.tiers) ? record(input.tiers) : input
  return text(terms.unit_price ?? terms.price ?? terms.amount)
}

function priceOf(input: Input): UsagePrice {
  const per = has(input, 'billing_units') ? { per: text(input.billing_units) } : {}
  switch (input.model) {
    case 'graduated':
    case 'volume':
      return { model: input.model, tiers: tiersOf(input), ...per }
    case 'package':
      return packagePrice(input)
    case 'standard':
    case 'unit':
    case 'per_unit':
      return { model: 'standard', unitAmount: unitAmount(input), ...per }
    case 'graduated_percentage':
      return { model: 'graduated_percentage', tiers: percentTiers(input) }
    case 'percentage':
      return {
        model: 'percentage',
        ratePpm: percentToPpm(text(input.percent ?? input.rate)),
        ...(has(input, 'fixed') ? { eventAmount: text(input.fixed) } : {}),
      }
    default:
      return unsupported(`price model ${JSON.stringify(input.model)}`)
  }
}

function quantityBefore(input: Input): string {
  return text(input.already_billed_quantity ?? '0')
}

function quantityInAll(input: Input): string {
  return addDecimal(quantityBefore(input), text(input.quantity))
}

/** The exact price of the slice that the row describes, and its parts. */
const sliceOfUsage: Topic = input => {
  const price = priceOf(input)
  const options = { negative: input.allow_negative === true ? 'mirror' : 'clamp' } as const
  const included = text(input.included ?? '0')
  const rate = (quantity: string) =>
    rateUsage(
      price,
      { quantity: included === '0' ? quantity : billableQuantity(included, '0', quantity) },
      options,
    )
  const isFirst = decimal(quantityBefore(input)).digits === 0n
  const before = isFirst ? null : rate(quantityBefore(input))
  const after = rate(quantityInAll(input))
  const parts = rateSlice(price, before, after)
  const billed = decimal(text(input.already_billed ?? '0'))
  return {
    amount: decimalText(sumOfParts(parts)),
    remaining: decimalText(minus(sumOfParts(after), billed)),
    lines: parts
      .map(partText)
      .map(part => [part.tier === null ? 'all' : `tier${part.tier}`, part.quantity, part.amount]),
  }
}

const minimumAndMaximum: Topic = input => {
  const price = priceOf(input)
  const currency = currencyOf(input)
  const before = decimal(quantityBefore(input)).digits === 0n ? '0' : quantityBefore(input)
  const billedMinor = has(input, 'already_billed')
    ? minor(input, input.already_billed)
    : before === '0'
      ? 0
      : roundToMinor(decimal(exactPrice(price, { quantity: before })), currency, 'half_away')
  const charge = chargeUsage({
    price,
    currency,
    usage: { quantity: quantityInAll(input) },
    billedMinor,
    isFinal: true,
    ...(has(input, 'minimum') ? { minimumMinor: minor(input, input.minimum) } : {}),
    ...(has(input, 'maximum') ? { maximumMinor: minor(input, input.maximum) } : {}),
  })
  return {
    amount: shown(input, charge.amountMinor),
    charge: shown(input, charge.amountMinor),
    capped_off: shown(input, charge.cappedOffMinor),
    minimum_top_up: shown(input, charge.topUpMinor),
  }
}

const packages: Topic = input => {
  const count = packageCount(decimal(text(input.quantity)), decimal(text(input.size)))
  return { packages: decimalText(count) }
}

const packageTiers: Topic = input => {
  const tiers = list(input.tiers)
    .map(record)
    .map(tier => ({
      blockSize: text(tier.block ?? tier.size),
      blocks: has(tier, 'blocks') ? integer(tier.blocks) : null,
      blockAmount: text(tier.price ?? tier.amount),
    }))
  const parts = rateBlocks(tiers, decimal(text(input.quantity)))
  return {
    amounts: parts.map(part => decimalText(part.amount)),
    amount: decimalText(sumOfParts(parts)),
  }
}

const packagesOfUnits: Topic = input => {
  const amounts = list(input.units)
    .map(record)
    .map(unit => exactPrice(packagePrice(unit), { quantity: text(unit.quantity) }))
  return { amount: amounts.reduce(addDecimal, '0'), amounts }
}

const included: Topic = input => ({
  billable: billableQuantity(
    text(input.included),
    text(input.quantity_before ?? '0'),
    text(input.quantity),
  ),
})

export const usageTopics: Readonly<Record<string, Topic>> = {
  usage_standard: sliceOfUsage,
  usage_graduated: sliceOfUsage,
  usage_graduated_incremental: sliceOfUsage,
  usage_graduated_bounded: sliceOfUsage,
  usage_graduated_percentage: sliceOfUsage,
  usage_volume: sliceOfUsage,
  usage_volume_incremental: sliceOfUsage,
  usage_volume_bounded: sliceOfUsage,
  usage_package: sliceOfUsage,
  usage_percentage: sliceOfUsage,
  usage_billing_units: sliceOfUsage,
  usage_negative: sliceOfUsage,
  usage_min_max: minimumAndMaximum,
  usage_package_tiers: packageTiers,
  usage_package_multi_unit: packagesOfUnits,
  package_count: packages,
  included_quantity: included,
}
