import { describe, expect, it } from 'vitest'
import { netRetentionPpm } from './metrics.ts'
import type { MrrMovement } from './recurring.ts'
import { cohortsReport, retentionReport } from './recurring-reports.ts'
import { openMonths } from './revenue-months.ts'

const day = (text: string) => Date.parse(`${text}T12:00:00Z`)

const movement = (
  date: string,
  customerId: string,
  kind: MrrMovement['kind'],
  changeMinor: number,
): MrrMovement =>
  ({
    tenantId: 'acme',
    customerId,
    kind,
    currency: 'USD',
    changeMinor,
    occurredAt: day(date),
  }) as MrrMovement

const log = [
  movement('2026-01-05', 'a', 'new_business', 10_000),
  movement('2026-01-20', 'b', 'new_business', 10_000),
  movement('2026-02-03', 'c', 'new_business', 5000),
  movement('2026-02-10', 'c', 'expansion', 1000),
  movement('2026-02-15', 'a', 'expansion', 2000),
  movement('2026-02-20', 'b', 'churn', -10_000),
  movement('2026-04-01', 'b', 'reactivation', 7000),
]
const asked = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 4, 1), zone: 'UTC' }

describe('months of recurring revenue', () => {
  const months = openMonths(asked)
  for (const each of log) months.add(each)
  const [january, february, march, april] = months.months()

  it('each opens with what the one before closed with, the quiet ones too', () => {
    const edges = [january, february, march, april].map(m => [m?.openingMinor, m?.closingMinor])
    expect(edges).toEqual([
      [0, 20_000],
      [20_000, 18_000],
      [18_000, 18_000],
      [18_000, 25_000],
    ])
  })

  it('of two customers at the start one left: NRR is 60 %, whatever a new one does', () => {
    expect(february).toMatchObject({ customersAtStart: 2, customersLost: 1, customersAtEnd: 2 })
    expect(february!.ofTheStart).toMatchObject({ expansionMinor: 2000, churnMinor: 10_000 })
    expect(netRetentionPpm(february!.ofTheStart)).toBe(600_000)
  })

  it('a span that begins later opens with what stands by then', () => {
    const later = openMonths({ ...asked, from: Date.UTC(2026, 2, 1) })
    for (const each of log) later.add(each)
    expect(later.months().map(m => m.openingMinor)).toEqual([18_000, 18_000])
  })
})

describe('reports of them', () => {
  it('LTV is ARPU over churn: 90.00 over a half are 180.00', () => {
    const fold = retentionReport.fold(asked)
    for (const each of log) fold.add(each)
    expect(fold.rows()[1]).toMatchObject({ logoChurn: 500_000, arpu: 9000, ltv: 18_000 })
  })

  it('of the cohort of January half the customers are left in February, all in April', () => {
    const fold = cohortsReport.fold(asked)
    for (const each of log) fold.add(each)
    const january = fold.rows().filter(row => row.cohort === '2026-01')
    expect(january.map(row => [row.age, row.customers, row.kept, row.mrr])).toEqual([
      [0, 2, 1_000_000, 20_000],
      [1, 1, 500_000, 12_000],
      [2, 1, 500_000, 12_000],
      [3, 2, 1_000_000, 19_000],
    ])
  })
})
