// The billing run: due subscriptions become issued invoices, with usage, tax, discounts' place, numbers, ledger,
// events and audit. Its floor is the insertion of the very rows it wrote; its foil is the same code taking one
// subscription per transaction.
import type { PoolClient } from 'pg'
import { renewSubscription } from '../../src/actions/subscriptions/renew-subscription.ts'
import { runOn } from '../../src/adapters/postgres/connect.ts'
import { columnOf, tableOf } from '../../src/adapters/postgres/rows.ts'
import { jobs } from '../../src/jobs/registry.ts'
import type { CollectionName } from '../../src/ports/collections.ts'
import {
  customerRow,
  methodRow,
  subscriptionRow,
  tenantRow,
} from '../../src/ports/contract/rows.ts'
import type { Row } from '../../src/ports/shape.ts'
import type { Store } from '../../src/ports/store.ts'
import { type Ground, insertRaw, makeTwin, openGround } from './ground.ts'
import { type Bench, judged, type Result, rounds, seconds } from './measure.ts'

const dayMs = 86_400_000
const written = [
  'invoices',
  'events',
  'auditLines',
  'unsealedRows',
  'ledgerEntries',
  'mails',
] as const

interface Shape {
  readonly tenants: number
  readonly each: number
}

/** Tenants whose subscriptions are all due, with ten days of usage of two metrics behind them. */
export async function openDue(
  store: Store,
  prefix: string,
  { tenants, each }: Shape,
): Promise<string[]> {
  const opened = Date.now() - dayMs
  const names: string[] = []
  const perBatch = Math.max(1, Math.floor(1_000 / each))
  for (let from = 0; from < tenants; from += perBatch) {
    const batch = Array.from({ length: Math.min(perBatch, tenants - from) }, (_, n) => {
      const tenantId = `${prefix}-${from + n}`
      const customer = customerRow(tenantId, { isDefault: true, zone: null })
      const method = methodRow(customer)
      // Nobody subscribes at the same second as all others: they fall due one after the other.
      const subscriptions = Array.from({ length: each }, (_, at) => {
        const end = opened + ((((from + n) * each + at) * 7_919) % 3_600) * 1_000
        const start = end - 31 * dayMs
        return subscriptionRow(customer, {
          currentPeriodStart: start,
          currentPeriodEnd: end,
          nextBillingAt: end,
          anchorAt: start,
          anchorDay: new Date(start).getUTCDate(),
          liveKey: `${customer.id}:standard:${at}`,
        })
      })
      const usage = subscriptions.flatMap(({ id, currentPeriodStart }) =>
        Array.from({ length: 10 }, (_, day) => ({
          tenantId,
          subscriptionId: id,
          metric: day % 2 === 0 ? 'messages' : 'api_calls',
          periodStart: currentPeriodStart,
          day: new Date(currentPeriodStart + day * dayMs).toISOString().slice(0, 10),
          quantity: '40000',
          events: 40,
        })),
      )
      names.push(tenantId)
      return { customer, method, subscriptions, usage, tenant: { tenantId, customer: customer.id } }
    })
    await store.system.transaction(async tx => {
      const rows = batch.map(({ tenant }) =>
        tenantRow(tenant.tenantId, {
          defaultCustomerId: tenant.customer,
          // As after its first invoice: a tenant is given its prefix once.
          numberPrefix: tenant.customer.replace('cus_', 'B'),
        }),
      )
      await tx.insertMany('tenants', rows)
      await tx.insertMany(
        'customers',
        batch.map(each => each.customer),
      )
      await tx.insertMany(
        'paymentMethods',
        batch.map(each => each.method),
      )
      await tx.replaceMany(
        'customers',
        batch.map(each => ({ ...each.customer, defaultPaymentMethodId: each.method.id })),
      )
      await tx.insertMany(
        'subscriptions',
        batch.flatMap(each => each.subscriptions),
      )
      await tx.insertMany(
        'usageTotals',
        batch.flatMap(each => each.usage),
      )
    })
  }
  return names
}

/** Runs the billing run until so many are renewed, or nothing is due. Without a window drafts are demands at once. */
export async function runJobs({ world }: Ground, until = Number.POSITIVE_INFINITY) {
  const job = jobs.find(each => each.name === 'renew-due')!
  for (let renewed = 0; ; ) {
    const counts: Readonly<Record<string, number>> = await job.run(world.service.deps)
    if (counts.failed) throw new Error(`${counts.failed} failed`)
    renewed += counts.renewed ?? 0
    if (counts.taken === 0 || renewed >= until) return renewed
  }
}

/** Everything that was written since, collection by collection. */
async function rowsSince({ owner }: Ground, since: number) {
  // Rows as the service itself reads them: others would be dearer to write again.
  const run = runOn(owner as unknown as PoolClient)
  const all = new Map<CollectionName, readonly Row[]>()
  for (const name of written) {
    const table = tableOf(name)
    const time = table.byField.has('recordedAt') ? 'recordedAt' : 'createdAt'
    const { rows } = await run({
      text: `select ${table.selected} from ${table.name} r where r.${columnOf(table, time).name} >= $1`,
      values: [new Date(since).toISOString()],
    })
    all.set(name, rows)
  }
  return all
}

/** One subscription at a time, as a service without batches does it. */
async function oneAtATime({ world }: Ground, tenants: readonly string[]): Promise<number> {
  const { deps } = world.service
  let renewed = 0
  for (const tenantId of tenants) {
    const { rows } = await deps.store.of(tenantId).list('subscriptions', { limit: 1_000 })
    for (const { id } of rows) renewed += (await renewSubscription(deps, tenantId, id)).length
  }
  return renewed
}

const issuedOf = (rows: ReadonlyMap<CollectionName, readonly Row[]>): number =>
  (rows.get('invoices') ?? []).filter(({ issuedAt }) => issuedAt !== null).length

/** Subscriptions of one round: some chunks for each lane. */
const perRound = 4_000
const warmRounds = 2

async function measure(
  ground: Ground,
  label: string,
  shape: Shape,
  tell: (line: string) => void,
): Promise<Result[]> {
  const { store } = ground.world.service.deps
  const [values, floors, foils]: [number[], number[], number[]] = [[], [], []]
  const size = shape.tenants * shape.each
  const counted = Math.max(rounds, Math.round(size / perRound))
  const each = Math.ceil(size / counted)
  const warm = Math.max(1, Math.round((warmRounds * each) / shape.each))
  await openDue(store, label, { ...shape, tenants: shape.tenants + warm })
  tell(
    `${label}: ${size} due, in ${counted} rounds after ${warm * shape.each} that are not counted`,
  )
  // A service has been running for long when a month ends: its code is compiled by then.
  await runJobs(ground, warm * shape.each)
  for (let n = 0; n < counted; n += 1) {
    await new Promise(resolve => setTimeout(resolve, 5))
    const since = Date.now()
    let issued = 0
    const took = await seconds(async () => {
      issued = await runJobs(ground, each)
    })
    if (issued === 0) break
    const rows = await rowsSince(ground, since)
    if (issuedOf(rows) !== issued) {
      throw new Error(`${issued} renewals and ${issuedOf(rows)} invoices`)
    }
    values.push(issued / took)
    const raw = await seconds(async () => {
      for (const [name, list] of rows) await insertRaw(ground.owner, name, list)
    })
    floors.push(issued / raw)
    const few = {
      tenants: Math.min(20, shape.tenants),
      each: Math.max(1, Math.min(3, shape.each)),
    }
    const foilTenants = await openDue(store, `${label}-foil-${n}`, few)
    let alone = 0
    const slow = await seconds(async () => {
      alone = await oneAtATime(ground, foilTenants)
    })
    foils.push(alone / slow)
    tell(
      `${label} round ${n + 1}: ${Math.round(values.at(-1)!)} invoices/s, raw insert ` +
        `${Math.round(floors.at(-1)!)}, one by one ${Math.round(foils.at(-1)!)}`,
    )
  }
  const unit = 'invoices/s'
  return [
    judged({ name: `billing-run ${label}`, unit, must: 0.5, aim: 0.8 }, values, floors),
    judged({ name: `billing-run ${label} / one by one`, unit, must: 10, aim: 20 }, values, foils),
  ]
}

export const billingRun = (size: number): Bench => ({
  name: 'billing-run',
  says: 'due subscriptions to issued invoices, against the insertion of the same rows',
  async run(tell) {
    const ground = await openGround({ BILLING_DRAFT_HOURS: '0', BILLING_USAGE_DRAFT_HOURS: '0' })
    try {
      for (const name of written) await makeTwin(ground.owner, name)
      const single = { tenants: size, each: 1 }
      const crowded = {
        tenants: Math.max(1, Math.round(size / 1_000)),
        each: Math.min(Math.ceil(size / 2), 1_000),
      }
      return [
        ...(await measure(ground, 'many-tenants', single, tell)),
        ...(await measure(ground, 'large-tenants', crowded, tell)),
      ]
    } finally {
      await ground.close()
    }
  },
})
