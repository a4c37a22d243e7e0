// The settings of a tenant: billing details, mails, roles, and the terms that the issuer set.

import type { ReactNode } from 'react'
import { type Billing, useBilling } from '../../billing-context.ts'
import { useSettings } from '../../data/read.ts'
import type { SettingsWire } from '../../data/wire.ts'
import { percent } from '../../formats.ts'
import { LockedPage } from '../../parts/locked-page.tsx'
import { ErrorCard } from '../../parts/notices.tsx'
import { type Fact, Facts, Page, Section } from '../../parts/section.tsx'
import { LinesSkeleton } from '../../parts/skeletons.tsx'
import { BillingDetails } from './billing-details.tsx'
import { Notifications } from './notifications.tsx'
import { RolesTable } from './roles-table.tsx'

function languageFacts(settings: SettingsWire, { t }: Billing): Fact[] {
  const language = settings.language === 'zh-CN' ? 'zh-CN' : 'en'
  return [
    { name: t('settings.documentLanguage'), value: t(`language.${language}`) },
    { name: t('settings.zone'), value: settings.zone },
  ]
}

function policyFacts(settings: SettingsWire, { t, reader }: Billing): Fact[] {
  const days = (count: number) => t('settings.days', { count })
  return [
    { name: t('settings.currency'), value: settings.currency },
    { name: t('settings.taxRate'), value: percent(settings.taxRate, reader.language) },
    { name: t('settings.terms'), value: days(settings.paymentTermDays) },
    { name: t('settings.trial'), value: days(settings.trialDays) },
    { name: t('settings.grace'), value: days(settings.gracePeriodDays) },
    {
      name: t('settings.retries'),
      value: t('settings.everyDays', {
        tries: settings.dunningAttempts,
        count: settings.dunningIntervalDays,
      }),
    },
  ]
}

function SettingsPage(): ReactNode {
  const billing = useBilling()
  const { t } = billing
  const settings = useSettings()
  return (
    <Page title={t('settings.title')}>
      <BillingDetails />
      {settings.isPending ? <LinesSkeleton lines={6} /> : null}
      {settings.isError ? (
        <ErrorCard error={settings.error} onRetry={() => settings.refetch()} />
      ) : null}
      {settings.data ? (
        <>
          <Section title={t('settings.language')}>
            <Facts facts={languageFacts(settings.data, billing)} />
          </Section>
          <Notifications settings={settings.data} />
          <Section title={t('settings.policy')} note={t('settings.policyHint')}>
            <Facts facts={policyFacts(settings.data, billing)} />
          </Section>
        </>
      ) : null}
      <RolesTable />
    </Page>
  )
}

/** The settings of a tenant, for those who may read them. */
export function BillingSettings(): ReactNode {
  const { t, may } = useBilling()
  return may('settings.read') ? <SettingsPage /> : <LockedPage title={t('settings.title')} />
}
