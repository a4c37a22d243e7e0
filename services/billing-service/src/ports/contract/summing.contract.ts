// Contract of counts and sums: exact, grouped, and cut into local days and months.
import { describe, expect, test } from 'vitest'
import type { Transaction } from '../../core/payment.ts'
import type { LedgerTotal } from '../../core/reports/roll-ups.ts'
import { expectFault } from './refused.contract.ts'
import { ledgerTotalRow } from './report-rows.ts'
import { customerRow, newTenant, newYear, subscriptionRow, transactionRow } from './rows.ts'
import type { Opened } from './under-test.ts'
import { usageRow } from './usage-rows.ts'

async function transactions(under: Opened, rows: readonly Partial<Transaction>[]) {
  const tenantId = newTenant()
  const customer = customerRow(tenantId)
  await under().store.transaction(tenantId, async tx => {
    await tx.insert('customers', customer)
    await tx.insertMany(
      'transactions',
      rows.map(row => transactionRow(customer, row)),
    )
  })
  return under().store.of(tenantId)
}

const keyOf = ({ day, account, kind, currency }: LedgerTotal) => ({ day, account, kind, currency })

const at = (text: string): number => Date.parse(text)

export function summingContract(under: Opened): void {
  describe('summing', () => {
    test('sums are exact beyond the safe integers of one number', async () => {
      const most = Number.MAX_SAFE_INTEGER
      const reads = await transactions(under, [{ amountMinor: most }, { amountMinor: most }])
      const [sum] = await reads.sum('transactions', { sum: ['amountMinor'] })
      expect(sum).toEqual({
        group: {},
        bucket: null,
        count: 2,
        sums: { amountMinor: '18014398509481982' },
      })
    })

    test('no rows sum to one group of 0, and to no group when they are grouped', async () => {
      const reads = under().store.of(newTenant())
      const none = { group: {}, bucket: null, count: 0, sums: { amountMinor: '0' } }
      expect(await reads.sum('transactions', { sum: ['amountMinor'] })).toEqual([none])
      const grouped = { sum: ['amountMinor'], groupBy: ['currency'] } as const
      expect(await reads.sum('transactions', grouped)).toEqual([])
      expect(await reads.count('transactions', {})).toBe(0)
    })

    test('groups come in the order of their fields, nulls first; nulls add nothing', async () => {
      const reads = await transactions(under, [
        { currency: 'USD', planCode: 'pro', amountMinor: 5, feeMinor: 1 },
        { currency: 'USD', planCode: null, amountMinor: 7 },
        { currency: 'CNY', planCode: 'pro', amountMinor: 11 },
        { currency: 'USD', planCode: 'pro', amountMinor: 13 },
      ])
      const groups = await reads.sum('transactions', {
        sum: ['amountMinor', 'feeMinor'],
        groupBy: ['currency', 'planCode'],
      })
      expect(groups.map(({ group, count, sums }) => [group, count, sums])).toEqual([
        [{ currency: 'CNY', planCode: 'pro' }, 1, { amountMinor: '11', feeMinor: '0' }],
        [{ currency: 'USD', planCode: null }, 1, { amountMinor: '7', feeMinor: '0' }],
        [{ currency: 'USD', planCode: 'pro' }, 2, { amountMinor: '18', feeMinor: '1' }],
      ])
    })

    test('decimals sum without a trace of binary fractions', async () => {
      const tenantId = newTenant()
      const customer = customerRow(tenantId)
      const subscription = subscriptionRow(customer)
      const { store } = under()
      await store.transaction(tenantId, async tx => {
        await tx.insert('customers', customer)
        await tx.insert('subscriptions', subscription)
        await tx.ingest(
          ['0.1', '0.2', '-0.000000000001'].map((quantity, day) =>
            usageRow(subscription, { quantity, day: `2026-01-0${day + 1}` }),
          ),
        )
      })
      const where = { subscriptionId: subscription.id }
      const [sum] = await store
        .of(tenantId)
        .sum('usageTotals', { where, sum: ['quantity', 'events'] })
      expect(sum?.sums).toEqual({ quantity: '0.299999999999', events: '3' })
    })

    test('a day of New York starts an hour earlier in UTC once summer time begins', async () => {
      const reads = await transactions(under, [
        // 8 March 2026 has 23 hours: it starts at 05:00 UTC and ends at 04:00.
        { createdAt: at('2026-03-08T04:59:59.999Z'), amountMinor: 1 },
        { createdAt: at('2026-03-08T05:00:00Z'), amountMinor: 10 },
        { createdAt: at('2026-03-09T03:59:59.999Z'), amountMinor: 100 },
        { createdAt: at('2026-03-09T04:00:00Z'), amountMinor: 1_000 },
        // 1 November 2026 has 25: it ends at 05:00 UTC the next day.
        { createdAt: at('2026-11-02T04:59:59.999Z'), amountMinor: 10_000 },
      ])
      const bucket = { field: 'createdAt', unit: 'day', zone: 'America/New_York' } as const
      const days = await reads.sum('transactions', { sum: ['amountMinor'], bucket })
      expect(days.map(day => [day.bucket, day.sums.amountMinor])).toEqual([
        ['2026-03-07', '1'],
        ['2026-03-08', '110'],
        ['2026-03-09', '1000'],
        ['2026-11-01', '10000'],
      ])
    })

    test('months follow the zone, a fixed offset east of UTC included', async () => {
      const rows = [{ createdAt: at('2026-01-31T16:00:00Z') }, { createdAt: newYear }]
      const reads = await transactions(under, rows)
      const months = async (zone: string) => {
        const bucket = { field: 'createdAt', unit: 'month', zone } as const
        return (await reads.sum('transactions', { sum: [], bucket })).map(group => group.bucket)
      }
      expect(await months('Asia/Shanghai')).toEqual(['2026-01-01', '2026-02-01'])
      expect(await months('+08:00')).toEqual(['2026-01-01', '2026-02-01'])
      expect(await months('UTC')).toEqual(['2026-01-01'])
      expect(await months('-01:00')).toEqual(['2025-12-01', '2026-01-01'])
    })

    test('a filter bounds a sum, rows without a time have no bucket, and texts cannot be summed', async () => {
      const reads = await transactions(under, [
        { status: 'failed', amountMinor: 1 },
        { status: 'succeeded', amountMinor: 2, processedAt: newYear },
        { status: 'succeeded', amountMinor: 4 },
      ])
      const where = { status: 'succeeded' } as const
      expect((await reads.sum('transactions', { where, sum: ['amountMinor'] }))[0]?.count).toBe(2)
      const bucket = { field: 'processedAt', unit: 'day', zone: 'UTC' } as const
      const days = await reads.sum('transactions', { where, sum: ['amountMinor'], bucket })
      expect(days.map(day => [day.bucket, day.count])).toEqual([['2026-01-01', 1]])
      await expectFault(reads.sum('transactions', { sum: ['currency'] }))
    })

    test('what is added counts once, alone or with others at the same moment, and may be negative', async () => {
      const { store } = under()
      const tenantId = newTenant()
      const day = ledgerTotalRow(tenantId)
      const next = ledgerTotalRow(tenantId, { day: '2026-01-02' })
      const adding = (rows: LedgerTotal[]) =>
        store.transaction(tenantId, tx => tx.add('ledgerTotals', rows))
      await Promise.all([adding([next, day]), adding([day, next]), adding([day])])
      const key = { tenantId, ...keyOf(day) }
      await store.system.transaction(tx =>
        tx.add('ledgerTotals', [{ ...day, debitMinor: -900, entries: -1 }]),
      )
      expect(await store.of(tenantId).get('ledgerTotals', keyOf(day))).toEqual({
        ...day,
        debitMinor: 7800,
        entries: 2,
      })
      expect(await store.system.find('ledgerTotals', key)).not.toBeNull()
      expect(await store.of(newTenant()).find('ledgerTotals', keyOf(day))).toBeNull()
    })
  })
}
