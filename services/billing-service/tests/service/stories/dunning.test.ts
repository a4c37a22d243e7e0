// Dunning told as calendars: what fails, what is tried when, when access ends, and the ways back.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessOf } from '../../../src/core/subscription.ts'
import { openStory, type Story } from '../../../src/test/story.ts'
import { openWorld, type World } from '../../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const failing = 'pm_card_chargeCustomerFail'
const told = (events: readonly string[], ...kinds: string[]) =>
  events.filter(event => kinds.some(kind => event.includes(kind)))

async function accessAt(story: Story, id: string, at: string): Promise<boolean> {
  const row = await world.service.deps.store.of(story.tenantId).get('subscriptions', id)
  return accessOf(row, Date.parse(at)).granted
}

async function inBalance(story: Story): Promise<void> {
  const [sum] = await world.service.deps.store
    .of(story.tenantId)
    .sum('ledgerEntries', { sum: ['amountMinor'] })
  expect(sum?.sums.amountMinor ?? '0').toBe('0')
}

describe('a trial that ends in a card that fails', () => {
  it('fails on day 0, 3, 6, 9, loses access on day 7, becomes unpaid, and recovers with a new card', async () => {
    const story = await openStory(world, 'trial-to-recovery', '2024-02-01T09:00:00Z')
    const { id, status } = await story.ask('POST', '/subscriptions', {
      plan: 'starter',
      paymentMethodId: failing,
    })
    expect(status).toBe('trialing')
    const first = await story.until('2024-02-20T00:00:00Z')
    expect(first).toMatchInlineSnapshot(`
      [
        "2024-02-12 09:00 reminder.trial_ending",
        "2024-02-15 09:00 invoice.issued",
        "2024-02-15 09:00 subscription.trial_ended",
        "2024-02-15 09:00 payment.failed",
        "2024-02-15 09:00 dunning.scheduled",
        "2024-02-15 09:00 subscription.past_due",
        "2024-02-16 09:00 invoice.overdue",
        "2024-02-18 09:00 payment.failed",
        "2024-02-18 09:00 dunning.scheduled",
        "2024-02-18 09:00 invoice.overdue",
      ]
    `)
    expect(await story.ask('GET', `/subscriptions/${id}`)).toMatchObject({
      status: 'past_due',
      graceEndsAt: '2024-02-22T09:00:00.000Z',
    })
    expect(await accessAt(story, id, '2024-02-22T08:59:59Z')).toBe(true)
    expect(await accessAt(story, id, '2024-02-22T09:00:00Z')).toBe(false)
    const second = await story.until('2024-03-17T00:00:00Z')
    expect(told(second, 'payment.', 'subscription.', 'dunning.')).toMatchInlineSnapshot(`
      [
        "2024-02-21 09:00 payment.failed",
        "2024-02-21 09:00 dunning.scheduled",
        "2024-02-24 09:00 payment.failed",
        "2024-02-24 09:00 dunning.scheduled",
        "2024-02-24 09:00 subscription.unpaid",
        "2024-03-15 09:00 subscription.renewed",
      ]
    `)
    expect((await story.ask('GET', `/subscriptions/${id}`)).status).toBe('unpaid')
    await story.ask('POST', '/payment-methods', {
      paymentMethodId: 'pm_card_visa',
      setDefault: true,
    })
    const third = await story.until('2024-03-18T00:00:00Z')
    expect(told(third, 'payment.', 'subscription.', 'invoice.paid')).toMatchInlineSnapshot(`
      [
        "2024-03-17 00:00 payment.succeeded",
        "2024-03-17 00:00 invoice.paid",
        "2024-03-17 00:00 subscription.active",
      ]
    `)
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-02-15 09:00 paid 29.00 USD
          recurring 29.00 [2024-02-15 09:00, 2024-03-15 09:00)
      draft draft 29.00 USD
          recurring 29.00 [2024-03-15 09:00, 2024-04-15 09:00)"
    `)
    expect(await story.ask('GET', `/subscriptions/${id}`)).toMatchObject({
      status: 'active',
      graceEndsAt: null,
    })
    await inBalance(story)
  })

  it('without a method it pauses, costs nothing, and resumes when its first period is paid', async () => {
    const story = await openStory(world, 'trial-pause', '2024-02-01T09:00:00Z')
    const { id } = await story.ask('POST', '/subscriptions', { plan: 'starter' })
    await story.until('2024-05-01T00:00:00Z')
    expect((await story.ask('GET', `/subscriptions/${id}`)).status).toBe('paused')
    expect(await story.statement()).toBe('')
    await story.ask('POST', `/subscriptions/${id}/resume`, {}, 409)
    await story.ask('POST', '/payment-methods', { paymentMethodId: failing })
    const declined = await story.ask('POST', `/subscriptions/${id}/resume`, {}, 402)
    expect(declined.code).toBe('payment_declined')
    const kept = await story.ask('GET', `/subscriptions/${id}`)
    expect(kept).toMatchObject({ status: 'paused', pendingChange: null })
    await story.ask('POST', '/payment-methods', {
      paymentMethodId: 'pm_card_visa',
      setDefault: true,
    })
    const resumed = await story.ask('POST', `/subscriptions/${id}/resume`, {})
    expect(resumed).toMatchObject({
      status: 'active',
      currentPeriodStart: '2024-05-01T00:00:00.000Z',
      currentPeriodEnd: '2024-06-01T00:00:00.000Z',
      payment: { status: 'succeeded' },
    })
    await inBalance(story)
  })
})

describe('a renewal that fails', () => {
  it('recovers by a new default card at once, on the next move of time, and not before all is paid', async () => {
    const story = await openStory(world, 'recover-at-once', '2024-03-01T00:00:00Z')
    const { id } = await story.ask('POST', '/subscriptions', {
      plan: 'starter',
      trialDays: 0,
      paymentMethodId: 'pm_card_visa',
    })
    await story.ask('PATCH', `/subscriptions/${id}`, { paymentMethodId: failing })
    await story.until('2024-04-02T00:00:00Z')
    expect((await story.ask('GET', `/subscriptions/${id}`)).status).toBe('past_due')
    await story.ask('PATCH', `/subscriptions/${id}`, { paymentMethodId: 'pm_card_visa' })
    const events = await story.until('2024-04-02T01:00:00Z')
    expect(told(events, 'payment.', 'subscription.')).toEqual([
      '2024-04-02 00:00 payment.succeeded',
      '2024-04-02 00:00 subscription.active',
    ])
    await inBalance(story)
  })

  it('is cancelled in the end when the issuer says so: nothing is charged, an unused coupon comes back', async () => {
    const body = { code: 'UNUSED', percentOff: 10, duration: 'once' }
    await world.call('POST', '/coupons', { as: world.operator(), body })
    const story = await openStory(world, 'cancel-in-the-end', '2024-03-01T00:00:00Z', {
      dunningFinalAction: 'cancel',
      dunningDays: [1, 2],
      gracePeriodDays: 4,
    })
    const { id } = await story.ask('POST', '/subscriptions', {
      plan: 'starter',
      trialDays: 0,
      paymentMethodId: 'pm_card_visa',
    })
    await story.ask('PATCH', `/subscriptions/${id}`, { paymentMethodId: failing })
    const early = await story.until('2024-04-02T00:00:00Z')
    await story.ask('PATCH', `/subscriptions/${id}`, { coupon: 'UNUSED' })
    const redemptions = async () => (await story.operate('GET', '/coupons/UNUSED')).redemptions
    expect(await redemptions()).toBe(1)
    const events = [...early, ...(await story.until('2024-08-01T00:00:00Z'))]
    expect(told(events, 'payment.', 'subscription.c')).toEqual([
      '2024-04-01 01:00 payment.failed',
      '2024-04-02 01:00 payment.failed',
      '2024-04-03 01:00 payment.failed',
      '2024-04-05 01:00 subscription.canceled',
    ])
    expect(await story.ask('GET', `/subscriptions/${id}`)).toMatchObject({
      status: 'canceled',
      endedAt: '2024-04-05T01:00:00.000Z',
      cancelReason: 'payment_failed',
      discounts: [],
    })
    expect(await redemptions()).toBe(0)
  })
})

describe('a first payment that never comes', () => {
  it('expires after 23 hours: the invoice is void and the customer may subscribe again', async () => {
    const story = await openStory(world, 'incomplete', '2024-03-01T00:00:00Z')
    const { id, status } = await story.ask('POST', '/subscriptions', {
      plan: 'starter',
      trialDays: 0,
      paymentMethodId: failing,
    })
    expect(status).toBe('incomplete')
    await story.until('2024-03-01T22:59:59Z')
    expect((await story.ask('GET', `/subscriptions/${id}`)).status).toBe('incomplete')
    await story.until('2024-03-01T23:00:00Z')
    expect((await story.ask('GET', `/subscriptions/${id}`)).status).toBe('incomplete_expired')
    expect(await story.statement()).toContain('void 29.00')
    const again = await story.ask('POST', '/subscriptions', {
      plan: 'starter',
      trialDays: 0,
      paymentMethodId: 'pm_card_visa',
    })
    expect(again.status).toBe('active')
    await inBalance(story)
  })

  it('an upgrade that waits for a confirmation is dropped after 23 hours and the old plan stays', async () => {
    const story = await openStory(world, 'unconfirmed', '2024-03-01T00:00:00Z')
    const { id } = await story.ask('POST', '/subscriptions', {
      plan: 'starter',
      trialDays: 0,
      paymentMethodId: 'pm_card_visa',
    })
    const changed = await story.ask('PATCH', `/subscriptions/${id}`, {
      plan: 'professional',
      paymentMethodId: 'pm_card_authenticationRequired',
    })
    expect(changed).toMatchObject({
      plan: 'starter',
      pendingChange: { plan: 'professional' },
      payment: { status: 'requires_action' },
    })
    const events = await story.until('2024-03-03T00:00:00Z')
    expect(events).toEqual([
      '2024-03-01 23:00 payment.canceled',
      '2024-03-01 23:00 invoice.voided',
      '2024-03-01 23:00 subscription.change_dropped',
    ])
    const after = await story.ask('GET', `/subscriptions/${id}`)
    expect(after).toMatchObject({ plan: 'starter', status: 'active', pendingChange: null })
    await inBalance(story)
  })
})
