// What is agreed with a tenant, as facts, and the drawer that changes them.
import { ErrorCard, LinesSkeleton, useBilling } from '@quittance/billing-react/billing-react'
import { percent, quantity } from '@quittance/billing-react/formats'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { TermsAct } from '../acts/terms-act.tsx'
import { choiceFields } from '../acts/terms-form.ts'
import { useActs } from '../acts/use-acts.tsx'
import { useTenantSettings } from '../data/tenant.ts'
import type { SettingsWire } from '../data/wire.ts'
import { type Fact, FactList } from '../parts/fact-list.tsx'
import { useWords } from '../words/words.ts'

type ChoiceField = keyof typeof choiceFields

function useFacts(settings: SettingsWire): readonly Fact[] {
  const t = useWords()
  const { reader } = useBilling()
  const chosen = (key: ChoiceField): Fact => {
    const known = choiceFields[key].find(value => value === settings[key])
    return { name: t(`terms.${key}`), value: known ? t(`terms.choice.${known}`) : settings[key] }
  }
  const days = (
    key: 'trialDays' | 'paymentTermDays' | 'gracePeriodDays' | 'dunningIntervalDays',
  ) => ({
    name: t(`terms.${key}`),
    value: t('terms.days', { count: settings[key] }),
  })
  return [
    { name: t('terms.currency'), value: settings.currency },
    { name: t('terms.taxRate'), value: percent(settings.taxRate, reader.language) },
    { name: t('terms.taxExempt'), value: t(settings.taxExempt ? 'terms.yes' : 'terms.no') },
    days('paymentTermDays'),
    days('trialDays'),
    chosen('trialEndBehavior'),
    days('gracePeriodDays'),
    {
      name: t('terms.dunningAttempts'),
      value: quantity(settings.dunningAttempts, reader.language),
    },
    days('dunningIntervalDays'),
    chosen('dunningFinalAction'),
    chosen('upgradeBehavior'),
    chosen('downgradeBehavior'),
    {
      name: t('terms.language'),
      value: settings.language === 'zh-CN' ? '简体中文' : 'English',
    },
    { name: t('terms.zone'), value: settings.zone },
  ]
}

function Terms({ settings }: { readonly settings: SettingsWire }): ReactNode {
  return <FactList facts={useFacts(settings)} />
}

/** The settings in force for a tenant, and how to change them. */
export function TenantTerms({ tenantId }: { readonly tenantId: string }): ReactNode {
  const t = useWords()
  const { data, error, refetch } = useTenantSettings(tenantId)
  const acts = useActs<'edit'>()
  return (
    <>
      <p className="qt-secondary">{t('terms.hint')}</p>
      {acts.told}
      {error ? <ErrorCard error={error} onRetry={() => refetch()} /> : null}
      {!data && !error ? <LinesSkeleton lines={10} /> : null}
      {data ? (
        <>
          <Terms settings={data} />
          <div className="qt-actions op-terms">
            <Button onClick={() => acts.open('edit')}>{t('terms.edit')}</Button>
          </div>
          {acts.draw((_, props) => (
            <TermsAct tenantId={tenantId} settings={data} {...props} />
          ))}
        </>
      ) : null}
    </>
  )
}
