import { describe, expect, it } from 'vitest'
import { type DisputeObservation, endsSubscription, settleDispute } from './dispute.ts'
import { disputeLost, disputeMoved, exchanged } from './ledger-settlement.ts'
import type { Transaction } from './payment.ts'

const payment = {
  tenantId: 'acme',
  id: 'txn_1',
  customerId: 'cus_1',
  type: 'payment',
  status: 'succeeded',
  processorId: 'pi_1',
  amountMinor: 10_000,
  currency: 'USD',
  amountDisputedMinor: 0,
  invoiceId: null,
  subscriptionId: null,
  processor: 'stripe',
} as unknown as Transaction

const taken = {
  processorId: 'txn_taken',
  amountMinor: -10_000,
  feeMinor: 1_500,
  netMinor: -11_500,
  currency: 'USD',
}
const back = {
  ...taken,
  processorId: 'txn_back',
  amountMinor: 10_000,
  feeMinor: 0,
  netMinor: 10_000,
}

const seen = (more: Partial<DisputeObservation>): DisputeObservation => ({
  processorId: 'du_1',
  processorPaymentId: 'pi_1',
  processorChargeId: 'ch_1',
  status: 'needs_response',
  reason: 'fraudulent',
  amountMinor: 10_000,
  currency: 'USD',
  evidenceDueAt: null,
  evidenceSubmitted: false,
  movements: [taken],
  ...more,
})
const context = { id: 'dp_1', at: 5, now: 6 } as const
const opened = settleDispute(null, payment, seen({}), context)

describe('a dispute of 100.00', () => {
  it('freezes 100.00 of the payment while it runs and when it is lost, nothing when it is won', () => {
    expect(opened.payment.amountDisputedMinor).toBe(10_000)
    expect(opened.dispute).toMatchObject({ heldMinor: 10_000, feeMinor: 1_500, closedAt: null })
    const lost = settleDispute(opened.dispute, opened.payment, seen({ status: 'lost' }), context)
    expect(lost.payment.amountDisputedMinor).toBe(10_000)
    expect(lost).toMatchObject({ reached: 'lost', lostNowMinor: 10_000, dispute: { closedAt: 5 } })
    const won = seen({ status: 'won', movements: [taken, back] })
    const after = settleDispute(opened.dispute, opened.payment, won, context)
    expect(after.payment.amountDisputedMinor).toBe(0)
    expect(after).toMatchObject({ lostNowMinor: 0, dispute: { heldMinor: 0, feeMinor: 1_500 } })
  })

  it('seen again changes nothing, and an old answer does not open it again', () => {
    const same = settleDispute(opened.dispute, opened.payment, seen({}), context)
    expect(same).toMatchObject({ reached: null, lostNowMinor: 0 })
    expect(same.payment.amountDisputedMinor).toBe(10_000)
    const lost = settleDispute(opened.dispute, opened.payment, seen({ status: 'lost' }), context)
    const old = settleDispute(lost.dispute, lost.payment, seen({}), context)
    expect(old).toMatchObject({ reached: null, dispute: { status: 'lost' } })
  })

  it('that was lost and is won after all comes back from bad debt', () => {
    const lost = settleDispute(opened.dispute, opened.payment, seen({ status: 'lost' }), context)
    const won = seen({ status: 'won', movements: [taken, back] })
    const after = settleDispute(lost.dispute, lost.payment, won, context)
    expect(after.lostNowMinor).toBe(-10_000)
    expect(disputeLost(after.dispute, after.lostNowMinor)).toMatchObject({
      kind: 'dispute_recovered',
      lines: [
        { account: 'bad_debt', amountMinor: -10_000 },
        { account: 'disputes_held', amountMinor: 10_000 },
      ],
    })
  })

  it('that is an inquiry freezes nothing', () => {
    const inquiry = seen({ status: 'warning_needs_response', movements: [] })
    const step = settleDispute(null, payment, inquiry, context)
    expect(step).toMatchObject({ payment: { amountDisputedMinor: 0 }, dispute: { heldMinor: 0 } })
  })

  it('takes 115.00 from the account: 100.00 held, 15.00 fee', () => {
    expect(disputeMoved(opened.dispute, taken).lines).toEqual([
      { account: 'disputes_held', amountMinor: 10_000 },
      { account: 'dispute_fees', amountMinor: 1_500 },
      { account: 'processor_clearing', amountMinor: -11_500 },
    ])
  })
})

describe('the subscription that a disputed payment paid for', () => {
  it('ends when the dispute is lost, at once, or never, as set', () => {
    const ends = (reached: 'needs_response' | 'lost' | 'won') =>
      (['cancel_when_lost', 'cancel_at_once', 'keep'] as const).map(action =>
        endsSubscription(reached, action),
      )
    expect(ends('needs_response')).toEqual([false, true, false])
    expect(ends('lost')).toEqual([true, true, false])
    expect(ends('won')).toEqual([false, false, false])
    expect(endsSubscription(null, 'cancel_at_once')).toBe(false)
  })
})

describe('a payment that settles in another currency', () => {
  it('of 100.00 USD that settles as 92.00 EUR leaves the one clearing account for the other', () => {
    const settled = { ...payment, settlementCurrency: 'EUR', feeMinor: 300, netMinor: 8_900 }
    expect(exchanged(settled).map(({ currency, lines }) => [currency, lines])).toEqual([
      [
        'USD',
        [
          { account: 'fx', amountMinor: 10_000 },
          { account: 'processor_clearing', amountMinor: -10_000 },
        ],
      ],
      [
        'EUR',
        [
          { account: 'processor_clearing', amountMinor: 9_200 },
          { account: 'fx', amountMinor: -9_200 },
        ],
      ],
    ])
    expect(exchanged({ ...settled, settlementCurrency: 'USD' })).toEqual([])
  })
})
