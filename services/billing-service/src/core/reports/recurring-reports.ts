// Reports of recurring revenue, out of the log of movements: by month, by plan, by cohort; how customers stay,
// and what becomes of trials.
import { mulDiv } from '../money.ts'
import { type Instant, localDate } from '../time.ts'
import type { TrialFact } from './facts.ts'
import {
  arrMinor,
  grossChurnPpm,
  grossRetentionPpm,
  logoChurnPpm,
  netChurnPpm,
  netRetentionPpm,
} from './metrics.ts'
import type { MrrMovement } from './recurring.ts'
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
import { openMonths, type RevenueMonth } from './revenue-months.ts'
import { tally } from './tally.ts'

/** Where the movements behind the figures are listed. */
const movementsPath = '/reports/mrr/movements'

const monthColumn = textColumn('month', words('Month', '月份'))
const percentColumn = (code: string, label: Words): ReportColumn => ({
  code,
  kind: 'percent',
  label,
})
/** An amount that stands at a time and is not added up over months. */
const standing = (code: string, label: Words): ReportColumn => ({ code, kind: 'money', label })

const byMonth = (asked: Asked, rowOf: (month: RevenueMonth) => ReportRow): Fold<MrrMovement> => {
  const months = openMonths(asked)
  return { add: months.add, rows: () => months.months().map(rowOf) }
}

const monthlyValue: Words = words(
  'The monthly value of active and past-due subscriptions at contract prices, yearly ones by a twelfth, after recurring discounts, without usage, one-off charges, added tax and trials.',
  '生效和逾期订阅按合同价计算的月度金额（年付按十二分之一计），扣除持续性优惠，不含用量、一次性费用、另计税额和试用。',
)

const averageMinor = (totalMinor: number, count: number): number | null =>
  count === 0 ? null : mulDiv(totalMinor, 1, count, 'half_away')

export const mrrReport = report({
  code: 'mrr',
  title: words('Monthly recurring revenue', '月度经常性收入'),
  definition: words(
    `${monthlyValue.en} A second subscription is expansion, the end of the last one churn, and coming back reactivation. ARR is 12 times what stands at the end of the month.`,
    `${monthlyValue['zh-CN']}增加第二个订阅为扩展，最后一个订阅结束为流失，再次订阅为回流。ARR 为月末金额的 12 倍。`,
  ),
  scope: 'issuer',
  time: 'period',
  opens: movementsPath,
  columns: [
    monthColumn,
    currencyColumn,
    standing('opening', words('Opening MRR', '期初 MRR')),
    moneyColumn('newBusiness', words('New', '新增')),
    moneyColumn('expansion', words('Expansion', '扩展')),
    moneyColumn('contraction', words('Contraction', '收缩')),
    moneyColumn('churn', words('Churn', '流失')),
    moneyColumn('reactivation', words('Reactivation', '回流')),
    standing('closing', words('Closing MRR', '期末 MRR')),
    standing('arr', words('ARR', 'ARR')),
    countColumn('customers', words('Customers', '客户数')),
    standing('arpu', words('ARPU', '户均收入')),
  ],
  source: 'movements',
  fold: asked =>
    byMonth(asked, month => ({
      month: month.month,
      currency: month.currency,
      opening: month.openingMinor,
      newBusiness: month.byKind.new_business,
      expansion: month.byKind.expansion,
      contraction: month.byKind.contraction,
      churn: month.byKind.churn,
      reactivation: month.byKind.reactivation,
      closing: month.closingMinor,
      arr: arrMinor(month.closingMinor),
      customers: month.customersAtEnd,
      arpu: averageMinor(month.closingMinor, month.customersAtEnd),
    })),
})

function retentionOf(month: RevenueMonth): ReportRow {
  const { customersAtStart, customersLost, ofTheStart } = month
  const logoChurn = logoChurnPpm(customersLost, customersAtStart)
  const arpu = averageMinor(month.closingMinor, month.customersAtEnd)
  return {
    month: month.month,
    currency: month.currency,
    customersAtStart,
    customersLost,
    logoChurn,
    grossChurn: grossChurnPpm(ofTheStart),
    netChurn: netChurnPpm(ofTheStart),
    netRetention: netRetentionPpm(ofTheStart),
    grossRetention: grossRetentionPpm(ofTheStart),
    arpu,
    ltv: arpu === null || !logoChurn ? null : mulDiv(arpu, 1_000_000, logoChurn, 'half_away'),
  }
}

export const retentionReport = report({
  code: 'retention',
  title: words('Churn and retention', '流失与留存'),
  definition: words(
    'Of the customers at the start of each month: who is worth nothing at its end, and how the monthly value of all of them changed. Gross churn is lost and contracted value over the start; net churn takes expansion and reactivation off. NRR and GRR leave new and returning customers out. LTV is ARPU over the customer churn of the month.',
    '以各月月初客户为基数：月末金额归零的客户，以及全部月初客户月度金额的变化。毛流失率为流失与收缩金额占月初的比例，净流失率再减去扩展和回流。NRR 与 GRR 不含新增和回流客户。LTV 为户均收入除以当月客户流失率。',
  ),
  scope: 'issuer',
  time: 'period',
  opens: movementsPath,
  columns: [
    monthColumn,
    currencyColumn,
    countColumn('customersAtStart', words('Customers at start', '月初客户数')),
    countColumn('customersLost', words('Customers lost', '流失客户数')),
    percentColumn('logoChurn', words('Customer churn', '客户流失率')),
    percentColumn('grossChurn', words('Gross revenue churn', '毛收入流失率')),
    percentColumn('netChurn', words('Net revenue churn', '净收入流失率')),
    percentColumn('netRetention', words('NRR', '净收入留存率')),
    percentColumn('grossRetention', words('GRR', '毛收入留存率')),
    standing('arpu', words('ARPU', '户均收入')),
    standing('ltv', words('LTV', '客户生命周期价值')),
  ],
  source: 'movements',
  fold: asked => byMonth(asked, retentionOf),
})

export const mrrByPlan = report({
  code: 'mrr-by-plan',
  title: words('Recurring revenue by plan', '按套餐统计经常性收入'),
  definition: words(
    `${monthlyValue.en} As it stands at the moment asked for, by the plan of each subscription's last movement.`,
    `${monthlyValue['zh-CN']}截至所选时点，按各订阅最近一次变动时的套餐计。`,
  ),
  scope: 'issuer',
  time: 'moment',
  opens: movementsPath,
  columns: [
    textColumn('plan', words('Plan', '套餐')),
    currencyColumn,
    countColumn('subscriptions', words('Subscriptions', '订阅数')),
    moneyColumn('mrr', words('MRR', 'MRR')),
    moneyColumn('arr', words('ARR', 'ARR')),
  ],
  source: 'movements',
  fold: () => {
    const last = new Map<string, MrrMovement>()
    return {
      add: movement => last.set(`${movement.tenantId} ${movement.subscriptionId}`, movement),
      rows() {
        const plans = tally(({ planCode, currency, mrrMinor }: MrrMovement) => [
          {
            key: { plan: planCode, currency },
            add: { subscriptions: 1, mrr: mrrMinor, arr: arrMinor(mrrMinor) },
          },
        ])
        for (const movement of last.values()) if (movement.mrrMinor > 0) plans.add(movement)
        return plans.rows()
      },
    }
  },
})

/** A cohort's value and size, month by month, as what changed in each. */
interface Cohort {
  readonly month: string
  readonly currency: string
  readonly value: Map<string, number>
  readonly customers: Map<string, number>
}

const addTo = (sums: Map<string, number>, month: string, amount: number) =>
  sums.set(month, (sums.get(month) ?? 0) + amount)

function monthAfter(month: string): string {
  const [year = 0, of = 1] = month.split('-').map(Number)
  return of === 12 ? `${year + 1}-01` : `${year}-${String(of + 1).padStart(2, '0')}`
}

const sharePpm = (part: number, whole: number): number | null =>
  whole === 0 ? null : mulDiv(part, 1_000_000, whole, 'half_away')

function cohortRows({ month, currency, value, customers }: Cohort, last: string): ReportRow[] {
  const rows: ReportRow[] = []
  let [mrr, active, age] = [0, 0, 0]
  let [firstMrr, firstActive] = [0, 0]
  for (let at = month; at <= last; at = monthAfter(at)) {
    mrr += value.get(at) ?? 0
    active += customers.get(at) ?? 0
    if (age === 0) [firstMrr, firstActive] = [mrr, active]
    const [kept, keptMrr] = [sharePpm(active, firstActive), sharePpm(mrr, firstMrr)]
    rows.push({ cohort: month, currency, age, customers: active, kept, mrr, keptMrr })
    age += 1
  }
  return rows
}

function cohortFold({ from, to, zone }: Asked): Fold<MrrMovement> {
  const monthOf = (at: Instant) => localDate(at, zone).slice(0, 7)
  const cohortOf = new Map<string, Cohort>()
  const worth = new Map<string, number>()
  const cohorts = new Map<string, Cohort>()
  return {
    add(movement) {
      const { currency, changeMinor } = movement
      const month = monthOf(movement.occurredAt)
      const customer = `${movement.tenantId} ${movement.customerId} ${currency}`
      const name = `${month} ${currency}`
      const cohort = cohortOf.get(customer) ??
        cohorts.get(name) ?? { month, currency, value: new Map(), customers: new Map() }
      cohortOf.set(customer, cohort)
      cohorts.set(`${cohort.month} ${currency}`, cohort)
      const before = worth.get(customer) ?? 0
      const after = before + changeMinor
      worth.set(customer, after)
      addTo(cohort.value, month, changeMinor)
      addTo(cohort.customers, month, Math.sign(after) - Math.sign(before))
    },
    rows: () =>
      [...cohorts.values()]
        .filter(({ month }) => month >= monthOf(from))
        .sort((a, b) => (`${a.month} ${a.currency}` < `${b.month} ${b.currency}` ? -1 : 1))
        .flatMap(cohort => cohortRows(cohort, monthOf(to - 1))),
  }
}

export const cohortsReport = report({
  code: 'cohorts',
  title: words('Cohorts', '同期群'),
  definition: words(
    'Customers by the month in which they first were worth anything, and how many of them and how much of their monthly value was left at the end of that month (age 0) and of each month after.',
    '按首次产生月度金额的月份划分客户，列示该月末（第 0 月）及其后各月末仍在的客户数和月度金额。',
  ),
  scope: 'issuer',
  time: 'period',
  opens: movementsPath,
  columns: [
    textColumn('cohort', words('Cohort', '同期群')),
    currencyColumn,
    countColumn('age', words('Age in months', '第几月')),
    countColumn('customers', words('Customers', '客户数')),
    percentColumn('kept', words('Customers kept', '客户留存率')),
    standing('mrr', words('MRR', 'MRR')),
    percentColumn('keptMrr', words('MRR kept', 'MRR 留存率')),
  ],
  source: 'movements',
  fold: cohortFold,
})

function withConversion(row: ReportRow): ReportRow {
  const ended = Number(row.started) - Number(row.running)
  return { ...row, rate: sharePpm(Number(row.converted), ended) }
}

export const trialConversion = report({
  code: 'trial-conversion',
  title: words('Trial conversion', '试用转化'),
  definition: words(
    'Trials of subscriptions made in the period, by the month in which they were made: converted is what came to be worth anything afterwards. The rate leaves out trials that still run.',
    '所选期间创建的订阅试用，按创建月份计：之后产生月度金额的为已转化。转化率不含仍在进行的试用。',
  ),
  scope: 'issuer',
  time: 'period',
  columns: [
    monthColumn,
    countColumn('started', words('Started', '开始')),
    countColumn('running', words('Running', '进行中')),
    countColumn('converted', words('Converted', '已转化')),
    countColumn('lost', words('Not converted', '未转化')),
    percentColumn('rate', words('Conversion', '转化率')),
  ],
  source: 'trials',
  fold: ({ zone }) =>
    tally(({ startedAt, running, converted }: TrialFact) => {
      const still = running && !converted
      return [
        {
          key: { month: localDate(startedAt, zone).slice(0, 7) },
          add: {
            started: 1,
            running: still ? 1 : 0,
            converted: converted ? 1 : 0,
            lost: still || converted ? 0 : 1,
          },
        },
      ]
    }, withConversion),
})
