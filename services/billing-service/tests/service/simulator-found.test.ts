// What the simulator found, each told as the few steps that show it.
import { afterEach, describe, expect, it } from 'vitest'
import { changeSubscription } from '../../src/actions/subscriptions/change-subscription.ts'
import { createSubscription } from '../../src/actions/subscriptions/create-subscription.ts'
import { toIso } from '../../src/core/time.ts'
import { openWorld, operatorOf, type SimulatedWorld } from '../../src/test/simulator/world.ts'

let world: SimulatedWorld
afterEach(() => world.close())

const hourMs = 3_600_000

describe('a plan is changed after a period has ended and before any job has renewed it', () => {
  it('the ended period is renewed first, and the change counts within the next one', async () => {
    world = await openWorld({ seed: 'late-change' })
    const { deps } = world
    const { tenantId } = world.tenants[0]!
    const caller = operatorOf(tenantId)
    const { subscription: bought } = await createSubscription(deps, caller, {
      plan: 'starter',
      trialDays: 0,
      paymentMethodId: 'pm_card_visa',
    })
    world.moveTo(bought.currentPeriodEnd + 11 * hourMs)
    const { subscription } = await changeSubscription(deps, caller, bought.id, {
      plan: 'professional',
    })
    const pending = subscription.pendingChange
    expect(pending?.restartsPeriodAt ?? null).toBeNull()
    expect(toIso(subscription.currentPeriodStart)).toBe(toIso(bought.currentPeriodEnd))
    const { rows } = await world.store.of(tenantId).list('invoices', { limit: 100 })
    const renewed = rows.filter(({ billingReason }) => billingReason === 'subscription_cycle')
    expect(renewed.map(({ periodStart }) => periodStart)).toEqual([bought.currentPeriodEnd])
  })
})
