// What the simulator found, each told as the few steps that show it.
import { afterEach, describe, expect, it } from 'vitest'
import { changeSubscription } from '../../src/actions/subscriptions/change-subscription.ts'
import { createSubscription } from '../../src/actions/subscriptions/create-subscription.ts'
import { cancelSubscription } from '../../src/actions/subscriptions/end-subscription.ts'
import {
  pauseSubscription,
  resumeSubscription,
} from '../../src/actions/subscriptions/pause-subscription.ts'
import { renewSubscription } from '../../src/actions/subscriptions/renew-subscription.ts'
import { toIso } from '../../src/core/time.ts'
import { aroundDeps } from '../../src/test/simulator/around.ts'
import { openWorld, operatorOf, type SimulatedWorld } from '../../src/test/simulator/world.ts'

let world: SimulatedWorld
afterEach(() => world.close())

const hourMs = 3_600_000

const subscribed = async (seed: string) => {
  world = await openWorld({ seed })
  const { tenantId } = world.tenants[0]!
  const caller = operatorOf(tenantId)
  const { subscription } = await createSubscription(world.deps, caller, {
    plan: 'starter',
    trialDays: 0,
    paymentMethodId: 'pm_card_visa',
  })
  return { tenantId, caller, subscription }
}

describe('a plan is changed after a period has ended and before any job has renewed it', () => {
  it('the ended period is renewed first, and the change counts within the next one', async () => {
    const { tenantId, caller, subscription: bought } = await subscribed('late-change')
    const { deps } = world
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

describe('a paused subscription is resumed while somebody cancels it', () => {
  it('the end is refused as long as the payment of the new period is under way', async () => {
    const { tenantId, caller, subscription } = await subscribed('resume-and-cancel')
    const { deps } = world
    await pauseSubscription(deps, caller, subscription.id)
    world.moveTo(subscription.currentPeriodEnd)
    await renewSubscription(deps, tenantId, subscription.id)
    const resume = () => {
      const always = {
        remaining: 3,
        probability: 1,
        delayMs: 0,
        status: 429,
        performs: true,
      } as const
      const where = { method: 'POST', match: '/v1/payment_intents' }
      world.sandbox.state.faults.add({ kind: 'timeout_after', ...always, ...where })
      return resumeSubscription(deps, caller, subscription.id)
    }
    let resumed = false
    const meanwhile = aroundDeps(deps, async (where, name, call) => {
      const first = where === 'port' && name === 'transaction' && !resumed
      if (first) {
        resumed = true
        await resume()
      }
      return call()
    })
    const canceled = cancelSubscription(meanwhile, caller, subscription.id, {})
    await expect(canceled).rejects.toMatchObject({ code: 'change_pending' })
    const { status, pendingChange } = await world.store
      .of(tenantId)
      .get('subscriptions', subscription.id)
    expect([status, pendingChange?.planCode]).toEqual(['paused', 'starter'])
  })
})
