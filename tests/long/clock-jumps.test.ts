// The service's clock goes wrong while jobs and charges run: 3 hours forward, 40 minutes back, over ends of
// months and the beginning of summer time. No period is billed twice or skipped, charges under way are settled
// once, tokens hold by the clock that there is. Stripe's own clock stays right. Counts are printed.
import { verifyBooks } from '@quittance/billing-service/actions/verify/verify-books'
import { openWorld, type World } from '@quittance/billing-service/test/world'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  compareInvoices,
  compareLedger,
  comparePayments,
  compareRefunds,
  readOurs,
  readTheirs,
} from '../../services/billing-service/tests/faults/compare.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
const minuteMs = 60_000
const hourMs = 60 * minuteMs

let ahead = Date.parse('2027-01-31T22:50:00Z') - Date.now()
const now = () => Date.now() + ahead
let world: World

beforeAll(async () => {
  world = await openWorld({
    jobs: 'on',
    webhooks: true,
    clock: { real: now, steady: () => performance.now() },
    environment: { BILLING_DRAFT_HOURS: '0', BILLING_USAGE_DRAFT_HOURS: '0' },
  })
})
afterAll(() => world?.close())

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Shanghai'] as const
const statuses: Record<number, number> = {}
const opened: string[] = []
let jumps = 0
let underway = 0

/** Asks with a fresh token, again when the clock jumped under it. */
async function ask(tenantId: string, method: string, path: string, body: object) {
  for (;;) {
    const headers = { 'idempotency-key': `${tenantId} ${path}` }
    const answer = await world.call(method, path, { as: world.admin(tenantId), body, headers })
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
    if (answer.status < 300) return
    expect([401, 409, 503], JSON.stringify(answer.body)).toContain(answer.status)
    await pause(300)
  }
}

/** A tenant that pays for its first month now. */
async function open(): Promise<void> {
  const zone = zones[opened.length % zones.length]
  const tenantId = `clock-${opened.length + 1}`
  opened.push(tenantId)
  await ask(tenantId, 'PATCH', '/settings', { zone })
  const body = { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa' }
  await ask(tenantId, 'POST', '/subscriptions', body)
}

/** The clock goes on to a moment as time does, in steps in which the jobs come round. */
async function passTo(moment: string): Promise<void> {
  const left = Date.parse(moment) - now()
  expect(left).toBeGreaterThanOrEqual(0)
  ahead += left
  await pause(2_500)
}

async function jump(byMs: number): Promise<void> {
  const started = { field: 'checkAt', from: 0 } as const
  underway += await world.service.deps.store.system.count('transactions', { range: started })
  ahead += byMs
  jumps += 1
  await pause(2_500)
}

/** Every charge takes 2 s on its way, so that clocks jump while some are under way. */
function slowCharges(): void {
  world.sandbox.state.faults.add({
    kind: 'latency',
    remaining: null,
    probability: 1,
    method: 'POST',
    match: '/v1/payment_intents',
    delayMs: 2_000,
    status: 429,
    performs: false,
  })
}

/** Two tenants subscribe while the clock jumps. */
async function opening(byMs: number): Promise<void> {
  const busy = [open(), open()]
  await pause(1_200)
  await jump(byMs)
  await Promise.all(busy)
}

it('a clock that jumps 3 hours forward and 40 minutes back bills each period once', async () => {
  for (let count = 0; count < 8; count += 1) await open()
  slowCharges()
  const held = world.admin('clock-1')

  // Over the end of February: renewed, then back before the boundary while charges are under way.
  await passTo('2027-02-28T22:30:00Z')
  await opening(30 * minuteMs)
  await jump(-40 * minuteMs)
  await passTo('2027-03-01T00:10:00Z')
  await jump(3 * hourMs)
  await jump(-40 * minuteMs)

  // Summer time begins in New York on 14 March and in Europe on 28 March.
  for (const change of ['2027-03-14T06:50:00Z', '2027-03-28T00:50:00Z']) {
    await passTo(change)
    await opening(3 * hourMs)
    await jump(-40 * minuteMs)
  }

  // Over the end of March by the jump itself.
  await passTo('2027-03-31T20:00:00Z')
  await opening(3 * hourMs)
  await jump(-40 * minuteMs)
  await jump(3 * hourMs)
  await passTo('2027-04-02T00:00:00Z')

  await tokens(held)
  await settled()
  await agreed()
})

/** A token that was held over the jumps has ended; a fresh one holds, and ends when the clock says so. */
async function tokens(held: string): Promise<void> {
  const asked = async (as: string) => (await world.call('GET', '/subscriptions', { as })).status
  expect(await asked(held)).toBe(401)
  const fresh = world.admin('clock-1')
  expect(await asked(fresh)).toBe(200)
  ahead += 3 * hourMs
  expect(await asked(fresh)).toBe(401)
  ahead -= 3 * hourMs
  expect(await asked(fresh)).toBe(200)
}

async function settled(): Promise<void> {
  const { store } = world.service.deps
  world.sandbox.state.faults.clear()
  const from = { from: 0 }
  for (let rounds = 0; rounds < 60; rounds += 1) {
    const left = await Promise.all([
      store.system.count('transactions', { range: { field: 'checkAt', ...from } }),
      store.system.count('inbox', { range: { field: 'dueAt', ...from } }),
      store.system.count('invoices', {
        where: { clock: 'live' },
        range: { field: 'nextAttemptAt', ...from },
      }),
    ])
    if (left.every(count => count === 0)) {
      say(`settled ${rounds * 10} minutes later`)
      return
    }
    ahead += 10 * minuteMs
    await pause(400)
  }
  throw new Error('never settled')
}

const label = (at: number) => new Date(at).toISOString()

async function agreed(): Promise<void> {
  const { deps } = world.service
  let periods = 0
  for (const tenantId of opened) {
    const store = deps.store.of(tenantId)
    const { rows: subscriptions } = await store.list('subscriptions', { limit: 10 })
    expect(subscriptions).toHaveLength(1)
    const [subscription] = subscriptions
    const { rows } = await store.list('invoices', { limit: 100 })
    const spans = rows
      .map(({ periodStart, periodEnd }) => [periodStart!, periodEnd!] as const)
      .sort(([a], [b]) => a - b)
    const told = `${tenantId} ${spans.map(span => span.map(label).join(' to ')).join(', ')}`
    // Each begins where the one before ended, up to the one that is running now.
    for (const [at, [start]] of spans.entries()) {
      if (at > 0) expect(start, told).toBe(spans[at - 1]![1])
    }
    expect(spans.at(-1)![1], told).toBe(subscription!.currentPeriodEnd)
    expect(subscription!.currentPeriodEnd, told).toBeGreaterThan(now())
    expect(rows.map(({ status }) => status)).toEqual(rows.map(() => 'paid'))
    periods += spans.length
  }
  const [ours, theirs] = [await readOurs(deps.store), await readTheirs(world.stripe)]
  expect(comparePayments(ours, theirs)).toEqual([])
  expect(compareRefunds(ours, theirs)).toEqual([])
  expect(await compareInvoices(deps.store, ours, new Set())).toEqual([])
  expect(await compareLedger(deps.store, theirs)).toEqual([])
  const proofs = await verifyBooks(deps, { days: 120, kept: [] })
  expect(proofs.flatMap(({ broken }) => broken)).toEqual([])
  const charged = theirs.charges.filter(({ status }) => status === 'succeeded')
  expect(charged).toHaveLength(periods)
  const failed: unknown[] = []
  for await (const { job, state, error } of deps.store.system.stream('jobRuns', {})) {
    if (state === 'failed') failed.push([job, error])
  }
  expect(failed).toEqual([])
  say(
    `${jumps} jumps with ${underway} charges under way: ${opened.length} subscriptions, answers ${JSON.stringify(statuses)}; ${periods} periods, ` +
      `each billed once and paid once; ${charged.length} charges; ${proofs.length} proofs hold`,
  )
}
