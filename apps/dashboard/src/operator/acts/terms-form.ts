// The settings of a tenant as they are typed, and what of them the API is told: only what differs.
import type { SettingsWire } from '../data/wire.ts'

export const dayFields = [
  'trialDays',
  'paymentTermDays',
  'gracePeriodDays',
  'dunningIntervalDays',
] as const
export const choiceFields = {
  dunningFinalAction: ['unpaid', 'cancel'],
  upgradeBehavior: ['now', 'next_invoice', 'period_end', 'full_price', 'none'],
  downgradeBehavior: ['now', 'next_invoice', 'period_end', 'full_price', 'none'],
  trialEndBehavior: ['pause', 'cancel', 'create_invoice'],
} as const
const textFields = ['currency', 'zone', 'language', ...Object.keys(choiceFields)] as const
const numberFields = ['taxRate', 'dunningAttempts', ...dayFields] as const

export type TermsForm = Readonly<
  Record<
    (typeof numberFields)[number] | keyof typeof choiceFields | 'currency' | 'zone' | 'language',
    string
  >
> & { readonly taxExempt: boolean }

export function termsFormOf(settings: SettingsWire): TermsForm {
  const keys = [...textFields, ...numberFields] as readonly (keyof SettingsWire)[]
  const texts = Object.fromEntries(keys.map(key => [key, String(settings[key])]))
  return { ...texts, taxExempt: settings.taxExempt } as TermsForm
}

/** Whether a number of the form is one as the API takes it; its range the server checks. */
export const isNumberTyped = (key: (typeof numberFields)[number], text: string): boolean =>
  (key === 'taxRate' ? /^\d{1,3}(\.\d{1,4})?$/ : /^\d{1,3}$/).test(text)

/** What differs from the settings in force, or null while a field is not what it has to be. */
export function termsInput(form: TermsForm, settings: SettingsWire) {
  if (!numberFields.every(key => isNumberTyped(key, form[key]))) return null
  if (!/^[A-Z]{3}$/.test(form.currency) || form.zone.trim() === '') return null
  const before = termsFormOf(settings)
  const changed = (Object.keys(before) as (keyof TermsForm)[]).filter(
    key => form[key] !== before[key],
  )
  const isNumber = (key: string) => (numberFields as readonly string[]).includes(key)
  return Object.fromEntries(
    changed.map(key => [key, isNumber(key) ? Number(form[key]) : form[key]]),
  )
}
