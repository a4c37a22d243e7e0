// Subscribing, changing, pausing and ending.
import { changeSubscription } from '../../../actions/subscriptions/change-subscription.ts'
import { createSubscription } from '../../../actions/subscriptions/create-subscription.ts'
import {
  cancelSubscription,
  reactivateSubscription,
} from '../../../actions/subscriptions/end-subscription.ts'
import {
  endTrial,
  pauseSubscription,
  resumeSubscription,
} from '../../../actions/subscriptions/pause-subscription.ts'
import { isLive } from '../../../core/subscription.ts'
import { currencyOf } from '../tenant-state.ts'
import { drawCode } from './coupons.ts'
import { cards } from './methods.ts'
import { act, live, type Operation, one, withStatus } from './scene.ts'

export const plans = ['free', 'starter', 'professional', 'enterprise'] as const
export const cycles = ['monthly', 'yearly'] as const

export const subscribe: Operation = scene => {
  if (scene.subscriptions.some(isLive)) return null
  const { random } = scene
  const plan = random.weighted({ free: 1, starter: 4, professional: 4, enterprise: 1 })
  const billingCycle = random.weighted({ monthly: 5, yearly: 1 })
  const quantity = random.chance(0.3) ? random.whole(2, 7) : 1
  const card = scene.methods.length === 0 || random.chance(0.3) ? random.weighted(cards) : undefined
  const trialDays = random.chance(0.4) ? 0 : undefined
  const currency = currencyOf(scene)
  const coupon = random.chance(0.3) ? drawCode(random) : undefined
  const terms = { plan, billingCycle, quantity, trialDays, currency, coupon }
  const input = { ...terms, paymentMethodId: card }
  return act(`subscribes ${JSON.stringify(input)}`, (deps, caller) =>
    createSubscription(deps, caller, input),
  )
}

export const changePlan: Operation = scene => {
  const subscription = live(scene)
  if (subscription === null) return null
  const { random } = scene
  const plan = random.pick(plans)
  const when = random.chance(0.4) ? random.pick(['now', 'period_end'] as const) : undefined
  const input = { plan, when }
  return act(`moves ${subscription.planCode} to ${JSON.stringify(input)}`, (deps, caller) =>
    changeSubscription(deps, caller, subscription.id, input),
  )
}

export const changeTerms: Operation = scene => {
  const subscription = live(scene)
  if (subscription === null) return null
  const { random } = scene
  const input = random.chance(0.7)
    ? { quantity: random.whole(1, 8) }
    : { billingCycle: random.pick(cycles), when: random.pick([undefined, 'period_end'] as const) }
  return act(`changes ${JSON.stringify(input)}`, (deps, caller) =>
    changeSubscription(deps, caller, subscription.id, input),
  )
}

export const cancel: Operation = scene => {
  const subscription = live(scene)
  if (subscription === null) return null
  const { random } = scene
  const when = random.chance(0.6) ? 'period_end' : 'now'
  const refund = when === 'now' ? random.pick(['none', 'credit', 'refund'] as const) : undefined
  return act(`cancels ${when} ${refund ?? ''}`, (deps, caller) =>
    cancelSubscription(deps, caller, subscription.id, { when, refund }),
  )
}

export const reactivate: Operation = scene => {
  const ending = one(
    scene,
    scene.subscriptions.filter(each => isLive(each) && each.cancelAtPeriodEnd),
  )
  return ending === null
    ? null
    : act('reactivates', (deps, caller) => reactivateSubscription(deps, caller, ending.id))
}

export const pause: Operation = scene => {
  const running = withStatus(scene, 'active', 'trialing')
  return running === null
    ? null
    : act('pauses', (deps, caller) => pauseSubscription(deps, caller, running.id))
}

/** The service goes on, its invoices are not collected. */
export const pauseCollecting: Operation = scene => {
  const running = withStatus(scene, 'active', 'trialing', 'past_due')
  if (running === null) return null
  const collection = scene.random.pick(['void', 'keep_as_draft', 'mark_uncollectible'] as const)
  return act(`is not collected from: ${collection}`, (deps, caller) =>
    pauseSubscription(deps, caller, running.id, collection),
  )
}

/** Ends a pause, of the service or of collecting. */
export const resume: Operation = scene => {
  const paused =
    withStatus(scene, 'paused') ??
    one(
      scene,
      scene.subscriptions.filter(each => isLive(each) && each.collectionPause !== null),
    )
  return paused === null
    ? null
    : act('resumes', (deps, caller) => resumeSubscription(deps, caller, paused.id))
}

export const finishTrial: Operation = scene => {
  const trialing = withStatus(scene, 'trialing')
  return trialing === null
    ? null
    : act('ends the trial', (deps, caller) => endTrial(deps, caller, trialing.id))
}
