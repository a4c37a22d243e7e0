// What the operator sees and starts of our own work, and what dunning would have done under other rules.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStory } from '../../src/test/story.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
})
afterAll(() => world.close())

const dayMs = 86_400_000
const operator = (method: string, path: string, body?: unknown) =>
  world.call(method, path, { as: world.operator(), body })

describe('the jobs over HTTP', () => {
  it('lists every job of the timetable with what it last did; admins see none of it', async () => {
    const { body } = await operator('GET', '/jobs')
    const timed = Object.fromEntries(
      body.data.map((job: { name: string; at: string | null }) => [job.name, job.at]),
    )
    expect(timed).toMatchObject({
      'renew-due': null,
      'finalize-drafts': null,
      'collect-due': null,
      'end-dunning': null,
      'retry-failed': '0 * * * *',
      'remind-renewals': '0 8 * * *',
      'remind-expiring-methods': '0 9 * * *',
      'remind-overdue': '0 */6 * * *',
      reconcile: null,
      seal: null,
    })
    expect((await world.call('GET', '/jobs', { as: world.admin('any') })).status).toBe(403)
    const run = await world.call('POST', '/jobs/seal/run', { as: world.admin('any') })
    expect(run.status).toBe(403)
    expect((await operator('POST', '/jobs/nothing/run')).status).toBe(404)
  })

  it('1 subscription due since yesterday counts as not billed; after one run it is 0, with its counts kept', async () => {
    const as = world.admin('due')
    const created = await world.call('POST', '/subscriptions', {
      as,
      body: { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa' },
    })
    const { store } = world.service.deps
    await store.transaction('due', async tx => {
      const row = await tx.lock('subscriptions', created.body.id)
      const back = (at: number) => at - 32 * dayMs
      await tx.replace('subscriptions', {
        ...row,
        anchorAt: back(row.anchorAt),
        currentPeriodStart: back(row.currentPeriodStart),
        currentPeriodEnd: back(row.currentPeriodEnd),
        nextBillingAt: back(row.currentPeriodEnd),
      })
    })
    expect((await operator('GET', '/jobs')).body.dueNotBilled).toBe(1)
    const ran = await operator('POST', '/jobs/renew-due/run')
    expect(ran.body).toMatchObject({ job: 'renew-due', state: 'done', counts: { taken: 1 } })
    const again = await operator('POST', '/jobs/renew-due/run')
    expect(again.body.counts).toMatchObject({ taken: 0 })
    const { body } = await operator('GET', '/jobs')
    expect(body.dueNotBilled).toBe(0)
    const job = body.data.find((each: { name: string }) => each.name === 'renew-due')
    expect(job.lastRun).toMatchObject({ state: 'done', error: null, counts: { taken: 0 } })
    const runs = await operator('GET', '/jobs/runs?job=renew-due')
    const counts = runs.body.data.map((each: { counts: unknown }) => each.counts)
    expect(counts).toMatchObject([{ taken: 0 }, { taken: 1 }])
  })
})

describe('dunning under other rules', () => {
  it('a failure of 15 February that the payer mended a week later is lost under 1 retry and 2 days of grace', async () => {
    const story = await openStory(world, 'what-if', '2024-02-01T09:00:00Z')
    await story.ask('POST', '/subscriptions', {
      plan: 'starter',
      paymentMethodId: 'pm_card_chargeCustomerFail',
    })
    await story.until('2024-02-22T00:00:00Z')
    await story.ask('POST', '/payment-methods', {
      paymentMethodId: 'pm_card_visa',
      setDefault: true,
    })
    await story.until('2024-02-23T00:00:00Z')
    const ask = (settings: Record<string, unknown>) =>
      operator('POST', '/reports/dunning-simulation', {
        tenantId: 'what-if',
        from: '2024-02-01T00:00:00Z',
        to: '2024-04-01T00:00:00Z',
        settings,
      })
    const same = await ask({ dunningAttempts: 3, dunningIntervalDays: 3 })
    expect(same.status, JSON.stringify(same.body)).toBe(200)
    expect(same.body).toMatchObject({
      invoices: 1,
      complete: true,
      actual: { recovered: 1, amounts: [{ currency: 'USD', recovered: 29 }] },
      simulated: { recovered: 1, amounts: [{ currency: 'USD', recovered: 29 }], retries: 2 },
    })
    expect(same.body.simulated.daysToRecover).toBe(same.body.actual.daysToRecover)
    const short = await ask({ dunningAttempts: 1, gracePeriodDays: 2 })
    expect(short.body.simulated).toMatchObject({ recovered: 0, retries: 1, daysToRecover: null })
    expect(short.body.actual).toEqual(same.body.actual)
    expect(short.body.assumptions).toHaveLength(4)
  })

  it('asks live tenants alone where none is named, and refuses an empty or endless span', async () => {
    const all = await operator('POST', '/reports/dunning-simulation', {
      settings: { dunningAttempts: 4 },
    })
    expect(all.body).toMatchObject({ invoices: 0, actual: { recovered: 0, daysToRecover: null } })
    for (const from of ['2024-04-01T00:00:00Z', '2022-01-01T00:00:00Z']) {
      const answer = await operator('POST', '/reports/dunning-simulation', {
        from,
        to: '2024-03-01T00:00:00Z',
        settings: { dunningAttempts: 4 },
      })
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request'])
    }
    const as = world.admin('what-if')
    const body = { settings: { dunningAttempts: 4 } }
    expect((await world.call('POST', '/reports/dunning-simulation', { as, body })).status).toBe(403)
  })
})
