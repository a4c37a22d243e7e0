import { describe, expect, it } from 'vitest'
import {
  arrMinor,
  churnRecognisedAt,
  countsAsRecurring,
  grossChurnPpm,
  grossRetentionPpm,
  logoChurnPpm,
  movementOf,
  mrrMinor,
  netChurnPpm,
  netRetentionPpm,
} from './metrics.ts'

describe('monthly recurring revenue', () => {
  it('2,000.00 a year is 166.67 a month, and 60.00 a quarter 20.00', () => {
    expect(mrrMinor([{ amountMinor: 200_000, interval: 'yearly' }])).toBe(16_667)
    const quarterly = { amountMinor: 6000, interval: { unit: 'quarter', count: 1 } } as const
    expect(mrrMinor([quarterly])).toBe(2000)
  })

  it('a plan and an add-on of 100.00 with 50.00 off are 150.00, and 1,800.00 a year', () => {
    const items = [
      { amountMinor: 10_000, interval: 'monthly', discountMinor: 5000 },
      { amountMinor: 10_000, interval: 'monthly' },
    ] as const
    expect(mrrMinor(items)).toBe(15_000)
    expect(arrMinor(mrrMinor(items))).toBe(180_000)
  })

  it('past due counts, trials, unpaid, paused and ended do not', () => {
    const statuses = ['active', 'past_due', 'trialing', 'unpaid', 'paused', 'canceled']
    expect(statuses.map(status => countsAsRecurring(status))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ])
    expect(countsAsRecurring('past_due', false)).toBe(false)
  })
})

describe('movements', () => {
  it.each([
    [0, 100, false, 'new_business'],
    [0, 100, true, 'reactivation'],
    [100, 160, true, 'expansion'],
    [120, 60, true, 'contraction'],
    [60, 0, true, 'churn'],
    [60, 60, true, 'none'],
  ] as const)(
    'from %i to %i (paid before: %s) is %s',
    (beforeMinor, afterMinor, paidBefore, kind) => {
      const movement = movementOf({ beforeMinor, afterMinor, paidBefore })
      expect(movement).toEqual({ kind, changeMinor: afterMinor - beforeMinor })
    },
  )

  it('churn counts at the end of the paid time, or when it was ended at once', () => {
    const cancelled = { canceledAt: 50, currentPeriodEnd: 100, endedAt: null }
    expect(churnRecognisedAt(cancelled)).toBe(100)
    expect(churnRecognisedAt({ ...cancelled, endedAt: 50 })).toBe(50)
  })
})

describe('rates', () => {
  const movements = {
    startMinor: 100,
    churnMinor: 10,
    contractionMinor: 10,
    expansionMinor: 10,
    reactivationMinor: 0,
  }

  it('100 at the start, 10 lost, 10 less, 10 more: 20 % gross and 10 % net churn', () => {
    expect([grossChurnPpm(movements), netChurnPpm(movements)]).toEqual([200_000, 100_000])
  })

  it('the same keep 90 % net and 80 % gross', () => {
    expect([netRetentionPpm(movements), grossRetentionPpm(movements)]).toEqual([900_000, 800_000])
  })

  it('3 of 200 customers lost are 1.5 %, and without customers there is no rate', () => {
    expect([logoChurnPpm(3, 200), logoChurnPpm(0, 0)]).toEqual([15_000, null])
  })
})
