import { describe, expect, it } from 'vitest'
import { type AttemptCount, paymentHealth } from './payment-health.ts'

const count = (more: Partial<AttemptCount>): AttemptCount => ({
  day: '2026-11-01',
  status: 'succeeded',
  methodType: 'card',
  brand: 'visa',
  failureCode: null,
  declineCode: null,
  count: 1,
  ...more,
})
const thresholds = {
  failureRatePpm: 200_000,
  refundRatePpm: 100_000,
  disputeRatePpm: 7_500,
  paymentsMin: 20,
}
const calm = { refunds: 0, disputes: 0, disputesLost: 0 }

describe('the health of payments', () => {
  it('of 75 successes and 25 declines is 75 %, by day, method, brand and reason', () => {
    const declined = { status: 'failed', failureCode: 'card_declined' }
    const health = paymentHealth(
      [
        count({ count: 70 }),
        count({ count: 5, methodType: 'bank_account', brand: null, day: '2026-11-02' }),
        count({ ...declined, declineCode: 'insufficient_funds', count: 20 }),
        count({ ...declined, declineCode: 'lost_card', count: 5, brand: 'mastercard' }),
        count({ status: 'processing', count: 3, methodType: 'bank_account', brand: null }),
      ],
      calm,
      thresholds,
    )
    expect(health.total).toEqual({
      attempts: 103,
      succeeded: 75,
      failed: 25,
      successRatePpm: 750_000,
    })
    expect(health.byDay.map(({ name, attempts }) => [name, attempts])).toEqual([
      ['2026-11-01', 98],
      ['2026-11-02', 5],
    ])
    expect(health.byMethod.map(({ name, succeeded }) => [name, succeeded])).toEqual([
      ['bank_account', 5],
      ['card', 70],
    ])
    expect(health.byBrand.map(({ name, successRatePpm }) => [name, successRatePpm])).toEqual([
      ['mastercard', 0],
      ['visa', 777_778],
    ])
    expect(health.byReason.map(({ code, count: times }) => [code, times])).toEqual([
      ['insufficient_funds', 20],
      ['lost_card', 5],
    ])
    expect(health.alerts).toEqual([
      { name: 'failure_rate', ratePpm: 250_000, thresholdPpm: 200_000 },
    ])
  })

  it('is alarming at 2 disputes of 200 payments (1 %), not of 19: too few to say', () => {
    const after = { refunds: 0, disputes: 2, disputesLost: 1 }
    const many = paymentHealth([count({ count: 200 })], after, thresholds)
    expect(many).toMatchObject({ disputeRatePpm: 10_000, refundRatePpm: 0, disputesLost: 1 })
    expect(many.alerts.map(({ name }) => name)).toEqual(['dispute_rate'])
    const few = paymentHealth([count({ count: 19 })], after, thresholds)
    expect(few.alerts).toEqual([])
  })

  it('of nothing has no rates', () => {
    const health = paymentHealth([], calm, thresholds)
    expect(health.total.successRatePpm).toBeNull()
    expect([health.refundRatePpm, health.disputeRatePpm, health.alerts]).toEqual([null, null, []])
  })
})
