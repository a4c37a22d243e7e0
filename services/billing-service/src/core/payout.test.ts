import { describe, expect, it } from 'vitest'
import { type PayoutItem, shareOut } from './payout.ts'

let made = 0
const item = (more: Partial<PayoutItem>): PayoutItem => {
  made += 1
  const amounts = { amountMinor: 1_000, feeMinor: 0, netMinor: 1_000, currency: 'USD' }
  return { processorId: `txn_${made}`, type: 'charge', sourceId: null, ...amounts, ...more }
}

const owner = (each: PayoutItem) =>
  each.sourceId === null ? [] : [{ tenantId: each.sourceId, netMinor: each.netMinor }]

describe('what a payout carries', () => {
  it('is told apart by tenant: 29.00, a refund of 5.00 and 99.00 are 24.00 and 99.00', () => {
    const items = [
      item({ sourceId: 'a', netMinor: 2_900 }),
      item({ sourceId: 'a', netMinor: -500, type: 'refund' }),
      item({ sourceId: 'b', netMinor: 9_900 }),
    ]
    expect(shareOut(items, 0, owner)).toEqual({
      shares: [
        { tenantId: 'a', netMinor: 2_400, feeMinor: 0, count: 2 },
        { tenantId: 'b', netMinor: 9_900, feeMinor: 0, count: 1 },
      ],
      unmatched: [],
      matchedMinor: 12_300,
    })
  })

  it('shares 1.00 of the payout’s fee and 0.01 of the account’s by largest remainder, none to who is owed', () => {
    const items = [
      item({ sourceId: 'a', netMinor: 1_000 }),
      item({ sourceId: 'b', netMinor: 2_000 }),
      item({ sourceId: 'c', netMinor: -300 }),
      item({ type: 'stripe_fee', netMinor: -1 }),
    ]
    const { shares, matchedMinor } = shareOut(items, 100, owner)
    expect(shares.map(({ feeMinor, netMinor }) => [feeMinor, netMinor])).toEqual([
      [34, 966],
      [67, 1_933],
      [0, -300],
    ])
    expect(matchedMinor).toBe(2_700 - 101)
  })

  it('that is none of ours is listed and not counted', () => {
    const stranger = item({ netMinor: 700 })
    const { unmatched, matchedMinor } = shareOut([stranger], 0, owner)
    expect([unmatched, matchedMinor]).toEqual([[stranger], 0])
  })
})
