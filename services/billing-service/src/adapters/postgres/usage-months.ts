// Usage events by month, for deployments that have very many of them (decision 0036): new rows meet the small
// index of their own month, and what is old goes as a table. Totals are not touched by any of it.
import type { Client } from 'pg'
import { assert } from '../../core/assert.ts'
import { keyWindowMs } from '../../core/usage.ts'
import type { Row } from '../../ports/shape.ts'
import { StartupProblem } from '../../ports/startup.ts'
import type { Run } from './connect.ts'
import { whileLocked } from './migrate.ts'
import { schemaName, tableOf } from './rows.ts'
import { ingestStatement } from './writes.ts'

const table = `${schemaName}.usage_events`
const dayMs = 86_400_000

/** Made ahead by each `migrate`; a table for the rest takes what comes after them. */
const monthsAhead = 24

const monthStart = (year: number, month: number): number => Date.UTC(year, month, 1)

function startOfMonth(at: number, later = 0): number {
  const date = new Date(at)
  return monthStart(date.getUTCFullYear(), date.getUTCMonth() + later)
}

const literal = (at: number): string => `'${new Date(at).toISOString()}'`

async function isByMonth(client: Client): Promise<boolean> {
  const { rows } = await client.query(
    "select exists (select from pg_class where oid = to_regclass($1) and relkind = 'p') as found",
    [table],
  )
  return rows[0]?.found === true
}

async function makeMonth(client: Client, from: number): Promise<void> {
  const name = `${table}_${new Date(from).toISOString().slice(0, 7).replace('-', '_')}`
  const { rows } = await client.query('select to_regclass($1) is not null as found', [name])
  if (rows[0]?.found === true) return
  const to = startOfMonth(from, 1)
  await client.query(
    `create table ${name} partition of ${table} for values from (${literal(from)}) to (${literal(to)})`,
  )
  await closePart(client, name)
}

// Whoever reads goes through the whole table and its policies; a part by itself shows no role anything.
async function closePart(client: Client, name: string): Promise<void> {
  await client.query(`alter table ${name} add primary key (tenant_id, idempotency_key)`)
  await client.query(`alter table ${name} enable row level security`)
}

/** Where the months begin that have tables of their own: after the rows that were there, or fell to the rest. */
async function firstMonth(client: Client, at: number): Promise<number> {
  const before = await client.query<{ bound: string }>(
    'select pg_get_expr(relpartbound, oid) as bound from pg_class where oid = to_regclass($1)',
    [`${table}_before`],
  )
  const rest = await client.query<{ newest: Date | null }>(
    `select max(recorded_at) as newest from ${table}_rest`,
  )
  const [, day] = /TO \('(\d{4}-\d{2}-\d{2})/.exec(before.rows[0]?.bound ?? '') ?? []
  const newest = rest.rows[0]?.newest ?? null
  return Math.max(
    startOfMonth(at),
    day === undefined ? 0 : Date.parse(day),
    newest === null ? 0 : startOfMonth(newest.getTime(), 1),
  )
}

const attempted = 'usage_events_until'

/** Makes the months ahead where usage events are kept by month; elsewhere it clears an attempt that broke off. */
export async function keepUsageMonths(client: Client, at: number): Promise<void> {
  if (!(await isByMonth(client))) {
    const { rowCount } = await client.query('select from pg_constraint where conname = $1', [
      attempted,
    ])
    if (rowCount !== 0) await client.query(`alter table ${table} drop constraint ${attempted}`)
    return
  }
  await client.query("set timezone = 'UTC'")
  const first = await firstMonth(client, at)
  const last = startOfMonth(at, monthsAhead)
  for (let from = first; from <= last; from = startOfMonth(from, 1)) await makeMonth(client, from)
}

/** How many usage events there are, about, where they are not kept by month yet; else null. */
export async function usageInOneTable(client: Client): Promise<number | null> {
  if (await isByMonth(client)) return null
  const { rows } = await client.query<{ about: string }>(
    'select greatest(reltuples, 0)::bigint as about from pg_class where oid = to_regclass($1)',
    [table],
  )
  return Number(rows[0]?.about ?? 0)
}

/** From the next month on that is at least two days away; until then the rows stay where they are. */
const cutAfter = (at: number): number => startOfMonth(at + 2 * dayMs, 1)

const parent = (cut: number): string => `
alter table usage_events rename to usage_events_before;
alter index usage_events_occurred_at_idx rename to usage_events_before_occurred_at_idx;
alter index usage_events_tenant_id_subscription_id_recorded_at_idx
  rename to usage_events_before_tenant_id_subscription_id_recorded_at_idx;
alter index usage_events_tenant_id_corrects_idx rename to usage_events_before_tenant_id_corrects_idx;
create table usage_events (like usage_events_before including defaults including constraints)
  partition by range (recorded_at);
alter table usage_events drop constraint ${attempted};
create index usage_events_occurred_at_idx on usage_events using brin (occurred_at);
create index usage_events_tenant_id_subscription_id_recorded_at_idx
  on usage_events (tenant_id, subscription_id, recorded_at, idempotency_key);
create index usage_events_tenant_id_corrects_idx
  on usage_events (tenant_id, corrects) where corrects is not null;
alter table usage_events add constraint usage_events_subscription_id_fkey
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id);
alter table usage_events attach partition usage_events_before
  for values from (minvalue) to (${literal(cut)});
alter table usage_events_before drop constraint ${attempted};
create table usage_events_rest partition of usage_events default;
call isolate_tenant_table('usage_events', append_only => true);`

/**
 * Keeps usage events by month from the next one on. The rows that are there become the first part as they are:
 * they are read once while usage goes on being taken in, and for a moment nothing is. Answers whether it changed
 * anything. Refuses (`StartupProblem`) when others hold the table for longer than 5 s; then it may run again.
 */
export async function partitionUsage(client: Client, at: number): Promise<boolean> {
  return whileLocked(client, async () => {
    if (await isByMonth(client)) return false
    await keepUsageMonths(client, at)
    const cut = cutAfter(at)
    await client.query(
      `alter table ${table} add constraint ${attempted} ` +
        `check (recorded_at is not null and recorded_at < ${literal(cut)}) not valid`,
    )
    try {
      await client.query(`alter table ${table} validate constraint ${attempted}`)
      await client.query(
        `begin; set local lock_timeout = '5s'; set local search_path = ${schemaName}; ${parent(cut)}`,
      )
      await closePart(client, `${table}_rest`)
      await client.query('commit')
    } catch (error) {
      await client.query('rollback').catch(() => undefined)
      await client.query(`alter table ${table} drop constraint if exists ${attempted}`)
      const held = error instanceof Error && 'code' in error && error.code === '55P03'
      if (!held) throw error
      throw new StartupProblem('The table of usage events is in use: run the command again.')
    }
    await keepUsageMonths(client, at)
    return true
  })
}

/** How long an answer about the table holds; months begin at least two days after they are made. */
const knownForMs = 600_000
/** Instances whose clocks differ by less meet at the end of a month. */
const boundaryMs = 120_000

/** Takes usage in on either kind of table. */
export class UsageMonths {
  private known: { readonly at: number; readonly byMonth: boolean } | null = null

  /** Writes new events and their sums; answers the tenant and key of each new one. */
  async ingest(run: Run, rows: readonly Row[]): Promise<readonly Row[]> {
    const tables = [tableOf('usageEvents'), tableOf('usageTotals')] as const
    if (!(await this.isByMonth(run))) return (await run(ingestStatement(...tables, rows))).rows
    const times = rows.map(row => Number(row.recordedAt))
    const [first, last] = [Math.min(...times), Math.max(...times)]
    await waitAtBoundary(run, rows, first, last)
    const window = { from: first - keyWindowMs, to: last + keyWindowMs }
    return (await run(ingestStatement(...tables, rows, window))).rows
  }

  private async isByMonth(run: Run): Promise<boolean> {
    const at = Date.now()
    if (this.known !== null && at - this.known.at < knownForMs) return this.known.byMonth
    const { rows } = await run({
      text: 'select relkind::text as kind from pg_class where oid = to_regclass($1::text)',
      values: [table],
    })
    assert(rows.length === 1, 'the table of usage events is there')
    this.known = { at, byMonth: rows[0]?.kind === 'p' }
    return this.known.byMonth
  }
}

// One key that comes at the same moment for two months meets no common index: its tenant goes one by one.
async function waitAtBoundary(
  run: Run,
  rows: readonly Row[],
  first: number,
  last: number,
): Promise<void> {
  if (startOfMonth(first - boundaryMs) === startOfMonth(last + boundaryMs)) return
  const tenants = [...new Set(rows.map(row => String(row.tenantId)))].sort()
  await run({
    text:
      "select pg_advisory_xact_lock(hashtextextended('usage ' || t, 0)) " +
      'from unnest($1::text[]) as t',
    values: [tenants],
  })
}
