import { readFileSync } from 'node:fs'
import { PlanPush } from '@quittance/billing-contract/schemas/plan'
import { Check } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { planFromWire, planToWire } from '../http/wire/plan.ts'
import { defaultPlans, type Plan } from './plan.ts'
import { decidePush, type PlanDefinition } from './plan-catalogue.ts'
import { Refusal } from './refusal.ts'

const file = new URL('../../../../config/plans.json', import.meta.url)
const written: unknown = JSON.parse(readFileSync(file, 'utf8'))

function definitions(): PlanDefinition[] {
  if (!Check(PlanPush, written)) throw new Error('config/plans.json has the form of a push')
  return written.plans.map(planFromWire)
}

const starter = (): PlanDefinition => definitions()[1]!
const options = { at: 1_000, by: 'ada', retireMissing: false }
const push = (known: readonly Plan[], plans: readonly PlanDefinition[], retireMissing = false) =>
  decidePush(known, plans, { ...options, retireMissing })

const fieldsOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    if (error instanceof Refusal) return error.errors.map(each => each.path)
    throw error
  }
  return 'accepted'
}

describe('config/plans.json', () => {
  it('is the catalogue of a new deployment: pushing it changes nothing', () => {
    const { changes, inserts, replacements } = push(defaultPlans, definitions())
    expect(changes.map(change => [change.code, change.change, change.version])).toEqual([
      ['free', 'unchanged', 1],
      ['starter', 'unchanged', 1],
      ['professional', 'unchanged', 1],
      ['enterprise', 'unchanged', 1],
    ])
    expect([inserts, replacements]).toEqual([[], []])
  })
})

describe('a push', () => {
  const dearer = (): PlanDefinition => ({
    ...starter(),
    prices: [{ currency: 'USD', billingCycle: 'monthly', amountMinor: 35_00 }],
  })

  it('of a changed plan makes version 2 on offer and takes version 1 off, naming each field', () => {
    const { changes, inserts, replacements } = push(defaultPlans, [dearer()])
    expect(changes[0]).toEqual({
      code: 'starter',
      change: 'changed',
      version: 2,
      fields: [
        { path: 'prices/USD/monthly', from: '29.00', to: '35.00' },
        { path: 'prices/USD/yearly', from: '290.00', to: null },
      ],
    })
    expect(inserts).toMatchObject([
      { id: 'starter@2', version: 2, onOffer: true, createdAt: 1_000, createdBy: 'ada' },
    ])
    expect(replacements).toMatchObject([{ id: 'starter@1', onOffer: false }])
  })

  it('leaves plans that are not listed, and retires them only when asked', () => {
    expect(push(defaultPlans, [starter()]).changes.slice(1)).toMatchObject([
      { code: 'free', change: 'not_listed' },
      { code: 'professional', change: 'not_listed' },
      { code: 'enterprise', change: 'not_listed' },
    ])
    const retiring = push(defaultPlans, [{ ...starter(), rank: 1 }], true)
    expect(retiring.changes[1]).toMatchObject({ code: 'free', change: 'retired', version: 1 })
    expect(retiring.replacements.map(plan => [plan.id, plan.onOffer])).toEqual([
      ['free@1', false],
      ['professional@1', false],
      ['enterprise@1', false],
    ])
  })

  it('of a retired plan goes on after its last version', () => {
    const retired = defaultPlans.map(plan => ({ ...plan, onOffer: plan.code !== 'starter' }))
    const { changes, inserts } = push(retired, [starter()])
    expect(changes[0]).toMatchObject({ code: 'starter', change: 'added', version: 2 })
    expect(inserts[0]?.id).toBe('starter@2')
  })

  it('of another order moves places without a new version', () => {
    const { changes, inserts, replacements } = push(defaultPlans, [{ ...starter(), rank: 9 }])
    expect(changes[0]).toMatchObject({ change: 'unchanged', version: 1 })
    expect(inserts).toEqual([])
    expect(replacements).toMatchObject([{ id: 'starter@1', rank: 9, onOffer: true }])
  })

  it('does not mind the order in which a store keeps the fields of a price', () => {
    const tiers = [{ upTo: null, unitAmount: '1', flatAmount: '0' }]
    const charged = (price: object): PlanDefinition => ({
      ...starter(),
      metrics: {
        calls: {
          included: '0',
          overageUnitAmount: null,
          charges: [{ currency: 'USD', price: price as never }],
        },
      },
    })
    const [first] = push([], [charged({ model: 'volume', tiers })]).inserts
    expect(push([first!], [charged({ tiers, model: 'volume' })]).changes[0]?.change).toBe(
      'unchanged',
    )
  })
})

describe('a plan is refused', () => {
  const charge = (price: object, currency = 'USD') => ({
    calls: { included: '0', overageUnitAmount: null, charges: [{ currency, price }] },
  })
  it.each([
    ['without a price', { prices: [] }, '/plans/0/prices'],
    [
      'with two monthly prices in USD',
      { prices: [starter().prices[0], starter().prices[0]] },
      '/plans/0/prices/1',
    ],
    [
      'in an unknown currency',
      { prices: [{ currency: 'XXX', billingCycle: 'monthly', amountMinor: 1 }] },
      '/plans/0/prices/0/currency',
    ],
    [
      'when it is sold in JPY and a metric has no price there',
      { prices: [{ currency: 'JPY', billingCycle: 'monthly', amountMinor: 5000 }] },
      '/plans/0/metrics/messages',
    ],
    [
      'when its last tier is bounded',
      { metrics: charge({ model: 'volume', tiers: [{ upTo: '5', unitAmount: '1' }] }) },
      '/plans/0/metrics/calls/charges/0/price/tiers/0/upTo',
    ],
    [
      'when a package has no size',
      { metrics: charge({ model: 'package', packageSize: '0', packageAmount: '1' }) },
      '/plans/0/metrics/calls/charges/0/price/packageSize',
    ],
    [
      'when a percentage needs every event',
      { metrics: charge({ model: 'percentage', ratePpm: 1000, eventAmount: '0.3' }) },
      '/plans/0/metrics/calls/charges/0/price',
    ],
    [
      'when something is sold above unlimited units',
      { metrics: { calls: { included: null, overageUnitAmount: '1' } } },
      '/plans/0/metrics/calls',
    ],
    [
      'when a cap is below the included units',
      { metrics: { calls: { included: '10', overageUnitAmount: '1', cap: '9' } } },
      '/plans/0/metrics/calls/cap',
    ],
    [
      'when at most 1 seat and at least 2',
      { seats: { minimum: 2, maximum: 1 } },
      '/plans/0/seats/maximum',
    ],
    ['when it is an add-on to itself', { addOnTo: ['starter'] }, '/plans/0/addOnTo'],
  ])('%s', (_, more, path) => {
    const plan = { ...starter(), ...more } as PlanDefinition
    expect(fieldsOf(() => push([], [plan]))).toEqual([path])
  })

  it('that is there twice', () => {
    expect(fieldsOf(() => push([], [starter(), starter()]))).toEqual(['/plans/1/code'])
  })
})

describe('a plan on the wire', () => {
  it('with every price model comes back as it was written', () => {
    const tiers = [
      { upTo: 10, unitAmount: 0.5, flatAmount: 1 },
      { upTo: null, unitAmount: '0.000000000001', flatAmount: 0 },
    ]
    const models = {
      a: { model: 'standard', unitAmount: 0.002, per: 1000 },
      b: { model: 'graduated', tiers },
      c: { model: 'volume', tiers, per: 10 },
      d: { model: 'package', packageSize: 100, packageAmount: 5, freeUnits: 50 },
      e: { model: 'percentage', rate: 2.9, freeAmount: 100 },
      f: { model: 'graduated_percentage', tiers: [{ upTo: null, rate: 1.5, flatAmount: 0 }] },
    }
    const metrics = Object.fromEntries(
      Object.entries(models).map(([metric, price]) => [
        metric,
        { charges: [{ currency: 'USD', price, minimum: 5, maximum: 50 }], perSeat: true, cap: 9 },
      ]),
    )
    const pushed = {
      plans: [
        {
          code: 'all',
          name: 'All',
          family: 'other',
          prices: [
            {
              currency: 'USD',
              billingCycle: 'monthly',
              amount: 9.99,
              setupFee: 50,
              minimumSpend: 20,
            },
          ],
          trialDays: 7,
          metrics,
          features: ['x'],
          limits: { projects: 3, users: null },
          seats: { minimum: 2, maximum: null },
          addOnTo: ['starter'],
        },
      ],
    }
    if (!Check(PlanPush, pushed)) throw new Error('it has the form of a push')
    const { inserts } = push([], pushed.plans.map(planFromWire))
    const back = planToWire(inserts[0]!, 14)
    expect(back).toMatchObject({ ...pushed.plans[0], version: 1 })
  })
})
