// The registry of reports, in the order in which they are listed. A new one adds its definition and a line
// here; API, exports and console follow.
import { refuse } from '../refusal.ts'
import { fees, receivablesAgeing, taxReport, trialBalance } from './books.ts'
import { dunningRecovery, paymentFailures, usageByMetric } from './collecting.ts'
import { deferredRevenue } from './deferred.ts'
import {
  forecastAccuracy,
  forecastBacktest,
  forecastReport,
  renewalRisk,
} from './forecast-reports.ts'
import {
  cohortsReport,
  mrrByPlan,
  mrrReport,
  retentionReport,
  trialConversion,
} from './recurring-reports.ts'
import type { AnyReport } from './report.ts'
import {
  couponUse,
  receiptsByMethod,
  revenueByCountry,
  revenueByCurrency,
  revenueByPlan,
} from './revenue.ts'
import { transactionSummary } from './transaction-summary.ts'

export const reports: readonly AnyReport[] = [
  mrrReport,
  mrrByPlan,
  retentionReport,
  cohortsReport,
  trialConversion,
  forecastReport,
  forecastAccuracy,
  forecastBacktest,
  renewalRisk,
  revenueByPlan,
  revenueByCurrency,
  revenueByCountry,
  receiptsByMethod,
  transactionSummary,
  deferredRevenue,
  receivablesAgeing,
  taxReport,
  fees,
  trialBalance,
  couponUse,
  usageByMetric,
  paymentFailures,
  dunningRecovery,
]

/** The report of that code. Refuses `not_found`. */
export const reportOf = (code: string): AnyReport =>
  reports.find(report => report.code === code) ??
  refuse('not_found', { noun: 'report', nounZh: '报表' })
