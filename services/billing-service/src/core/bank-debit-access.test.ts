import { describe, expect, it } from 'vitest'
import { grantOf, grantsAccess, takenBack } from './bank-debit-access.ts'
import { applyChange, nextPeriod, type PendingChange, type Subscription } from './subscription.ts'
import { type Cycle, toIso } from './time.ts'

const debit = (id: string, amountMinor: number, currency = 'USD') => ({
  id: `txn_${id}` as const,
  amountMinor,
  currency,
})

const upTo = (bankDebitLimitMinor: number) => ({
  bankDebitAccess: 'up_to_limit' as const,
  bankDebitLimitMinor,
  currency: 'USD',
})

describe('a bank debit that was submitted', () => {
  it('grants on submit, and never before clearing under on_clearing', () => {
    const of = (bankDebitAccess: 'on_submit' | 'on_clearing') =>
      grantsAccess({ ...upTo(0), bankDebitAccess }, debit('1', 2_900), [])
    expect(of('on_submit')).toBe(true)
    expect(of('on_clearing')).toBe(false)
  })

  it('grants while the customer’s debits on their way come to at most the limit', () => {
    const running = [debit('1', 2_900), debit('2', 2_100)]
    expect(grantsAccess(upTo(5_000), debit('2', 2_100), running)).toBe(true)
    expect(grantsAccess(upTo(4_999), debit('2', 2_100), running)).toBe(false)
  })

  it('another currency is granted under no limit, and counts against none', () => {
    expect(grantsAccess(upTo(5_000), debit('1', 10, 'EUR'), [])).toBe(false)
    const running = [debit('1', 9_000, 'EUR')]
    expect(grantsAccess(upTo(5_000), debit('2', 5_000), running)).toBe(true)
  })
})

describe('a granted change of the cycle from free whose debit fails', () => {
  const changedAt = Date.parse('2028-02-07T08:15:00Z')
  const failedAt = Date.parse('2028-02-11T08:15:00Z')

  const backFrom = (free: Cycle, paid: Cycle): Subscription => {
    const before = {
      status: 'active',
      billedBy: 'engine',
      planId: 'free@1',
      planCode: 'free',
      billingCycle: free,
      quantity: 1,
      anchorAt: Date.parse('2028-01-14T08:49:00Z'),
      anchorZone: 'UTC',
      anchorDay: 14,
      periodIndex: 0,
      pendingChange: null,
    } as unknown as Subscription
    const change = { planId: 'pro@1', planCode: 'pro', billingCycle: paid, quantity: 6 }
    const pending = { ...change, restartsPeriodAt: changedAt } as PendingChange
    const changed = applyChange(before, pending, changedAt)
    return takenBack({ ...changed, grantedChange: grantOf(before, changed, 'inv_1') }, failedAt)!
  }
  const spanOf = ({ currentPeriodStart, currentPeriodEnd }: Subscription) =>
    [currentPeriodStart, currentPeriodEnd].map(at => toIso(at).slice(0, 10))

  it('goes on in a period of the old cycle from the change on, and the next one follows it', () => {
    const yearly = backFrom('yearly', 'monthly')
    expect([yearly.planCode, yearly.billingCycle]).toEqual(['free', 'yearly'])
    expect(spanOf(yearly)).toEqual(['2028-02-07', '2029-02-07'])
    expect(spanOf(nextPeriod(yearly))).toEqual(['2029-02-07', '2030-02-07'])
    const monthly = backFrom('monthly', 'yearly')
    expect(spanOf(monthly)).toEqual(['2028-02-07', '2028-03-07'])
    expect(spanOf(nextPeriod(monthly))).toEqual(['2028-03-07', '2028-04-07'])
  })

  it('is due at the end of that period: a year of free service is not passed unlooked at', () => {
    const monthly = backFrom('monthly', 'yearly')
    expect(toIso(monthly.nextBillingAt!)).toBe('2028-03-07T08:15:00.000Z')
  })
})
