// Coupons over time, told as calendars that an accountant could check.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStory, type Story } from '../../../src/test/story.ts'
import { openWorld, type World } from '../../../src/test/world.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests read answers as callers in JavaScript do
type Body = any

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const offer = (code: string, more: object) =>
  world.call('POST', '/coupons', { as: world.operator(), body: { code, ...more } })

/** Every invoice, oldest first: day, subtotal - discount + tax = total, and who took what. */
async function accounts(story: Story): Promise<string[]> {
  const { data } = await story.ask('GET', '/invoices?limit=100')
  return data.reverse().map((invoice: Body) => {
    const figures = [invoice.subtotal, invoice.discount, invoice.tax.amount, invoice.total]
    const [subtotal, discount, tax, total] = figures.map(figure => figure.toFixed(2))
    const day = (invoice.issuedAt ?? 'draft').slice(0, 10)
    return `${day} ${subtotal} - ${discount} + ${tax} = ${total} ${invoice.status}`
  })
}

/** Debits equal credits, and what was given away is what stands on the invoices less their notes. */
async function proveBooks(story: Story): Promise<Map<unknown, number>> {
  const reads = world.service.deps.store.of(story.tenantId)
  const groups = await reads.sum('ledgerEntries', { sum: ['amountMinor'], groupBy: ['account'] })
  const booked = new Map(groups.map(g => [g.group.account, Number(g.sums.amountMinor)]))
  expect([...booked.values()].reduce((a, b) => a + b, 0)).toBe(0)
  return booked
}

describe('a repeating coupon', () => {
  it('20 % for 3 months from 31 January, with an upgrade between, ends before 30 April', async () => {
    await offer('WINTER', { percentOff: 20, duration: 'repeating', months: 3 })
    const story = await openStory(world, 'winter', '2026-01-31T12:00:00Z', { taxRate: 10 })
    const { id } = await story.ask('POST', '/subscriptions', {
      plan: 'starter',
      trialDays: 0,
      paymentMethodId: 'pm_card_visa',
      coupon: 'WINTER',
    })
    await story.until('2026-03-14T12:00:00Z')
    const upgraded = await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'professional' })
    expect(upgraded.discounts).toMatchObject([
      { coupon: 'WINTER', endsAt: '2026-04-30T12:00:00.000Z' },
    ])
    await story.until('2026-05-01T12:00:00Z')
    // 14 March is 14 of 31 days after 28 February: 17/31 of 23.20 comes back, 17/31 of 99.00 less 20 % is due.
    expect(await accounts(story)).toEqual([
      '2026-01-31 29.00 - 5.80 + 2.32 = 25.52 paid',
      '2026-02-28 29.00 - 5.80 + 2.32 = 25.52 paid',
      '2026-03-14 41.57 - 10.86 + 3.07 = 33.78 paid',
      '2026-03-31 99.00 - 19.80 + 7.92 = 87.12 paid',
      '2026-04-30 99.00 - 0.00 + 9.90 = 108.90 paid',
    ])
    const booked = await proveBooks(story)
    expect(booked.get('discounts')).toBe(580 + 580 + 1086 + 1980)
    const redeemed = await world.call('GET', '/coupons/WINTER', { as: world.operator() })
    expect(redeemed.body.redemptions).toBe(1)
  })
})

describe('a once-coupon', () => {
  it('of 30.00 is left alone by a proration, taken by the next period, and comes back with its void', async () => {
    await offer('ONCE30', { amountsOff: { USD: 30 }, duration: 'once' })
    const story = await openStory(world, 'once', '2026-04-01T00:00:00Z', {
      draftHours: 0,
      dunningAttempts: 0,
    })
    const { id } = await story.ask('POST', '/subscriptions', {
      plan: 'professional',
      trialDays: 0,
      paymentMethodId: 'pm_card_visa',
    })
    const path = `/subscriptions/${id}`
    await story.until('2026-04-16T00:00:00Z')
    await story.ask('PATCH', path, { coupon: 'ONCE30' })
    await story.ask('PATCH', path, { plan: 'enterprise' })
    const before = await story.ask('GET', path)
    expect(before.discounts).toMatchObject([{ coupon: 'ONCE30', uses: 0 }])
    await story.ask('PATCH', path, { paymentMethodId: 'pm_card_chargeCustomerFail' })
    await story.until('2026-05-01T02:00:00Z')
    const due = await story.ask('GET', path)
    expect(due).toMatchObject({ status: 'past_due', discounts: [{ uses: 1 }] })
    await story.operate('POST', `/invoices/${due.latestInvoiceId}/void`)
    expect(await story.ask('GET', path)).toMatchObject({ discounts: [{ uses: 0 }] })
    await story.ask('PATCH', path, { paymentMethodId: 'pm_card_visa' })
    await story.until('2026-07-02T00:00:00Z')
    expect(await accounts(story)).toEqual([
      '2026-04-01 99.00 - 0.00 + 0.00 = 99.00 paid',
      '2026-04-16 100.00 - 0.00 + 0.00 = 100.00 paid',
      '2026-05-01 299.00 - 30.00 + 0.00 = 269.00 void',
      '2026-06-01 299.00 - 30.00 + 0.00 = 269.00 paid',
      '2026-07-01 299.00 - 0.00 + 0.00 = 299.00 paid',
    ])
    const booked = await proveBooks(story)
    expect(booked.get('discounts')).toBe(3000)
  })
})

describe('a coupon with proration and a credit note', () => {
  it('10.00 off forever: half a month takes 5.00, and the note gives the share of the coupon back', async () => {
    await offer('TENOFF', { amountsOff: { USD: 10 }, duration: 'forever' })
    const story = await openStory(world, 'tenoff', '2026-04-01T00:00:00Z', { taxRate: 20 })
    const { id } = await story.ask('POST', '/subscriptions', {
      plan: 'professional',
      trialDays: 0,
      paymentMethodId: 'pm_card_visa',
      coupon: 'TENOFF',
    })
    await story.until('2026-04-16T00:00:00Z')
    const { latestInvoiceId } = await story.ask('PATCH', `/subscriptions/${id}`, {
      plan: 'enterprise',
    })
    // 44.50 of the 89.00 that were paid come back; 149.50 less 5.00 are due: 100.00 net, 20.00 tax.
    expect(await accounts(story)).toEqual([
      '2026-04-01 99.00 - 10.00 + 17.80 = 106.80 paid',
      '2026-04-16 105.00 - 5.00 + 20.00 = 120.00 paid',
    ])
    const invoice = await story.ask('GET', `/invoices/${latestInvoiceId}`)
    const charge = invoice.lineItems.find((l: Body) => l.kind === 'proration_charge')
    expect(charge).toMatchObject({ amount: 149.5, discount: 5, tax: 28.9 })
    expect(charge.explanation).toContain('Coupon TENOFF: 5.00 off 149.50')
    // Half of the line, 72.25 of 144.50 net, with its tax.
    const note = await story.operate('POST', `/invoices/${latestInvoiceId}/credit-notes`, {
      lines: [{ lineId: charge.id, amount: 72.25 }],
      reason: 'outage',
    })
    expect(note).toMatchObject({ subtotal: 74.75, discount: 2.5, total: 86.7, toBalance: 86.7 })
    const booked = await proveBooks(story)
    expect(booked.get('discounts')).toBe(1000 + 500 - 250)
    await story.until('2026-05-01T02:00:00Z')
    const [next] = (await story.ask('GET', '/invoices?limit=1')).data
    expect(next).toMatchObject({
      subtotal: 299,
      discount: 10,
      total: 346.8,
      amountFromBalance: 86.7,
    })
  })
})
