// Usage events by month: what is billed stays as it was, a key counts once over the end of a month, and old months go.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PreparedDatabase } from '../../src/adapters/postgres/prepare.ts'
import { prepareDatabase } from '../../src/adapters/postgres/prepare.ts'
import { withClient } from '../../src/adapters/postgres/server-process.ts'
import { openPostgresStore, type PostgresStore } from '../../src/adapters/postgres/store.ts'
import { partitionUsage, usageInOneTable } from '../../src/adapters/postgres/usage-months.ts'
import type { Subscription } from '../../src/core/subscription.ts'
import { customerRow, newTenant, subscriptionRow } from '../../src/ports/contract/rows.ts'
import { usageRow } from '../../src/ports/contract/usage-rows.ts'
import { startTestServer, type TestServer } from './server.ts'

const at = (text: string) => Date.parse(`${text}Z`)
const conversion = at('2026-04-10T12:00:00')

let server: TestServer
let database: PreparedDatabase
let store: PostgresStore
let subscription: Subscription

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server?.stop())

beforeEach(async () => {
  await store?.close()
  database = await server.fresh()
  store = await openPostgresStore(database)
  const customer = customerRow(newTenant())
  subscription = subscriptionRow(customer)
  await store.system.transaction(async tx => {
    await tx.insert('customers', customer)
    await tx.insert('subscriptions', subscription)
  })
})
afterAll(() => store?.close())

const owner = <R>(sql: string): Promise<R[]> =>
  withClient(database.ownerUrl, async client => (await client.query(sql)).rows as R[])

const convert = () =>
  withClient(database.ownerUrl, client => partitionUsage(client, conversion)).finally(async () => {
    await store.close()
    store = await openPostgresStore(database)
  })

const take = (key: string, recordedAt: number) =>
  store.transaction(subscription.tenantId, tx =>
    tx.ingest([usageRow(subscription, { idempotencyKey: key, recordedAt })]),
  )

const takeMany = (from: string, count: number, recordedAt: number) =>
  store.transaction(subscription.tenantId, tx =>
    tx.ingest(
      Array.from({ length: count }, (_, n) =>
        usageRow(subscription, { idempotencyKey: `${from}-${n}`, recordedAt }),
      ),
    ),
  )

const total = async () => {
  const [sum] = await store
    .of(subscription.tenantId)
    .sum('usageTotals', { sum: ['quantity', 'events'] })
  return sum!.sums
}

const partOf = async (key: string) => {
  const rows = await owner<{ part: string }>(
    `select tableoid::regclass::text as part from quittance.usage_events where idempotency_key = '${key}'`,
  )
  return rows.map(({ part }) => part.replace('quittance.', ''))
}

describe('a table of 1,200 events that is kept by month from 1 May on', () => {
  beforeEach(async () => {
    await takeMany('april', 1_200, at('2026-04-09T00:00:00'))
    await convert()
  })

  it('has the totals and the events that it had; the rows were not moved', async () => {
    expect(await total()).toEqual({ quantity: '1200', events: '1200' })
    expect(
      await store.of(subscription.tenantId).count('usageEvents', {
        where: { subscriptionId: subscription.id },
      }),
    ).toBe(1_200)
    expect(await partOf('april-7')).toEqual(['usage_events_before'])
    expect(await withClient(database.ownerUrl, usageInOneTable)).toBeNull()
  })

  it('takes April to the table that was there, May to one of its own, and 2031 to the rest', async () => {
    await take('a', at('2026-04-30T23:59:59.999'))
    await take('b', at('2026-05-01T00:00:00'))
    await take('c', at('2031-01-01T00:00:00'))
    expect([await partOf('a'), await partOf('b'), await partOf('c')].flat()).toEqual([
      'usage_events_before',
      'usage_events_2026_05',
      'usage_events_rest',
    ])
  })

  it('refuses a key over the end of a month, alone, in a batch and in shared work, for 35 days', async () => {
    expect(await take('april-3', at('2026-05-10T00:00:00'))).toEqual(new Set())
    const keys = ['new', 'april-4', 'new', 'april-5']
    const events = keys.map(idempotencyKey =>
      usageRow(subscription, { idempotencyKey, recordedAt: at('2026-05-14T00:00:00') }),
    )
    const fresh = await store.transaction(subscription.tenantId, tx => tx.ingest(events))
    expect(fresh).toEqual(new Set(['new']))
    const shared = await store.together([1, 2], (own, n) =>
      own.transaction(subscription.tenantId, tx =>
        tx.ingest([
          usageRow(subscription, {
            idempotencyKey: 'april-6',
            recordedAt: at('2026-05-02T00:00:00'),
          }),
          usageRow(subscription, {
            idempotencyKey: `own-${n}`,
            recordedAt: at('2026-05-02T00:00:00'),
          }),
        ]),
      ),
    )
    expect(shared.map(each => each.status === 'fulfilled' && [...each.value])).toEqual([
      ['own-1'],
      ['own-2'],
    ])
    expect(await total()).toEqual({ quantity: '1203', events: '1203' })
    expect(await take('april-3', at('2026-06-20T00:00:00'))).toEqual(new Set(['april-3']))
    const newest = await store.of(subscription.tenantId).get('usageEvents', 'april-3')
    expect(newest.recordedAt).toBe(at('2026-06-20T00:00:00'))
  })

  it('counts a key once that two send at the same moment on both sides of midnight', async () => {
    const midnight = at('2026-05-01T00:00:00')
    const row = (recordedAt: number) => usageRow(subscription, { idempotencyKey: 'm', recordedAt })
    let commit = () => {}
    const gate = new Promise<void>(resolve => {
      commit = resolve
    })
    let took = () => {}
    const taken = new Promise<void>(resolve => {
      took = resolve
    })
    const first = store.transaction(subscription.tenantId, async tx => {
      const keys = await tx.ingest([row(midnight - 5)])
      took()
      await gate
      return keys
    })
    await taken
    const second = store.transaction(subscription.tenantId, tx => tx.ingest([row(midnight + 5)]))
    for (let waiting = 0; waiting === 0; ) {
      const [found] = await owner<{ count: number }>(
        "select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock'",
      )
      waiting = found!.count
    }
    commit()
    expect([await first, await second]).toEqual([new Set(['m']), new Set()])
    expect(await partOf('m')).toEqual(['usage_events_before'])
  })

  it('keeps the list of events in order over months, and corrections of old ones possible', async () => {
    await takeMany('may', 3, at('2026-05-03T00:00:00'))
    const page = await store.of(subscription.tenantId).list('usageEvents', {
      where: { subscriptionId: subscription.id },
      order: { field: 'recordedAt', direction: 'desc' },
      limit: 4,
    })
    expect(page.rows.map(row => row.idempotencyKey.split('-')[0])).toEqual([
      'may',
      'may',
      'may',
      'april',
    ])
    expect(await store.of(subscription.tenantId).get('usageEvents', 'april-1')).toMatchObject({
      idempotencyKey: 'april-1',
    })
  })

  it('shows other tenants nothing, and neither role a month by itself', async () => {
    await takeMany('may', 3, at('2026-05-03T00:00:00'))
    const other = newTenant()
    expect(await store.of(other).find('usageEvents', 'may-1')).toBeNull()
    const asked = (url: string, from: string) =>
      withClient(url, async client => {
        await client.query("select set_config('app.tenant_id', $1, false)", [other])
        return Number((await client.query(`select count(*) from quittance.${from}`)).rows[0].count)
      }).catch((error: Error) => error.message)
    expect(await asked(database.appUrl, 'usage_events')).toBe(0)
    expect(await asked(database.appUrl, 'usage_events_before')).toBe(0)
    for (const part of ['usage_events_2026_05', 'usage_events_rest']) {
      expect(await asked(database.appUrl, part)).toMatch(/permission denied/)
      expect(await asked(database.systemUrl, part)).toMatch(/permission denied/)
    }
  })

  it('refuses an event of a subscription of another tenant, in each month', async () => {
    const foreign = usageRow({ ...subscription, id: 'sub_none' as Subscription['id'] })
    for (const month of ['2026-04-20', '2026-05-20', '2031-01-01']) {
      const recordedAt = at(`${month}T00:00:00`)
      const taken = store.transaction(subscription.tenantId, tx =>
        tx.ingest([{ ...foreign, recordedAt }]),
      )
      await expect(taken).rejects.toThrow(/foreign key/)
    }
  })

  it('loses a month that is taken off, and no total with it', async () => {
    await takeMany('may', 5, at('2026-05-03T00:00:00'))
    await owner('alter table quittance.usage_events detach partition quittance.usage_events_before')
    await owner('drop table quittance.usage_events_before')
    expect(await total()).toEqual({ quantity: '1205', events: '1205' })
    expect(await prepareDatabase({ databaseUrl: database.ownerUrl })).toMatchObject({ applied: [] })
    expect(await take('june', at('2026-06-03T00:00:00'))).toEqual(new Set(['june']))
  })

  it('stays as it is when it is asked for again, and each part has the indexes of the whole', async () => {
    expect(await withClient(database.ownerUrl, client => partitionUsage(client, conversion))).toBe(
      false,
    )
    const counts = await owner<{ part: string; indexes: number }>(
      `select i.inhrelid::regclass::text as part, count(*)::int as indexes
       from pg_inherits i join pg_index x on x.indrelid = i.inhrelid
       where i.inhparent = 'quittance.usage_events'::regclass group by 1`,
    )
    expect(counts).toHaveLength(26)
    expect(new Set(counts.map(({ indexes }) => indexes))).toEqual(new Set([4]))
  })
})

it('an attempt that broke off leaves nothing after the next start', async () => {
  await owner(
    "alter table quittance.usage_events add constraint usage_events_until check (recorded_at < '2026-05-01Z')",
  )
  await prepareDatabase({ databaseUrl: database.ownerUrl })
  expect(await take('late', at('2026-05-02T00:00:00'))).toEqual(new Set(['late']))
})
