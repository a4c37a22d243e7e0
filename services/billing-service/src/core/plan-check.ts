// Whether a plan may be put on offer: every price readable, every metered unit priced in every currency it
// is sold in. Each fault is refused with the path of its field in the definition.
import { compareDecimal, isNegativeDecimal, readDecimal } from './decimal.ts'
import { fromWire, isCurrency, parseUnitAmount } from './money.ts'
import type { MetricCharge, Plan, PlanMetric } from './plan.ts'
import { checkTiers, type UsagePrice } from './rating/price.ts'
import { refuse } from './refusal.ts'
import { chargeOf, isHardCap } from './usage-price.ts'

function fault(path: string, message: string): never {
  return refuse('invalid_request', {}, [{ path, message }])
}

function checkCurrency(currency: string, path: string): void {
  if (!isCurrency(currency)) fault(path, `"${currency}" is not a currency we can bill in`)
}

/** Units or money that may be nothing but never less. */
function checkAmount(text: string, path: string): void {
  parseUnitAmount(text, path)
  if (isNegativeDecimal(text)) fault(path, 'may not be negative')
}

function checkPositive(text: string, path: string): void {
  if (readDecimal(text) === undefined || compareDecimal(text, '0') <= 0) {
    fault(path, 'must be above 0')
  }
}

function checkPrices(plan: Plan, path: string): void {
  if (plan.prices.length === 0) fault(`${path}/prices`, 'needs a price')
  const seen = new Set<string>()
  plan.prices.forEach((price, at) => {
    const own = `${path}/prices/${at}`
    checkCurrency(price.currency, `${own}/currency`)
    const name = `${price.currency} ${price.billingCycle}`
    if (seen.has(name)) fault(own, `${name} has a price already`)
    seen.add(name)
    const amounts = { amount: price.amountMinor, setupFee: price.setupMinor }
    for (const [field, minor] of Object.entries({ ...amounts, minimumSpend: price.minimumMinor })) {
      if (minor !== undefined && minor < 0) fault(`${own}/${field}`, 'may not be negative')
    }
  })
}

function checkTierAmounts(
  tiers: readonly { readonly unitAmount: string; readonly flatAmount: string }[],
  path: string,
): void {
  tiers.forEach((tier, at) => {
    checkAmount(tier.unitAmount, `${path}/${at}/unitAmount`)
    checkAmount(tier.flatAmount, `${path}/${at}/flatAmount`)
  })
}

function checkPercentage(price: Extract<UsagePrice, { model: 'percentage' }>, path: string): void {
  const { eventAmount, freeEvents, eventMinimum, eventMaximum } = price
  if ([eventAmount, freeEvents, eventMinimum, eventMaximum].some(term => term !== undefined)) {
    fault(path, 'terms per event need every event; plans are rated on totals')
  }
  if (price.freeAmount !== undefined) checkAmount(price.freeAmount, `${path}/freeAmount`)
}

function checkPrice(price: UsagePrice, path: string): void {
  if ('per' in price && price.per !== undefined) checkPositive(price.per, `${path}/per`)
  switch (price.model) {
    case 'standard':
      checkAmount(price.unitAmount, `${path}/unitAmount`)
      break
    case 'graduated':
    case 'volume':
      checkTiers(price.tiers, `${path}/tiers`)
      checkTierAmounts(price.tiers, `${path}/tiers`)
      break
    case 'package':
      checkPositive(price.packageSize, `${path}/packageSize`)
      if (price.freeUnits !== undefined) checkAmount(price.freeUnits, `${path}/freeUnits`)
      checkAmount(price.packageAmount, `${path}/packageAmount`)
      break
    case 'blocks':
      fault(`${path}/model`, 'is not sold in plans')
      break
    case 'percentage':
      checkPercentage(price, path)
      break
    case 'graduated_percentage':
      checkTiers(price.tiers, `${path}/tiers`)
      for (const [at, { flatAmount }] of price.tiers.entries()) {
        checkAmount(flatAmount, `${path}/tiers/${at}/flatAmount`)
      }
  }
}

function checkCharge(charge: MetricCharge, path: string): void {
  checkCurrency(charge.currency, `${path}/currency`)
  checkPrice(charge.price, `${path}/price`)
  for (const field of ['minimum', 'maximum'] as const) {
    const amount = charge[field]
    if (amount === undefined) continue
    if (fromWire(amount, charge.currency, `${path}/${field}`) < 0) {
      fault(`${path}/${field}`, 'may not be negative')
    }
  }
}

function checkMetric(plan: Plan, metric: string, terms: PlanMetric, path: string): void {
  const own = `${path}/metrics/${metric}`
  if (terms.included !== null) checkAmount(terms.included, `${path}/included/${metric}`)
  if (terms.overageUnitAmount !== null) {
    checkAmount(terms.overageUnitAmount, `${path}/overage/${metric}`)
  }
  const currencies = (terms.charges ?? []).map(charge => charge.currency)
  if (new Set(currencies).size < currencies.length) {
    fault(`${own}/charges`, 'has two prices in one currency')
  }
  for (const [at, charge] of (terms.charges ?? []).entries()) {
    checkCharge(charge, `${own}/charges/${at}`)
  }
  if (terms.included === null && (currencies.length > 0 || terms.overageUnitAmount !== null)) {
    fault(own, 'is unlimited, so nothing is sold above it')
  }
  if (terms.cap !== undefined) {
    if (terms.included === null || compareDecimal(terms.cap, terms.included) < 0) {
      fault(`${own}/cap`, 'must not be below the included units')
    }
  }
  if (terms.included === null || isHardCap(plan, metric)) return
  for (const { currency } of plan.prices) {
    if (chargeOf(plan, metric, currency) === null) {
      fault(own, `has no price in ${currency}, although the plan is sold in it`)
    }
  }
}

/** Checks a plan before it is put on offer. Refuses `invalid_request`, `invalid_amount`. */
export function checkPlan(plan: Plan, path: string): void {
  checkPrices(plan, path)
  checkCurrency(plan.overageCurrency, `${path}/overageCurrency`)
  for (const [metric, terms] of Object.entries(plan.metrics)) {
    checkMetric(plan, metric, terms, path)
  }
  const { seats } = plan
  if (seats !== null && seats.maximum !== null && seats.maximum < seats.minimum) {
    fault(`${path}/seats/maximum`, 'must not be below the minimum')
  }
  if (plan.addOnTo.includes(plan.code)) fault(`${path}/addOnTo`, 'names the plan itself')
}
