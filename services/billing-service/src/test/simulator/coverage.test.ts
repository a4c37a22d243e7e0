import { describe, expect, it } from 'vitest'
import type { Invoice } from '../../core/invoice.ts'
import type { Plan } from '../../core/plan.ts'
import type { Subscription } from '../../core/subscription.ts'
import { watchPeriods } from './coverage.ts'

const plan = {
  id: 'starter@1',
  prices: [{ currency: 'EUR', billingCycle: 'monthly', amountMinor: 2_610 }],
} as unknown as Plan

/** Five seats at 26.10 from 23 May 00:40 in Berlin. */
const running = {
  id: 'sub_1',
  tenantId: 'tenant-1',
  status: 'active',
  planId: plan.id,
  billingCycle: 'monthly',
  currency: 'EUR',
  quantity: 5,
  anchorAt: Date.parse('2028-05-22T22:40:00Z'),
  anchorZone: 'Europe/Berlin',
  anchorDay: 23,
  periodIndex: 0,
  currentPeriodStart: Date.parse('2028-05-22T22:40:00Z'),
  currentPeriodEnd: Date.parse('2028-06-22T22:40:00Z'),
  endedAt: null,
  version: 1,
} as unknown as Subscription

/** The same, renewed and never billed; what the judge says of it. */
function unbilled(prorationUnit: 'day' | 'second', endedAt: string | null): string[] {
  const coverage = watchPeriods(() => plan)
  coverage.know({ tenantId: 'tenant-1', settings: { prorationUnit } })
  expect(coverage.see(running)).toEqual([])
  if (endedAt !== null) {
    const ended = { status: 'canceled', endedAt: Date.parse(endedAt), version: 2 } as const
    expect(coverage.see({ ...running, ...ended })).toEqual([])
  }
  // What the policy becomes after the end changes nothing.
  coverage.know({ tenantId: 'tenant-1', settings: {} })
  return coverage.compare([])
}

const missing = [
  'sub_1: the period [2028-05-22T22:40:00.000Z, 2028-06-22T22:40:00.000Z) was not billed',
]

describe('a period that no invoice charges', () => {
  it('has used 0 of 31 days when it ends by days on the date it began', () => {
    expect(unbilled('day', '2028-05-23T00:48:00Z')).toEqual([])
    expect(unbilled('day', '2028-05-23T21:59:59Z')).toEqual([])
  })

  it('has used 1 of 31 days, which is 4.21, when it ends on the next date', () => {
    expect(unbilled('day', '2028-05-23T22:00:00Z')).toEqual(missing)
  })

  it('by seconds has used 0.37 after two hours, and less than half a unit after ten seconds', () => {
    expect(unbilled('second', '2028-05-23T00:48:00Z')).toEqual(missing)
    expect(unbilled('second', '2028-05-22T22:40:10Z')).toEqual([])
  })

  it('is missing while the subscription runs, and when it ended after the period', () => {
    expect(unbilled('day', null)).toEqual(missing)
    expect(unbilled('day', '2028-06-22T22:40:00Z')).toEqual(missing)
  })
})

/** An invoice that charges the period from its first moment on. */
const charging = (id: string, amountMinor: number, discountMinor: number): Invoice =>
  ({
    id,
    subscriptionId: 'sub_1',
    status: 'paid',
    lines: [
      {
        id: `${id}-line`,
        kind: 'proration_charge',
        amountMinor,
        discountMinor,
        periodStart: running.currentPeriodStart,
        periodEnd: running.currentPeriodEnd,
      },
    ],
  }) as unknown as Invoice

describe('a period that two changes of one moment charge', () => {
  const judged = (...invoices: readonly Invoice[]) => {
    const coverage = watchPeriods(() => plan)
    coverage.know({ tenantId: 'tenant-1', settings: { prorationUnit: 'second' } })
    expect(coverage.see(running)).toEqual([])
    return coverage.compare(invoices)
  }

  it('is billed once when a discount took the first charge whole: nothing is left to give back', () => {
    expect(judged(charging('first', 13_050, 13_050), charging('second', 15_660, 0))).toEqual([])
  })

  it('is billed twice when the first charge came to anything', () => {
    expect(judged(charging('first', 13_050, 0), charging('second', 13_050, 0))[0]).toContain(
      'was billed 2 times',
    )
  })
})
