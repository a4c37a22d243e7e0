// Fills a database as years of use would, by COPY as superuser on two connections, with indexes and checks as they
// are. Foreign keys stand, but are not looked up row by row: the rows are made whole.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { tableOf, toParameter } from '../../src/adapters/postgres/rows.ts'
import type { CollectionName } from '../../src/ports/collections.ts'
import type { Row } from '../../src/ports/shape.ts'
import { agreement, largeOpening, payment, type Sizes, usageLine } from './scale-rows.ts'

const cell = (value: string | number | boolean | null): string => {
  if (value === null) return ''
  return typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : String(value)
}

/** A connection that takes rows by files at the server, some thousand each. */
class Copying {
  private readonly folder = mkdtempSync(join(tmpdir(), 'quittance-scale-'))

  private readonly client: pg.Client

  constructor(url: string) {
    this.client = new pg.Client({ connectionString: url })
    // Whoever measures stops by ending the server.
    this.client.on('error', () => undefined)
    chmodSync(this.folder, 0o755)
  }

  async open(): Promise<this> {
    await this.client.connect()
    await this.run('set synchronous_commit = off')
    await this.run('set session_replication_role = replica')
    await this.run("set work_mem = '256MB'")
    return this
  }

  async run(statement: string): Promise<void> {
    await this.client.query(statement)
  }

  /** Gives the server these settings, and no others. */
  async settle(settings: Readonly<Record<string, string>>): Promise<void> {
    await this.run('alter system reset all')
    for (const [name, value] of Object.entries(settings)) {
      await this.run(`alter system set ${name} = '${value}'`)
    }
    await this.run('select pg_reload_conf()')
  }

  async lines(collection: CollectionName, lines: readonly string[]): Promise<void> {
    const { name, columns } = tableOf(collection)
    const file = join(this.folder, 'rows.csv')
    writeFileSync(file, lines.join('\n'))
    chmodSync(file, 0o644)
    const names = columns.map(column => column.name).join(', ')
    await this.run(`copy ${name} (${names}) from '${file}' with (format csv)`)
  }

  async rows(collection: CollectionName, rows: readonly unknown[]): Promise<void> {
    const { columns } = tableOf(collection)
    const lines = rows.map(row =>
      columns.map(column => cell(toParameter(column, (row as Row)[column.field]))).join(','),
    )
    await this.lines(collection, lines)
  }

  async close(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true })
    await this.client.end()
  }
}

const rowsPerFile = 20_000

async function inPieces<T>(
  count: number,
  nth: (n: number) => T,
  take: (piece: readonly T[]) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < count; from += rowsPerFile) {
    const length = Math.min(rowsPerFile, count - from)
    await take(Array.from({ length }, (_, at) => nth(from + at)))
  }
}

async function agree(copying: Copying, sizes: Sizes): Promise<void> {
  const { customer, tenant } = largeOpening()
  await copying.rows('tenants', [tenant])
  await copying.rows('customers', [customer])
  await inPieces(sizes.subscriptions, agreement, async piece => {
    const own = piece.flatMap(each => each.own)
    await copying.rows(
      'tenants',
      own.map(each => each.tenant),
    )
    await copying.rows(
      'customers',
      own.map(each => each.customer),
    )
    await copying.rows(
      'paymentMethods',
      piece.map(({ method }) => method),
    )
    await copying.rows(
      'subscriptions',
      piece.map(({ subscription }) => subscription),
    )
  })
}

// The service adds up as rows come in.
const addedUp = {
  transactions:
    'insert into quittance.transaction_totals (tenant_id, day, type, currency, amount_minor, transactions) ' +
    "select tenant_id, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD'), type, currency, " +
    'sum(amount_minor), count(*) from quittance.transactions group by 1, 2, 3, 4',
  usage:
    'insert into quittance.usage_totals (tenant_id, subscription_id, metric, period_start, day, quantity, events) ' +
    'select tenant_id, subscription_id, metric, period_start, day, sum(quantity), count(*) ' +
    'from quittance.usage_events group by 1, 2, 3, 4, 5',
}

async function pay(copying: Copying, sizes: Sizes, tell: (line: string) => void): Promise<void> {
  let done = 0
  await inPieces(
    sizes.transactions,
    n => payment(n, sizes),
    async piece => {
      await copying.rows(
        'invoices',
        piece.map(({ invoice }) => invoice),
      )
      await copying.rows(
        'transactions',
        piece.map(({ transaction }) => transaction),
      )
      done += piece.length
      if (done % 500_000 === 0) tell(`${done} transactions`)
    },
  )
  await copying.run(addedUp.transactions)
}

async function use(copying: Copying, sizes: Sizes, tell: (line: string) => void): Promise<void> {
  let done = 0
  await inPieces(
    sizes.usage,
    n => usageLine(n, sizes),
    async piece => {
      await copying.lines('usageEvents', piece)
      done += piece.length
      if (done % 2_500_000 === 0) tell(`${done} usage events`)
    },
  )
  await copying.run(addedUp.usage)
}

/** Pages are written out whole after each checkpoint, so there are few; what is loaded is swept once, at the end. */
const whileLoading = {
  max_wal_size: '4GB',
  checkpoint_timeout: '30min',
  autovacuum: 'off',
}

/** Loads an empty database of this address, and leaves it swept and written out. */
export async function load(
  ownerUrl: string,
  sizes: Sizes,
  tell: (line: string) => void,
): Promise<void> {
  const [one, other] = [new Copying(ownerUrl), new Copying(ownerUrl)]
  try {
    await Promise.all([one.open(), other.open()])
    await one.settle(whileLoading)
    await agree(one, sizes)
    await Promise.all([pay(one, sizes, tell), use(other, sizes, tell)])
    await one.run('vacuum analyze')
    await one.settle({})
    await one.run('checkpoint')
  } finally {
    await Promise.allSettled([one.close(), other.close()])
  }
}
