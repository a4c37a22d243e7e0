// The forecast as reports: the next twelve months, what was foretold before against what came, how far off that
// was, and how likely renewals lose a contract.
import type { Instant } from '../time.ts'
import { accuracies, backtest, errorPpm, forecastNow, isWithin } from './forecast/backtest.ts'
import { type ContractFact, type Contracts, gatherContracts } from './forecast/contracts.ts'
import { originNow } from './forecast/forecast.ts'
import { ages, measuredRenewals, smoothedRisks, whole } from './forecast/renewal-risk.ts'
import {
  type Asked,
  countColumn,
  currencyColumn,
  type Fold,
  moneyColumn,
  type ReportColumn,
  type ReportRow,
  report,
  textColumn,
  type Words,
  words,
} from './report.ts'

const standing = (code: string, label: Words): ReportColumn => ({ code, kind: 'money', label })
const percentColumn = (code: string, label: Words): ReportColumn => ({
  code,
  kind: 'percent',
  label,
})
const monthColumn = textColumn('month', words('Month', '月份'))
const expectedColumn = moneyColumn('expected', words('Expected', '预计收入'))
const rangeColumns = [
  standing('low', words('Low', '下限')),
  standing('high', words('High', '上限')),
]

const foldContracts =
  (rowsOf: (known: Contracts, at: Instant) => ReportRow[]) =>
  (asked: Asked): Fold<ContractFact> => {
    const { add, contracts } = gatherContracts(asked)
    return { add, rows: () => rowsOf(contracts(), asked.to) }
  }

export const forecastReport = report({
  code: 'forecast',
  title: words('Forecast', '收入预测'),
  definition: words(
    'Revenue of the next 12 months from the contracts that run at the moment asked for; trials and new customers are left out. Contracted: the monthly value of each, for the time it stands, with scheduled changes and ends and coupons that run out. Renewals at risk: what is lost at renewals at the rates of the report “Renewal risk”. Usage: the middle of what was billed in the last 3 months, carried on by its usual growth, which fades, and less what renewals lose; of yearly contracts what was billed a year before. Low and high: in 4 of 5 months (80 %) what comes should lie between them; the range is as wide as past errors demand, and never narrower than 1.28 standard deviations of the model.',
    '以所选时点正在履行的合同预测未来 12 个月的收入，不含试用和新客户。合同收入：各合同的月度金额（按存续时间计），含已排定的变更与终止，优惠到期后按原价计。续费风险：按“续费风险”报表的流失率计算的续费损失。用量：最近 3 个月出账用量的中位数，按惯常增长率（逐月减弱）推算，并扣除续费损失；年付合同取上年同月。下限与上限：约五分之四（80%）的月份实际收入应落在其间，区间宽度由以往误差决定，且不小于模型标准差的 1.28 倍。',
  ),
  scope: 'issuer',
  time: 'moment',
  columns: [
    monthColumn,
    currencyColumn,
    moneyColumn('contracted', words('Contracted', '合同收入')),
    moneyColumn('atRisk', words('Renewals at risk', '续费风险')),
    moneyColumn('usage', words('Usage', '用量')),
    expectedColumn,
    ...rangeColumns,
  ],
  source: 'contracts',
  fold: foldContracts((known, at) =>
    forecastNow(known, at).map(month => ({
      month: month.month,
      currency: month.currency,
      contracted: month.contractedMinor,
      atRisk: month.atRiskMinor,
      usage: month.usageMinor,
      expected: month.expectedMinor,
      low: month.lowMinor,
      high: month.highMinor,
    })),
  ),
})

const tested: Words = words(
  'The forecast made again at each of the last 12 month ends, from what the log of movements and the books held then, against what the same contracts brought since. What was planned then (changes, ends, coupons) is not kept and left out, so these errors are rather too large.',
  '在最近 12 个月末，仅用当时变动日志和账簿中已有的数据重新预测，并与同一批合同此后的实际收入比较。当时已排定的变更、终止和优惠没有留存，故不计入，误差因此偏大。',
)

export const forecastBacktest = report({
  code: 'forecast-backtest',
  title: words('Forecast back-test', '预测回测'),
  definition: tested,
  scope: 'issuer',
  time: 'moment',
  columns: [
    textColumn('madeAfter', words('Made at the end of', '预测时点（月末）')),
    monthColumn,
    countColumn('ahead', words('Months ahead', '提前月数')),
    currencyColumn,
    standing('expected', words('Expected', '预计收入')),
    ...rangeColumns,
    standing('actual', words('Actual', '实际收入')),
    percentColumn('error', words('Error', '误差')),
    textColumn('within', words('In the range', '在区间内'), {
      yes: words('Yes', '是'),
      no: words('No', '否'),
    }),
  ],
  source: 'contracts',
  fold: foldContracts((known, at) =>
    backtest(known, at).map(each => ({
      madeAfter: each.madeAfter,
      month: each.month,
      ahead: each.ahead,
      currency: each.currency,
      expected: each.expectedMinor,
      low: each.lowMinor,
      high: each.highMinor,
      actual: each.actualMinor,
      error: errorPpm(each),
      within: isWithin(each) ? 'yes' : 'no',
    })),
  ),
})

export const forecastAccuracy = report({
  code: 'forecast-accuracy',
  title: words('Forecast accuracy', '预测准确度'),
  definition: words(
    `${tested.en} Mean error: the mean of the distances from what came, in percent of it. Weighted error: all distances together, in percent of all that came; small months weigh little. Bias: all that was expected less all that came. In the range: how often what came lay between low and high; 80 % is meant.`,
    `${tested['zh-CN']}平均误差：与实际收入之差的绝对值占实际收入的百分比的平均值。加权误差：各次差额绝对值合计占实际收入合计的比例，金额小的月份影响小。偏差：预计合计减实际合计占实际合计的比例。在区间内：实际收入落在上下限之间的比例，目标为 80%。`,
  ),
  scope: 'issuer',
  time: 'moment',
  columns: [
    currencyColumn,
    textColumn('ahead', words('Months ahead', '提前月数'), { all: words('All', '全部') }),
    countColumn('forecasts', words('Forecasts', '预测数')),
    percentColumn('meanError', words('Mean error', '平均误差')),
    percentColumn('weightedError', words('Weighted error', '加权误差')),
    percentColumn('bias', words('Bias', '偏差')),
    percentColumn('within', words('In the range', '在区间内')),
  ],
  source: 'contracts',
  fold: foldContracts((known, at) =>
    accuracies(backtest(known, at)).map(each => ({
      currency: each.currency,
      ahead: each.ahead === null ? 'all' : String(each.ahead),
      forecasts: each.forecasts,
      meanError: each.meanErrorPpm,
      weightedError: each.weightedErrorPpm,
      bias: each.biasPpm,
      within: each.withinPpm,
    })),
  ),
})

/** A share in parts per million. */
const ppmOf = (share: bigint): number => Number((share * 1_000_000n + whole / 2n) / whole)

export const renewalRisk = report({
  code: 'renewal-risk',
  title: words('Renewal risk', '续费风险'),
  definition: words(
    'Renewals of the last 24 months that were over at the moment asked for, by plan, cycle and age of the contract, and how many of them lost it: worth something at the start of the month, nothing at its end, and not back by now. The smoothed rate is drawn towards the rate of all contracts of the cycle, which counts as much as 12 renewals; to that one, 1 loss in 20 renewals is added.',
    '截至所选时点已结束的最近 24 个月内的续费，按套餐、计费周期和合同月龄统计，以及其中流失的数量：月初有金额、月末为零且至今未恢复。平滑流失率向同周期全部合同的流失率靠拢（后者权重相当于 12 次续费），并为后者补入 20 次续费中 1 次流失。',
  ),
  scope: 'issuer',
  time: 'moment',
  columns: [
    textColumn('plan', words('Plan', '套餐')),
    textColumn('cycle', words('Cycle', '计费周期'), {
      monthly: words('Monthly', '月付'),
      yearly: words('Yearly', '年付'),
    }),
    textColumn('age', words('Age in months', '合同月龄')),
    countColumn('renewals', words('Renewals', '续费数')),
    countColumn('lost', words('Lost', '流失数')),
    percentColumn('rate', words('Rate', '流失率')),
    percentColumn('smoothed', words('Smoothed rate', '平滑流失率')),
  ],
  source: 'contracts',
  fold: foldContracts((known, at) => {
    const measured = measuredRenewals(known.contracts, originNow(known, at))
    const riskOf = smoothedRisks(measured)
    const place = (row: { planCode: string; billingCycle: string; age: (typeof ages)[number] }) =>
      `${row.planCode} ${row.billingCycle} ${ages.indexOf(row.age)}`
    return measured
      .sort((a, b) => (place(a) < place(b) ? -1 : 1))
      .map(({ planCode, billingCycle, age, due, lost }) => ({
        plan: planCode,
        cycle: billingCycle,
        age,
        renewals: due,
        lost,
        rate: ppmOf((BigInt(lost) * whole) / BigInt(due)),
        smoothed: ppmOf(riskOf(planCode, billingCycle, age)),
      }))
  }),
})
