// Billing details: what is printed on invoices, shown as facts and changed in a form.
import { type ReactNode, type SubmitEvent, useState } from 'react'
import { type Billing, useBilling } from '../../billing-context.ts'
import { useCustomer } from '../../data/read.ts'
import type { AddressWire, CustomerWire } from '../../data/wire.ts'
import { useWrite } from '../../data/write.ts'
import { Button } from '../../parts/button.tsx'
import { TextField } from '../../parts/field.tsx'
import { DoneNotice, ErrorCard } from '../../parts/notices.tsx'
import { type Fact, Facts, Section } from '../../parts/section.tsx'
import { LinesSkeleton } from '../../parts/skeletons.tsx'
import { type DetailsForm, detailsInput, formOf, isMail, type TextKey } from './details-form.ts'

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
      value: lines(customer?.taxIds.map(({ type, value }) => `${value} (${type})`) ?? []),
    },
    { name: t('settings.purchaseOrder'), value: text(customer?.purchaseOrder) },
    { name: t('settings.email'), value: text(customer?.email) },
    { name: t('settings.invoiceEmails'), value: lines(customer?.invoiceEmails ?? []) },
    { name: t('settings.phone'), value: text(customer?.phone) },
  ]
}

interface FieldsProps {
  readonly form: DetailsForm
  readonly onChange: (form: DetailsForm) => void
  /** Whether a first try to send has shown what is wrong. */
  readonly isTried: boolean
}

function Fields({ form, onChange, isTried }: FieldsProps): ReactNode {
  const { t } = useBilling()
  const field = (key: TextKey, more: { readonly autoComplete?: string; hint?: string } = {}) => (
    <TextField
      optional
      label={t(`settings.field.${key}`)}
      value={form[key]}
      onChange={value => onChange({ ...form, [key]: value })}
      {...more}
    />
  )
  const wrongMail = t('settings.mailWrong')
  const mails = form.invoiceEmails.split(/\s+/).filter(mail => mail !== '')
  return (
    <>
      {field('name', { autoComplete: 'organization' })}
      <fieldset className="qt-plain-set qt-fields">
        <legend className="qt-label">{t('settings.address')}</legend>
        {field('line1', { autoComplete: 'address-line1' })}
        {field('line2', { autoComplete: 'address-line2' })}
        {field('city', { autoComplete: 'address-level2' })}
        {field('state', { autoComplete: 'address-level1' })}
        {field('postalCode', { autoComplete: 'postal-code' })}
        {field('country', { autoComplete: 'country', hint: t('settings.countryHint') })}
      </fieldset>
      <div className="qt-fields">
        {field('taxIdType', { hint: t('settings.taxIdTypeHint') })}
        {field('taxIdValue')}
      </div>
      {field('purchaseOrder')}
      <TextField
        optional
        type="email"
        label={t('settings.field.email')}
        value={form.email}
        autoComplete="email"
        problem={isTried && form.email !== '' && !isMail(form.email) ? wrongMail : null}
        onChange={email => onChange({ ...form, email })}
      />
      <TextField
        optional
        rows={3}
        label={t('settings.field.invoiceEmails')}
        hint={t('settings.invoiceEmailsHint')}
        value={form.invoiceEmails}
        problem={isTried && !mails.every(isMail) ? wrongMail : null}
        onChange={invoiceEmails => onChange({ ...form, invoiceEmails })}
      />
      {field('phone', { autoComplete: 'tel' })}
    </>
  )
}

interface EditProps {
  readonly customer: CustomerWire
  readonly onDone: () => void
  readonly onClose: () => void
}

function EditDetails({ customer, onDone, onClose }: EditProps): ReactNode {
  const { t } = useBilling()
  const [form, setForm] = useState(() => formOf(customer))
  const [isTried, setTried] = useState(false)
  const write = useWrite(
    (client, input: NonNullable<ReturnType<typeof detailsInput>>, options) =>
      client.updateCustomer(customer.id, input, options),
    () => {
      onDone()
      onClose()
    },
  )
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    const input = detailsInput(form, customer.taxIds)
    if (input && !write.isPending) write.mutate(input)
  }
  return (
    <form className="qt-form" onSubmit={submit} noValidate>
      <Fields form={form} onChange={setForm} isTried={isTried} />
      {write.error ? <ErrorCard of="action" error={write.error} /> : null}
      <div className="qt-row-actions">
        <Button type="submit" kind="primary" busy={write.isPending}>
          {t('settings.saveDetails')}
        </Button>
        <Button onClick={onClose}>{t('common.keep')}</Button>
      </div>
    </form>
  )
}

function ShownDetails({ customer }: { readonly customer: CustomerWire | null }): ReactNode {
  const billing = useBilling()
  const { t, may } = billing
  const [isEditing, setEditing] = useState(false)
  const [done, setDone] = useState<string | null>(null)
  if (customer && isEditing) {
    return (
      <EditDetails
        customer={customer}
        onDone={() => setDone(t('settings.detailsSaved'))}
        onClose={() => setEditing(false)}
      />
    )
  }
  return (
    <>
      <DoneNotice text={done} />
      <Facts facts={detailFacts(customer, billing)} />
      {customer && may('customers.manage') ? (
        <p className="qt-row-actions">
          <Button onClick={() => setEditing(true)}>{t('settings.editDetails')}</Button>
        </p>
      ) : null}
      {customer === null ? <p className="qt-secondary">{t('settings.noCustomer')}</p> : null}
    </>
  )
}

export function BillingDetails(): ReactNode {
  const { t } = useBilling()
  const customer = useCustomer()
  return (
    <Section title={t('settings.details')} note={t('settings.detailsHint')}>
      {customer.isPending ? <LinesSkeleton lines={5} /> : null}
      {customer.isError ? (
        <ErrorCard error={customer.error} onRetry={() => customer.refetch()} />
      ) : null}
      {customer.data === undefined ? null : <ShownDetails customer={customer.data} />}
    </Section>
  )
}
