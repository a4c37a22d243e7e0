// Subscriptions that Stripe Billing runs: ordered through our API or found there, copied as they are, never
// billed by us, their money recorded once whichever event comes first.
import { createHmac } from 'node:crypto'
import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { compareNightly } from '../../src/actions/reconciliation/drift-inbox.ts'
import { renewSubscription } from '../../src/actions/subscriptions/renew-subscription.ts'
import { jobs } from '../../src/jobs/registry.ts'
import { mapPlans } from '../../src/test/mapped-plans.ts'
import { openWorld, type World } from '../../src/test/world.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests read answers as callers in JavaScript do
type Body = any

let world: World
let stripe: Stripe
let prices: Readonly<Record<string, string>>

beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
  ;({ stripe, prices } = await mapPlans(world))
})
afterAll(() => world.close())

const ask = async (
  tenantId: string,
  method: string,
  path: string,
  body?: unknown,
  status?: number,
): Promise<Body> => {
  const as = world.admin(tenantId)
  const answer = await world.call(method, path, { as, ...(body === undefined ? {} : { body }) })
  const seen = `${method} ${path} ${answer.status} ${JSON.stringify(answer.body)}`
  if (status === undefined) expect(answer.status, seen).toBeLessThan(300)
  else expect(answer.status, seen).toBe(status)
  return answer.body
}

const subscribe = (tenantId: string, more: object = {}): Promise<Body> =>
  ask(tenantId, 'POST', '/subscriptions', {
    plan: 'basic',
    billedBy: 'stripe',
    paymentMethodId: 'pm_card_visa',
    trialDays: 0,
    ...more,
  })

const run = async (name: string) => {
  const job = jobs.find(each => each.name === name)!
  for (let rounds = 0; rounds < 50; rounds += 1) {
    if ((await job.run(world.service.deps)).taken === 0) return
  }
}

const delivered = new Set<string>()

/** Delivers what has happened at Stripe since the last time, in an order of the test's choice. */
async function deliver(order: (events: Body[]) => Body[] = events => events): Promise<void> {
  const all = world.sandbox.state.list('event').toReversed()
  const events = all.filter(({ id }) => !delivered.has(id))
  for (const { id } of events) delivered.add(id)
  for (const event of order(events)) {
    const raw = JSON.stringify(event)
    const t = Math.floor(Date.now() / 1000)
    const v1 = createHmac('sha256', 'whsec_world').update(`${t}.${raw}`).digest('hex')
    const headers = { 'stripe-signature': `t=${t},v1=${v1}` }
    expect((await world.call('POST', '/webhooks/stripe', { raw, headers })).status).toBe(200)
  }
  await run('apply-events')
}

const rowsOf = async (tenantId: string, noun: 'invoices' | 'transactions' | 'subscriptions') =>
  (await ask(tenantId, 'GET', `/${noun}`)).data as Body[]

/** What the ledger says of an account of a tenant, in minor units. */
async function onAccount(tenantId: string, account: string): Promise<number> {
  const groups = await world.service.deps.store.of(tenantId).sum('ledgerEntries', {
    where: { account: account as 'bank' },
    sum: ['amountMinor'],
  })
  return Number(groups[0]?.sums.amountMinor ?? 0)
}

const monthMs = 32 * 86_400_000

describe('a subscription ordered through our API', () => {
  it('needs a Stripe price for its plan, and says which is missing', async () => {
    const body = { plan: 'basic', billingCycle: 'yearly', billedBy: 'stripe', trialDays: 0 }
    const refused = await ask('unmapped', 'POST', '/subscriptions', body, 409)
    expect(refused.code).toBe('price_not_mapped')
    expect(refused.detail).toContain('yearly')
    expect(await rowsOf('unmapped', 'subscriptions')).toEqual([])
  })

  it('is paid at Stripe: its number is shown, none of ours used, 20.00 recorded once', async () => {
    const made = await subscribe('ordered')
    expect(made).toMatchObject({ billedBy: 'stripe', status: 'active', plan: 'basic' })
    expect(made.payment.status).toBe('succeeded')
    await deliver()
    await deliver(events => [...events, ...events])
    const [invoice, ...more] = await rowsOf('ordered', 'invoices')
    expect(more).toEqual([])
    const atStripe = await stripe.invoices.retrieve(invoice.stripeInvoiceId)
    expect(invoice).toMatchObject({
      billedBy: 'stripe',
      invoiceNumber: atStripe.number,
      status: 'paid',
      total: 20,
      amountPaid: 20,
    })
    const [payment, ...others] = await rowsOf('ordered', 'transactions')
    expect(others).toEqual([])
    expect(payment).toMatchObject({ type: 'payment', status: 'succeeded', amount: 20, fee: 0.88 })
    const tenant = await world.service.deps.store.of('ordered').get('tenants', 'ordered')
    expect(tenant.numberPrefix).toBeNull()
    expect(await onAccount('ordered', 'processor_clearing')).toBe(19_12)
    expect(await onAccount('ordered', 'receivable')).toBe(0)
  })

  it('a decline of the first payment leaves it incomplete, as Stripe has it', async () => {
    const made = await subscribe('declined', { paymentMethodId: 'pm_card_chargeCustomerFail' })
    expect(made.status).toBe('incomplete')
    expect(made.payment).toMatchObject({ status: 'failed', declineCode: 'generic_decline' })
    await deliver()
    const [invoice] = await rowsOf('declined', 'invoices')
    expect(invoice).toMatchObject({ status: 'open', amountDue: 20, nextPaymentAttempt: null })
  })

  it('an order that Stripe carried out and nobody heard of is found by its webhook', async () => {
    world.sandbox.state.faults.add({
      kind: 'server_error',
      remaining: 3,
      probability: 1,
      method: 'POST',
      match: '/v1/subscriptions',
      delayMs: 0,
      status: 429,
      performs: true,
    })
    const made = await subscribe('unheard')
    expect(made.billedBy).toBe('stripe')
    world.sandbox.state.faults.clear()
    await deliver(events => events.toReversed())
    const rows = await rowsOf('unheard', 'subscriptions')
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ id: made.id, status: 'active' })
    expect(await rowsOf('unheard', 'transactions')).toHaveLength(1)
  })

  it('an order that never reached Stripe is closed when it is asked about after 3 minutes', async () => {
    const made = await subscribe('lost-order')
    const { store } = world.service.deps
    const now = Date.now()
    await store.transaction('lost-order', async tx => {
      const { version, ...row } = await tx.lock('subscriptions', made.id)
      const waits = { status: 'incomplete', processorId: null, checkAt: now } as const
      await tx.replace('subscriptions', { ...row, ...waits, createdAt: now - 240_000, version })
    })
    await stripe.subscriptions.update(made.stripeSubscriptionId, {
      metadata: { subscription_id: '' },
    })
    const { clock } = world.service.deps
    await run('check-orders')
    const steady = clock.steady()
    vi.spyOn(clock, 'steady').mockReturnValue(steady + 181_000)
    await store.transaction('lost-order', async tx => {
      const order = await tx.lock('subscriptions', made.id)
      expect(order.status).toBe('incomplete')
      await tx.replace('subscriptions', { ...order, checkAt: now })
    })
    await run('check-orders')
    vi.restoreAllMocks()
    const [row] = await rowsOf('lost-order', 'subscriptions')
    expect(row.status).toBe('incomplete_expired')
  })
})

describe('a subscription found in Stripe', () => {
  it('becomes ours by the tenant its customer’s metadata names, whatever event comes first', async () => {
    const customer = await stripe.customers.create({ name: 'Harbour Ltd' })
    await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id }).then(method =>
      stripe.customers.update(customer.id, {
        invoice_settings: { default_payment_method: method.id },
      }),
    )
    await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: prices.plus!, quantity: 2 }],
      metadata: { tenant_id: 'found' },
    })
    await deliver(events => events.toReversed())
    const [subscription] = await rowsOf('found', 'subscriptions')
    expect(subscription).toMatchObject({ plan: 'plus', quantity: 2, status: 'active' })
    expect(await rowsOf('found', 'invoices')).toMatchObject([{ status: 'paid', total: 100 }])
    expect(await rowsOf('found', 'transactions')).toMatchObject([
      { status: 'succeeded', amount: 100 },
    ])
  })

  it('is left with its reason while no plan names its price, and taken when one does', async () => {
    const price = await stripe.prices.create({
      currency: 'usd',
      unit_amount: 700,
      recurring: { interval: 'month' },
      product_data: { name: 'late' },
    })
    const customer = await stripe.customers.create({})
    await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      trial_period_days: 7,
      metadata: { tenant_id: 'late-map' },
    })
    await deliver()
    expect(await rowsOf('late-map', 'subscriptions')).toEqual([])
    const { rows } = await world.service.deps.store.system.list('inbox', {
      where: { state: 'failed' },
      order: { field: 'receivedAt', direction: 'desc' },
      limit: 10,
    })
    expect(rows[0]!.reason).toContain(price.id)
    const plan = {
      code: 'late',
      name: 'Late',
      family: 'mirrored',
      prices: [{ currency: 'USD', billingCycle: 'monthly', amount: 7, stripePriceId: price.id }],
    }
    await world.call('POST', '/plans', { as: world.operator(), body: { plans: [plan] } })
    const replay = { as: world.operator(), body: {} }
    for (const { id } of rows) {
      await world.call('POST', `/webhook-events/${encodeURIComponent(id)}/replay`, replay)
    }
    await run('apply-events')
    const [subscription] = await rowsOf('late-map', 'subscriptions')
    expect(subscription).toMatchObject({ plan: 'late', status: 'trialing' })
  })
})

describe('the life of a mirrored subscription', () => {
  it('Stripe renews it, our scheduler never does', async () => {
    const made = await subscribe('renewing')
    world.sandbox.state.advance(monthMs)
    await deliver()
    const { store } = world.service.deps
    const row = await store.of('renewing').get('subscriptions', made.id)
    expect(row).toMatchObject({ billedBy: 'stripe', nextBillingAt: null })
    expect(await renewSubscription(world.service.deps, 'renewing', made.id)).toEqual([])
    for (const name of ['renew-due', 'finalize-drafts', 'collect-due', 'end-dunning']) {
      await run(name)
    }
    const invoices = await rowsOf('renewing', 'invoices')
    expect(invoices.map(({ status, total }) => [status, total])).toEqual([
      ['paid', 20],
      ['paid', 20],
    ])
    expect(invoices.every(({ billedBy }) => billedBy === 'stripe')).toBe(true)
    await expect(
      store.transaction('renewing', async tx => {
        const current = await tx.lock('subscriptions', made.id)
        await tx.replace('subscriptions', { ...current, nextBillingAt: Date.now() })
      }),
    ).rejects.toThrow(/never_billed_twice|failed validation/)
  })

  it('a failed renewal is past due as Stripe says, without a try or a dunning of ours', async () => {
    const made = await subscribe('overdue')
    const method = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
      customer: (await stripe.subscriptions.retrieve(made.stripeSubscriptionId)).customer as string,
    })
    await stripe.subscriptions.update(made.stripeSubscriptionId, {
      default_payment_method: method.id,
    })
    world.sandbox.state.advance(monthMs)
    await deliver(events => events.toReversed())
    expect((await ask('overdue', 'GET', `/subscriptions/${made.id}`)).status).toBe('past_due')
    await run('collect-due')
    const [newest] = await rowsOf('overdue', 'invoices')
    expect(newest).toMatchObject({ status: 'open', amountDue: 20, nextPaymentAttempt: null })
    const declined = await ask('overdue', 'POST', `/invoices/${newest.id}/pay`, {}, 402)
    expect(declined.code).toBe('payment_declined')
    const paid = await ask('overdue', 'POST', `/invoices/${newest.id}/pay`, {
      paymentMethodId: 'pm_card_visa',
    })
    expect(paid).toMatchObject({ status: 'paid', amountPaid: 20 })
    await deliver()
    expect((await ask('overdue', 'GET', `/subscriptions/${made.id}`)).status).toBe('active')
    const settled = (await rowsOf('overdue', 'transactions')).filter(
      ({ status }) => status === 'succeeded',
    )
    expect(settled).toHaveLength(2)
  })

  it('changes go to Stripe and answer what it answered', async () => {
    const { id, stripeSubscriptionId } = await subscribe('changing')
    const upgraded = await ask('changing', 'PATCH', `/subscriptions/${id}`, { plan: 'plus' })
    expect(upgraded).toMatchObject({ plan: 'plus', payment: { status: 'succeeded' } })
    const canceled = await ask('changing', 'POST', `/subscriptions/${id}/cancel`, { reason: 'x' })
    expect(canceled).toMatchObject({ cancelAtPeriodEnd: true, status: 'active' })
    const back = await ask('changing', 'POST', `/subscriptions/${id}/reactivate`)
    expect(back.cancelAtPeriodEnd).toBe(false)
    await ask('changing', 'POST', `/subscriptions/${id}/pause`, {})
    expect((await stripe.subscriptions.retrieve(stripeSubscriptionId)).pause_collection).toEqual({
      behavior: 'void',
      resumes_at: null,
    })
    await ask('changing', 'POST', `/subscriptions/${id}/resume`, {})
    const ended = await ask('changing', 'POST', `/subscriptions/${id}/cancel`, { when: 'now' })
    expect(ended.status).toBe('canceled')
    expect(ended.endedAt).not.toBeNull()
    await ask('changing', 'POST', `/subscriptions/${id}/reactivate`, undefined, 409)
    await deliver()
    expect((await ask('changing', 'GET', `/subscriptions/${id}`)).status).toBe('canceled')
  })

  it('a change made at Stripe is seen here', async () => {
    const { id, stripeSubscriptionId } = await subscribe('elsewhere')
    await stripe.subscriptions.cancel(stripeSubscriptionId)
    await deliver()
    expect((await ask('elsewhere', 'GET', `/subscriptions/${id}`)).status).toBe('canceled')
  })

  it('says plainly what it has not: quotes, coupons of ours, later changes, test clocks', async () => {
    const { id } = await subscribe('limits')
    const refusedBy = async (body: object) =>
      (await ask('limits', 'PATCH', `/subscriptions/${id}`, body, 409)).code
    expect(await refusedBy({ quoteId: 'quo_1' })).toBe('not_for_mirrored')
    expect(await refusedBy({ coupon: 'spring' })).toBe('not_for_mirrored')
    expect(await refusedBy({ plan: 'plus', when: 'period_end' })).toBe('not_for_mirrored')
    const [invoice] = await rowsOf('limits', 'invoices')
    const headers = { 'x-tenant-id': 'limits' }
    const as = world.operator()
    const voided = await world.call('POST', `/invoices/${invoice.id}/uncollectible`, {
      as,
      headers,
    })
    expect([voided.status, voided.body.code]).toEqual([409, 'not_for_mirrored'])
    expect(voided.body.detail).toContain('Stripe')
  })
})

describe('money of a mirrored subscription', () => {
  it('5.00 of it are refunded through our API, and ledger and sandbox agree', async () => {
    await subscribe('refunded')
    const [payment] = await rowsOf('refunded', 'transactions')
    const answer = await world.call('POST', `/transactions/${payment.id}/refund`, {
      as: world.operator(),
      headers: { 'x-tenant-id': 'refunded' },
      body: { amount: 5 },
    })
    expect([answer.status, answer.body.status]).toEqual([201, 'succeeded'])
    await deliver()
    expect(await onAccount('refunded', 'processor_clearing')).toBe(20_00 - 88 - 5_00)
    expect(await onAccount('refunded', 'receivable')).toBe(0)
  })

  it('an invoice paid outside of Stripe is paid here, to the bank', async () => {
    const made = await subscribe('by-cheque', { paymentMethodId: 'pm_card_chargeCustomerFail' })
    const invoice = await stripe.subscriptions.retrieve(made.stripeSubscriptionId)
    await stripe.invoices.pay(invoice.latest_invoice as string, { paid_out_of_band: true })
    await deliver(events => events.toReversed())
    expect((await rowsOf('by-cheque', 'invoices'))[0]).toMatchObject({ status: 'paid' })
    expect(await onAccount('by-cheque', 'bank')).toBe(20_00)
    expect(await onAccount('by-cheque', 'receivable')).toBe(0)
  })

  it('what a downgrade gives back comes off the next invoice, and the receivable is 0 again', async () => {
    const { id } = await subscribe('downgraded', { plan: 'plus' })
    await ask('downgraded', 'PATCH', `/subscriptions/${id}`, { plan: 'basic' })
    world.sandbox.state.advance(monthMs)
    await deliver()
    const invoices = await rowsOf('downgraded', 'invoices')
    expect(invoices).toHaveLength(2)
    expect(invoices.every(({ status }) => status === 'paid')).toBe(true)
    expect(await onAccount('downgraded', 'receivable')).toBe(0)
  })
})

describe('a copy that missed its events', () => {
  const operate = (method: string, path: string, body?: unknown) =>
    world.call(method, path, { as: world.operator(), ...(body === undefined ? {} : { body }) })

  it('stands in the drift inbox by field, with a period’s price at stake, until theirs is taken', async () => {
    const { id, stripeSubscriptionId } = await subscribe('missed')
    await deliver()
    const [item] = (await stripe.subscriptions.retrieve(stripeSubscriptionId)).items.data
    const items = [{ id: item!.id, quantity: 3 }]
    await stripe.subscriptions.update(stripeSubscriptionId, { items, proration_behavior: 'none' })
    await compareNightly(world.service.deps)
    const open = '/reconciliation/drift?status=open&objectType=subscription&tenantId=missed'
    const { data } = (await operate('GET', open)).body
    expect(data).toMatchObject([
      { field: 'quantity', ours: '1', theirs: '3', moneyAtStake: 60, objectId: id },
    ])
    const path = `/reconciliation/drift/${data[0].id}/resolve`
    expect((await operate('POST', path, { action: 'push_ours' })).body.code).toBe('drift_remains')
    expect((await operate('POST', path, { action: 'take_theirs' })).status).toBe(200)
    expect((await ask('missed', 'GET', `/subscriptions/${id}`)).quantity).toBe(3)
    await compareNightly(world.service.deps)
    expect((await operate('GET', open)).body.data).toEqual([])
  })
})
