// Changes what is agreed with a tenant.
import { Checkbox, Select } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import type { SettingsWire } from '../data/wire.ts'
import { useWords } from '../words/words.ts'
import { ActDrawer, Field } from './act-drawer.tsx'
import type { ActProps } from './act-props.ts'
import {
  choiceFields,
  dayFields,
  isNumberTyped,
  type TermsForm,
  termsFormOf,
  termsInput,
} from './terms-form.ts'
import { useAct } from './use-act.ts'

type Input = NonNullable<ReturnType<typeof termsInput>>

interface ChoiceProps {
  readonly label: string
  readonly value: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly onChange: (value: string) => void
}

function Choice({ label, value, options, onChange }: ChoiceProps): ReactNode {
  const id = useId()
  return (
    <div className="op-field">
      <label className="qt-label" htmlFor={id}>
        {label}
      </label>
      <Select
        id={id}
        value={value}
        options={[...options]}
        onChange={onChange}
        popupMatchSelectWidth={false}
      />
    </div>
  )
}

interface FieldsProps {
  readonly form: TermsForm
  readonly onChange: (part: Partial<TermsForm>) => void
}

function Fields({ form, onChange }: FieldsProps): ReactNode {
  const t = useWords()
  const number = (
    key: Parameters<typeof isNumberTyped>[0],
    more: { readonly suffix?: string; readonly hint?: string } = {},
  ) => (
    <Field
      key={key}
      label={t(`terms.${key}`)}
      value={form[key]}
      invalid={!isNumberTyped(key, form[key])}
      onChange={value => onChange({ [key]: value.trim() })}
      {...more}
    />
  )
  const choices = Object.keys(choiceFields) as (keyof typeof choiceFields)[]
  return (
    <>
      <Field
        label={t('terms.currency')}
        hint={t('terms.currencyHint')}
        value={form.currency}
        onChange={value => onChange({ currency: value.trim().toUpperCase() })}
      />
      {number('taxRate', { suffix: '%', hint: t('terms.taxRateHint') })}
      <Checkbox
        checked={form.taxExempt}
        onChange={event => onChange({ taxExempt: event.target.checked })}
      >
        {t('terms.taxExempt')}
      </Checkbox>
      {dayFields.slice(0, 3).map(key => number(key, { suffix: t('terms.unitDays') }))}
      {number('dunningAttempts')}
      {number('dunningIntervalDays', { suffix: t('terms.unitDays') })}
      {choices.map(key => (
        <Choice
          key={key}
          label={t(`terms.${key}`)}
          value={form[key]}
          options={choiceFields[key].map(value => ({ value, label: t(`terms.choice.${value}`) }))}
          onChange={value => onChange({ [key]: value })}
        />
      ))}
      <Choice
        label={t('terms.language')}
        value={form.language}
        options={[
          { value: 'en', label: 'English' },
          { value: 'zh-CN', label: '简体中文' },
        ]}
        onChange={language => onChange({ language })}
      />
      <Field
        label={t('terms.zone')}
        hint={t('terms.zoneHint')}
        value={form.zone}
        onChange={zone => onChange({ zone })}
      />
    </>
  )
}

interface TermsActProps extends ActProps {
  readonly tenantId: string
  readonly settings: SettingsWire
}

export function TermsAct({ tenantId, settings, onDone, onClose }: TermsActProps): ReactNode {
  const t = useWords()
  const [form, setForm] = useState(() => termsFormOf(settings))
  const [reason, setReason] = useState('')
  const act = useAct(
    tenantId,
    (client, input: Input, options) => client.updateSettings(input, options),
    () => onDone(t('terms.saved')),
    reason,
  )
  const input = termsInput(form, settings)
  return (
    <ActDrawer
      title={t('terms.edit')}
      confirm={t('terms.save')}
      ready={input !== null && Object.keys(input).length > 0}
      effects={[t('terms.effect'), t('terms.currencyEffect')]}
      busy={act.isPending}
      error={act.error}
      onConfirm={() => input && act.mutate(input)}
      onClose={onClose}
    >
      <Fields form={form} onChange={part => setForm(before => ({ ...before, ...part }))} />
      <Field label={t('terms.reason')} optional value={reason} onChange={setReason} />
    </ActDrawer>
  )
}
