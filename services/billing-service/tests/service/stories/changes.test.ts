// Several changes inside one period, told as a calendar: each credits the plan that was live just before it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStory, type Story } from '../../../src/test/story.ts'
import { openWorld, type World } from '../../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const subscribe = (story: Story, plan: string, more: object = {}) =>
  story.ask('POST', '/subscriptions', {
    plan,
    trialDays: 0,
    paymentMethodId: 'pm_card_visa',
    ...more,
  })

describe('upgrade, second upgrade and downgrade in April', () => {
  it('credits 19.33 of 29.00, then 33.00 of the 66.00 that replaced it, and steps down in May', async () => {
    const story = await openStory(world, 'three-changes', '2024-04-01T00:00:00Z')
    const { id } = await story.ask('POST', '/subscriptions', {
      plan: 'starter',
      trialDays: 0,
      paymentMethodId: 'pm_card_visa',
    })
    await story.until('2024-04-11T00:00:00Z')
    await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'professional' })
    await story.until('2024-04-21T00:00:00Z')
    await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'enterprise' })
    await story.until('2024-04-26T00:00:00Z')
    const asked = await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'starter' })
    expect(asked).toMatchObject({
      plan: 'enterprise',
      pendingChange: { plan: 'starter', effectiveAt: '2024-05-01T00:00:00.000Z' },
    })
    await story.until('2024-06-02T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-04-01 00:00 paid 29.00 USD
          recurring 29.00 [2024-04-01 00:00, 2024-05-01 00:00)
      #0002 2024-04-11 00:00 paid 46.67 USD
          proration_credit -19.33 [2024-04-11 00:00, 2024-05-01 00:00)
          proration_charge 66.00 [2024-04-11 00:00, 2024-05-01 00:00)
      #0003 2024-04-21 00:00 paid 66.67 USD
          proration_credit -33.00 [2024-04-21 00:00, 2024-05-01 00:00)
          proration_charge 99.67 [2024-04-21 00:00, 2024-05-01 00:00)
      #0004 2024-05-01 01:00 paid 29.00 USD
          recurring 29.00 [2024-05-01 00:00, 2024-06-01 00:00)
      #0005 2024-06-01 01:00 paid 29.00 USD
          recurring 29.00 [2024-06-01 00:00, 2024-07-01 00:00)"
    `)
  })
})

describe('how a change is prorated, by the tenant’s settings', () => {
  it('on the next invoice: in force at once, and a second change takes back what was not billed yet', async () => {
    const story = await openStory(world, 'next-invoice', '2024-04-01T00:00:00Z', {
      upgradeBehavior: 'next_invoice',
      downgradeBehavior: 'next_invoice',
    })
    const { id } = await subscribe(story, 'starter')
    await story.until('2024-04-16T00:00:00Z')
    const up = await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'professional' })
    expect(up).toMatchObject({ plan: 'professional', pendingChange: null })
    await story.until('2024-04-26T00:00:00Z')
    await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'starter' })
    await story.until('2024-05-02T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-04-01 00:00 paid 29.00 USD
          recurring 29.00 [2024-04-01 00:00, 2024-05-01 00:00)
      #0002 2024-05-01 01:00 paid 52.33 USD
          proration_credit -14.50 [2024-04-16 00:00, 2024-05-01 00:00)
          proration_charge 49.50 [2024-04-16 00:00, 2024-05-01 00:00)
          proration_credit -16.50 [2024-04-26 00:00, 2024-05-01 00:00)
          proration_charge 4.83 [2024-04-26 00:00, 2024-05-01 00:00)
          recurring 29.00 [2024-05-01 00:00, 2024-06-01 00:00)"
    `)
  })

  it('on the next invoice, and ended before it: the used time of it is billed, the rest never', async () => {
    const story = await openStory(world, 'next-never', '2024-04-01T00:00:00Z', {
      upgradeBehavior: 'next_invoice',
    })
    const { id } = await subscribe(story, 'starter')
    await story.until('2024-04-16T00:00:00Z')
    await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'professional' })
    await story.until('2024-04-21T00:00:00Z')
    await story.ask('POST', `/subscriptions/${id}/cancel`, { when: 'now', refund: 'credit' })
    await story.until('2024-05-02T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-04-01 00:00 paid 29.00 USD
          recurring 29.00 [2024-04-01 00:00, 2024-05-01 00:00)
      #0002 2024-04-22 00:00 paid 2.00 USD
          proration_credit -14.50 [2024-04-16 00:00, 2024-05-01 00:00)
          proration_charge 16.50 [2024-04-16 00:00, 2024-04-21 00:00)"
    `)
    expect((await story.ask('GET', '/credit-notes')).data).toEqual([])
  })

  it('at the end of the period, at full price with a new period, without money: the operator’s word counts', async () => {
    const story = await openStory(world, 'by-word', '2024-04-01T00:00:00Z', {
      upgradeBehavior: 'period_end',
    })
    const { id } = await subscribe(story, 'starter')
    const path = `/subscriptions/${id}`
    await story.until('2024-04-16T00:00:00Z')
    const later = await story.ask('PATCH', path, { plan: 'professional' })
    expect(later.pendingChange.effectiveAt).toBe('2024-05-01T00:00:00.000Z')
    const none = { plan: 'professional', prorationBehavior: 'none' }
    await story.ask('PATCH', path, none, 403)
    expect((await story.operate('PATCH', path, none)).plan).toBe('professional')
    await story.until('2024-04-20T00:00:00Z')
    const full = { plan: 'enterprise', prorationBehavior: 'full_price' }
    expect((await story.operate('PATCH', path, full)).currentPeriodEnd).toBe(
      '2024-05-20T00:00:00.000Z',
    )
    await story.until('2024-05-21T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-04-01 00:00 paid 29.00 USD
          recurring 29.00 [2024-04-01 00:00, 2024-05-01 00:00)
      #0002 2024-04-20 00:00 paid 299.00 USD
          proration_charge 299.00 [2024-04-20 00:00, 2024-05-20 00:00)
      #0003 2024-05-20 01:00 paid 299.00 USD
          recurring 299.00 [2024-05-20 00:00, 2024-06-20 00:00)"
    `)
  })

  it('a downgrade now with credit by days: 15 of 30 days, whatever the hour', async () => {
    const story = await openStory(world, 'by-day', '2024-04-01T00:00:00Z', {
      downgradeBehavior: 'now',
      prorationUnit: 'day',
    })
    const { id } = await subscribe(story, 'professional')
    await story.until('2024-04-16T17:45:00Z')
    await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'starter' })
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-04-01 00:00 paid 99.00 USD
          recurring 99.00 [2024-04-01 00:00, 2024-05-01 00:00)
      #0002 2024-04-16 17:45 paid 0.00 USD
          proration_credit -49.50 [2024-04-16 17:45, 2024-05-01 00:00)
          proration_charge 14.50 [2024-04-16 17:45, 2024-05-01 00:00)
          balance_transfer 35.00"
    `)
  })
})

describe('a method that is named with a change', () => {
  it('is not kept when it is declined, and kept when it has paid', async () => {
    const story = await openStory(world, 'named-method', '2024-04-01T00:00:00Z')
    const first = await subscribe(story, 'starter')
    const path = `/subscriptions/${first.id}`
    const { id: declining } = await story.ask('POST', '/payment-methods', {
      paymentMethodId: 'pm_card_chargeCustomerFail',
    })
    const change = { plan: 'professional', paymentMethodId: declining }
    await story.ask('PATCH', path, change, 402)
    const kept = await story.ask('GET', path)
    expect(kept).toMatchObject({ plan: 'starter', paymentMethodId: first.paymentMethodId })
    const { id: good } = await story.ask('POST', '/payment-methods', {
      paymentMethodId: 'pm_card_mastercard',
    })
    await story.ask('PATCH', path, { plan: 'professional', paymentMethodId: good })
    expect((await story.ask('GET', path)).paymentMethodId).toBe(good)
  })
})

describe('a trial with the card first', () => {
  it('needs a method where the tenant’s setting says so', async () => {
    const story = await openStory(world, 'card-first', '2024-04-01T00:00:00Z', {
      trialNeedsMethod: true,
    })
    const body = { plan: 'starter' }
    const refused = await story.ask('POST', '/subscriptions', body, 409)
    expect(refused.code).toBe('payment_method_required')
    const named = { ...body, paymentMethodId: 'pm_card_visa' }
    expect((await story.ask('POST', '/subscriptions', named)).status).toBe('trialing')
  })
})

describe('late usage where it is not taken', () => {
  it('is 400 once its period is billed, and counts while the invoice is a draft', async () => {
    const story = await openStory(world, 'late-refused', '2024-01-10T00:00:00Z', {
      lateUsage: 'reject',
    })
    const { id } = await subscribe(story, 'starter')
    const path = `/subscriptions/${id}/usage`
    const use = { metric: 'messages', quantity: 11_000, timestamp: '2024-02-01T00:00:00Z' }
    await story.until('2024-02-01T00:00:00Z')
    await story.ask('POST', path, use)
    await story.until('2024-02-10T12:00:00Z')
    await story.ask('POST', path, { ...use, quantity: 500 })
    await story.until('2024-02-12T00:00:00Z')
    const refused = await story.ask('POST', path, use, 400)
    expect(refused.code).toBe('invalid_timestamp')
    expect((await story.ask('GET', '/invoices')).data[0].total).toBe(32)
  })
})
