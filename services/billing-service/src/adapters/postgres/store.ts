// The PostgreSQL store: two pools (a tenant's role, the system role), transactions that may run their body
// again, and claims for workers.
import { setTimeout as delay } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import { assert } from '../../core/assert.ts'
import { Refusal } from '../../core/refusal.ts'
import type { CollectionName, RowOf } from '../../ports/collections.ts'
import { compareText, rowsMax } from '../../ports/query.ts'
import { fullKey, shapeOf } from '../../ports/shape.ts'
import { StartupProblem } from '../../ports/startup.ts'
import type {
  Store,
  SystemHandle,
  SystemTransaction,
  TenantTransaction,
} from '../../ports/store.ts'
import {
  borrow,
  breaksConnection,
  isLostRace,
  lostForGood,
  openPool,
  type PostgresPatience,
  type Run,
  runOn,
} from './connect.ts'
import { schemaVersion } from './migrate.ts'
import type { Asking } from './queries.ts'
import { schemaName, tableOf } from './rows.ts'
import { countersOn, readsOn, type Session, writesOn } from './session.ts'
import { Together } from './together.ts'
import { UsageMonths } from './usage-months.ts'
import { claimStatement } from './writes.ts'

export interface PostgresStoreOptions {
  /** The role that serves one tenant at a time. */
  readonly appUrl: string
  /** The role of jobs and operators. */
  readonly systemUrl: string
  /** Connections for tenants; the system gets half as many. Default 10. */
  readonly poolSize?: number
  /** Of tenants' work, and of the system's. */
  readonly patience?: { readonly app?: PostgresPatience; readonly system?: PostgresPatience }
  readonly log?: (line: string) => void
}

const attemptsMax = 5

/** A session that remembers a failed statement, and refuses to work once its transaction is over. */
class TransactionGuard {
  private over = false
  private failure: { readonly error: unknown } | null = null

  watch(run: Run): Run {
    return async statement => {
      assert(!this.over, 'a transaction is used only inside its body')
      try {
        return await run(statement)
      } catch (error) {
        this.failure ??= { error }
        throw error
      }
    }
  }

  /** Ends the use of the handle after a failure. */
  abandon(): void {
    this.over = true
  }

  /** Ends the use of the handle. A body that swallowed a failed write does not commit. */
  close(): void {
    this.over = true
    if (this.failure) throw this.failure.error
  }

  fail(error: unknown): void {
    this.failure ??= { error }
  }
}

async function runBody<T>(
  client: PoolClient,
  asking: Asking,
  body: (session: Session) => Promise<T>,
): Promise<T> {
  const run = runOn(client)
  const guard = new TransactionGuard()
  await run({ text: 'begin', values: [] })
  if (asking.tenantId !== null) {
    await run({
      text: "select set_config('app.tenant_id', $1, true)",
      values: [asking.tenantId],
    })
  }
  try {
    const doom = (error: unknown) => guard.fail(error)
    const result = await body({ asking, run: guard.watch(run), doom })
    guard.close()
    await run({ text: 'commit', values: [] })
    return result
  } catch (error) {
    guard.abandon()
    throw error
  }
}

async function attempt<T>(
  pool: Pool,
  asking: Asking,
  body: (session: Session) => Promise<T>,
): Promise<T> {
  const client = await borrow(pool)
  let broken = false
  try {
    return await runBody(client, asking, body)
  } catch (error) {
    broken = breaksConnection(error)
    if (!broken) {
      await client.query('rollback').catch(() => {
        broken = true
      })
    }
    throw error
  } finally {
    client.release(broken)
  }
}

/** Runs the body in a transaction, again (after a short, uneven pause) when it lost a race. */
async function inTransaction<T>(
  pool: Pool,
  tenantId: string | null,
  body: (session: Session) => Promise<T>,
): Promise<T> {
  const scope = tenantId === null ? 'system' : 'tenant'
  const asking: Asking = { scope, tenantId, mode: 'in_transaction' }
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt(pool, asking, body)
    } catch (error) {
      if (!isLostRace(error)) throw error
      if (tried >= attemptsMax) throw lostForGood(error)
      await delay(Math.random() * 10 * 2 ** tried)
    }
  }
}

function systemHandle(pool: Pool): SystemHandle {
  const asking: Asking = { scope: 'system', tenantId: null, mode: 'alone' }
  const run = runOn(pool)
  return {
    ...readsOn({ asking, run }),
    transaction: <T>(body: (tx: SystemTransaction) => Promise<T>) =>
      inTransaction(pool, null, session => body({ ...readsOn(session), ...writesOn(session) })),
    async claim<N extends CollectionName>(
      collection: N,
      options: { field: string; now: number; leaseUntil: number; limit: number; where?: object },
    ): Promise<RowOf<N>[]> {
      assert(options.limit >= 1 && options.limit <= rowsMax, `a claim takes 1 to ${rowsMax} rows`)
      const times = { ...options, where: { ...options.where } }
      const { rows, aside } = await run(claimStatement(tableOf(collection), options.field, times))
      const key = fullKey(shapeOf(collection))
      const claimed = rows.map((row, at) => ({
        row,
        dueWas: Number(aside[at]),
        key: JSON.stringify(key.map(field => row[field])),
      }))
      return claimed
        .sort((a, b) => a.dueWas - b.dueWas || compareText(a.key, b.key))
        .map(({ row }) => row as unknown as RowOf<N>)
    },
  }
}

/** What pieces of work that share a transaction stand on. */
interface Sharing {
  readonly pool: Pool
  readonly months: UsageMonths
  readonly store: Store
  readonly log: (line: string) => void
}

/** All in one transaction, or an error and nothing done. */
function allTogether<Item, T>(
  { pool, months }: Sharing,
  items: readonly Item[],
  work: (store: Store, item: Item) => Promise<T>,
): Promise<T[]> {
  const asking: Asking = { scope: 'system', tenantId: null, mode: 'in_transaction' }
  return attempt(pool, asking, async ({ run }) => {
    const shared = new Together(run, months)
    const done = await Promise.allSettled(
      items.map((item, at) => work(shared.storeFor(at), item).finally(() => shared.ended(at))),
    )
    const failure = shared.failed()
    if (failure) throw failure.error
    return done.map(outcome => {
      if (outcome.status === 'rejected') throw outcome.reason
      return outcome.value
    })
  })
}

/** What cannot be done together is done in halves, down to one by one, so that each has its own outcome. */
async function eachTogether<Item, T>(
  sharing: Sharing,
  items: readonly Item[],
  work: (store: Store, item: Item) => Promise<T>,
): Promise<PromiseSettledResult<T>[]> {
  const { store, log } = sharing
  const [only] = items
  if (items.length <= 1) {
    return Promise.allSettled(only === undefined ? [] : [work(store, only)])
  }
  try {
    const values = await allTogether(sharing, items, work)
    return values.map(value => ({ status: 'fulfilled', value }))
  } catch (reason) {
    const gone = reason instanceof Refusal && reason.code === 'unavailable'
    if (gone) return items.map(() => ({ status: 'rejected', reason }))
    log(
      `Work for ${items.length} rows could not be done together (${reasonOf(reason)}): in halves.`,
    )
    const middle = Math.ceil(items.length / 2)
    return [
      ...(await eachTogether(sharing, items.slice(0, middle), work)),
      ...(await eachTogether(sharing, items.slice(middle), work)),
    ]
  }
}

function assertTenant(tenantId: string): void {
  assert(typeof tenantId === 'string' && tenantId !== '', 'a tenant has a name')
}

// Row-level security does not hold a superuser, and the owner of the tables could lift it.
async function assertRoles(app: Pool, system: Pool): Promise<void> {
  for (const [pool, name] of [
    [app, 'application'],
    [system, 'system'],
  ] as const) {
    const { rows } = await runOn(pool)({
      text:
        'select u.rolname as role, u.rolsuper or u.rolbypassrls as unbound, ' +
        'exists (select from pg_class c join pg_namespace s on s.oid = c.relnamespace ' +
        'where s.nspname = $1 and c.relowner = u.oid) as owner ' +
        'from pg_roles u where u.rolname = current_user',
      values: [schemaName],
    })
    const [row] = rows
    if (row?.unbound || row?.owner) {
      throw new StartupProblem(
        `The database's ${name} role "${row.role}" may see past row-level security (it is a superuser, ` +
          'bypasses it, or owns the tables): use a plain role.',
      )
    }
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message || String(Reflect.get(error, 'code')) : String(error)

async function assertSchema(pool: Pool): Promise<void> {
  const found = await runOn(pool)({
    text: `select max(number) as number from ${schemaName}.schema_migrations`,
    values: [],
  }).catch(cause => {
    throw new StartupProblem(
      cause instanceof Refusal
        ? `The database does not answer: ${reasonOf(cause.cause)}.`
        : 'The database is not prepared: run "quittance migrate".',
      { cause },
    )
  })
  const number = Number(found.rows[0]?.number ?? 0)
  if (number === schemaVersion) return
  throw new StartupProblem(
    number < schemaVersion
      ? `The database stands at migration ${number} of ${schemaVersion}: run "quittance migrate".`
      : `The database was prepared by a newer version (migration ${number}, this one knows ` +
          `${schemaVersion}): start that version.`,
  )
}

/** A store that tells how its connections are used. */
export interface PostgresStore extends Store {
  pools(): readonly {
    readonly name: string
    readonly open: number
    readonly idle: number
    readonly waiting: number
  }[]
}

/**
 * Opens the store on a prepared database. Refuses to start (`StartupProblem`) on a database of another
 * version, or with roles that row-level security does not hold.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const log = options.log ?? (() => undefined)
  const size = options.poolSize ?? 10
  const { app: appPatience = {}, system: systemPatience = {} } = options.patience ?? {}
  const app = openPool({ url: options.appUrl, size, name: 'app', patience: appPatience, log })
  const systemSize = Math.max(2, Math.ceil(size * 0.5))
  const system = openPool({
    url: options.systemUrl,
    size: systemSize,
    name: 'system',
    patience: systemPatience,
    log,
  })
  const close = async () => {
    await Promise.all([app.end(), system.end()])
  }
  try {
    await assertSchema(app)
    await assertRoles(app, system)
  } catch (error) {
    await close()
    throw error
  }
  const months = new UsageMonths()
  const store: PostgresStore = {
    pools: () =>
      Object.entries({ app, system }).map(([name, pool]) => ({
        name,
        open: pool.totalCount,
        idle: pool.idleCount,
        waiting: pool.waitingCount,
      })),
    of(tenantId) {
      assertTenant(tenantId)
      return readsOn({ asking: { scope: 'tenant', tenantId, mode: 'alone' }, run: runOn(app) })
    },
    transaction<T>(tenantId: string, body: (tx: TenantTransaction) => Promise<T>) {
      assertTenant(tenantId)
      return inTransaction(app, tenantId, session =>
        body({
          ...readsOn(session),
          ...writesOn(session),
          ...countersOn(session, tenantId, months),
        }),
      )
    },
    together: (items, work) => eachTogether({ pool: system, months, store, log }, items, work),
    system: systemHandle(system),
    async ping() {
      await runOn(app)({ text: 'select 1', values: [] })
    },
    close,
  }
  return store
}
