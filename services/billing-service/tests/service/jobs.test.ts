// Our own work on the real database: several runners at once, missed time made up for, each slot run once,
// each thing told once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countDueNotBilled } from '../../src/actions/operations/due-not-billed.ts'
import { renewSubscription } from '../../src/actions/subscriptions/renew-subscription.ts'
import { anchorOf, type Subscription } from '../../src/core/subscription.ts'
import { anchorAt, periodAt, periodContaining } from '../../src/core/time.ts'
import { type Job, jobs } from '../../src/jobs/registry.ts'
import { startJobs } from '../../src/jobs/runner.ts'
import { runNow, runSlot, slotOf } from '../../src/jobs/schedule.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
})
afterAll(() => world.close())

const dayMs = 86_400_000
const jobNamed = (name: string): Job => jobs.find(job => job.name === name)!
const deps = () => world.service.deps

/** Runs all that bills, round after round, until nothing is due. */
async function billAll(): Promise<void> {
  for (const name of ['renew-due', 'finalize-drafts', 'collect-due', 'end-dunning']) {
    await runNow(deps(), jobNamed(name))
  }
}

async function subscribed(tenantId: string): Promise<string> {
  const { body } = await world.call('POST', '/subscriptions', {
    as: world.admin(tenantId),
    body: { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa' },
  })
  return body.id
}

/** Moves an agreement into the past, as if the service had been down ever since. */
async function backDate(tenantId: string, id: string, days: number): Promise<Subscription> {
  return deps().store.transaction(tenantId, async tx => {
    const row = await tx.lock('subscriptions', id)
    const anchor = anchorAt(row.anchorAt - days * dayMs, row.anchorZone)
    const anchored = { ...row, anchorAt: anchor.at, anchorDay: anchor.day }
    const period = periodAt(anchorOf(anchored), 'monthly', 0)
    return tx.replace('subscriptions', {
      ...anchored,
      createdAt: anchor.at,
      currentPeriodStart: period.start,
      currentPeriodEnd: period.end,
      nextBillingAt: period.end,
    })
  })
}

async function invoicesOf(tenantId: string) {
  const { rows } = await deps()
    .store.of(tenantId)
    .list('invoices', {
      order: { field: 'createdAt', direction: 'asc' },
      limit: 100,
    })
  return rows.filter(row => row.billingReason === 'subscription_cycle')
}

describe('renewals', () => {
  it('after 130 days of silence every missed period is billed, in order, each with its own dates', async () => {
    const id = await subscribed('silent')
    const before = await backDate('silent', id, 130)
    expect(await countDueNotBilled(deps())).toBe(1)
    const { index } = periodContaining(anchorOf(before), 'monthly', Date.now())
    await billAll()
    const billed = await invoicesOf('silent')
    const periods = Array.from({ length: index }, (_, at) =>
      periodAt(anchorOf(before), 'monthly', at + 1),
    )
    expect(index).toBeGreaterThanOrEqual(4)
    expect(billed.map(row => ({ start: row.periodStart, end: row.periodEnd }))).toEqual(periods)
    // The newest one may still be in its draft hour; those before it are paid.
    expect(billed.slice(0, -1).every(row => row.status === 'paid')).toBe(true)
    expect(await countDueNotBilled(deps())).toBe(0)
  })

  it('of an ended period 0 are due while a change waits for its bank debit, and 1 once that is over', async () => {
    const id = await subscribed('debit-on-its-way')
    const ended = await backDate('debit-on-its-way', id, 40)
    const { planId, planCode, latestInvoiceId } = ended
    const change = { planId, planCode, billingCycle: 'yearly', quantity: 1 } as const
    const waiting = {
      ...change,
      effectiveAt: null,
      invoiceId: latestInvoiceId,
      restartsPeriodAt: ended.currentPeriodEnd - 60_000,
      expiresAt: Date.now() + dayMs,
    }
    const set = (pendingChange: Subscription['pendingChange']) =>
      deps().store.transaction('debit-on-its-way', async tx => {
        const row = await tx.lock('subscriptions', id)
        await tx.replace('subscriptions', { ...row, pendingChange })
      })
    await set(waiting)
    expect(await countDueNotBilled(deps())).toBe(0)
    await set(null)
    expect(await countDueNotBilled(deps())).toBe(1)
    await billAll()
    expect(await countDueNotBilled(deps())).toBe(0)
  })

  it('20 subscriptions under 3 runners at once are each billed once per period', async () => {
    const tenants = Array.from({ length: 20 }, (_, at) => `crowd-${at}`)
    const ids: string[] = []
    for (const tenantId of tenants) {
      const id = await subscribed(tenantId)
      await backDate(tenantId, id, 40)
      ids.push(id)
    }
    const work = jobs.filter(job => job.at === undefined)
    const runners = Array.from({ length: 3 }, () => startJobs(deps(), work))
    await Promise.all(tenants.map((tenantId, at) => renewSubscription(deps(), tenantId, ids[at]!)))
    const deadline = Date.now() + 90_000
    const charged = async () => {
      const counts = await Promise.all(
        tenants.map(tenantId =>
          deps()
            .store.of(tenantId)
            .count('transactions', { where: { type: 'payment', status: 'succeeded' } }),
        ),
      )
      return counts.reduce((a, b) => a + b, 0)
    }
    while ((await charged()) < 40 && Date.now() < deadline)
      await runNow(deps(), jobNamed('reconcile'))
    await Promise.all(runners.map(runner => runner.stop()))
    for (const tenantId of tenants) {
      const billed = await invoicesOf(tenantId)
      expect(billed.map(row => row.status)).toEqual(['paid'])
      expect(await deps().store.of(tenantId).count('transactions', {})).toBe(2)
    }
    const runs = await deps().store.system.list('jobRuns', {
      where: { job: 'renew-due' },
      order: { field: 'startedAt', direction: 'desc' },
      limit: 100,
    })
    expect(runs.rows.length).toBeGreaterThan(0)
  })

  it('a test tenant is never due for the live jobs', async () => {
    const operator = { as: world.operator(), headers: { 'x-tenant-id': 'tested' } }
    await world.call('POST', '/test-clock', { ...operator, body: { to: '2020-01-31T00:00:00Z' } })
    await subscribed('tested')
    await billAll()
    expect(await invoicesOf('tested')).toEqual([])
    expect(await countDueNotBilled(deps())).toBe(0)
  })
})

describe('invoices by hand', () => {
  it('450.00 with automatic collection is charged by the job, at once or from a draft; a manual one waits', async () => {
    await subscribed('by-hand')
    const create = (more: Record<string, unknown>) =>
      world.call('POST', '/invoices', {
        as: world.operator(),
        headers: { 'x-tenant-id': 'by-hand' },
        body: { lineItems: [{ description: 'Set-up', quantity: 1, unitAmount: 450 }], ...more },
      })
    const atOnce = (await create({ collection: 'automatic' })).body
    const draft = (await create({ collection: 'automatic', autoFinalize: false })).body
    const waiting = (await create({ collection: 'manual' })).body
    await world.call('POST', `/invoices/${draft.id}/finalize`, {
      as: world.operator(),
      headers: { 'x-tenant-id': 'by-hand' },
    })
    await runNow(deps(), jobNamed('collect-due'))
    const statusOf = async (id: string) =>
      (await world.call('GET', `/invoices/${id}`, { as: world.admin('by-hand') })).body.status
    expect(await statusOf(atOnce.id)).toBe('paid')
    expect(await statusOf(draft.id)).toBe('paid')
    expect(await statusOf(waiting.id)).toBe('open')
  })
})

describe('the timetable', () => {
  it('a slot is run once by four instances, recorded with its counts, and again only after a failure', async () => {
    let runs = 0
    const job: Job = {
      name: 'counted',
      says: 'counts',
      everyMs: 1,
      at: '0 * * * *',
      run: async () => {
        runs += 1
        return { taken: 0, seen: 3 }
      },
    }
    const took = await Promise.all(
      Array.from({ length: 4 }, () => runSlot(deps(), job, '2024-01-01T00:00')),
    )
    expect(took.filter(counts => counts !== null)).toEqual([{ taken: 0, seen: 3 }])
    expect(runs).toBe(1)
    const row = await deps().store.system.get('jobRuns', 'counted:2024-01-01T00:00')
    expect(row).toMatchObject({ state: 'done', counts: { seen: 3 }, error: null })
    const broken: Job = { ...job, run: async () => Promise.reject(new Error('no luck')) }
    await expect(runSlot(deps(), broken, '2024-01-01T01:00')).rejects.toThrow('no luck')
    expect(await deps().store.system.get('jobRuns', 'counted:2024-01-01T01:00')).toMatchObject({
      state: 'failed',
      error: 'no luck',
    })
    expect(await runSlot(deps(), job, '2024-01-01T01:00')).toEqual({ taken: 0, seen: 3 })
  })

  it('slots are whole: 08:00 daily, every 6 hours, hourly; the slot of 08:00:00 is 08:00', () => {
    const at = (time: string) => Date.parse(`2024-02-29T${time}Z`)
    const slot = (pattern: string, time: string) =>
      new Date(slotOf(pattern, at(time))).toISOString().slice(0, 16)
    expect(slot('0 8 * * *', '08:00:00')).toBe('2024-02-29T08:00')
    expect(slot('0 8 * * *', '07:59:59')).toBe('2024-02-28T08:00')
    expect(slot('0 */6 * * *', '17:30:00')).toBe('2024-02-29T12:00')
    expect(slot('0 * * * *', '17:30:00')).toBe('2024-02-29T17:00')
  })

  it('every timed job of the mission is on it, and runs by its name', async () => {
    const timed = jobs.filter(job => job.at !== undefined).map(job => [job.name, job.at])
    expect(timed).toEqual([
      ['backfill-events', '*/10 * * * *'],
      ['compare-with-processor', '30 2 * * *'],
      ['certify-month', '0 4 3 * *'],
      ['watch-payments', '*/15 * * * *'],
      ['retry-failed', '0 * * * *'],
      ['check-ledger', '0 * * * *'],
      ['apply-retention', '0 3 * * *'],
      ['sweep-events', '*/10 * * * *'],
      ['expire-approvals', '0 * * * *'],
      ['remind-renewals', '0 8 * * *'],
      ['remind-expiring-methods', '0 9 * * *'],
      ['remind-overdue', '0 */6 * * *'],
    ])
    for (const job of jobs) expect(await runNow(deps(), job)).toHaveProperty('taken')
  })

  it('a renewal is reminded of once per period', async () => {
    const id = await subscribed('reminded')
    await deps().store.transaction('reminded', async tx => {
      const row = await tx.lock('subscriptions', id)
      const end = Date.now() + 2 * dayMs
      await tx.replace('subscriptions', { ...row, currentPeriodEnd: end, nextBillingAt: end })
    })
    const first = await runNow(deps(), jobNamed('remind-renewals'))
    const second = await runNow(deps(), jobNamed('remind-renewals'))
    expect([first.notices, second.notices]).toEqual([1, 0])
    const { rows } = await deps()
      .store.of('reminded')
      .list('events', {
        where: { objectId: id },
        order: { field: 'recordedAt', direction: 'asc' },
        limit: 50,
      })
    expect(rows.filter(row => row.type === 'reminder.renewal_due')).toHaveLength(1)
  })
})
