// The offer as it stands: plans with their prices and what is included, each to be edited into a new version.
import { ErrorCard, LinesSkeleton, Money, useBilling } from '@quittance/billing-react/billing-react'
import { quantity } from '@quittance/billing-react/formats'
import { metricName } from '@quittance/billing-react/words/names'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { PlanAct } from '../acts/plan-act.tsx'
import { useActs } from '../acts/use-acts.tsx'
import { usePlanOffer } from '../data/catalogue.ts'
import type { PlanRow } from '../data/wire.ts'
import { ConsolePage } from '../parts/console-page.tsx'
import { FactList } from '../parts/fact-list.tsx'
import { useWords } from '../words/words.ts'

function Prices({ plan }: { readonly plan: PlanRow }): ReactNode {
  const { t } = useBilling()
  return plan.prices.map(price => (
    <span key={`${price.currency} ${price.billingCycle}`} className="op-line">
      <Money value={price.amount} currency={price.currency} style="code" />{' '}
      {t(price.billingCycle === 'yearly' ? 'cycle.perYear' : 'cycle.perMonth')}
    </span>
  ))
}

function Included({ plan }: { readonly plan: PlanRow }): ReactNode {
  const t = useWords()
  const { t: say, reader } = useBilling()
  const entries = Object.entries(plan.included)
  if (entries.length === 0) return '—'
  return entries.map(([metric, units]) => (
    <span key={metric} className="op-line">
      {metricName(metric, say)}{' '}
      {units === null ? t('plans.unlimited') : quantity(units, reader.language)}
    </span>
  ))
}

interface PlanProps {
  readonly plan: PlanRow
  readonly onEdit: () => void
}

function Plan({ plan, onEdit }: PlanProps): ReactNode {
  const t = useWords()
  return (
    <section className="op-plan" aria-label={plan.name}>
      <h2 className="qt-section-title">
        {plan.name} <code className="qt-code qt-secondary">{`${plan.code}@${plan.version}`}</code>
      </h2>
      <FactList
        facts={[
          { name: t('plans.prices'), value: <Prices plan={plan} /> },
          { name: t('plans.included'), value: <Included plan={plan} /> },
          { name: t('plans.trial'), value: t('plans.days', { count: plan.trialDays }) },
          { name: t('plans.family'), value: plan.family },
          {
            name: t('plans.addOnTo'),
            value: plan.addOnTo.length > 0 ? plan.addOnTo.join(', ') : '—',
          },
        ]}
      />
      <div className="qt-actions">
        <Button onClick={onEdit}>{t('plan.edit', { name: plan.name })}</Button>
      </div>
    </section>
  )
}

export function PlansPage(): ReactNode {
  const t = useWords()
  const { data, error, refetch } = usePlanOffer()
  // A plan by its code; no code is that of a new one.
  const acts = useActs<string>()
  return (
    <ConsolePage
      title={t('plans.title')}
      intro={t('plans.intro')}
      actions={
        <Button type="primary" disabled={!data} onClick={() => acts.open('')}>
          {t('plan.new')}
        </Button>
      }
    >
      {acts.told}
      {error ? <ErrorCard error={error} onRetry={() => refetch()} /> : null}
      {!data && !error ? <LinesSkeleton lines={12} /> : null}
      {data?.map(plan => (
        <Plan key={plan.code} plan={plan} onEdit={() => acts.open(plan.code)} />
      ))}
      {acts.draw((code, props) => (
        <PlanAct
          offer={data ?? []}
          plan={data?.find(plan => plan.code === code) ?? null}
          {...props}
        />
      ))}
    </ConsolePage>
  )
}
