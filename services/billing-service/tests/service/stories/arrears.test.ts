// What an ended period still costs, told as calendars: tiers and seats, minimum spend, setup fees after a
// trial, usage that came late, and what goes back when an invoice is withdrawn.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStory, type Story } from '../../../src/test/story.ts'
import { openWorld, type World } from '../../../src/test/world.ts'

const graduated = {
  model: 'graduated',
  tiers: [
    { upTo: 100, unitAmount: 1 },
    { upTo: null, unitAmount: 0.5, flatAmount: 10 },
  ],
}

const monthly = (code: string, price: object, calls: object, more: object = {}) => ({
  code,
  name: code,
  family: code,
  prices: [{ currency: 'USD', billingCycle: 'monthly', ...price }],
  included: { calls: 100 },
  metrics: { calls: { ...calls } },
  ...more,
})

const standard = { charges: [{ currency: 'USD', price: { model: 'standard', unitAmount: 0.1 } }] }

let world: World
beforeAll(async () => {
  world = await openWorld()
  const plans = [
    monthly(
      'tiered',
      { amount: 10, setupFee: 50 },
      { perSeat: true, charges: [{ currency: 'USD', price: graduated }] },
    ),
    monthly('committed', { amount: 20, minimumSpend: 100 }, standard),
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

const use = (story: Story, id: string, quantity: number, timestamp?: string) =>
  story.operate('POST', `/subscriptions/${id}/usage`, {
    metric: 'calls',
    quantity,
    ...(timestamp === undefined ? {} : { timestamp }),
  })

describe('usage by tiers', () => {
  it('of 2 seats with 100 each: 350 calls are 150 above, 100 at 1.00 and 50 at 0.50 and 10.00', async () => {
    const story = await openStory(world, 'tiers', '2024-01-10T00:00:00Z')
    const { id } = await subscribe(story, 'tiered', { quantity: 2 })
    await use(story, id, 350)
    await story.until('2024-02-12T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-10 00:00 paid 70.00 USD
          recurring 20.00 [2024-01-10 00:00, 2024-02-10 00:00)
          one_off 50.00
      #0002 2024-02-11 00:00 paid 155.00 USD
          usage 135.00 [2024-01-10 00:00, 2024-02-10 00:00)
          recurring 20.00 [2024-02-10 00:00, 2024-03-10 00:00)"
    `)
    const { data } = await story.ask('GET', '/invoices')
    expect(data[0].lineItems[0].explanation).toBe(
      '350 used, 200 included: 150 (100 = 100; 50 = 35), rounded once.',
    )
  })
})

describe('a setup fee', () => {
  it('is charged with the first period after a trial, and only then', async () => {
    const story = await openStory(world, 'setup', '2024-01-01T00:00:00Z')
    await subscribe(story, 'tiered', { trialDays: 14 })
    await story.until('2024-03-01T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-15 00:00 paid 60.00 USD
          recurring 10.00 [2024-01-15 00:00, 2024-02-15 00:00)
          one_off 50.00
      #0002 2024-02-15 01:00 paid 10.00 USD
          recurring 10.00 [2024-02-15 00:00, 2024-03-15 00:00)"
    `)
  })

  it('is charged when a trial is ended early', async () => {
    const story = await openStory(world, 'setup-early', '2024-01-01T00:00:00Z')
    const { id } = await subscribe(story, 'tiered', { trialDays: 14 })
    await story.ask('POST', `/subscriptions/${id}/end-trial`, {})
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-01 00:00 paid 60.00 USD
          recurring 10.00 [2024-01-01 00:00, 2024-02-01 00:00)
          one_off 50.00"
    `)
  })
})

describe('a minimum spend of 100.00', () => {
  it('tops up 20.00 and 30.00 of usage by 50.00, and nothing above it; half a month has half of it', async () => {
    const story = await openStory(world, 'minimum', '2024-04-01T00:00:00Z')
    const { id } = await subscribe(story, 'committed')
    await use(story, id, 400)
    await story.until('2024-05-02T00:00:00Z')
    await use(story, id, 1000)
    await story.until('2024-06-16T00:00:00Z')
    await story.ask('POST', `/subscriptions/${id}/cancel`, { when: 'now' })
    await story.until('2024-07-01T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-04-01 00:00 paid 20.00 USD
          recurring 20.00 [2024-04-01 00:00, 2024-05-01 00:00)
      #0002 2024-05-02 00:00 paid 100.00 USD
          usage 30.00 [2024-04-01 00:00, 2024-05-01 00:00)
          usage 50.00 [2024-04-01 00:00, 2024-05-01 00:00)
          recurring 20.00 [2024-05-01 00:00, 2024-06-01 00:00)
      #0003 2024-06-02 00:00 paid 110.00 USD
          usage 90.00 [2024-05-01 00:00, 2024-06-01 00:00)
          recurring 20.00 [2024-06-01 00:00, 2024-07-01 00:00)
      #0004 2024-06-17 00:00 paid 30.00 USD
          usage 30.00 [2024-06-01 00:00, 2024-06-16 00:00)"
    `)
    const { data } = await story.ask('GET', '/invoices')
    expect(data[0].lineItems[0].explanation).toBe(
      'The least for this period is 50.00, less 20.00 charged for it.',
    )
  })
})

describe('usage that comes after its invoice', () => {
  it('is on the next one as a difference, fills the minimum first, and corrections give back', async () => {
    const story = await openStory(world, 'late-lines', '2024-01-01T00:00:00Z')
    const { id } = await subscribe(story, 'committed')
    await use(story, id, 400)
    await story.until('2024-02-05T00:00:00Z')
    await use(story, id, 700, '2024-01-20T00:00:00Z')
    await use(story, id, 1100)
    await story.until('2024-03-05T00:00:00Z')
    await use(story, id, -200, '2024-01-20T00:00:00Z')
    await use(story, id, 1100)
    await story.until('2024-04-05T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-01 00:00 paid 20.00 USD
          recurring 20.00 [2024-01-01 00:00, 2024-02-01 00:00)
      #0002 2024-02-02 00:00 paid 100.00 USD
          usage 30.00 [2024-01-01 00:00, 2024-02-01 00:00)
          usage 50.00 [2024-01-01 00:00, 2024-02-01 00:00)
          recurring 20.00 [2024-02-01 00:00, 2024-03-01 00:00)
      #0003 2024-03-02 00:00 paid 140.00 USD
          usage 100.00 [2024-02-01 00:00, 2024-03-01 00:00)
          usage 70.00 [2024-01-01 00:00, 2024-02-01 00:00)
          usage -50.00 [2024-01-01 00:00, 2024-02-01 00:00)
          recurring 20.00 [2024-03-01 00:00, 2024-04-01 00:00)
      #0004 2024-04-02 00:00 paid 100.00 USD
          usage 100.00 [2024-03-01 00:00, 2024-04-01 00:00)
          usage -20.00 [2024-01-01 00:00, 2024-02-01 00:00)
          recurring 20.00 [2024-04-01 00:00, 2024-05-01 00:00)"
    `)
  })

  it('is billed once when it came while the invoice was a draft', async () => {
    const story = await openStory(world, 'late-draft', '2024-01-10T00:00:00Z')
    const { id } = await subscribe(story, 'tiered')
    await use(story, id, 150)
    await story.until('2024-02-10T12:00:00Z')
    await use(story, id, 10, '2024-02-09T00:00:00Z')
    await story.until('2024-03-12T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-10 00:00 paid 60.00 USD
          recurring 10.00 [2024-01-10 00:00, 2024-02-10 00:00)
          one_off 50.00
      #0002 2024-02-11 00:00 paid 70.00 USD
          usage 60.00 [2024-01-10 00:00, 2024-02-10 00:00)
          recurring 10.00 [2024-02-10 00:00, 2024-03-10 00:00)
      #0003 2024-03-10 01:00 paid 10.00 USD
          recurring 10.00 [2024-03-10 00:00, 2024-04-10 00:00)"
    `)
  })

  it('waits again when the invoice that billed it is withdrawn', async () => {
    const story = await openStory(world, 'late-void', '2024-01-10T00:00:00Z')
    const { id } = await subscribe(story, 'tiered', { paymentMethodId: 'pm_card_visa' })
    await story.until('2024-02-15T00:00:00Z')
    await use(story, id, 110, '2024-02-01T00:00:00Z')
    const declining = await story.ask('POST', '/payment-methods', {
      paymentMethodId: 'pm_card_chargeCustomerFail',
    })
    await story.ask('PATCH', `/subscriptions/${id}`, { paymentMethodId: declining.id })
    await story.until('2024-03-11T12:00:00Z')
    const open = (await story.ask('GET', '/invoices')).data[0]
    expect([open.status, open.total]).toEqual(['open', 20])
    await story.operate('POST', `/invoices/${open.id}/void`, {})
    await story.ask('PATCH', `/subscriptions/${id}`, { paymentMethodId: 'pm_card_visa' })
    await story.until('2024-04-12T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-10 00:00 paid 60.00 USD
          recurring 10.00 [2024-01-10 00:00, 2024-02-10 00:00)
          one_off 50.00
      #0002 2024-02-10 01:00 paid 10.00 USD
          recurring 10.00 [2024-02-10 00:00, 2024-03-10 00:00)
      #0003 2024-03-10 01:00 void 20.00 USD
          usage 10.00 [2024-01-10 00:00, 2024-02-10 00:00)
          recurring 10.00 [2024-03-10 00:00, 2024-04-10 00:00)
      #0004 2024-04-10 01:00 paid 20.00 USD
          usage 10.00 [2024-01-10 00:00, 2024-02-10 00:00)
          recurring 10.00 [2024-04-10 00:00, 2024-05-10 00:00)"
    `)
  })
})
