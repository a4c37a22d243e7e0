// The plans on offer side by side. Against the plan in force only the differences stand out.

import type { ReactNode } from 'react'
import { useBilling } from '../../billing-context.ts'
import type { PlanWire, SubscriptionWire } from '../../data/wire.ts'
import { quantity, unitPrice } from '../../formats.ts'
import { Button } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Money } from '../../parts/money.tsx'
import { featureName, metricName } from '../../words/names.ts'
import { cycleWord, perCycleKey } from './current-plan.tsx'
import { type Cycle, compareIncluded, type PlanMove, planMove, priceOf } from './plan-facts.ts'

export interface PlanGridProps {
  readonly plans: readonly PlanWire[]
  /** The plan in force, or null where there is none. */
  readonly subscription: SubscriptionWire | null
  readonly billingCycle: Cycle
  /** Whether the reader may choose now. */
  readonly isOpen: boolean
  readonly onChoose: (plan: PlanWire, move: PlanMove) => void
}

interface QuotasProps {
  readonly plan: PlanWire
  readonly mine: PlanWire | undefined
  readonly currency: string
}

function Quotas({ plan, mine, currency }: QuotasProps): ReactNode {
  const { t, reader } = useBilling()
  return (
    <ul className="qt-plan-list">
      {Object.entries(plan.included).map(([metric, included]) => {
        const difference = mine ? compareIncluded(mine.included[metric], included) : 'more'
        const overage = plan.overage[metric]
        const price = `${currency} ${unitPrice(overage ?? 0, currency, reader.language)}`
        return (
          <li key={metric} className={`qt-difference-${difference}`}>
            <span className="qt-plan-quota">
              <span>{metricName(metric, t)}</span>
              <span className="qt-figures">
                {included === null ? t('plan.unlimited') : quantity(included, reader.language)}
              </span>
            </span>
            {included === null ? null : (
              <span className="qt-small qt-secondary">
                {overage === undefined ? t('plan.hardCap') : t('plan.overageFrom', { price })}
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function Features({ plan, mine }: Pick<QuotasProps, 'plan' | 'mine'>): ReactNode {
  const { t } = useBilling()
  return (
    <ul className="qt-plan-list qt-plan-features">
      {plan.features.map(feature => (
        <li
          key={feature}
          className={mine?.features.includes(feature) ? 'qt-difference-same' : 'qt-difference-more'}
        >
          {featureName(feature, t)}
        </li>
      ))}
    </ul>
  )
}

interface PlanActionProps {
  readonly plan: PlanWire
  readonly move: PlanMove
  readonly cycle: Cycle
  readonly isPrimary: boolean
  readonly onChoose: () => void
}

function PlanAction({ plan, move, cycle, isPrimary, onChoose }: PlanActionProps): ReactNode {
  const { t } = useBilling()
  if (move === 'current') {
    return (
      <p className="qt-mark qt-plan-mark">
        <Icon name="check-circle" />
        {t('plan.currentMark')}
      </p>
    )
  }
  const words = {
    subscribe: () => t('plan.subscribe', { plan: plan.name }),
    upgrade: () => t('plan.upgrade', { plan: plan.name }),
    downgrade: () => t('plan.downgrade', { plan: plan.name }),
    cycle: () => t('plan.switchCycle', { cycle: cycleWord(cycle, t) }),
  }
  return (
    <Button kind={isPrimary ? 'primary' : 'plain'} onClick={onChoose}>
      {words[move]()}
    </Button>
  )
}

/** The nearest step up is the page's one filled button; without a plan it is the first paid one. */
function firstChoice({ plans, subscription, billingCycle }: PlanGridProps): string | undefined {
  if (!subscription) {
    return plans.find(plan => (priceOf(plan, billingCycle)?.amount ?? 0) > 0)?.code
  }
  if (subscription.cancelAtPeriodEnd) return undefined
  return plans.find(plan => {
    const chosen = { code: plan.code, billingCycle }
    return planMove(plans, subscription, chosen) === 'upgrade'
  })?.code
}

function PlanColumn(props: PlanGridProps & { readonly plan: PlanWire; readonly first: boolean }) {
  const { t } = useBilling()
  const { plan, plans, subscription, billingCycle } = props
  const move = planMove(plans, subscription, { code: plan.code, billingCycle })
  const price = priceOf(plan, billingCycle, subscription?.currency)
  const mine = plans.find(each => each.code === subscription?.plan)
  const canChoose = props.isOpen || move === 'current'
  return (
    <li className={move === 'current' ? 'qt-plan qt-plan-current' : 'qt-plan'}>
      <h3 className="qt-plan-title">{plan.name}</h3>
      {price ? (
        <p className="qt-plan-price">
          <Money value={price.amount} currency={price.currency} />{' '}
          <span className="qt-secondary qt-small">{t(perCycleKey(billingCycle))}</span>
        </p>
      ) : (
        <p className="qt-secondary">{t('plan.notSold', { cycle: cycleWord(billingCycle, t) })}</p>
      )}
      {price && canChoose ? (
        <PlanAction
          plan={plan}
          move={move}
          cycle={billingCycle}
          isPrimary={props.first}
          onChoose={() => props.onChoose(plan, move)}
        />
      ) : null}
      <Quotas plan={plan} mine={mine} currency={price?.currency ?? 'USD'} />
      <Features plan={plan} mine={mine} />
    </li>
  )
}

/** All plans in the order of their price. */
export function PlanGrid(props: PlanGridProps): ReactNode {
  const first = props.isOpen ? firstChoice(props) : undefined
  return (
    <ul className="qt-plans">
      {props.plans.map(plan => (
        <PlanColumn key={plan.code} {...props} plan={plan} first={plan.code === first} />
      ))}
    </ul>
  )
}
