// Quotes: what a preview says is what a confirmation charges, or it is refused with what changed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStory } from '../../src/test/story.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const start = '2026-04-01T00:00:00Z'

/** A tenant on professional since 1 April, at noon of the 16th. */
async function halfway(tenantId: string) {
  const story = await openStory(world, tenantId, start)
  const subscription = await story.ask('POST', '/subscriptions', {
    plan: 'professional',
    trialDays: 0,
    paymentMethodId: 'pm_card_visa',
  })
  await story.until('2026-04-16T00:00:00Z')
  const path = `/subscriptions/${subscription.id}`
  const preview = (body: object) =>
    story.ask('POST', '/subscriptions/preview', { subscriptionId: subscription.id, ...body })
  const lastPayment = async () => (await story.ask('GET', '/transactions?limit=1')).data[0]
  return { story, subscription, path, preview, lastPayment }
}

describe('a change', () => {
  it('that is only looked at says the same and keeps no quote', async () => {
    const { preview } = await halfway('looked')
    const looked = await preview({ plan: 'enterprise', keep: false })
    const kept = await preview({ plan: 'enterprise' })
    expect(looked).toMatchObject({ quoteId: null, dueNow: 100, nextInvoice: { total: 299 } })
    const { rows } = await world.service.deps.store.of('looked').list('quotes', { limit: 10 })
    expect(rows.map(row => row.id)).toEqual([kept.quoteId])
  })

  it('99.00 to 299.00 half-way through April is 100.00 now, 299.00 in May; that is charged', async () => {
    const { story, path, preview, lastPayment } = await halfway('upgrade')
    const before = (await story.ask('GET', '/invoices')).data.length
    const quote = await preview({ plan: 'enterprise' })
    expect(quote).toMatchObject({
      dueNow: 100,
      total: 100,
      credit: 0,
      takesEffect: 'when_paid',
      expiresAt: '2026-04-16T00:15:00.000Z',
      nextInvoice: { date: '2026-05-01T00:00:00.000Z', total: 299, amountDue: 299 },
    })
    expect(quote.lineItems.map((l: { amount: number }) => l.amount)).toEqual([-49.5, 149.5])
    expect(quote.lineItems[0].explanation).toContain('50')
    expect((await story.ask('GET', '/invoices')).data).toHaveLength(before)
    await story.until('2026-04-16T00:14:00Z')
    const changed = await story.ask('PATCH', path, { quoteId: quote.quoteId })
    expect(changed).toMatchObject({ plan: 'enterprise' })
    expect(await lastPayment()).toMatchObject({ type: 'payment', amount: 100 })
    const invoice = await story.ask('GET', `/invoices/${changed.latestInvoiceId}`)
    const amounts = invoice.lineItems.map((l: { amount: number }) => l.amount)
    expect(amounts).toEqual([-49.5, 149.5])
  })

  it('takes account credit apart from the total', async () => {
    const { story, path, preview, lastPayment } = await halfway('credited')
    await story.operate('POST', '/credit-balance', { amount: 30, reason: 'goodwill' })
    const quote = await preview({ plan: 'enterprise' })
    expect(quote).toMatchObject({ total: 100, credit: 30, creditBalance: 30, dueNow: 70 })
    await story.ask('PATCH', path, { plan: 'enterprise', quoteId: quote.quoteId })
    expect(await lastPayment()).toMatchObject({ amount: 70 })
  })

  it('is refused with what changed: the credit, the tax, the plan it starts from', async () => {
    const { story, path, preview } = await halfway('moved')
    const confirm = async ({ quoteId }: { quoteId: string }) =>
      story.ask('PATCH', path, { quoteId }, 409)
    const first = await preview({ plan: 'enterprise' })
    await story.operate('POST', '/credit-balance', { amount: 5, reason: 'goodwill' })
    expect(await confirm(first)).toMatchObject({ code: 'quote_changed', parts: 'credit,amount' })
    const second = await preview({ plan: 'enterprise' })
    await story.operate('PATCH', '/settings', { taxRate: 10 })
    const taxed = await confirm(second)
    expect(taxed.parts).toBe('tax,amount')
    expect(taxed.detail).toContain('the tax, the amount')
    const third = await preview({ quantity: 3 })
    await story.ask('PATCH', path, { quantity: 2 })
    expect((await confirm(third)).parts).toContain('subscription')
    expect(await story.ask('GET', path)).toMatchObject({ plan: 'professional', quantity: 2 })
  })

  it('expires after 15 minutes, holds for its own change alone, and for its own tenant', async () => {
    const { story, path, preview } = await halfway('late')
    const quote = await preview({ plan: 'enterprise' })
    const other = { plan: 'starter', quoteId: quote.quoteId }
    expect((await story.ask('PATCH', path, other, 409)).code).toBe('quote_mismatch')
    const anew = { plan: 'enterprise', quoteId: quote.quoteId }
    expect((await story.ask('POST', '/subscriptions', anew, 409)).code).toBe('quote_mismatch')
    const stranger = await halfway('stranger')
    await stranger.story.ask('PATCH', stranger.path, { quoteId: quote.quoteId }, 404)
    await story.until('2026-04-16T00:15:00Z')
    const late = await story.ask('PATCH', path, { quoteId: quote.quoteId }, 409)
    expect(late).toMatchObject({ code: 'quote_expired', expiresAt: '2026-04-16T00:15:00.000Z' })
  })

  it('confirmed in two tabs: one wins, the other is told, 100.00 are charged once', async () => {
    const { story, path, preview } = await halfway('tabs')
    const { quoteId } = await preview({ plan: 'enterprise' })
    const answers = await Promise.all(
      [1, 2].map(() => world.call('PATCH', path, { as: story.admin, body: { quoteId } })),
    )
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 409])
    expect(answers.find(answer => answer.status === 409)?.body.code).toBe('quote_used')
    const payments = (await story.ask('GET', '/transactions')).data
    expect(payments.map((t: { amount: number }) => t.amount)).toEqual([100, 99])
  })

  it('a downgrade costs nothing now and shows the smaller invoice; now, its credit', async () => {
    const { preview } = await halfway('smaller')
    expect(await preview({ plan: 'starter' })).toMatchObject({
      dueNow: 0,
      lineItems: [],
      takesEffect: 'period_end',
      effectiveAt: '2026-05-01T00:00:00.000Z',
      nextInvoice: { total: 29 },
    })
    expect(await preview({ plan: 'starter', when: 'now' })).toMatchObject({
      dueNow: 0,
      total: 0,
      creditAdded: 35,
      takesEffect: 'now',
      nextInvoice: { total: 29, amountDue: 0 },
    })
  })

  it('a coupon with it shows in both, and a wrong one refuses the preview', async () => {
    await world.call('POST', '/coupons', {
      as: world.operator(),
      body: { code: 'QUOTED', percentOff: 10, duration: 'repeating', months: 1 },
    })
    const { story, path, preview, lastPayment } = await halfway('quoted')
    const quote = await preview({ plan: 'enterprise', coupon: 'QUOTED' })
    // 10 % of 149.50 is 14.95; the unused 49.50 were paid without it. In May the month is not over.
    expect(quote).toMatchObject({ discount: 14.95, dueNow: 85.05 })
    expect(quote.nextInvoice).toMatchObject({ discount: 29.9, total: 269.1 })
    const changed = await story.ask('PATCH', path, { quoteId: quote.quoteId })
    expect(changed.discounts).toMatchObject([
      { coupon: 'QUOTED', endsAt: '2026-05-16T00:00:00.000Z', uses: 1 },
    ])
    expect(await lastPayment()).toMatchObject({ amount: 85.05 })
    const wrong = { subscriptionId: changed.id, plan: 'starter', coupon: 'NOSUCH' }
    await story.ask('POST', '/subscriptions/preview', wrong, 400)
  })
})

describe('a new subscription', () => {
  it('costs what the preview says; a trial costs nothing now', async () => {
    const story = await openStory(world, 'fresh', start)
    const trial = await story.ask('POST', '/subscriptions/preview', { plan: 'professional' })
    expect(trial).toMatchObject({
      subscriptionId: null,
      dueNow: 0,
      lineItems: [],
      takesEffect: 'now',
      nextInvoice: { date: '2026-04-15T00:00:00.000Z', total: 99, amountDue: 99 },
    })
    const terms = { plan: 'professional', quantity: 2, trialDays: 0 }
    const quote = await story.ask('POST', '/subscriptions/preview', terms)
    expect(quote).toMatchObject({ dueNow: 198, nextInvoice: { total: 198 } })
    const confirmation = {
      plan: 'professional',
      quoteId: quote.quoteId,
      paymentMethodId: 'pm_card_visa',
    }
    const created = await story.ask('POST', '/subscriptions', confirmation)
    expect(created).toMatchObject({ status: 'active', quantity: 2, trialEnd: null })
    const paid = await story.ask('GET', `/invoices/${created.latestInvoiceId}`)
    expect(paid).toMatchObject({ status: 'paid', total: 198 })
    const again = await story.ask('POST', '/subscriptions', confirmation, 409)
    expect(again.code).toBe('quote_used')
    const second = await story.ask('POST', '/subscriptions/preview', terms, 409)
    expect(second.code).toBe('subscription_exists')
  })

  it('a plan is needed, and members may not ask', async () => {
    const story = await openStory(world, 'asking', start)
    expect((await story.ask('POST', '/subscriptions/preview', {}, 400)).errors[0].path).toBe(
      '/plan',
    )
    const member = await world.call('POST', '/subscriptions/preview', {
      as: world.member('asking'),
      body: { plan: 'professional' },
    })
    expect(member.status).toBe(403)
  })
})
