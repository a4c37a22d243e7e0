// What the tenant has: the plan with its state, price and period, and what it may do about it.

import type { ReactNode } from 'react'
import { useBilling } from '../../billing-context.ts'
import type { PlanWire, SubscriptionWire } from '../../data/wire.ts'
import { money, period } from '../../formats.ts'
import { type Fact, Facts } from '../../parts/section.tsx'
import { StateSentence, StatusChip } from '../../parts/status-chip.tsx'
import { isEnded, subscriptionState } from '../../states/subscription-state.ts'
import type { Translate } from '../../words/words.ts'
import { type Cycle, priceOf } from './plan-facts.ts'

export interface CurrentPlanProps {
  readonly subscription: SubscriptionWire
  readonly plans: readonly PlanWire[]
}

/** The name of a plan, or its code where it is no longer on offer. */
export const planNameIn =
  (plans: readonly PlanWire[]) =>
  (code: string): string =>
    plans.find(plan => plan.code === code)?.name ?? code

/** The cycle inside a sentence: `monthly`, `月付`. */
export const cycleWord = (cycle: Cycle, t: Translate): string => t(`cycle.${cycle}`).toLowerCase()

/** `per month` or `per year`. */
export const perCycleKey = (cycle: Cycle): 'cycle.perMonth' | 'cycle.perYear' =>
  cycle === 'monthly' ? 'cycle.perMonth' : 'cycle.perYear'

/** Name, state and what happens next. */
export function PlanLine({ subscription, plans }: CurrentPlanProps): ReactNode {
  const { t } = useBilling()
  const nameOf = planNameIn(plans)
  const state = subscriptionState(subscription, nameOf)
  return (
    <>
      <p className="qt-plan-name">
        <span className="qt-name">{nameOf(subscription.plan)}</span>
        <span className="qt-secondary">{t(`cycle.${subscription.billingCycle}`)}</span>
        <StatusChip chip={state.chip} />
      </p>
      <p>
        <StateSentence sentence={state.sentence} />
      </p>
    </>
  )
}

function usePlanFacts({ subscription, plans }: CurrentPlanProps): Fact[] {
  const { t, reader } = useBilling()
  const { billingCycle, currency, currentPeriodStart, currentPeriodEnd } = subscription
  const plan = plans.find(each => each.code === subscription.plan)
  const price = priceOf(plan, billingCycle, currency)
  const amount = money(price?.amount, currency, reader.language)
  const facts: Fact[] = [
    { name: t('plan.price'), value: `${amount} ${t(perCycleKey(billingCycle))}` },
  ]
  if (subscription.quantity > 1) {
    facts.push({ name: t('plan.quantity'), value: String(subscription.quantity) })
  }
  if (!isEnded(subscription)) {
    const value = period(currentPeriodStart, currentPeriodEnd, reader)
    facts.push({ name: t('plan.period'), value })
  }
  for (const { coupon, attachedAt } of subscription.discounts) {
    const value = t('plan.since', { code: coupon, day: { day: attachedAt } })
    facts.push({ name: t('plan.discounts'), value })
  }
  return facts
}

/** The plan in force as a page shows it. */
export function CurrentPlan(props: CurrentPlanProps): ReactNode {
  const { t } = useBilling()
  const facts = usePlanFacts(props)
  return (
    <>
      <PlanLine {...props} />
      <Facts facts={facts} />
      {props.subscription.billedBy === 'stripe' ? (
        <p className="qt-secondary qt-small">{t('plan.mirrored')}</p>
      ) : null}
    </>
  )
}
