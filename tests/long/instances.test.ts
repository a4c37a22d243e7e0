// Two services and three workers on one PostgreSQL: they share the work, nothing is done twice, and a worker that
// is killed with a chunk in hand loses nothing. Which worker has which chunk is decided by a gate in the database,
// not by chance: a chunk falls due when the one before waits there.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { quittance } from '../stack/product.ts'
import { type Ground, openGround, type Worker } from './instances-ground.ts'

const tenantsPerChunk = 34
const chunks = [1, 2, 3]

let ground: Ground
let services: readonly string[]
let workers: readonly Worker[]

const names = (group: string, chunk: number) =>
  Array.from({ length: tenantsPerChunk }, (_, at) => `${group}-${chunk}-${at}`)

const allNames = (group: string) => chunks.flatMap(chunk => names(group, chunk))

/** Each does the next until none is left. */
async function eight<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items]
  const one = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: 8 }, one))
}

beforeAll(async () => {
  ground = await openGround()
  const { world } = ground
  // Trials of two weeks that began fifteen days ago: each ends in a first invoice of 29.00.
  await eight([...allNames('calm'), ...allNames('cut')], async tenantId => {
    const answer = await world.call('POST', '/subscriptions', {
      as: world.admin(tenantId),
      body: { plan: 'starter', trialDays: 14, paymentMethodId: 'pm_card_visa' },
    })
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  })
  await ask(`update quittance.subscriptions set next_billing_at = now() + interval '1 day'`)
  const first = await ground.startService('service-1')
  const [second, ...three] = await Promise.all([
    ground.startService('service-2'),
    ...['worker-1', 'worker-2', 'worker-3'].map(name => ground.startWorker(name)),
  ])
  services = [first, second]
  workers = three
}, 120_000)

afterAll(() => ground?.close())

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

async function eventually<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const end = performance.now() + 120_000
  for (;;) {
    const value = await read()
    if (holds(value)) return value
    if (performance.now() > end) throw new Error(`never so: ${JSON.stringify(value)}`)
    await pause(200)
  }
}

const ask = <R>(sql: string, values: readonly unknown[] = []) => ground.ask<R>(sql, values)

/** Lets the subscriptions of these tenants fall due, as when their time comes. */
const fallDue = (tenants: readonly string[]) =>
  ask(`update quittance.subscriptions set next_billing_at = trial_end where tenant_id = any($1)`, [
    tenants,
  ])

/** Makes one chunk after the other due while the gate is shut, until each worker waits with one. */
async function allHaveChunks(group: string): Promise<string[]> {
  await ground.gate.shut()
  let waiting: readonly string[] = []
  for (const chunk of chunks) {
    const before = waiting.length
    await fallDue(names(group, chunk))
    // Two that claim at the same moment share a chunk.
    waiting = await eventually(ground.gate.waiting, all => all.length > Math.min(before, 2))
  }
  return eventually(ground.gate.waiting, all => all.length === workers.length)
}

/** Subscriptions whose trial is over and not invoiced, by the moment at which they are due again. */
const notInvoiced = (group: string) =>
  ask<{ due: Date; count: number }>(
    `select next_billing_at as due, count(*)::int from quittance.subscriptions
     where tenant_id like $1 and status = 'trialing' group by 1 order by 1`,
    [`${group}-%`],
  )

const paid = (group: string) =>
  ask(`select from quittance.invoices where tenant_id like $1 and status = 'paid'`, [`${group}-%`])

/** What a group of tenants came to, in counts and sums, without names and times. */
async function sumsOf(group: string) {
  const of = [`${group}-%`]
  const where = 'where tenant_id like $1'
  return {
    invoices: await ask(
      `select status, count(*)::int, sum(total_minor)::int as total, sum(amount_paid_minor)::int as paid,
         sum(jsonb_array_length(lines))::int as lines
       from quittance.invoices ${where} group by 1 order by 1`,
      of,
    ),
    transactions: await ask(
      `select type, status, count(*)::int, sum(amount_minor)::int as amount
       from quittance.transactions ${where} group by 1, 2 order by 1, 2`,
      of,
    ),
    ledger: await ask(
      `select account, count(*)::int, sum(amount_minor)::int as amount
       from quittance.ledger_entries ${where} group by 1 order by 1`,
      of,
    ),
    subscriptions: await ask(
      `select status, period_index::int, count(*)::int from quittance.subscriptions ${where}
       group by 1, 2 order by 1, 2`,
      of,
    ),
    events: await ask(
      `select type, count(*)::int from quittance.events ${where} group by 1 order by 1`,
      of,
    ),
  }
}

interface Answer {
  readonly id: string
  readonly code?: string
  readonly duplicate?: boolean
}

/** One request to both services at the same moment, until each has an answer that stays. */
function both(tenantId: string, path: string, body: object, key?: string) {
  const { world } = ground
  // The services know the time; the world of the past signs tokens that are over.
  const iat = Math.floor(Date.now() / 1_000)
  const token = world.token({ tenantId, roles: ['admin'], iat, exp: iat + 600 })
  const send = async (service: string): Promise<{ status: number; body: Answer }> => {
    for (;;) {
      const response = await fetch(`${service}${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        body: JSON.stringify(body),
      })
      const answer = (await response.json()) as Answer
      const again = response.status === 503 || answer.code === 'idempotency_in_progress'
      if (!again) return { status: response.status, body: answer }
      await pause(20)
    }
  }
  return Promise.all(services.map(send))
}

it('three workers have a chunk in hand at once, and 102 periods are invoiced and paid once', async () => {
  expect(await allHaveChunks('calm')).toEqual(['worker-1', 'worker-2', 'worker-3'])
  await ground.gate.open()
  await eventually(
    () => paid('calm'),
    rows => rows.length === 102,
  )
  const { invoices, transactions } = await sumsOf('calm')
  expect(invoices).toEqual([
    { status: 'paid', count: 102, total: 295_800, paid: 295_800, lines: 102 },
  ])
  expect(transactions).toEqual([
    { type: 'payment', status: 'succeeded', count: 102, amount: 295_800 },
  ])
})

it('what a killed worker had in hand is taken over when its lease is over, and all sums are those of a calm run', async () => {
  const [name] = await allHaveChunks('cut')
  const killed = workers.find(worker => worker.name === name)!
  expect((await killed.process.stop('SIGKILL')).code).toBeNull()
  await ground.gate.open()
  const [left] = await eventually(
    () => notInvoiced('cut'),
    rows => rows.length === 1,
  )
  expect(left!.count).toBeGreaterThan(0)
  expect(left!.due.getTime()).toBeGreaterThan(Date.now())
  // The lease of the dead is over.
  await ask(
    `update quittance.subscriptions set next_billing_at = trial_end
     where tenant_id like 'cut-%' and status = 'trialing'`,
  )
  await eventually(
    () => paid('cut'),
    rows => rows.length === 102,
  )
  expect(await sumsOf('cut')).toEqual(await sumsOf('calm'))
})

it('10 subscriptions and 50 usage events that both services are sent at once are each taken once', async () => {
  const tenants = Array.from({ length: 10 }, (_, at) => `twice-${at}`)
  await eight(tenants, async tenantId => {
    const body = { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa' }
    const made = await both(tenantId, '/subscriptions', body, `subscribe-${tenantId}`)
    expect(made.map(({ status }) => status)).toEqual([201, 201])
    const [id] = new Set(made.map(answer => answer.body.id))
    expect(made[1]!.body.id).toBe(id)
    for (let n = 0; n < 5; n += 1) {
      const event = { metric: 'messages', quantity: 7, idempotencyKey: `${tenantId}-${n}` }
      const taken = await both(tenantId, `/subscriptions/${id}/usage`, event)
      expect(taken.map(({ status }) => status)).toEqual([202, 202])
      expect(taken.filter(answer => answer.body.duplicate)).toHaveLength(1)
    }
  })
  const [usage] = await ask(
    `select (select count(*)::int from quittance.usage_events) as events,
       sum(quantity)::int as quantity, sum(events)::int as counted from quittance.usage_totals`,
  )
  expect(usage).toEqual({ events: 50, quantity: 350, counted: 50 })
  expect((await sumsOf('twice')).transactions).toEqual([
    { type: 'payment', status: 'succeeded', count: 10, amount: 29_000 },
  ])
})

it('every event of Stripe, told to both services, is stored once and worked off', async () => {
  await ground.world.sandbox.state.delivered()
  const sent = ground.world.sandbox.state.list('event')
  const stored = await eventually(
    () => ask<{ id: string; state: string }>('select id, state from quittance.inbox'),
    rows => rows.every(({ state }) => state === 'applied' || state === 'ignored'),
  )
  const known = new Set(stored.map(({ id }) => id))
  expect(known.size).toBe(stored.length)
  const charged = sent.filter(({ type }) => type === 'charge.succeeded')
  expect(charged.filter(({ id }) => !known.has(`stripe:${id}`))).toEqual([])
  expect(charged).toHaveLength(214)
})

it('nothing is there twice: periods, numbers, charges; and every proof of verify holds', async () => {
  const twice = await ask(
    `select tenant_id, subscription_id, period_start from quittance.invoices
     group by 1, 2, 3 having count(*) > 1`,
  )
  expect(twice).toEqual([])
  const gaps = await ask(
    `select tenant_id from quittance.invoices group by 1
     having count(distinct invoice_number) <> count(*)
       or max(split_part(invoice_number, '-', 2)::int) <> count(*)`,
  )
  expect(gaps).toEqual([])
  const charges = ground.world.sandbox.state.list('charge').filter(charge => charge.paid)
  const payments = await ask<{ processor_charge_id: string }>(
    `select processor_charge_id from quittance.transactions
     where type = 'payment' and status = 'succeeded'`,
  )
  expect(charges).toHaveLength(214)
  expect(payments.map(row => row.processor_charge_id).sort()).toEqual(charges.map(c => c.id).sort())
  const verified = await quittance(['verify'], ground.settings)
  expect(verified.code, verified.stdout + verified.stderr).toBe(0)
})

it('both workers that were left did chunks, as the records of their jobs say', async () => {
  const left = workers.filter(({ process }) => process.running())
  for (const { process } of left) expect((await process.stop()).code).toBe(0)
  const runs = await ask<{ counts: { taken: number } }>(
    `select counts from quittance.job_runs where job = 'renew-due' and state = 'done'`,
  )
  expect(left).toHaveLength(2)
  expect(runs.filter(({ counts }) => counts.taken > 0)).toHaveLength(2)
})
