import { describe, expect, it } from 'vitest'
import { decideRenewal } from './renewal.ts'
import { type Subscription, withStatus } from './subscription.ts'

const at = Date.UTC(2028, 9, 2)
const dayMs = 86_400_000

const pausing = {
  id: 'sub_1',
  status: 'past_due',
  billedBy: 'engine',
  planId: 'starter@1',
  billingCycle: 'monthly',
  anchorAt: at,
  anchorZone: 'UTC',
  anchorDay: 2,
  periodIndex: 0,
  currentPeriodStart: at,
  currentPeriodEnd: at + 31 * dayMs,
  pauseAtPeriodEnd: true,
  cancelAtPeriodEnd: false,
  pendingChange: null,
  graceEndsAt: null,
  liveKey: 'cus_1:standard',
} as unknown as Subscription

describe('a pause that was asked for while a debt was open', () => {
  it('falls away when dunning ends in unpaid: the next boundary renews, it does not pause', () => {
    const unpaid = withStatus(pausing, 'unpaid', at)
    expect(unpaid.pauseAtPeriodEnd).toBe(false)
    const settings = { trialEndBehavior: 'pause', draftHours: 1, usageDraftHours: 24 } as const
    const facts = { settings, methodUsable: true, free: false, used: false, zone: 'UTC' }
    const { outcome, subscription } = decideRenewal(unpaid, facts)
    expect([outcome, subscription.status]).toEqual(['renewed', 'unpaid'])
  })

  it('takes effect at the boundary while it is past due', () => {
    const settings = { trialEndBehavior: 'pause', draftHours: 1, usageDraftHours: 24 } as const
    const facts = { settings, methodUsable: true, free: false, used: false, zone: 'UTC' }
    expect(decideRenewal(pausing, facts).subscription.status).toBe('paused')
  })
})
