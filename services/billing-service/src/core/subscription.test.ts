import { describe, expect, it } from 'vitest'
import { decideRenewal, isRenewalDue } from './renewal.ts'
import { nextDueAt, type Subscription, withStatus } from './subscription.ts'

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

describe('a change that waits for its payment', () => {
  const end = at + 31 * dayMs
  const change = { invoiceId: 'inv_1', effectiveAt: null, restartsPeriodAt: end - dayMs }
  const waiting = { ...pausing, status: 'active', pendingChange: change } as unknown as Subscription

  it('lets no period end before a debit of three days has come in or failed', () => {
    expect(isRenewalDue(waiting, end + 3 * dayMs)).toBe(false)
    expect(nextDueAt(waiting)).toBeNull()
    const settled = { ...waiting, pendingChange: null }
    expect(isRenewalDue(settled, end + 3 * dayMs)).toBe(true)
    expect(nextDueAt(settled)).toBe(end)
  })

  it('that is dropped after 23 hours is due then', () => {
    const expiresAt = end + 22 * 3_600_000
    const confirming = { ...change, expiresAt }
    expect(nextDueAt({ ...waiting, pendingChange: confirming } as Subscription)).toBe(expiresAt)
  })

  it('for the end of the period does not hold it up', () => {
    const planned = { ...change, invoiceId: null, effectiveAt: end, restartsPeriodAt: null }
    const later = { ...waiting, pendingChange: planned } as Subscription
    expect(isRenewalDue(later, end)).toBe(true)
  })
})
