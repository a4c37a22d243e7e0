import { describe, expect, it } from 'vitest'
import { isStoppedByDispute, paidByDisputesMinor } from './refused-refund.ts'

describe('what disputes have paid of refunds that were refused because of them', () => {
  it('is open while one of them runs, and while none is known', () => {
    expect(paidByDisputesMinor([], 0)).toBeNull()
    const lost = { status: 'lost', amountMinor: 4_900 } as const
    expect(paidByDisputesMinor([lost, { status: 'under_review', amountMinor: 100 }], 0)).toBeNull()
  })

  it('is what was lost, once: 49.00, then 29.00 after a refund of 20.00, then nothing', () => {
    const disputes = [
      { status: 'lost', amountMinor: 4_900 },
      { status: 'won', amountMinor: 4_900 },
    ] as const
    expect([0, 2_000, 4_900, 5_000].map(used => paidByDisputesMinor(disputes, used))).toEqual([
      4_900, 2_900, 0, 0,
    ])
  })

  it('is nothing of one that was won, withdrawn or only asked about', () => {
    for (const status of ['won', 'prevented', 'warning_closed'] as const) {
      expect(paidByDisputesMinor([{ status, amountMinor: 4_900 }], 0)).toBe(0)
    }
  })

  it('concerns the three codes that name a dispute and no other', () => {
    expect(isStoppedByDispute('charge_disputed')).toBe(true)
    expect(isStoppedByDispute('charge_for_pending_refund_disputed')).toBe(true)
    expect(isStoppedByDispute('expired_or_canceled_card')).toBe(false)
    expect(isStoppedByDispute(null)).toBe(false)
  })
})
