// Runs a report: finds out what is asked for, folds the facts of its source, and holds the result against the
// ledger.
import type { Currency } from '../../core/money.ts'
import { refuse } from '../../core/refusal.ts'
import type { Facts } from '../../core/reports/facts.ts'
import {
  type AnyReport,
  type Asked,
  type Report,
  type ReportRow,
  totalsOf,
} from '../../core/reports/report.ts'
import { addLocal, type Instant, namedPeriod } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import { enter } from '../enter.ts'
import { factsOf, type ReportScope, scopeOf } from './sources.ts'

export interface ReportInput {
  /** Null: all tenants together. */
  readonly tenantId: string | null
  readonly from?: Instant | undefined
  readonly to?: Instant | undefined
  /** A period by name instead of its edges. */
  readonly period?: string | undefined
  readonly currency?: Currency | undefined
  /** Whether test tenants count; of use only for all tenants together. */
  readonly tenants?: 'live' | 'all' | undefined
}

/** What a column adds up to, and what the ledger lines behind it do. */
export interface LedgerComparison {
  readonly currency: Currency
  readonly reportMinor: number
  readonly ledgerMinor: number
}

export interface ReportResult extends Asked {
  readonly report: AnyReport
  readonly tenantId: string | null
  readonly currency: Currency | null
  readonly generatedAt: Instant
  readonly rows: readonly ReportRow[]
  readonly totals: ReturnType<typeof totalsOf>
  /** Empty for reports that are not of the ledger. */
  readonly ledger: readonly LedgerComparison[]
}

const monthsBefore = 11

/** Refuses `invalid_period`, and `invalid_request` when nothing lies between the edges. */
export async function runReport(
  deps: Deps,
  report: AnyReport,
  input: ReportInput,
): Promise<ReportResult> {
  const { zone, at } = await whereAndWhen(deps, input.tenantId)
  const span = spanOf(input, zone, at)
  const asked = report.time === 'moment' ? { ...span, from: 0 } : span
  const tenants = input.tenants ?? (deps.sandbox ? 'all' : 'live')
  const scope = await scopeOf(deps, input.tenantId, tenants)
  const { currency = null } = input
  const isAsked = (row: ReportRow) => currency === null || (row.currency ?? currency) === currency
  const rows = (await folded(report as Report<keyof Facts>, scope, asked)).filter(isAsked)
  const ledger = await comparison(report, scope, asked, rows)
  return {
    report,
    ...asked,
    tenantId: input.tenantId,
    currency,
    generatedAt: at,
    rows,
    totals: totalsOf(report.columns, rows),
    ledger: ledger.filter(each => currency === null || each.currency === currency),
  }
}

async function whereAndWhen(deps: Deps, tenantId: string | null) {
  if (tenantId === null) return { zone: deps.settings.zone, at: deps.clock.real() }
  const { settings, at } = await enter(deps, { tenantId })
  return { zone: settings.zone, at }
}

/** The span that is meant: a named period, or from the month eleven months ago until now. */
function spanOf(input: ReportInput, zone: string, at: Instant): Asked {
  if (input.period !== undefined) {
    const { from, to } = namedPeriod(input.period, zone, at)
    return { from, to, zone }
  }
  // What was booked at this very instant is over.
  const to = input.to ?? at + 1
  const month = namedPeriod('month', zone, to - 1).from
  const from = input.from ?? addLocal(month, -monthsBefore, 'months', zone)
  if (from >= to) refuse('invalid_request', {}, [{ path: '/to', message: 'must be after from' }])
  return { from, to, zone }
}

async function folded(
  report: Report<keyof Facts>,
  scope: ReportScope,
  asked: Asked,
): Promise<ReportRow[]> {
  const fold = report.fold(asked)
  for await (const fact of factsOf(report.source, scope, asked)) fold.add(fact)
  return fold.rows()
}

async function comparison(
  { ledger, time }: AnyReport,
  { reads, without }: ReportScope,
  { from, to }: Asked,
  rows: readonly ReportRow[],
): Promise<LedgerComparison[]> {
  if (ledger === undefined) return []
  const { accounts, kinds, sign, column } = ledger
  const groups = await reads.sum('ledgerEntries', {
    where: { account: { in: accounts }, ...(kinds === undefined ? {} : { kind: { in: kinds } }) },
    range: { field: 'bookedAt', to, ...(time === 'moment' ? {} : { from }) },
    sum: ['amountMinor'],
    groupBy: ['tenantId', 'currency'],
  })
  const booked = new Map<Currency, number>()
  for (const { group, sums } of groups) {
    if (without.has(String(group.tenantId))) continue
    const currency = String(group.currency)
    booked.set(currency, (booked.get(currency) ?? 0) + sign * Number(sums.amountMinor))
  }
  const counted = new Map<Currency, number>()
  for (const row of rows) {
    const currency = String(row.currency)
    counted.set(currency, (counted.get(currency) ?? 0) + Number(row[column] ?? 0))
  }
  return [...new Set([...booked.keys(), ...counted.keys()])].sort().map(currency => ({
    currency,
    reportMinor: counted.get(currency) ?? 0,
    ledgerMinor: booked.get(currency) ?? 0,
  }))
}
