// A payment method in the words of a document: `Visa 4242`, 尾号 4242. Never more of a number than its end.
import { fill, type Language, wordsOf } from './words.ts'

/** What a transaction or a payment method knows of the way it was paid. */
export interface MethodFacts {
  readonly type: string | null
  /** Card brand or name of the bank. */
  readonly brand: string | null
  readonly last4: string | null
}

const brands: Readonly<Record<string, string>> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'American Express',
  discover: 'Discover',
  diners: 'Diners Club',
  jcb: 'JCB',
}

/** The name of a method; null when nothing is known of it. */
export function methodName({ type, brand, last4 }: MethodFacts, language: Language): string | null {
  const words = wordsOf(language)
  if (type === 'alipay') return words.alipay
  if (type === 'wechat_pay') return words.wechatPay
  if (type === 'paypal') return words.paypal
  const received = ['manual', 'bank_transfer', 'cheque', 'cash', 'other']
  if (type !== null && received.includes(type)) return words.manualMethod
  if (type === 'bank_account') {
    const bank = brand ?? words.bankAccount
    return last4 === null ? bank : fill(words.bankEnding, { bank, last4 })
  }
  if (last4 === null) return null
  const name = brand === 'unionpay' ? words.unionPay : (brands[brand ?? ''] ?? brand ?? words.card)
  return fill(words.cardEnding, { brand: name, last4 })
}
