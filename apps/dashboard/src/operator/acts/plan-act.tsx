// Editing a plan, or adding one: first what would change is shown, then the new version goes on offer.
import type { BillingClient } from '@quittance/billing-client/client'
import { useBilling } from '@quittance/billing-react/billing-react'
import { useWrite } from '@quittance/billing-react/data/write'
import { metricName } from '@quittance/billing-react/words/names'
import { Button, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import type { PlanRow } from '../data/wire.ts'
import { useWords } from '../words/words.ts'
import { ActDrawer, Field } from './act-drawer.tsx'
import type { ActProps } from './act-props.ts'
import {
  isPlanTyped,
  newPlanForm,
  offerWith,
  type PlanForm,
  type PriceForm,
  planFormOf,
  type QuotaForm,
} from './plan-form.ts'

type Push = Parameters<BillingClient['pushPlans']>[0]
type Pushed = Awaited<ReturnType<BillingClient['pushPlans']>>

const replaced = <T,>(list: readonly T[], at: number, part: Partial<T>): T[] =>
  list.map((each, index) => (index === at ? { ...each, ...part } : each))

interface PricesProps {
  readonly prices: readonly PriceForm[]
  readonly onChange: (prices: readonly PriceForm[]) => void
}

function Prices({ prices, onChange }: PricesProps): ReactNode {
  const t = useWords()
  const { t: say } = useBilling()
  const cycleName = (cycle: PriceForm['billingCycle']) =>
    say(cycle === 'yearly' ? 'cycle.perYear' : 'cycle.perMonth')
  return (
    <fieldset className="op-field">
      <legend className="qt-label">{t('plans.prices')}</legend>
      {prices.map((price, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name, and none is moved
        <div className="op-line-fields" key={at}>
          <Field
            label={t('plan.amountOf', {
              currency: price.currency,
              cycle: cycleName(price.billingCycle),
            })}
            value={price.amount}
            onChange={amount => onChange(replaced(prices, at, { amount }))}
          />
          <Field
            label={t('tenant.currency')}
            value={price.currency}
            onChange={currency =>
              onChange(replaced(prices, at, { currency: currency.toUpperCase() }))
            }
          />
          <Select
            aria-label={t('plan.cycle')}
            value={price.billingCycle}
            onChange={billingCycle => onChange(replaced(prices, at, { billingCycle }))}
            options={(['monthly', 'yearly'] as const).map(value => ({
              value,
              label: cycleName(value),
            }))}
          />
        </div>
      ))}
      <Button
        onClick={() =>
          onChange([
            ...prices,
            { currency: prices[0]?.currency ?? 'USD', billingCycle: 'yearly', amount: '' },
          ])
        }
      >
        {t('plan.addPrice')}
      </Button>
    </fieldset>
  )
}

interface QuotasProps {
  readonly quotas: readonly QuotaForm[]
  readonly onChange: (quotas: readonly QuotaForm[]) => void
}

function Quotas({ quotas, onChange }: QuotasProps): ReactNode {
  const t = useWords()
  const { t: say } = useBilling()
  return quotas.map((quota, at) => (
    <fieldset className="op-field" key={quota.metric}>
      <legend className="qt-label">{metricName(quota.metric, say)}</legend>
      <Field
        label={t('plan.units')}
        hint={t('plan.unitsHint')}
        value={quota.included}
        onChange={included => onChange(replaced(quotas, at, { included }))}
      />
      <Field
        label={t('plan.overage')}
        hint={t('plan.overageHint')}
        value={quota.overage}
        onChange={overage => onChange(replaced(quotas, at, { overage }))}
      />
    </fieldset>
  ))
}

/** What pushing would change, plan by plan and field by field. */
function Changes({ changes }: Pick<Pushed, 'changes'>): ReactNode {
  const t = useWords()
  const told = changes.filter(({ change }) => change === 'added' || change === 'changed')
  if (told.length === 0) return <p role="status">{t('plan.nothing')}</p>
  return (
    <div role="status">
      {told.map(({ code, version, fields }) => (
        <div key={code}>
          <p className="qt-label">{t('plan.becomes', { code, version })}</p>
          <ul className="op-effects">
            {fields.map(({ path, from, to }) => (
              <li key={path}>
                <code className="qt-code">{path}</code> {from ?? '—'} → {to ?? '—'}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  )
}

export interface PlanActProps extends ActProps {
  readonly offer: readonly PlanRow[]
  /** Null: a new one. */
  readonly plan: PlanRow | null
}

export function PlanAct({ offer, plan, onDone, onClose }: PlanActProps): ReactNode {
  const t = useWords()
  const [form, setForm] = useState<PlanForm>(() =>
    plan === null ? newPlanForm(offer) : planFormOf(plan),
  )
  const [compared, setCompared] = useState<Pushed | null>(null)
  const set = (part: Partial<PlanForm>) => {
    setForm({ ...form, ...part })
    setCompared(null)
  }
  const version = compared?.changes.find(({ code }) => code === form.code)?.version ?? null
  const differs = compared?.changes.some(({ change }) => change !== 'unchanged') ?? false
  const push = useWrite(
    (client, input: Push, options) => client.pushPlans(input, options),
    (pushed, input) => {
      if (input.dryRun) setCompared(pushed)
      else onDone(t('plan.pushed', { name: form.name }))
    },
  )
  return (
    <ActDrawer
      title={plan === null ? t('plan.new') : t('plan.editOf', { name: plan.name })}
      confirm={
        compared && differs && version !== null
          ? t('plan.confirm', { code: form.code, version })
          : t('plan.compare')
      }
      ready={isPlanTyped(form) && (compared === null || differs)}
      effects={[t('plan.effectVersions'), t('plan.effectFile')]}
      busy={push.isPending}
      error={push.error}
      onConfirm={() =>
        push.mutate({ plans: offerWith(offer, plan, form), dryRun: compared === null })
      }
      onClose={onClose}
    >
      {plan === null ? (
        <Field label={t('plan.code')} value={form.code} onChange={code => set({ code })} />
      ) : null}
      <Field label={t('plan.name')} value={form.name} onChange={name => set({ name })} />
      <Prices prices={form.prices} onChange={prices => set({ prices })} />
      <Field
        label={t('plan.trialDays')}
        optional
        hint={t('plan.trialHint')}
        value={form.trialDays}
        onChange={trialDays => set({ trialDays })}
      />
      <Quotas quotas={form.quotas} onChange={quotas => set({ quotas })} />
      {compared ? <Changes changes={compared.changes} /> : null}
    </ActDrawer>
  )
}
