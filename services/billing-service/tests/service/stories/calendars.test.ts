// Longer lives, told as calendars: a year with usage by the month, currencies without decimals and with
// three, and service that runs on while nothing is collected.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStory, type Story } from '../../../src/test/story.ts'
import { openWorld, type World } from '../../../src/test/world.ts'

const prices = (yearly: readonly [string, number][], monthly: readonly [string, number][]) => [
  ...yearly.map(([currency, amount]) => ({ currency, billingCycle: 'yearly', amount })),
  ...monthly.map(([currency, amount]) => ({ currency, billingCycle: 'monthly', amount })),
]

const charges = [
  { currency: 'USD', price: { model: 'standard', unitAmount: 0.01 } },
  { currency: 'JPY', price: { model: 'standard', unitAmount: 1.5 } },
  { currency: 'KWD', price: { model: 'standard', unitAmount: 0.0025 } },
]

let world: World
beforeAll(async () => {
  world = await openWorld()
  const plans = [
    {
      code: 'world',
      name: 'World',
      family: 'worlds',
      prices: prices(
        [['USD', 1200]],
        [
          ['USD', 120],
          ['JPY', 4500],
          ['KWD', 9.5],
        ],
      ),
      included: { calls: 100 },
      metrics: { calls: { charges } },
    },
    {
      code: 'world-plus',
      name: 'World Plus',
      family: 'worlds',
      prices: prices(
        [],
        [
          ['JPY', 9000],
          ['KWD', 19],
        ],
      ),
      included: { calls: 100 },
      metrics: { calls: { charges } },
    },
    {
      code: 'meter',
      name: 'Meter',
      family: 'meters',
      prices: prices([], [['USD', 0]]),
      included: { calls: 1000 },
      metrics: { calls: { charges } },
      addOnTo: ['world'],
    },
  ]
  const { status } = await world.call('POST', '/plans', { as: world.operator(), body: { plans } })
  expect(status).toBe(200)
})
afterAll(() => world.close())

const subscribe = (story: Story, plan: string, more: object = {}) =>
  story.ask('POST', '/subscriptions', {
    plan,
    trialDays: 0,
    paymentMethodId: 'pm_card_visa',
    ...more,
  })

const use = (story: Story, id: string, quantity: number) =>
  story.ask('POST', `/subscriptions/${id}/usage`, { metric: 'calls', quantity })

describe('an annual plan with usage by the month', () => {
  it('bills the year once and the meter each month that used it; a month without charges has no invoice', async () => {
    const story = await openStory(world, 'annual', '2024-01-31T00:00:00Z')
    const { id } = await subscribe(story, 'world', { billingCycle: 'yearly' })
    const meter = await subscribe(story, 'meter')
    await use(story, id, 50)
    await use(story, meter.id, 1500)
    await story.until('2024-03-05T00:00:00Z')
    await use(story, meter.id, 900)
    await story.until('2024-04-05T00:00:00Z')
    await use(story, meter.id, 4000)
    await story.until('2025-02-02T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-31 00:00 paid 1200.00 USD
          recurring 1200.00 [2024-01-31 00:00, 2025-01-31 00:00)
      #0002 2024-03-01 00:00 paid 5.00 USD
          usage 5.00 [2024-01-31 00:00, 2024-02-29 00:00)
      #0003 2024-05-01 00:00 paid 30.00 USD
          usage 30.00 [2024-03-31 00:00, 2024-04-30 00:00)
      #0004 2025-02-01 00:00 paid 1200.00 USD
          recurring 1200.00 [2025-01-31 00:00, 2026-01-31 00:00)"
    `)
  })
})

describe.each([
  ['JPY', 'yen'],
  ['KWD', 'dinars'],
])('a tenant in %s', currency => {
  it('is prorated, taxed and billed for usage in whole minor units of its currency', async () => {
    const story = await openStory(world, `in-${currency}`, '2024-04-01T00:00:00Z', { taxRate: 10 })
    const { id } = await subscribe(story, 'world', { currency })
    await use(story, id, 107)
    await story.until('2024-04-11T00:00:00Z')
    await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'world-plus' })
    await story.until('2024-05-03T00:00:00Z')
    expect(await story.statement()).toMatchSnapshot()
  })
})

describe('a pause of collecting', () => {
  it('keeps the service and voids, keeps or gives up what falls due, until it is resumed', async () => {
    const story = await openStory(world, 'collection', '2024-01-01T00:00:00Z')
    const { id } = await subscribe(story, 'starter')
    const path = `/subscriptions/${id}`
    await story.ask('POST', `${path}/pause`, { collection: 'void' }, 403)
    for (const [collection, until] of [
      ['void', '2024-02-10T00:00:00Z'],
      ['keep_as_draft', '2024-03-10T00:00:00Z'],
      ['mark_uncollectible', '2024-04-10T00:00:00Z'],
    ] as const) {
      const paused = await story.operate('POST', `${path}/pause`, { collection })
      expect(paused).toMatchObject({ status: 'active', collectionPause: collection })
      await story.until(until)
    }
    const resumed = await story.operate('POST', `${path}/resume`, {})
    expect(resumed).toMatchObject({ status: 'active', collectionPause: null })
    await story.until('2024-05-10T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-01 00:00 paid 29.00 USD
          recurring 29.00 [2024-01-01 00:00, 2024-02-01 00:00)
      #0002 2024-02-01 01:00 void 29.00 USD
          recurring 29.00 [2024-02-01 00:00, 2024-03-01 00:00)
      draft draft 29.00 USD
          recurring 29.00 [2024-03-01 00:00, 2024-04-01 00:00)
      #0003 2024-04-01 01:00 uncollectible 29.00 USD
          recurring 29.00 [2024-04-01 00:00, 2024-05-01 00:00)
      #0004 2024-05-01 01:00 paid 29.00 USD
          recurring 29.00 [2024-05-01 00:00, 2024-06-01 00:00)"
    `)
  })
})
