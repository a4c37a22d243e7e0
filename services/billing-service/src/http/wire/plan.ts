import type {
  PlanDefinitionWire,
  PlanWire,
  UsagePriceWire,
} from '@quittance/billing-contract/schemas/plan'
import { parseQuantity, plainText } from '../../core/decimal.ts'
import {
  type Currency,
  fromWire,
  parseUnitAmount,
  percentToPpm,
  ppmToPercent,
  unitAmountText,
} from '../../core/money.ts'
import { isFree, type MetricCharge, type Plan, type PlanMetric } from '../../core/plan.ts'
import type { PlanDefinition } from '../../core/plan-catalogue.ts'
import type { UsagePrice } from '../../core/rating/price.ts'
import { amount } from './money.ts'

type DecimalWire = number | string

/** Exact where a number says it exactly; else the text. */
const decimalToWire = (text: string): DecimalWire => {
  const number = Number(text)
  return String(number) === text ? number : text
}

function priceToWire(price: UsagePrice): UsagePriceWire {
  const per = 'per' in price && price.per !== undefined ? { per: decimalToWire(price.per) } : {}
  switch (price.model) {
    case 'standard':
      return { model: price.model, unitAmount: decimalToWire(price.unitAmount), ...per }
    case 'graduated':
    case 'volume':
      return {
        model: price.model,
        tiers: price.tiers.map(({ upTo, unitAmount, flatAmount }) => ({
          upTo: upTo === null ? null : decimalToWire(upTo),
          unitAmount: decimalToWire(unitAmount),
          flatAmount: decimalToWire(flatAmount),
        })),
        ...per,
      }
    case 'package':
      return {
        model: price.model,
        packageSize: decimalToWire(price.packageSize),
        packageAmount: decimalToWire(price.packageAmount),
        ...(price.freeUnits === undefined ? {} : { freeUnits: decimalToWire(price.freeUnits) }),
      }
    case 'percentage':
      return {
        model: price.model,
        rate: ppmToPercent(price.ratePpm),
        ...(price.freeAmount === undefined ? {} : { freeAmount: decimalToWire(price.freeAmount) }),
      }
    case 'graduated_percentage':
      return {
        model: price.model,
        tiers: price.tiers.map(({ upTo, ratePpm, flatAmount }) => ({
          upTo: upTo === null ? null : decimalToWire(upTo),
          rate: ppmToPercent(ratePpm),
          flatAmount: decimalToWire(flatAmount),
        })),
      }
    case 'blocks':
      throw new Error('blocks are not sold in plans')
  }
}

const unitFromWire = (value: DecimalWire, path: string): string =>
  unitAmountText(parseUnitAmount(value, path))

const upToFromWire = (value: DecimalWire | null, path: string): string | null =>
  value === null ? null : parseQuantity(value, path)

function priceFromWire(wire: UsagePriceWire, path: string): UsagePrice {
  const per =
    'per' in wire && wire.per !== undefined ? { per: parseQuantity(wire.per, `${path}/per`) } : {}
  switch (wire.model) {
    case 'standard':
      return { model: wire.model, unitAmount: unitFromWire(wire.unitAmount, path), ...per }
    case 'graduated':
    case 'volume':
      return {
        model: wire.model,
        tiers: wire.tiers.map((tier, at) => ({
          upTo: upToFromWire(tier.upTo, `${path}/tiers/${at}/upTo`),
          unitAmount: unitFromWire(tier.unitAmount, `${path}/tiers/${at}/unitAmount`),
          flatAmount: unitFromWire(tier.flatAmount ?? '0', `${path}/tiers/${at}/flatAmount`),
        })),
        ...per,
      }
    case 'package':
      return {
        model: wire.model,
        packageSize: parseQuantity(wire.packageSize, `${path}/packageSize`),
        packageAmount: unitFromWire(wire.packageAmount, `${path}/packageAmount`),
        ...(wire.freeUnits === undefined
          ? {}
          : { freeUnits: parseQuantity(wire.freeUnits, `${path}/freeUnits`) }),
      }
    case 'percentage':
      return {
        model: wire.model,
        ratePpm: percentToPpm(wire.rate, `${path}/rate`),
        ...(wire.freeAmount === undefined
          ? {}
          : { freeAmount: unitFromWire(wire.freeAmount, `${path}/freeAmount`) }),
      }
    case 'graduated_percentage':
      return {
        model: wire.model,
        tiers: wire.tiers.map((tier, at) => ({
          upTo: upToFromWire(tier.upTo, `${path}/tiers/${at}/upTo`),
          ratePpm: percentToPpm(tier.rate, `${path}/tiers/${at}/rate`),
          flatAmount: unitFromWire(tier.flatAmount ?? '0', `${path}/tiers/${at}/flatAmount`),
        })),
      }
  }
}

const metricToWire = ({ perSeat, cap, charges }: PlanMetric) => ({
  ...(perSeat ? { perSeat } : {}),
  ...(cap === undefined ? {} : { cap: decimalToWire(cap) }),
  ...(charges === undefined
    ? {}
    : {
        charges: charges.map(({ currency, price, minimum, maximum }) => ({
          currency,
          price: priceToWire(price),
          ...(minimum === undefined ? {} : { minimum: decimalToWire(minimum) }),
          ...(maximum === undefined ? {} : { maximum: decimalToWire(maximum) }),
        })),
      }),
})

/** A plan as callers see it. `trialDaysDefault` is the deployment's, where the plan has none of its own. */
export function planToWire(plan: Plan, trialDaysDefault: number): PlanWire {
  const metrics = Object.entries(plan.metrics)
  return {
    code: plan.code,
    name: plan.name,
    version: plan.version,
    family: plan.family,
    prices: plan.prices.map(
      ({ currency, billingCycle, amountMinor, setupMinor, minimumMinor, ...more }) => ({
        currency,
        billingCycle,
        amount: amount(amountMinor, currency),
        ...(setupMinor === undefined ? {} : { setupFee: amount(setupMinor, currency) }),
        ...(minimumMinor === undefined ? {} : { minimumSpend: amount(minimumMinor, currency) }),
        ...(more.stripePriceId === undefined ? {} : { stripePriceId: more.stripePriceId }),
        taxBehavior: more.taxBehavior ?? 'exclusive',
      }),
    ),
    trialDays: plan.prices.every(isFree) ? 0 : (plan.trialDays ?? trialDaysDefault),
    ownTrialDays: plan.trialDays,
    included: Object.fromEntries(
      metrics.map(([metric, { included }]) => [
        metric,
        included === null ? null : Number(included),
      ]),
    ),
    overage: Object.fromEntries(
      metrics.flatMap(([metric, { overageUnitAmount }]) =>
        overageUnitAmount === null ? [] : [[metric, Number(overageUnitAmount)]],
      ),
    ),
    overageCurrency: plan.overageCurrency,
    metrics: Object.fromEntries(
      metrics
        .map(([metric, terms]) => [metric, metricToWire(terms)] as const)
        .filter(([, terms]) => Object.keys(terms).length > 0),
    ),
    features: [...plan.features],
    limits: { ...plan.limits },
    seats: plan.seats,
    addOnTo: [...plan.addOnTo],
  }
}

type MetricWire = NonNullable<PlanDefinitionWire['metrics']>[string]

function chargesFromWire(wire: NonNullable<MetricWire['charges']>, path: string): MetricCharge[] {
  const limit = (value: DecimalWire, currency: Currency, at: string): string => {
    fromWire(value, currency, at)
    return typeof value === 'number' ? plainText(value) : value
  }
  return wire.map(({ currency, price, minimum, maximum }, at) => ({
    currency,
    price: priceFromWire(price, `${path}/${at}/price`),
    ...(minimum === undefined
      ? {}
      : { minimum: limit(minimum, currency, `${path}/${at}/minimum`) }),
    ...(maximum === undefined
      ? {}
      : { maximum: limit(maximum, currency, `${path}/${at}/maximum`) }),
  }))
}

function metricsFromWire(wire: PlanDefinitionWire, path: string): Record<string, PlanMetric> {
  // Maps, because a metric may be named like something that every object has: `toString`.
  const [included, overage, metrics] = [
    new Map(Object.entries(wire.included ?? {})),
    new Map(Object.entries(wire.overage ?? {})),
    new Map(Object.entries(wire.metrics ?? {})),
  ]
  const names = new Set([...included.keys(), ...overage.keys(), ...metrics.keys()])
  const metricOf = (metric: string): PlanMetric => {
    const terms = metrics.get(metric)
    const units = included.get(metric) ?? (included.has(metric) ? null : '0')
    const unit = overage.get(metric)
    return {
      included: units === null ? null : parseQuantity(units, `${path}/included/${metric}`),
      overageUnitAmount:
        unit === undefined ? null : unitFromWire(unit, `${path}/overage/${metric}`),
      ...(terms?.perSeat ? { perSeat: true } : {}),
      ...(terms?.cap === undefined
        ? {}
        : { cap: parseQuantity(terms.cap, `${path}/metrics/${metric}/cap`) }),
      ...(terms?.charges === undefined
        ? {}
        : { charges: chargesFromWire(terms.charges, `${path}/metrics/${metric}/charges`) }),
    }
  }
  return Object.fromEntries([...names].map(metric => [metric, metricOf(metric)]))
}

/** A plan as it is written down; `at` is its place in the list. Refuses `invalid_amount`, `invalid_request`. */
export function planFromWire(wire: PlanDefinitionWire, at: number): PlanDefinition {
  const path = `/plans/${at}`
  return {
    code: wire.code,
    name: wire.name,
    family: wire.family ?? 'standard',
    prices: wire.prices.map((price, index) => {
      const minor = (value: DecimalWire, field: string) =>
        fromWire(value, price.currency, `${path}/prices/${index}/${field}`)
      return {
        currency: price.currency,
        billingCycle: price.billingCycle,
        amountMinor: minor(price.amount, 'amount'),
        ...(price.setupFee === undefined ? {} : { setupMinor: minor(price.setupFee, 'setupFee') }),
        ...(price.minimumSpend === undefined
          ? {}
          : { minimumMinor: minor(price.minimumSpend, 'minimumSpend') }),
        ...(price.stripePriceId === undefined ? {} : { stripePriceId: price.stripePriceId }),
        ...(price.taxBehavior === 'inclusive' ? { taxBehavior: 'inclusive' } : {}),
      }
    }),
    trialDays: wire.trialDays ?? null,
    metrics: metricsFromWire(wire, path),
    overageCurrency: wire.overageCurrency ?? wire.prices[0]!.currency,
    features: wire.features ?? [],
    limits: wire.limits ?? {},
    seats: wire.seats ?? null,
    addOnTo: wire.addOnTo ?? [],
    rank: at,
  }
}
