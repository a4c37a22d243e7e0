// Fills a database as years of use would: tenants with a subscription each, their paid invoices and transactions, and
// usage of the running period. By COPY as superuser, with foreign keys and indexes as they are.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Table, tableOf, toParameter } from '../../src/adapters/postgres/rows.ts'
import type { InvoiceLine } from '../../src/core/invoice.ts'
import type { CollectionName } from '../../src/ports/collections.ts'
import {
  customerRow,
  dayMs,
  invoiceRow,
  methodRow,
  subscriptionRow,
  tenantRow,
  transactionRow,
} from '../../src/ports/contract/rows.ts'
import type { Row } from '../../src/ports/shape.ts'
import type { Ground } from './ground.ts'

export interface Sizes {
  readonly subscriptions: number
  readonly transactions: number
  readonly usage: number
}

/** One tenant has a full page of everything at the smallest size already, and a hundredth of all that comes. */
export const largeTenant = 'scale-large'
const largeShare = 100
const largeFirst = 50

/** Begin of the running period of every subscription, and what lies behind it. */
const periodStart = Date.now() - 10 * dayMs
const periodEnd = periodStart + 30 * dayMs
const historyMs = 700 * dayMs

const isLarge = (n: number): boolean => n < largeFirst || n % largeShare === largeShare - 1

/** The subscription of an ordinary tenant, anywhere among so many. */
export function ordinaryAmong(subscriptions: number, n: number): number {
  const at = largeFirst + ((n * 7_919) % (subscriptions - largeFirst))
  return isLarge(at) ? at - 1 : at
}

export const tenantOf = (n: number): string =>
  isLarge(n) ? largeTenant : `scale-${String(n).padStart(9, '0')}`

/** Names that sort as they were made, as the service's own do. */
const idOf = (kind: string, n: number): string => `${kind}_s${String(n).padStart(10, '0')}`
export const subscriptionOf = (n: number): string => idOf('sub', n)

const rowsPerFile = 20_000

const cell = (value: string | number | boolean | null): string => {
  if (value === null) return ''
  return typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : String(value)
}

const lineOf = ({ columns }: Table, row: Row): string =>
  columns.map(column => cell(toParameter(column, row[column.field]))).join(',')

/** Copies lines from files at the server, some thousand rows each. */
export class Loader {
  private readonly folder = mkdtempSync(join(tmpdir(), 'quittance-scale-'))

  private readonly ground: Ground

  constructor(ground: Ground) {
    this.ground = ground
    chmodSync(this.folder, 0o755)
  }

  private async copy(collection: CollectionName, lines: readonly string[]): Promise<void> {
    const { name, columns } = tableOf(collection)
    const file = join(this.folder, 'rows.csv')
    writeFileSync(file, lines.join('\n'))
    chmodSync(file, 0o644)
    const names = columns.map(column => column.name).join(', ')
    await this.ground.owner.query(`copy ${name} (${names}) from '${file}' with (format csv)`)
  }

  private async copyRows(collection: CollectionName, rows: readonly unknown[]): Promise<void> {
    const table = tableOf(collection)
    await this.copy(
      collection,
      rows.map(row => lineOf(table, row as Row)),
    )
  }

  /** Loads what `to` has more than `from`. */
  async load(from: Sizes, to: Sizes, tell: (line: string) => void): Promise<void> {
    const { owner } = this.ground
    await owner.query('set synchronous_commit = off')
    if (from.subscriptions === 0) await this.openLarge()
    await inPieces(from.subscriptions, to.subscriptions, (start, end) => this.agree(start, end))
    tell(`${to.subscriptions} subscriptions`)
    const agreements = [from.subscriptions, to.subscriptions] as const
    await inPieces(from.transactions, to.transactions, (start, end) =>
      this.pay(start, end, agreements),
    )
    tell(`${to.transactions} transactions`)
    await inPieces(from.usage, to.usage, (start, end) => this.use(start, end, to.subscriptions))
    tell(`${to.usage} usage events`)
    await this.addUp()
    await owner.query('reset synchronous_commit')
    await owner.query('vacuum analyze')
    await owner.query('checkpoint')
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  private async openLarge(): Promise<void> {
    const customer = customerRow(largeTenant, { id: idOf('cus', 0) as never, isDefault: true })
    await this.copyRows('tenants', [tenantRow(largeTenant, { defaultCustomerId: customer.id })])
    await this.copyRows('customers', [customer])
  }

  private async agree(start: number, end: number): Promise<void> {
    const made = Array.from({ length: end - start }, (_, at) => {
      const n = start + at
      const id = idOf('cus', isLarge(n) ? 0 : n + 1) as never
      const customer = customerRow(tenantOf(n), { id, isDefault: true })
      const method = methodRow(customer, {
        id: idOf('pm', n) as never,
        processorId: idOf('pm_at', n),
      })
      const subscription = subscriptionRow(customer, {
        id: subscriptionOf(n) as never,
        currentPeriodStart: periodStart,
        currentPeriodEnd: periodEnd,
        nextBillingAt: periodEnd,
        anchorAt: periodStart,
        anchorDay: new Date(periodStart).getUTCDate(),
        createdAt: periodStart - (n % 700) * dayMs,
        liveKey: isLarge(n) ? `${customer.id}:standard:${n}` : `${customer.id}:standard`,
      })
      return { n, customer, method, subscription }
    })
    const own = made.filter(({ n }) => !isLarge(n)).map(({ customer }) => customer)
    const tenants = own.map(({ tenantId, id }) => tenantRow(tenantId, { defaultCustomerId: id }))
    await this.copyRows('tenants', tenants)
    await this.copyRows('customers', own)
    await this.copyRows(
      'paymentMethods',
      made.map(({ method }) => method),
    )
    await this.copyRows(
      'subscriptions',
      made.map(({ subscription }) => subscription),
    )
  }

  /** A paid invoice for each transaction. The subscriptions that came with them share them evenly. */
  private async pay(start: number, end: number, [low, high]: readonly [number, number]) {
    const paid = Array.from({ length: end - start }, (_, at) => {
      const n = start + at
      const of = low + (n % (high - low))
      const customer = customerRow(tenantOf(of), {
        id: idOf('cus', isLarge(of) ? 0 : of + 1) as never,
      })
      const createdAt = Math.floor(
        periodStart - historyMs + ((n * 7_919) % 10_000) * 0.0001 * historyMs,
      )
      const subscriptionId = subscriptionOf(of) as never
      const invoice = invoiceRow(customer, {
        id: idOf('inv', n) as never,
        invoiceNumber: `S${of}-${n}`,
        subscriptionId,
        status: 'paid',
        billingReason: 'subscription_cycle',
        lines: [recurring(n, createdAt)],
        amountPaidMinor: 972,
        planCode: 'starter',
        issuedAt: createdAt,
        paidAt: createdAt,
        closedAt: createdAt,
        createdAt,
        updatedAt: createdAt,
      })
      const transaction = transactionRow(customer, {
        id: idOf('txn', n) as never,
        invoiceId: invoice.id,
        subscriptionId,
        processorId: idOf('pi', n),
        planCode: 'starter',
        methodType: 'card',
        createdAt,
        recordedAt: createdAt,
        processedAt: createdAt,
        updatedAt: createdAt,
      })
      return { invoice, transaction }
    })
    await this.copyRows(
      'invoices',
      paid.map(({ invoice }) => invoice),
    )
    await this.copyRows(
      'transactions',
      paid.map(({ transaction }) => transaction),
    )
  }

  /** Keys in the order of time; two metrics over the days since the period began. */
  private async use(start: number, end: number, subscriptions: number): Promise<void> {
    const begun = new Date(periodStart).toISOString()
    const lines = Array.from({ length: end - start }, (_, at) => {
      const n = start + at
      const of = (n * 31) % subscriptions
      const moment = new Date(periodStart + ((n * 7_919) % 9_000_000) * 96).toISOString()
      const [metric, day] = [n % 3 === 0 ? 'api_calls' : 'messages', moment.slice(0, 10)]
      const key = idOf('use', n)
      return `${tenantOf(of)},${key},${subscriptionOf(of)},${metric},1,,${moment},${begun},${day},f,${moment}`
    })
    await this.copy('usageEvents', lines)
  }

  /** What the service would have added up as the rows came in. */
  private async addUp(): Promise<void> {
    const { owner } = this.ground
    const loaded = "tenant_id like 'scale-%'"
    await owner.query(`delete from quittance.usage_totals where ${loaded}`)
    await owner.query(
      'insert into quittance.usage_totals (tenant_id, subscription_id, metric, period_start, day, quantity, events) ' +
        'select tenant_id, subscription_id, metric, period_start, day, sum(quantity), count(*) ' +
        `from quittance.usage_events where ${loaded} group by 1, 2, 3, 4, 5`,
    )
    await owner.query(`delete from quittance.transaction_totals where ${loaded}`)
    await owner.query(
      'insert into quittance.transaction_totals (tenant_id, day, type, currency, amount_minor, transactions) ' +
        "select tenant_id, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD'), type, currency, " +
        `sum(amount_minor), count(*) from quittance.transactions where ${loaded} group by 1, 2, 3, 4`,
    )
  }
}

const recurring = (n: number, start: number): InvoiceLine => ({
  id: idOf('il', n) as never,
  kind: 'recurring',
  description: 'Starter, monthly',
  descriptionZh: '入门版，按月',
  quantity: '1',
  unitAmount: '10',
  amountMinor: 1_000,
  discountMinor: 100,
  taxMinor: 72,
  taxRatePpm: null,
  periodStart: start,
  periodEnd: start + 30 * dayMs,
  planCode: 'starter',
  metric: null,
  why: null,
})

async function inPieces(
  from: number,
  to: number,
  work: (start: number, end: number) => Promise<void>,
): Promise<void> {
  for (let start = from; start < to; start += rowsPerFile) {
    await work(start, Math.min(to, start + rowsPerFile))
  }
}
