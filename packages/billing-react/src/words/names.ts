// Names of things that the catalogue of a deployment defines: known ones in the reader's language,
// others as the deployment wrote them.
import type { PaymentMethodWire } from '../data/wire.ts'
import { en } from './en.ts'
import type { Translate } from './words.ts'

type NameKey<Prefix extends string> = Extract<keyof typeof en, `${Prefix}.${string}`>

const readable = (code: string): string => {
  const words = code.replaceAll(/[_-]+/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The name of a metric: `api_calls` is "API calls". */
export function metricName(metric: string, t: Translate): string {
  const key = `metric.${metric}`
  return key in en ? t(key as NameKey<'metric'>) : readable(metric)
}

/** The name of a feature of a plan. */
export function featureName(feature: string, t: Translate): string {
  const key = `feature.${feature}`
  return key in en ? t(key as NameKey<'feature'>) : readable(feature)
}

const brands: Readonly<Record<string, string>> = {
  amex: 'American Express',
  diners: 'Diners Club',
  discover: 'Discover',
  jcb: 'JCB',
  mastercard: 'Mastercard',
  visa: 'Visa',
}

/** A card brand as its owner writes it; UnionPay has a Chinese name of its own. */
export const brandName = (brand: string, t: Translate): string =>
  brand === 'unionpay' ? t('brand.unionpay') : (brands[brand] ?? readable(brand))

type NamedMethod = Pick<PaymentMethodWire, 'card' | 'bankAccount' | 'type'>

/** A method as its owner knows it: `Visa •••• 4242`, `Visa 尾号 4242`. */
export function methodName(method: NamedMethod, t: Translate): string {
  if (method.card) {
    const { brand, last4 } = method.card
    return t('method.card', { brand: brandName(brand, t), last4 })
  }
  if (method.bankAccount) {
    const bank = method.bankAccount.bankName ?? t('method.bankAccount')
    return t('method.bank', { bank, last4: method.bankAccount.last4 })
  }
  return method.type === '' ? t('method.other') : readable(method.type)
}

/** The name of a kind of mail. */
export function mailName(kind: string, t: Translate): string {
  const key = `mail.${kind}`
  return key in en ? t(key as NameKey<'mail'>) : readable(kind)
}
