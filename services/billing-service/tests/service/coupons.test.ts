// Coupons: who may make and redeem them, what they take off, and that their limits hold under a crowd.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const coupon = (code: string, more: Record<string, unknown>) =>
  world.call('POST', '/coupons', {
    as: world.operator(),
    body: { code, duration: 'forever', ...more },
  })

const read = async (code: string) =>
  (await world.call('GET', `/coupons/${code}`, { as: world.operator() })).body

const subscribe = (tenantId: string, more: Record<string, unknown> = {}) =>
  world.call('POST', '/subscriptions', {
    as: world.admin(tenantId),
    body: { plan: 'professional', trialDays: 0, paymentMethodId: 'pm_card_visa', ...more },
  })

const invoiceOf = async (tenantId: string, id: string) =>
  (await world.call('GET', `/invoices/${id}`, { as: world.admin(tenantId) })).body

/** Debits equal credits, and discounts given are what the invoices say. */
async function proveBooks(tenantId: string): Promise<void> {
  const reads = world.service.deps.store.of(tenantId)
  const groups = await reads.sum('ledgerEntries', { sum: ['amountMinor'], groupBy: ['account'] })
  const booked = new Map(groups.map(g => [g.group.account, Number(g.sums.amountMinor)]))
  expect([...booked.values()].reduce((a, b) => a + b, 0)).toBe(0)
  const { rows } = await reads.list('invoices', { limit: 100 })
  const issued = rows.filter(row => row.status === 'paid' || row.status === 'open')
  const given = issued.reduce((sum, row) => sum + row.discountMinor, 0)
  expect(booked.get('discounts') ?? 0).toBe(given)
  for (const row of rows) {
    expect(row.totalMinor).toBe(row.subtotalMinor - row.discountMinor + row.taxMinor)
  }
}

describe('the offer', () => {
  it('is the issuer’s: an admin neither makes nor reads coupons', async () => {
    const as = world.admin('nosy')
    const body = { code: 'MINE', percentOff: 100, duration: 'forever' }
    expect((await world.call('POST', '/coupons', { as, body })).body.code).toBe('operator_only')
    expect((await world.call('GET', '/coupons', { as })).body.code).toBe('operator_only')
  })

  it('a percentage and amounts by currency, with what never changes and what may', async () => {
    const made = await coupon('Spring-10', { percentOff: 12.5, name: 'Spring' })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      code: 'Spring-10',
      percentOff: 12.5,
      amountsOff: null,
      redemptions: 0,
      status: 'active',
      createdBy: 'tester',
    })
    const amounts = await coupon('yen', { amountsOff: { USD: '10.00', JPY: 1500 } })
    expect(amounts.body).toMatchObject({ percentOff: null, amountsOff: { USD: 10, JPY: 1500 } })
    const limited = await world.call('PATCH', '/coupons/SPRING-10', {
      as: world.operator(),
      body: { maxRedemptions: 5, status: 'archived' },
    })
    expect(limited.body).toMatchObject({ maxRedemptions: 5, status: 'archived', name: 'Spring' })
    const page = await world.call('GET', '/coupons?status=archived', { as: world.operator() })
    expect(page.body.data.map((c: { code: string }) => c.code)).toEqual(['Spring-10'])
  })

  it.each([
    ['both worths', { percentOff: 10, amountsOff: { USD: 1 } }, 'invalid_request'],
    ['neither', {}, 'invalid_request'],
    ['100.1 %', { percentOff: '100.1' }, 'invalid_request'],
    ['no months', { percentOff: 10, duration: 'repeating' }, 'invalid_request'],
    ['half a yen', { amountsOff: { JPY: 0.5 } }, 'invalid_amount'],
    ['an unknown currency', { amountsOff: { ABC: 1 } }, 'unknown_currency'],
  ])('refuses %s', async (_, more, code) => {
    const made = await coupon('WRONG', more)
    expect([made.status, made.body.code]).toEqual([400, code])
  })

  it('a code is used once, whatever its case, by coupons and promotion codes alike', async () => {
    await coupon('ONLYONE', { percentOff: 10 })
    expect((await coupon('onlyone', { percentOff: 20 })).body.code).toBe('already_exists')
    const as = world.operator()
    const body = { code: 'OnlyOne', coupon: 'ONLYONE' }
    expect((await world.call('POST', '/promotion-codes', { as, body })).body.code).toBe(
      'already_exists',
    )
    const missing = { code: 'X', coupon: 'NONE' }
    expect((await world.call('POST', '/promotion-codes', { as, body: missing })).body.code).toBe(
      'unknown_coupon',
    )
  })
})

describe('subscribing', () => {
  it('20 % of 99.00 leaves 79.20, says why, and is counted once', async () => {
    await coupon('TWENTY', { percentOff: 20 })
    const created = await subscribe('twenty', { coupon: 'twenty' })
    expect(created.status).toBe(201)
    expect(created.body).toMatchObject({ status: 'active' })
    expect(created.body.discounts).toMatchObject([
      { coupon: 'TWENTY', percentOff: 20, duration: 'forever', endsAt: null, uses: 1 },
    ])
    const invoice = await invoiceOf('twenty', created.body.latestInvoiceId)
    expect(invoice).toMatchObject({ subtotal: 99, discount: 19.8, total: 79.2 })
    expect(invoice.lineItems[0]).toMatchObject({ amount: 99, discount: 19.8 })
    expect(invoice.lineItems[0].explanation).toContain(
      'Coupon TWENTY: 20% of 99.00, 19.80 of it on this line.',
    )
    expect((await read('TWENTY')).redemptions).toBe(1)
    await proveBooks('twenty')
  })

  it('an amount above the price leaves 0 and needs no payment method', async () => {
    await coupon('GIFT', { amountsOff: { USD: 500 } })
    const created = await subscribe('gifted', { coupon: 'GIFT', paymentMethodId: undefined })
    expect(created.body).toMatchObject({ status: 'active' })
    const invoice = await invoiceOf('gifted', created.body.latestInvoiceId)
    expect(invoice).toMatchObject({ status: 'paid', discount: 99, total: 0 })
    await proveBooks('gifted')
  })

  it('a coupon that does not fit is refused before a card is attached', async () => {
    await coupon('PLANBOUND', { percentOff: 10, appliesTo: { plans: ['starter'] } })
    await coupon('EUROS', { amountsOff: { EUR: 5 } })
    await coupon('HIGH', { percentOff: 10, minimumAmounts: { USD: 99.01 } })
    await coupon('PAST', { percentOff: 10, redeemBy: '2020-01-01T00:00:00Z' })
    const refused = async (code: string) => {
      const { status, body } = await subscribe('fits', { coupon: code })
      return [status, body.code]
    }
    expect(await refused('PLANBOUND')).toEqual([409, 'coupon_not_applicable'])
    expect(await refused('EUROS')).toEqual([400, 'currency_mismatch'])
    expect(await refused('HIGH')).toEqual([409, 'coupon_not_applicable'])
    expect(await refused('PAST')).toEqual([409, 'coupon_expired'])
    expect(await refused('NOSUCH')).toEqual([400, 'unknown_coupon'])
    const methods = await world.call('GET', '/payment-methods', { as: world.admin('fits') })
    expect(methods.body.data).toEqual([])
  })

  it('a promotion code has limits of its own: one per tenant, for first purchases', async () => {
    await coupon('BASE', { percentOff: 50, duration: 'once' })
    const as = world.operator()
    const body = {
      code: 'HELLO',
      coupon: 'BASE',
      firstPurchaseOnly: true,
      maxRedemptionsPerTenant: 1,
    }
    await world.call('POST', '/promotion-codes', { as, body })
    const first = await subscribe('hello', { coupon: 'Hello' })
    expect(first.body.discounts).toMatchObject([{ coupon: 'BASE', promotionCode: 'HELLO' }])
    await world.call('POST', `/subscriptions/${first.body.id}/cancel`, {
      as: world.admin('hello'),
      body: { when: 'now' },
    })
    const again = await subscribe('hello', { coupon: 'HELLO' })
    expect([again.status, again.body.code]).toEqual([409, 'coupon_not_applicable'])
    const listed = await world.call('GET', '/promotion-codes?coupon=BASE', { as })
    expect(listed.body.data).toMatchObject([{ code: 'HELLO', redemptions: 1 }])
    expect((await read('BASE')).redemptions).toBe(1)
  })

  it('a card declined at first keeps the coupon; ending the subscription gives its use back', async () => {
    await coupon('LATER', { percentOff: 10, maxRedemptions: 1 })
    const declined = { coupon: 'LATER', paymentMethodId: 'pm_card_chargeCustomerFail' }
    const created = await subscribe('declined', declined)
    expect(created.body).toMatchObject({ status: 'incomplete' })
    expect((await read('LATER')).redemptions).toBe(1)
    await world.call('POST', `/invoices/${created.body.latestInvoiceId}/void`, {
      as: world.operator(),
      headers: { 'x-tenant-id': 'declined' },
    })
    expect((await read('LATER')).redemptions).toBe(1)
    const canceled = await world.call('POST', `/subscriptions/${created.body.id}/cancel`, {
      as: world.admin('declined'),
      body: { when: 'now' },
    })
    expect(canceled.body.status).toBe('canceled')
    expect((await read('LATER')).redemptions).toBe(0)
    await proveBooks('declined')
  })
})

describe('a subscription that runs', () => {
  it('takes a coupon for what comes; the same one twice is refused; it can be taken off', async () => {
    await coupon('MIDWAY', { percentOff: 10 })
    const as = world.admin('midway')
    const { body } = await subscribe('midway')
    const path = `/subscriptions/${body.id}`
    const attached = await world.call('PATCH', path, { as, body: { coupon: 'MIDWAY' } })
    expect(attached.status).toBe(200)
    expect(attached.body.discounts).toMatchObject([{ coupon: 'MIDWAY', uses: 0 }])
    const twice = await world.call('PATCH', path, { as, body: { coupon: 'MIDWAY' } })
    expect(twice.body).toMatchObject({ code: 'coupon_not_applicable' })
    expect((await read('MIDWAY')).redemptions).toBe(1)
    const [{ id }] = attached.body.discounts
    const removed = await world.call('DELETE', `${path}/discounts/${id}`, { as })
    expect(removed.status).toBe(204)
    expect((await world.call('GET', path, { as })).body.discounts).toEqual([])
    expect((await read('MIDWAY')).redemptions).toBe(0)
    const gone = await world.call('DELETE', `${path}/discounts/${id}`, { as })
    expect(gone.status).toBe(404)
  })

  it('an upgrade that is declined does not keep the coupon that came with it', async () => {
    await coupon('UPGRADE', { percentOff: 10 })
    const as = world.admin('upgrading')
    const { body } = await subscribe('upgrading')
    const changed = await world.call('PATCH', `/subscriptions/${body.id}`, {
      as,
      body: {
        plan: 'enterprise',
        coupon: 'UPGRADE',
        paymentMethodId: 'pm_card_chargeCustomerFail',
      },
    })
    expect([changed.status, changed.body.code]).toEqual([402, 'payment_declined'])
    const kept = await world.call('GET', `/subscriptions/${body.id}`, { as })
    expect(kept.body).toMatchObject({ plan: 'professional', discounts: [] })
    expect((await read('UPGRADE')).redemptions).toBe(0)
    await proveBooks('upgrading')
  })
})

describe('under a crowd', () => {
  it('50 tenants at once redeem a coupon of 10: 10 get it, 40 are told, 10 are counted', async () => {
    await coupon('TEN', { percentOff: 100, maxRedemptions: 10 })
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        subscribe(`crowd-${n}`, { coupon: 'TEN', paymentMethodId: undefined }),
      ),
    )
    const created = answers.filter(answer => answer.status === 201)
    const refused = answers.filter(answer => answer.body.code === 'coupon_expired')
    expect([created.length, refused.length]).toEqual([10, 40])
    expect((await read('TEN')).redemptions).toBe(10)
    const left = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        world.service.deps.store.of(`crowd-${n}`).count('discounts', {}),
      ),
    )
    expect(left.reduce((a, b) => a + b, 0)).toBe(10)
  }, 120_000)
})
