// The catalogue through the API: versions, seats, setup fees, add-ons, and who may push.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const push = (plans: readonly object[], more: object = {}, as = world.operator()) =>
  world.call('POST', '/plans', { as, body: { plans, ...more } })

const subscribe = (as: string, body: Record<string, unknown>) =>
  world.call('POST', '/subscriptions', {
    as,
    body: { trialDays: 0, paymentMethodId: 'pm_card_visa', ...body },
  })

const team = (amount: number, more: object = {}) => ({
  code: 'team',
  name: 'Team',
  family: 'teams',
  prices: [{ currency: 'USD', billingCycle: 'monthly', amount, setupFee: 50 }],
  included: { calls: 100 },
  metrics: {
    calls: {
      charges: [
        {
          currency: 'USD',
          price: {
            model: 'graduated',
            tiers: [
              { upTo: 100, unitAmount: 1 },
              { upTo: null, unitAmount: 0.5, flatAmount: 10 },
            ],
          },
        },
      ],
    },
  },
  seats: { minimum: 2, maximum: 50 },
  limits: { projects: 3 },
  ...more,
})

describe('pushing plans', () => {
  it('is the operator’s: 403 operator_only for an admin', async () => {
    const { status, body } = await push([team(10)], {}, world.admin('pusher'))
    expect([status, body.code]).toEqual([403, 'operator_only'])
  })

  it('a dry run names the change and leaves the catalogue as it was', async () => {
    const { body } = await push([team(10)], { dryRun: true })
    expect(body.applied).toBe(false)
    expect(body.changes[0]).toMatchObject({ code: 'team', change: 'added', version: 1 })
    const { status } = await world.call('GET', '/plans/team', { as: world.member('any') })
    expect(status).toBe(404)
  })

  it('a bad price is 400 with the path of its field, and nothing is pushed', async () => {
    const { status, body } = await push([team(10), team(1.001, { code: 'other' })])
    expect(status).toBe(400)
    expect(body.errors[0].path).toBe('/plans/1/prices/0/amount')
    expect((await world.call('GET', '/plans/team', { as: world.member('any') })).status).toBe(404)
  })

  it('a changed plan is version 2; the subscription keeps version 1 until it is moved', async () => {
    await push([team(10)])
    const as = world.admin('versions')
    const { body: first } = await subscribe(as, { plan: 'team', quantity: 2 })
    expect(first.payment.status).toBe('succeeded')
    const { body: invoices } = await world.call('GET', '/invoices', { as })
    expect(invoices.data[0].lineItems.map((l: { amount: number }) => l.amount)).toEqual([20, 50])
    expect(invoices.data[0].lineItems[1].description).toBe('Setup: Team')

    const again = await push([team(12)])
    expect(again.body.changes[0]).toMatchObject({
      change: 'changed',
      version: 2,
      fields: [{ path: 'prices/USD/monthly', from: '10.00', to: '12.00' }],
    })
    expect((await push([team(12)])).body.changes[0]).toMatchObject({ change: 'unchanged' })
    const path = `/subscriptions/${first.id}`
    const more = await world.call('PATCH', path, { as, body: { quantity: 3 } })
    expect(more.status).toBe(200)
    const { body: after } = await world.call('GET', '/invoices', { as })
    const charge = after.data[0].lineItems.find(
      (l: { kind: string }) => l.kind === 'proration_charge',
    )
    expect(charge.unitAmount).toBe('10.00')

    const gone = await world.call('PATCH', path, { as, body: { plan: 'team@1' } })
    expect(gone.status).toBe(200)
    const moved = await world.call('PATCH', path, { as, body: { plan: 'team@2' } })
    expect(moved.status).toBe(200)
    const { body: last } = await world.call('GET', '/invoices', { as })
    expect(last.data[0].lineItems.at(-1).unitAmount).toBe('12.00')
  })

  it('5 pushes of the same new plan at once make 1 version', async () => {
    const plan = team(33, { code: 'raced', family: 'raced' })
    const answers = await Promise.all(Array.from({ length: 5 }, () => push([plan])))
    for (const { status } of answers) expect([200, 409]).toContain(status)
    const { body } = await world.call('GET', '/plans/raced', { as: world.member('any') })
    expect(body).toMatchObject({ version: 1, limits: { projects: 3 } })
  })
})

describe('what a plan says about its sale', () => {
  it('fewer seats than it is sold in are 400', async () => {
    await push([team(10)])
    const { status, body } = await subscribe(world.admin('seats'), { plan: 'team', quantity: 1 })
    expect([status, body.errors?.[0]?.path]).toEqual([400, '/quantity'])
  })

  it('an add-on needs a live subscription to its plan, and then stands beside it', async () => {
    const addOn = {
      code: 'support',
      name: 'Support',
      family: 'support',
      prices: [{ currency: 'USD', billingCycle: 'monthly', amount: 15 }],
      features: ['phone_support'],
      addOnTo: ['starter', 'professional'],
    }
    await push([addOn])
    const as = world.admin('add-on')
    const alone = await subscribe(as, { plan: 'support' })
    expect([alone.status, alone.body.code]).toEqual([409, 'plan_required'])
    await subscribe(as, { plan: 'starter' })
    const beside = await subscribe(as, { plan: 'support' })
    expect([beside.status, beside.body.status]).toEqual([201, 'active'])
  })

  it('usage is priced by its tiers: 150 above 100 included cost 135', async () => {
    await push([team(10)])
    const as = world.admin('tiers')
    const { body } = await subscribe(as, { plan: 'team', quantity: 2 })
    const path = `/subscriptions/${body.id}/usage`
    await world.call('POST', path, { as, body: { metric: 'calls', quantity: 250 } })
    const usage = await world.call('GET', path, { as })
    expect(usage.body.metrics.calls).toMatchObject({
      included: 100,
      overage: 150,
      unitAmount: null,
      amount: 135,
    })
    expect(usage.body.amount).toBe(135)
  })
})

describe('the offer', () => {
  it('written back as it is listed changes nothing, defaults of trials included', async () => {
    await push([
      { ...team(10), code: 'own-trial', family: 'others', trialDays: 7 },
      { ...team(20), code: 'default-trial', family: 'others' },
    ])
    const { body } = await world.call('GET', '/plans', { as: world.operator() })
    const written = body.data.map((plan: Record<string, unknown>) => {
      const { version: _, ownTrialDays: trialDays, ...rest } = plan
      return { ...rest, trialDays }
    })
    const again = await push(written, { dryRun: true })
    expect(again.status).toBe(200)
    const changed = again.body.changes.filter(
      ({ change }: { change: string }) => change !== 'unchanged',
    )
    expect(changed).toEqual([])
  })
})
