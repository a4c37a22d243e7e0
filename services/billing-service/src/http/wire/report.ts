// Reports on the wire: amounts in major units, percentages in percent, times in ISO-8601.
import type {
  MrrMovementWire,
  ReportDefinitionWire,
  ReportWire,
} from '@quittance/billing-contract/schemas/report'
import type { ReportResult } from '../../actions/reports/run-report.ts'
import { ppmToPercent } from '../../core/money.ts'
import type { MrrMovement } from '../../core/reports/recurring.ts'
import type { AnyReport, ReportColumn, ReportRow } from '../../core/reports/report.ts'
import { toIso } from '../../core/time.ts'
import { amount } from './money.ts'

type Language = 'en' | 'zh-CN'

const columnToWire = ({ code, kind, label, total, names }: ReportColumn, language: Language) => ({
  code,
  kind,
  label: label[language],
  total: total === true,
  names: Object.fromEntries(
    Object.entries(names ?? {}).map(([value, named]) => [value, named[language]]),
  ),
})

export const reportDefinitionToWire = (
  report: AnyReport,
  language: Language,
): ReportDefinitionWire => ({
  code: report.code,
  title: report.title[language],
  definition: report.definition[language],
  scope: report.scope,
  time: report.time,
  columns: report.columns.map(column => columnToWire(column, language)),
  accounts: [...(report.ledger?.accounts ?? [])],
  opens: report.opens ?? null,
})

function cellToWire({ code, kind }: ReportColumn, row: ReportRow): string | number | null {
  const value = row[code]
  if (value == null) return null
  switch (kind) {
    case 'money':
      return amount(Number(value), String(row.currency))
    case 'percent':
      return ppmToPercent(Number(value))
    case 'instant':
      return toIso(Number(value))
    default:
      return value
  }
}

/** Most rows of an answer; files hold them all. */
const rowsMax = 1_000

export function reportToWire(result: ReportResult, language: Language): ReportWire {
  const { report, rows, from, to, zone, tenantId, currency, generatedAt } = result
  return {
    ...reportDefinitionToWire(report, language),
    tenantId,
    currency,
    from: report.time === 'moment' ? null : toIso(from),
    to: toIso(to),
    zone,
    generatedAt: toIso(generatedAt),
    rows: rows
      .slice(0, rowsMax)
      .map(row =>
        Object.fromEntries(report.columns.map(column => [column.code, cellToWire(column, row)])),
      ),
    rowCount: rows.length,
    truncated: rows.length > rowsMax,
    totals: result.totals.map(({ currency: code, sums }) => ({
      currency: code,
      sums: Object.fromEntries(
        Object.entries(sums).map(([column, minor]) => [column, amount(minor, code)]),
      ),
    })),
    ledger: result.ledger.map(({ currency: code, reportMinor, ledgerMinor }) => ({
      currency: code,
      report: amount(reportMinor, code),
      ledger: amount(ledgerMinor, code),
    })),
  }
}

export const movementToWire = (movement: MrrMovement): MrrMovementWire => {
  const { currency } = movement
  return {
    id: movement.id,
    tenantId: movement.tenantId,
    customerId: movement.customerId,
    subscriptionId: movement.subscriptionId,
    kind: movement.kind,
    currency,
    change: amount(movement.changeMinor, currency),
    mrr: amount(movement.mrrMinor, currency),
    customerMrrBefore: amount(movement.customerBeforeMinor, currency),
    customerMrrAfter: amount(movement.customerAfterMinor, currency),
    plan: movement.planCode,
    billingCycle: movement.billingCycle,
    quantity: movement.quantity,
    occurredAt: toIso(movement.occurredAt),
  }
}
