import { describe, expect, it } from 'vitest'
import { grantsAccess } from './bank-debit-access.ts'

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
