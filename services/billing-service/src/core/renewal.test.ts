import { describe, expect, it } from 'vitest'
import { decideRenewal } from './renewal.ts'
import type { Subscription } from './subscription.ts'
import { toIso } from './time.ts'

const settings = { trialEndBehavior: 'pause', draftHours: 1, usageDraftHours: 24 } as const

/** A month agreed in one zone, on its boundary, renewed in another. */
function movedTo(
  zone: string,
  agreed: {
    readonly zone: string
    readonly day: number
    readonly from: string
    readonly to: string
  },
) {
  const subscription = {
    id: 'sub_1',
    status: 'active',
    billedBy: 'engine',
    planId: 'starter@1',
    billingCycle: 'monthly',
    anchorAt: Date.parse(agreed.from),
    anchorZone: agreed.zone,
    anchorDay: agreed.day,
    periodIndex: 0,
    currentPeriodStart: Date.parse(agreed.from),
    currentPeriodEnd: Date.parse(agreed.to),
    pauseAtPeriodEnd: false,
    cancelAtPeriodEnd: false,
    pendingChange: null,
  } as unknown as Subscription
  const facts = { settings, methodUsable: true, free: false, used: false, zone }
  const { advance, subscription: next } = decideRenewal(subscription, facts)
  return { day: next.anchorDay, start: toIso(advance!.start), end: toIso(advance!.end) }
}

describe('a boundary that a short month moved off the 31st, in another zone', () => {
  it('goes on from there by its own day where it falls into the next month: no month is skipped', () => {
    // 30 November 23:49 in Berlin is 1 December 11:49 in Auckland.
    const berlin = { zone: 'Europe/Berlin', day: 31, from: '2027-10-31T22:49:00Z' }
    expect(movedTo('Pacific/Auckland', { ...berlin, to: '2027-11-30T22:49:00Z' })).toEqual({
      day: 1,
      start: '2027-11-30T22:49:00.000Z',
      end: '2027-12-31T22:49:00.000Z',
    })
    // 29 February 17:12 in UTC is 1 March 01:12 in Shanghai.
    const utc = { zone: 'UTC', day: 31, from: '2028-01-31T17:12:00Z' }
    expect(movedTo('Asia/Shanghai', { ...utc, to: '2028-02-29T17:12:00Z' })).toEqual({
      day: 1,
      start: '2028-02-29T17:12:00.000Z',
      end: '2028-03-31T17:12:00.000Z',
    })
  })

  it('goes on from there where it falls on the last day but one: no day is skipped', () => {
    // 28 February 00:30 in Berlin is 27 February 18:30 in New York.
    const berlin = { zone: 'Europe/Berlin', day: 31, from: '2027-01-30T23:30:00Z' }
    expect(movedTo('America/New_York', { ...berlin, to: '2027-02-27T23:30:00Z' })).toEqual({
      day: 27,
      start: '2027-02-27T23:30:00.000Z',
      end: '2027-03-27T22:30:00.000Z',
    })
  })

  it('comes back to the 31st where it is the last day of the month there too', () => {
    const utc = { zone: 'UTC', day: 31, from: '2027-01-31T12:00:00Z' }
    expect(movedTo('Asia/Shanghai', { ...utc, to: '2027-02-28T12:00:00Z' })).toEqual({
      day: 31,
      start: '2027-02-28T12:00:00.000Z',
      end: '2027-03-31T12:00:00.000Z',
    })
  })
})
