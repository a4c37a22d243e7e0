// The state of a subscription in words. Not a rule of billing: it only reads what the API says.
import type { SubscriptionWire } from '../data/wire.ts'
import type { BillingSentence } from '../words/words.ts'
import { chip, type StateOf } from './state.ts'

type Subscription = Pick<
  SubscriptionWire,
  | 'status'
  | 'currentPeriodEnd'
  | 'trialEnd'
  | 'cancelAtPeriodEnd'
  | 'canceledAt'
  | 'endedAt'
  | 'pendingChange'
>

/** What is in force and cannot change any more. */
const ended = ['canceled', 'incomplete_expired']

/** Whether a subscription is over for good; a new one can then be made. */
export const isEnded = (subscription: Pick<SubscriptionWire, 'status'>): boolean =>
  ended.includes(subscription.status)

/** Whether money is owed for it and late. */
export const isPastDue = (subscription: Pick<SubscriptionWire, 'status'>): boolean =>
  ['past_due', 'unpaid'].includes(subscription.status)

/**
 * Chip and sentence of a subscription. A scheduled end wins over a scheduled change, and both over
 * the plain status, so that nobody reads "renews" about something that will not. `planName` writes
 * a code.
 */
export function subscriptionState(
  subscription: Subscription,
  planName: (code: string) => string = code => code,
): StateOf {
  const trialing = subscription.status === 'trialing'
  if (trialing || subscription.status === 'active') {
    if (subscription.cancelAtPeriodEnd) return endingState(subscription, trialing)
    if (subscription.pendingChange) return changingState(subscription.pendingChange, planName)
  }
  if (trialing) {
    const values = { day: { day: subscription.trialEnd ?? subscription.currentPeriodEnd } }
    return {
      chip: chip('info', 'clock', { key: 'subscription.chip.trialing', values }),
      sentence: { key: 'subscription.state.trialing', values },
    }
  }
  return plainState(subscription)
}

function endingState(subscription: Subscription, trialing: boolean): StateOf {
  const end = trialing ? subscription.trialEnd : null
  const values = { day: { day: end ?? subscription.currentPeriodEnd } }
  const sentence: BillingSentence = trialing
    ? { key: 'subscription.state.trialEnds', values }
    : { key: 'subscription.state.ends', values }
  return {
    chip: chip('planned', 'calendar', { key: 'subscription.chip.ends', values }),
    sentence,
  }
}

function changingState(
  change: NonNullable<Subscription['pendingChange']>,
  planName: (code: string) => string,
): StateOf {
  const plan = planName(change.plan)
  if (change.effectiveAt === null) {
    return {
      chip: chip('planned', 'swap', { key: 'subscription.chip.switching' }),
      sentence: { key: 'subscription.state.switching', values: { plan } },
    }
  }
  const day = { day: change.effectiveAt }
  return {
    chip: chip('planned', 'swap', { key: 'subscription.chip.changes', values: { day } }),
    sentence: { key: 'subscription.state.changes', values: { plan, day } },
  }
}

function plainState(subscription: Subscription): StateOf {
  const renewal = { day: { day: subscription.currentPeriodEnd } }
  switch (subscription.status) {
    case 'active':
      return {
        chip: chip('good', 'check-circle', { key: 'subscription.chip.active' }),
        sentence: { key: 'subscription.state.active', values: renewal },
      }
    case 'past_due':
      return {
        chip: chip('warn', 'clock', { key: 'subscription.chip.pastDue' }),
        sentence: { key: 'subscription.state.pastDue' },
      }
    case 'unpaid':
      return {
        chip: chip('bad', 'stop', { key: 'subscription.chip.unpaid' }),
        sentence: { key: 'subscription.state.unpaid' },
      }
    case 'paused':
      return {
        chip: chip('neutral', 'pause', { key: 'subscription.chip.paused' }),
        sentence: { key: 'subscription.state.paused' },
      }
    case 'incomplete':
      return {
        chip: chip('warn', 'exclamation', { key: 'subscription.chip.incomplete' }),
        sentence: { key: 'subscription.state.incomplete' },
      }
    case 'incomplete_expired':
      return {
        chip: chip('neutral', 'minus-circle', { key: 'subscription.chip.incompleteExpired' }),
        sentence: { key: 'subscription.state.incompleteExpired' },
      }
    default: {
      const end = subscription.endedAt ?? subscription.canceledAt ?? subscription.currentPeriodEnd
      const values = { day: { day: end } }
      return {
        chip: chip('neutral', 'logout', { key: 'subscription.chip.canceled', values }),
        sentence: { key: 'subscription.state.canceled', values },
      }
    }
  }
}
