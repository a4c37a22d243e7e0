// The settings of a tenant, read only: what is printed on invoices, and the terms that the issuer
// set.

import type { ReactNode } from 'react'
import { type Billing, useBilling } from '../../billing-context.ts'
import { useCustomer, useSettings } from '../../data/read.ts'
import type { AddressWire, CustomerWire, SettingsWire } from '../../data/wire.ts'
import { percent } from '../../formats.ts'
import { LockedPage } from '../../parts/locked-page.tsx'
import { ErrorCard } from '../../parts/notices.tsx'
import { type Fact, Facts, Page, Section } from '../../parts/section.tsx'
import { LinesSkeleton } from '../../parts/skeletons.tsx'

/** Western order and Chinese order, as the country of the address writes it. */
function addressLines(address: AddressWire): string[] {
  const { line1, line2, city, state, postalCode, country } = address
  const present = (parts: (string | null)[]) => parts.flatMap(part => part || [])
  if (country === 'CN') {
    return present([present([postalCode]).join(''), present([state, city, line1, line2]).join('')])
  }
  const town = present([city, state, postalCode]).join(' ')
  return present([line1, line2, town, country])
}

function detailFacts(customer: CustomerWire | null, { t }: Billing): Fact[] {
  const missing = <span className="qt-secondary">{t('settings.missing')}</span>
  const text = (value: string | null | undefined): ReactNode => value || missing
  const lines = (values: readonly string[]): ReactNode =>
    values.length === 0
      ? missing
      : values.map(value => (
          <span key={value} className="qt-block">
            {value}
          </span>
        ))
  return [
    { name: t('settings.name'), value: text(customer?.name) },
    {
      name: t('settings.address'),
      value: lines(customer?.address ? addressLines(customer.address) : []),
    },
    {
      name: t('settings.taxIds'),
      value: lines(customer?.taxIds.map(taxId => taxId.value) ?? []),
    },
    { name: t('settings.purchaseOrder'), value: text(customer?.purchaseOrder) },
    { name: t('settings.email'), value: text(customer?.email) },
    { name: t('settings.invoiceEmails'), value: lines(customer?.invoiceEmails ?? []) },
    { name: t('settings.phone'), value: text(customer?.phone) },
  ]
}

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
  const customer = useCustomer()
  const settings = useSettings()
  return (
    <Page title={t('settings.title')}>
      <Section title={t('settings.details')} note={t('settings.detailsHint')}>
        {customer.isPending ? <LinesSkeleton lines={5} /> : null}
        {customer.isError ? (
          <ErrorCard error={customer.error} onRetry={() => customer.refetch()} />
        ) : null}
        {customer.data === undefined ? null : <Facts facts={detailFacts(customer.data, billing)} />}
      </Section>
      {settings.isError ? (
        <ErrorCard error={settings.error} onRetry={() => settings.refetch()} />
      ) : null}
      {settings.data ? (
        <>
          <Section title={t('settings.language')}>
            <Facts facts={languageFacts(settings.data, billing)} />
          </Section>
          <Section title={t('settings.policy')} note={t('settings.policyHint')}>
            <Facts facts={policyFacts(settings.data, billing)} />
          </Section>
        </>
      ) : null}
    </Page>
  )
}

/** The settings of a tenant, for those who may read them. */
export function BillingSettings(): ReactNode {
  const { t, may } = useBilling()
  return may('settings.read') ? <SettingsPage /> : <LockedPage title={t('settings.title')} />
}
