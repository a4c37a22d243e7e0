import { describe, expect, it } from 'vitest'
import { defaultPlans, type MetricCharge, type Plan, type PlanMetric } from './plan.ts'
import type { UsagePrice } from './rating/price.ts'
import { capOf, isHardCap, lateDifference, metricUse } from './usage-price.ts'

const planOf = (code: string): Plan => defaultPlans.find(plan => plan.code === code)!

const measured = (terms: Partial<PlanMetric>): Plan => ({
  ...planOf('starter'),
  metrics: { calls: { included: '0', overageUnitAmount: null, ...terms } },
})

const charged = (price: UsagePrice, more: Partial<MetricCharge> = {}, included = '0'): Plan =>
  measured({ included, charges: [{ currency: 'USD', price, ...more }] })

const tiers = [
  { upTo: '100', unitAmount: '1', flatAmount: '0' },
  { upTo: null, unitAmount: '0.5', flatAmount: '10' },
]

describe('the price of what a period used', () => {
  it('is nothing within the quota and the overage price above it: 10,500 messages cost 1.00', () => {
    const starter = planOf('starter')
    expect(metricUse(starter, 'messages', '10000')).toMatchObject({ overage: '0', amountMinor: 0 })
    expect(metricUse(starter, 'messages', '10500')).toMatchObject({
      included: '10000',
      overage: '500',
      unitAmount: '0.002',
      model: 'standard',
      amountMinor: 100,
    })
  })

  it('has no price where the quota is unlimited or a hard cap', () => {
    expect(metricUse(planOf('enterprise'), 'messages', '9999999')).toMatchObject({
      included: null,
      overage: '0',
      model: null,
      amountMinor: 0,
    })
    expect(metricUse(planOf('free'), 'messages', '900')).toMatchObject({ model: null })
    expect(isHardCap(planOf('free'), 'messages')).toBe(true)
    expect(isHardCap(planOf('starter'), 'messages')).toBe(false)
  })

  it.each<[string, UsagePrice, string, number]>([
    ['graduated: 100 x 1 + 50 x 0.50 + 10', { model: 'graduated', tiers }, '150', 135_00],
    ['volume: 150 x 0.50 + 10', { model: 'volume', tiers }, '150', 85_00],
    [
      'package: 2 started of 100',
      { model: 'package', packageSize: '100', packageAmount: '5' },
      '150',
      10_00,
    ],
    ['percentage: 2.9 % of 150', { model: 'percentage', ratePpm: 29_000 }, '150', 4_35],
    [
      'standard for 1,000: 1 started',
      { model: 'standard', unitAmount: '3', per: '1000' },
      '150',
      3_00,
    ],
  ])('%s', (_, price, quantity, amountMinor) => {
    const use = metricUse(charged(price), 'calls', quantity)
    expect(use).toMatchObject({ model: price.model, amountMinor })
    expect(use.why).toMatchObject({ rule: `usage.${price.model}` })
  })

  it('counts included units before tiers: 150 with 100 included is 50 in the first tier', () => {
    const use = metricUse(charged({ model: 'graduated', tiers }, {}, '100'), 'calls', '150')
    expect(use).toMatchObject({ overage: '50', amountMinor: 50_00 })
    expect(use.parts).toEqual([{ tier: 1, quantity: '50', amount: '50' }])
  })

  it('keeps a minimum for the end of the period and a maximum at any time', () => {
    const plan = charged({ model: 'standard', unitAmount: '1' }, { minimum: '20', maximum: '50' })
    expect(metricUse(plan, 'calls', '5').amountMinor).toBe(5_00)
    expect(metricUse(plan, 'calls', '5', { isFinal: true }).amountMinor).toBe(20_00)
    expect(metricUse(plan, 'calls', '80').amountMinor).toBe(50_00)
  })

  it('includes units, and caps them, for each of 3 seats where the plan says so', () => {
    const plan = measured({ included: '10', cap: '100', perSeat: true, overageUnitAmount: '1' })
    expect(metricUse(plan, 'calls', '32', { seats: 3 })).toMatchObject({
      included: '30',
      overage: '2',
    })
    expect(capOf(plan, 'calls', { seats: 3 })).toBe('300')
  })

  it('is in the currency of the subscription: 3 units at 250 yen, 3 at 0.125 dinar', () => {
    const plan = measured({
      charges: [
        { currency: 'JPY', price: { model: 'standard', unitAmount: '250' } },
        { currency: 'KWD', price: { model: 'standard', unitAmount: '0.125' } },
      ],
    })
    expect(metricUse(plan, 'calls', '3', { currency: 'JPY' }).amountMinor).toBe(750)
    expect(metricUse(plan, 'calls', '3', { currency: 'KWD' }).amountMinor).toBe(375)
  })
})

describe('usage that comes late', () => {
  it('costs the difference: 20 more after 90 of a graduated period cross into tier 2', () => {
    const plan = charged({ model: 'graduated', tiers })
    const late = lateDifference(plan, 'calls', { quantity: '110', late: '20' })
    // 100 x 1 + 10 x 0.50 + 10 = 115 less 90.
    expect(late).toMatchObject({ amountMinor: 25_00, currency: 'USD' })
    expect(late?.why.inputs).toMatchObject({ billedQuantity: '90', quantity: '110' })
  })

  it('costs nothing within what a started package covers', () => {
    const plan = charged({ model: 'package', packageSize: '100', packageAmount: '5' })
    expect(lateDifference(plan, 'calls', { quantity: '95', late: '20' })?.amountMinor).toBe(0)
  })

  it('gives back what a correction made cheaper', () => {
    const plan = charged({ model: 'standard', unitAmount: '0.1' })
    expect(lateDifference(plan, 'calls', { quantity: '40', late: '-10' })?.amountMinor).toBe(-1_00)
  })

  it('does not bill a minimum twice', () => {
    const plan = charged({ model: 'standard', unitAmount: '1' }, { minimum: '20' })
    expect(lateDifference(plan, 'calls', { quantity: '15', late: '5' })?.amountMinor).toBe(0)
    expect(lateDifference(plan, 'calls', { quantity: '25', late: '15' })?.amountMinor).toBe(5_00)
  })

  it('is not priced where nothing is sold above the quota', () => {
    expect(lateDifference(planOf('free'), 'messages', { quantity: '9', late: '1' })).toBeNull()
  })
})
