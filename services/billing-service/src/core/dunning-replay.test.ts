import { describe, expect, it } from 'vitest'
import type { DunningSettings } from './dunning.ts'
import { type PastFailure, recoverySums, replayDunning } from './dunning-replay.ts'

const day = 86_400_000
const start = Date.UTC(2026, 2, 3)
const settings: DunningSettings = {
  gracePeriodDays: 7,
  dunningAttempts: 3,
  dunningIntervalDays: 3,
  dunningDays: null,
  dunningFinalAction: 'unpaid',
  zone: 'UTC',
}
const past = (more: Partial<PastFailure> = {}): PastFailure => ({
  firstFailedAt: start,
  declines: [{ class: 'retry_spaced', cause: 'declined' }],
  methodType: 'card',
  fingerprint: 'card',
  otherTries: [],
  paidAt: null,
  paidByPayer: false,
  ...more,
})
const replayed = (more: Partial<DunningSettings>, failure: Partial<PastFailure>) => {
  const { recoveredAt, retries } = replayDunning({ ...settings, ...more }, past(failure))
  return [recoveredAt === null ? null : (recoveredAt - start) / day, retries]
}

describe('a failure replayed', () => {
  it('that a retry of day 6 really paid is paid on day 6, on day 7 by a schedule of 1, 3, 5, 7', () => {
    const paid = { paidAt: start + 6 * day }
    expect(replayed({}, paid)).toEqual([6, 2])
    expect(replayed({ dunningDays: [1, 3, 5, 7] }, paid)).toEqual([7, 4])
    expect(replayed({ dunningDays: [10] }, paid)).toEqual([10, 1])
  })

  it('is lost when the schedule ends before the charge went through', () => {
    expect(replayed({ dunningAttempts: 1 }, { paidAt: start + 6 * day })).toEqual([null, 1])
    expect(replayed({ dunningDays: [1, 3, 5, 7, 10, 14] }, {})).toEqual([null, 6])
  })

  it('that the payer paid itself is paid then, unless dunning has ended: retries 3 and 6 came before', () => {
    const paid = { paidAt: start + 7 * day, paidByPayer: true }
    expect(replayed({}, paid)).toEqual([7, 2])
    expect(replayed({ dunningAttempts: 0, gracePeriodDays: 5 }, paid)).toEqual([null, 0])
  })

  it('after a decline that must never be tried again has no retry', () => {
    const stolen = { declines: [{ class: 'never_retry', cause: 'blocked' } as const] }
    expect(replayed({}, stolen)).toEqual([null, 0])
  })
})

it('sums: 2 of 3 recovered, by currency, after 4 days on average', () => {
  const one = { amountMinor: 100, firstFailedAt: start, retries: 2 }
  const sums = recoverySums([
    { ...one, currency: 'USD', recoveredAt: start + 3 * day },
    { ...one, currency: 'EUR', recoveredAt: start + 5 * day },
    { ...one, currency: 'USD', recoveredAt: null },
  ])
  expect(sums).toEqual({
    recovered: 2,
    amounts: [
      ['EUR', 100],
      ['USD', 100],
    ],
    retries: 6,
    daysToRecover: 4,
  })
})
