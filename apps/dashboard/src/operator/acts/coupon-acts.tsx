// New coupons and new promotion codes for one.
import type { BillingClient } from '@quittance/billing-client/client'
import { useWrite } from '@quittance/billing-react/data/write'
import { Radio } from 'antd'
import { type ReactNode, useState } from 'react'
import { useWords } from '../words/words.ts'
import { ActDrawer, Field, isAmount } from './act-drawer.tsx'
import type { ActProps } from './act-props.ts'

type CouponInput = Parameters<BillingClient['createCoupon']>[0]
type CodeInput = Parameters<BillingClient['createPromotionCode']>[0]

const isCode = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(text)
const isCount = (text: string): boolean => /^[1-9]\d{0,8}$/.test(text)

const limitsOf = (most: string, until: string) => ({
  ...(most ? { maxRedemptions: Number(most) } : {}),
  ...(until ? { redeemBy: `${until}T00:00:00.000Z` } : {}),
})

type Worth = 'percent' | 'amount'
type Duration = 'once' | 'repeating' | 'forever'

interface CouponForm {
  readonly code: string
  readonly name: string
  readonly worth: Worth
  readonly value: string
  readonly currency: string
  readonly duration: Duration
  readonly months: string
  readonly most: string
  readonly until: string
}

const emptyForm: CouponForm = {
  code: '',
  name: '',
  worth: 'percent',
  value: '',
  currency: 'USD',
  duration: 'once',
  months: '3',
  most: '',
  until: '',
}

const isComplete = (form: CouponForm): boolean =>
  isCode(form.code) &&
  (form.worth === 'percent'
    ? /^\d{1,3}(\.\d{1,4})?$/.test(form.value)
    : isAmount(form.value) && /^[A-Z]{3}$/.test(form.currency)) &&
  (form.duration !== 'repeating' || isCount(form.months)) &&
  (form.most === '' || isCount(form.most))

const inputOf = (form: CouponForm): CouponInput => ({
  code: form.code,
  ...(form.name ? { name: form.name } : {}),
  ...(form.worth === 'percent'
    ? { percentOff: form.value }
    : { amountsOff: { [form.currency]: form.value } }),
  duration: form.duration,
  ...(form.duration === 'repeating' ? { months: Number(form.months) } : {}),
  ...limitsOf(form.most, form.until),
})

export function CreateCouponAct({ onDone, onClose }: ActProps): ReactNode {
  const t = useWords()
  const [form, setForm] = useState(emptyForm)
  const set = (part: Partial<CouponForm>) => setForm({ ...form, ...part })
  const act = useWrite(
    (client, input: CouponInput, options) => client.createCoupon(input, options),
    made => onDone(t('coupon.made', { code: made.code })),
  )
  return (
    <ActDrawer
      title={t('coupon.new')}
      confirm={t('coupon.confirm', { code: form.code })}
      ready={isComplete(form)}
      effects={[t('coupon.fixed'), t('coupon.effectOffer')]}
      busy={act.isPending}
      error={act.error}
      onConfirm={() => act.mutate(inputOf(form))}
      onClose={onClose}
    >
      <Field label={t('coupon.code')} value={form.code} onChange={code => set({ code })} />
      <Field
        label={t('tenants.name')}
        optional
        value={form.name}
        onChange={name => set({ name })}
      />
      <fieldset className="op-field">
        <legend className="qt-label">{t('coupon.worth')}</legend>
        <Radio.Group
          className="op-choices"
          value={form.worth}
          onChange={event => set({ worth: event.target.value as Worth })}
          options={(['percent', 'amount'] as const).map(value => ({
            value,
            label: t(`coupon.worth.${value}`),
          }))}
        />
      </fieldset>
      <Field
        label={t(`coupon.worth.${form.worth}`)}
        value={form.value}
        suffix={form.worth === 'percent' ? '%' : form.currency}
        onChange={value => set({ value })}
      />
      {form.worth === 'amount' ? (
        <Field
          label={t('tenant.currency')}
          value={form.currency}
          onChange={currency => set({ currency: currency.toUpperCase() })}
        />
      ) : null}
      <fieldset className="op-field">
        <legend className="qt-label">{t('coupon.duration')}</legend>
        <Radio.Group
          className="op-choices"
          value={form.duration}
          onChange={event => set({ duration: event.target.value as Duration })}
          options={(['once', 'repeating', 'forever'] as const).map(value => ({
            value,
            label: t(`coupon.${value}`),
          }))}
        />
      </fieldset>
      {form.duration === 'repeating' ? (
        <Field
          label={t('coupon.monthCount')}
          value={form.months}
          onChange={months => set({ months })}
        />
      ) : null}
      <Field label={t('coupon.most')} optional value={form.most} onChange={most => set({ most })} />
      <Field
        label={t('coupon.until')}
        type="date"
        optional
        value={form.until}
        onChange={until => set({ until })}
      />
    </ActDrawer>
  )
}

export function CreatePromotionCodeAct({
  coupon,
  onDone,
  onClose,
}: ActProps & { readonly coupon: string }): ReactNode {
  const t = useWords()
  const [code, setCode] = useState('')
  const [tenantId, setTenantId] = useState('')
  const [most, setMost] = useState('')
  const [until, setUntil] = useState('')
  const act = useWrite(
    (client, input: CodeInput, options) => client.createPromotionCode(input, options),
    made => onDone(t('coupon.made', { code: made.code })),
  )
  return (
    <ActDrawer
      title={t('coupon.newCode')}
      confirm={t('coupon.confirm', { code })}
      ready={isCode(code) && (most === '' || isCount(most))}
      effects={[t('coupon.effectCode', { coupon })]}
      busy={act.isPending}
      error={act.error}
      onConfirm={() =>
        act.mutate({
          code,
          coupon,
          ...(tenantId ? { tenantId } : {}),
          ...limitsOf(most, until),
        })
      }
      onClose={onClose}
    >
      <Field label={t('coupon.promotionCode')} value={code} onChange={setCode} />
      <Field
        label={t('tenants.id')}
        hint={t('coupon.onlyTenant')}
        optional
        value={tenantId}
        onChange={setTenantId}
      />
      <Field label={t('coupon.most')} optional value={most} onChange={setMost} />
      <Field label={t('coupon.until')} type="date" optional value={until} onChange={setUntil} />
    </ActDrawer>
  )
}
