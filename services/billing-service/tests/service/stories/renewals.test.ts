// Renewals told as calendars, on the real service with a clock of its own per tenant.
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStory } from '../../../src/test/story.ts'
import { openWorld, type World } from '../../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

describe('a month end over a leap year', () => {
  it('a subscription of 31 January 2024 renews on 29 Feb, 31 Mar, 30 Apr ... and 28 Feb 2025', async () => {
    const story = await openStory(world, 'month-end', '2024-01-31T10:00:00Z')
    await story.ask('POST', '/subscriptions', {
      plan: 'starter',
      trialDays: 0,
      paymentMethodId: 'pm_card_visa',
    })
    // PostgreSQL's figure; servers that are only compatible with MongoDB have none to keep.
    const withinMs = process.env.WORLD_STORE === 'mongo' ? Number.POSITIVE_INFINITY : 20_000
    const startedAt = performance.now()
    const events = await story.until('2025-03-01T00:00:00Z')
    expect(performance.now() - startedAt).toBeLessThan(withinMs)
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-31 10:00 paid 29.00 USD
          recurring 29.00 [2024-01-31 10:00, 2024-02-29 10:00)
      #0002 2024-02-29 11:00 paid 29.00 USD
          recurring 29.00 [2024-02-29 10:00, 2024-03-31 10:00)
      #0003 2024-03-31 11:00 paid 29.00 USD
          recurring 29.00 [2024-03-31 10:00, 2024-04-30 10:00)
      #0004 2024-04-30 11:00 paid 29.00 USD
          recurring 29.00 [2024-04-30 10:00, 2024-05-31 10:00)
      #0005 2024-05-31 11:00 paid 29.00 USD
          recurring 29.00 [2024-05-31 10:00, 2024-06-30 10:00)
      #0006 2024-06-30 11:00 paid 29.00 USD
          recurring 29.00 [2024-06-30 10:00, 2024-07-31 10:00)
      #0007 2024-07-31 11:00 paid 29.00 USD
          recurring 29.00 [2024-07-31 10:00, 2024-08-31 10:00)
      #0008 2024-08-31 11:00 paid 29.00 USD
          recurring 29.00 [2024-08-31 10:00, 2024-09-30 10:00)
      #0009 2024-09-30 11:00 paid 29.00 USD
          recurring 29.00 [2024-09-30 10:00, 2024-10-31 10:00)
      #0010 2024-10-31 11:00 paid 29.00 USD
          recurring 29.00 [2024-10-31 10:00, 2024-11-30 10:00)
      #0011 2024-11-30 11:00 paid 29.00 USD
          recurring 29.00 [2024-11-30 10:00, 2024-12-31 10:00)
      #0012 2024-12-31 11:00 paid 29.00 USD
          recurring 29.00 [2024-12-31 10:00, 2025-01-31 10:00)
      #0013 2025-01-31 11:00 paid 29.00 USD
          recurring 29.00 [2025-01-31 10:00, 2025-02-28 10:00)
      #0014 2025-02-28 11:00 paid 29.00 USD
          recurring 29.00 [2025-02-28 10:00, 2025-03-31 10:00)"
    `)
    expect(events.filter(event => event.startsWith('2024-02-29'))).toMatchInlineSnapshot(`
      [
        "2024-02-29 10:00 invoice.drafted",
        "2024-02-29 10:00 subscription.renewed",
        "2024-02-29 11:00 invoice.issued",
        "2024-02-29 11:00 payment.succeeded",
        "2024-02-29 11:00 invoice.paid",
      ]
    `)
  })
})

const byMonth = { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa' }

describe('usage in arrears', () => {
  it('12,500 messages in January cost 5.00 in February, late ones within the 24 hours count too', async () => {
    const story = await openStory(world, 'usage', '2024-01-10T00:00:00Z')
    const { id } = await story.ask('POST', '/subscriptions', byMonth)
    const use = (quantity: number, timestamp?: string) =>
      story.ask('POST', `/subscriptions/${id}/usage`, {
        metric: 'messages',
        quantity,
        ...(timestamp === undefined ? {} : { timestamp }),
      })
    await use(12_500)
    await story.until('2024-02-10T12:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-10 00:00 paid 29.00 USD
          recurring 29.00 [2024-01-10 00:00, 2024-02-10 00:00)
      draft draft 34.00 USD
          usage 5.00 [2024-01-10 00:00, 2024-02-10 00:00)
          recurring 29.00 [2024-02-10 00:00, 2024-03-10 00:00)"
    `)
    await use(500, '2024-02-09T23:59:59Z')
    await story.until('2024-02-12T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-10 00:00 paid 29.00 USD
          recurring 29.00 [2024-01-10 00:00, 2024-02-10 00:00)
      #0002 2024-02-11 00:00 paid 35.00 USD
          usage 6.00 [2024-01-10 00:00, 2024-02-10 00:00)
          recurring 29.00 [2024-02-10 00:00, 2024-03-10 00:00)"
    `)
    const { data } = await story.ask('GET', '/invoices')
    expect(data[0].lineItems[0].explanation).toBe(
      '13000 used, 10000 included: 3000 × 0.002, rounded once.',
    )
  })

  it('a cancelled subscription ends with its period, and its last usage is billed', async () => {
    const story = await openStory(world, 'last-usage', '2024-01-10T00:00:00Z')
    const { id } = await story.ask('POST', '/subscriptions', byMonth)
    await story.ask('POST', `/subscriptions/${id}/usage`, { metric: 'messages', quantity: 11_000 })
    await story.ask('POST', `/subscriptions/${id}/cancel`, { reason: 'moving on' })
    await story.until('2024-04-01T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-10 00:00 paid 29.00 USD
          recurring 29.00 [2024-01-10 00:00, 2024-02-10 00:00)
      #0002 2024-02-11 00:00 paid 2.00 USD
          usage 2.00 [2024-01-10 00:00, 2024-02-10 00:00)"
    `)
    expect(await story.ask('GET', `/subscriptions/${id}`)).toMatchObject({
      status: 'canceled',
      endedAt: '2024-02-10T00:00:00.000Z',
    })
  })
})

describe('a period that ends early', () => {
  it('bills its usage up to then: cancelled now, and changed to yearly in mid-month', async () => {
    const story = await openStory(world, 'early-end', '2024-01-10T00:00:00Z')
    const { id } = await story.ask('POST', '/subscriptions', byMonth)
    const use = { metric: 'messages', quantity: 11_000 }
    await story.ask('POST', `/subscriptions/${id}/usage`, use)
    await story.until('2024-01-20T00:00:00Z')
    await story.ask('PATCH', `/subscriptions/${id}`, { billingCycle: 'yearly' })
    await story.ask('POST', `/subscriptions/${id}/usage`, { ...use, quantity: 10_500 })
    await story.until('2024-01-25T00:00:00Z')
    await story.ask('POST', `/subscriptions/${id}/cancel`, { when: 'now' })
    await story.until('2024-02-25T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-10 00:00 paid 29.00 USD
          recurring 29.00 [2024-01-10 00:00, 2024-02-10 00:00)
      #0002 2024-01-20 00:00 paid 270.35 USD
          proration_credit -19.65 [2024-01-20 00:00, 2024-02-10 00:00)
          proration_charge 290.00 [2024-01-20 00:00, 2025-01-20 00:00)
      #0003 2024-01-21 00:00 paid 2.00 USD
          usage 2.00 [2024-01-10 00:00, 2024-01-20 00:00)
      #0004 2024-01-26 00:00 paid 1.00 USD
          usage 1.00 [2024-01-20 00:00, 2024-01-25 00:00)"
    `)
  })
})

describe('changes over time', () => {
  it('starter becomes professional in mid-period, and starter again at the end of one', async () => {
    const story = await openStory(world, 'up-and-down', '2024-04-01T00:00:00Z')
    const { id } = await story.ask('POST', '/subscriptions', byMonth)
    await story.until('2024-04-16T00:00:00Z')
    await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'professional' })
    await story.until('2024-05-10T00:00:00Z')
    await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'starter' })
    await story.until('2024-07-02T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-04-01 00:00 paid 29.00 USD
          recurring 29.00 [2024-04-01 00:00, 2024-05-01 00:00)
      #0002 2024-04-16 00:00 paid 35.00 USD
          proration_credit -14.50 [2024-04-16 00:00, 2024-05-01 00:00)
          proration_charge 49.50 [2024-04-16 00:00, 2024-05-01 00:00)
      #0003 2024-05-01 01:00 paid 99.00 USD
          recurring 99.00 [2024-05-01 00:00, 2024-06-01 00:00)
      #0004 2024-06-01 01:00 paid 29.00 USD
          recurring 29.00 [2024-06-01 00:00, 2024-07-01 00:00)
      #0005 2024-07-01 01:00 paid 29.00 USD
          recurring 29.00 [2024-07-01 00:00, 2024-08-01 00:00)"
    `)
  })

  it('a scheduled change to yearly starts its year at the end of the month', async () => {
    const story = await openStory(world, 'to-yearly', '2024-01-31T00:00:00Z')
    const { id } = await story.ask('POST', '/subscriptions', byMonth)
    await story.ask('PATCH', `/subscriptions/${id}`, { billingCycle: 'yearly', when: 'period_end' })
    await story.until('2026-03-10T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-31 00:00 paid 29.00 USD
          recurring 29.00 [2024-01-31 00:00, 2024-02-29 00:00)
      #0002 2024-02-29 01:00 paid 290.00 USD
          recurring 290.00 [2024-02-29 00:00, 2025-02-28 00:00)
      #0003 2025-02-28 01:00 paid 290.00 USD
          recurring 290.00 [2025-02-28 00:00, 2026-02-28 00:00)
      #0004 2026-02-28 01:00 paid 290.00 USD
          recurring 290.00 [2026-02-28 00:00, 2027-02-28 00:00)"
    `)
  })

  it('a pause begins with the next period and a resume starts a new one from a new anchor', async () => {
    const story = await openStory(world, 'pause', '2024-01-05T00:00:00Z')
    const { id } = await story.ask('POST', '/subscriptions', byMonth)
    const asked = await story.ask('POST', `/subscriptions/${id}/pause`, {})
    expect(asked).toMatchObject({ status: 'active', pauseAtPeriodEnd: true })
    await story.until('2024-03-20T00:00:00Z')
    expect((await story.ask('GET', `/subscriptions/${id}`)).status).toBe('paused')
    await story.ask('POST', `/subscriptions/${id}/resume`, {})
    await story.until('2024-05-21T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-05 00:00 paid 29.00 USD
          recurring 29.00 [2024-01-05 00:00, 2024-02-05 00:00)
      #0002 2024-03-20 00:00 paid 29.00 USD
          recurring 29.00 [2024-03-20 00:00, 2024-04-20 00:00)
      #0003 2024-04-20 01:00 paid 29.00 USD
          recurring 29.00 [2024-04-20 00:00, 2024-05-20 00:00)
      #0004 2024-05-20 01:00 paid 29.00 USD
          recurring 29.00 [2024-05-20 00:00, 2024-06-20 00:00)"
    `)
  })

  it('a trial is moved by the operator alone, and ended early by paying', async () => {
    const story = await openStory(world, 'trial-moved', '2024-01-01T00:00:00Z')
    const { id } = await story.ask('POST', '/subscriptions', {
      plan: 'starter',
      paymentMethodId: 'pm_card_visa',
    })
    const path = `/subscriptions/${id}`
    const trialEnd = '2024-01-31T00:00:00.000Z'
    await story.ask('PATCH', path, { trialEnd }, 403)
    expect(await story.operate('PATCH', path, { trialEnd })).toMatchObject({
      status: 'trialing',
      trialEnd,
      currentPeriodEnd: trialEnd,
    })
    await story.until('2024-01-20T00:00:00Z')
    expect(await story.ask('POST', `${path}/end-trial`, {})).toMatchObject({
      status: 'active',
      trialEnd: '2024-01-20T00:00:00.000Z',
      currentPeriodEnd: '2024-02-20T00:00:00.000Z',
      payment: { status: 'succeeded' },
    })
    await story.ask('POST', `${path}/end-trial`, {}, 409)
  })
})

describe('a month with a change of the clocks', () => {
  it('in New York noon stays noon: 17:00 UTC in winter, 16:00 from 10 March', async () => {
    const story = await openStory(world, 'new-york', '2024-02-10T17:00:00Z', {
      zone: 'America/New_York',
    })
    await story.ask('POST', '/subscriptions', byMonth)
    await story.until('2024-04-30T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-02-10 17:00 paid 29.00 USD
          recurring 29.00 [2024-02-10 17:00, 2024-03-10 16:00)
      #0002 2024-03-10 17:00 paid 29.00 USD
          recurring 29.00 [2024-03-10 16:00, 2024-04-10 16:00)
      #0003 2024-04-10 17:00 paid 29.00 USD
          recurring 29.00 [2024-04-10 16:00, 2024-05-10 16:00)"
    `)
  })
})

describe('a tenant that moves to New York in January', () => {
  it('keeps its period, and from the next boundary on renews at 5 in the morning there', async () => {
    const story = await openStory(world, 'moves', '2024-01-31T10:00:00Z')
    await story.ask('POST', '/subscriptions', byMonth)
    await story.until('2024-02-10T00:00:00Z')
    await story.ask('PATCH', '/settings', { zone: 'America/New_York' })
    await story.until('2024-05-01T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-31 10:00 paid 29.00 USD
          recurring 29.00 [2024-01-31 10:00, 2024-02-29 10:00)
      #0002 2024-02-29 11:00 paid 29.00 USD
          recurring 29.00 [2024-02-29 10:00, 2024-03-31 09:00)
      #0003 2024-03-31 10:00 paid 29.00 USD
          recurring 29.00 [2024-03-31 09:00, 2024-04-30 09:00)
      #0004 2024-04-30 10:00 paid 29.00 USD
          recurring 29.00 [2024-04-30 09:00, 2024-05-31 09:00)"
    `)
  })
})

/** The holder's consent to debits, as the processor's own form would take it. */
async function allowDebits(tenantId: string, processorMethodId: string): Promise<void> {
  const { rows } = await world.service.deps.store.of(tenantId).list('customers', { limit: 1 })
  const stripe = new Stripe(world.sandbox.secretKey, {
    host: '127.0.0.1',
    port: world.sandbox.port,
    protocol: 'http',
    telemetry: false,
  })
  await stripe.setupIntents.create({
    customer: rows[0]!.processorId!,
    payment_method: processorMethodId,
    allowed_payment_method_types: ['us_bank_account'],
    confirm: true,
    mandate_data: {
      customer_acceptance: {
        type: 'online',
        online: { ip_address: '127.0.0.1', user_agent: 'test' },
      },
    },
  })
}

describe('the time machine', () => {
  it('is the operator’s, for new tenants, moves forward only, and is no business of live ones', async () => {
    const story = await openStory(world, 'clock', '2031-01-01T00:00:00Z')
    await story.ask('GET', '/test-clock', undefined, 403)
    const back = await story.operate(
      'POST',
      '/test-clock/advance',
      { to: '2030-01-01T00:00:00Z' },
      409,
    )
    expect(back.code).toBe('clock_only_forward')
    const moved = await story.operate('POST', '/test-clock/advance', { by: '1mo' })
    expect(moved).toMatchObject({ kind: 'test', now: '2031-02-01T00:00:00.000Z', complete: true })
    await story.ask('POST', '/subscriptions', { plan: 'free' })
    const used = await story.operate('POST', '/test-clock', { to: '2032-01-01T00:00:00Z' }, 409)
    expect(used.code).toBe('tenant_has_records')
    const headers = { 'x-tenant-id': 'lives' }
    const live = await world.call('POST', '/test-clock/advance', {
      as: world.operator(),
      headers,
      body: { by: '1d' },
    })
    expect([live.status, live.body.code]).toEqual([409, 'not_a_test_tenant'])
  })

  it('slow money arrives on the way: a bank debit of a renewal is paid in its own time', async () => {
    const story = await openStory(world, 'slow-money', '2032-01-01T00:00:00Z')
    const method = await story.ask('POST', '/payment-methods', {
      paymentMethodId: 'pm_usBankAccount_success',
    })
    await allowDebits(story.tenantId, method.stripePaymentMethodId)
    const { id, ...created } = await story.ask('POST', '/subscriptions', {
      ...byMonth,
      paymentMethodId: method.id,
    })
    expect(created.payment.status).toBe('processing')
    await story.until('2032-01-02T00:00:00Z')
    expect((await story.ask('GET', `/subscriptions/${id}`)).status).toBe('active')
    await story.until('2032-02-03T00:00:00Z')
    const { data } = await story.ask('GET', '/transactions')
    expect(data.map((each: { status: string }) => each.status)).toEqual(['succeeded', 'succeeded'])
    expect((await story.ask('GET', `/subscriptions/${id}`)).status).toBe('active')
  })
})
