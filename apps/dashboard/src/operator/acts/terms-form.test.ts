import { describe, expect, it } from 'vitest'
import type { SettingsWire } from '../data/wire.ts'
import { termsFormOf, termsInput } from './terms-form.ts'

const settings = {
  currency: 'USD',
  taxRate: 8.875,
  taxExempt: false,
  trialDays: 14,
  paymentTermDays: 14,
  gracePeriodDays: 7,
  dunningAttempts: 3,
  dunningIntervalDays: 3,
  dunningFinalAction: 'unpaid',
  upgradeBehavior: 'now',
  downgradeBehavior: 'period_end',
  trialEndBehavior: 'pause',
  language: 'en',
  zone: 'Europe/London',
} as SettingsWire

describe('the settings of a tenant as they are typed', () => {
  const form = termsFormOf(settings)

  it('tell the API only what differs, numbers as numbers', () => {
    expect(termsInput(form, settings)).toEqual({})
    const changed = {
      ...form,
      trialDays: '30',
      taxRate: '19',
      taxExempt: true,
      zone: 'Asia/Shanghai',
    }
    expect(termsInput(changed, settings)).toEqual({
      trialDays: 30,
      taxRate: 19,
      taxExempt: true,
      zone: 'Asia/Shanghai',
    })
  })

  it('are not sent while a number, the currency or the zone is none', () => {
    for (const wrong of [{ trialDays: '' }, { trialDays: '1.5' }, { taxRate: '8,875' }]) {
      expect(termsInput({ ...form, ...wrong }, settings)).toBeNull()
    }
    expect(termsInput({ ...form, currency: 'usd' }, settings)).toBeNull()
    expect(termsInput({ ...form, zone: ' ' }, settings)).toBeNull()
  })
})
