// A mail between its facts and its parts: every sentence final, nothing laid out. Text and HTML are made
// from the same content, so they cannot say different things.
import * as format from '../documents/format.ts'
import type { Language } from '../documents/words.ts'
import type { MailFrame, Money, PlanFacts } from './facts.ts'

export interface MailContent {
  /** At most 45 Latin letters; a Chinese character counts as two. */
  readonly subject: string
  readonly headline: string
  /** What it is about, before the facts. */
  readonly paragraphs: readonly string[]
  readonly facts: readonly (readonly [label: string, value: string])[]
  readonly button: { readonly label: string; readonly url: string } | null
  /** What happens next. */
  readonly next: readonly string[]
}

/** Amounts, dates and sentences in the language and zone of the reader. */
export interface Say {
  readonly language: Language
  readonly product: string
  readonly pick: (en: string, zh: string) => string
  readonly money: (amount: Money) => string
  readonly date: (at: number) => string
  /** Without the year, for subjects. */
  readonly day: (at: number) => string
  readonly quantity: (decimal: string) => string
}

/** How a frame's reader is spoken to. */
export function sayIn({ language, zone, issuer }: MailFrame): Say {
  return {
    language,
    product: issuer.name,
    pick: (en, zh) => (language === 'en' ? en : zh),
    money: ({ amountMinor, currency }) => format.moneyWithCode(amountMinor, currency),
    date: at => format.date(at, zone, language),
    day: at => format.shortDate(at, zone, language),
    quantity: format.quantity,
  }
}

const han = /\p{Script=Han}/u
const latin = /[A-Za-z0-9]/

/** A space where Han meets Latin letters or digits, and nowhere else. */
const gap = (before: string, after: string): string => {
  const [left, right] = [before.at(-1) ?? '', after.at(0) ?? '']
  const meet = (han.test(left) && latin.test(right)) || (latin.test(left) && han.test(right))
  return meet ? ' ' : ''
}

/** A Chinese sentence around values that may be Latin or Chinese: spaces stand where the house rule wants them. */
export function zh(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return parts.reduce((text, part, index) => {
    if (index === 0) return part
    const value = String(values[index - 1])
    const withValue = `${text}${gap(text, value)}${value}`
    return `${withValue}${gap(withValue, part)}${part}`
  }, '')
}

/** `USD 99.00 a month`, `USD 99.00/月`; a plan without a price says so. */
export function priceText(say: Say, { price, cycle }: PlanFacts): string {
  if (price === null) return say.pick('Free', '免费')
  const amount = say.money(price)
  return say.pick(
    `${amount} a ${cycle === 'yearly' ? 'year' : 'month'}`,
    `${amount}/${cycle === 'yearly' ? '年' : '月'}`,
  )
}

/** The price without the words around it, for sentences; plans without a price have none. */
export const amountOf = (say: Say, { price }: PlanFacts): string =>
  price === null ? say.pick('nothing', '免费') : say.money(price)

/** `Professional`, or `Professional × 3` for several units. */
export const planText = ({ name, quantity }: { name: string; quantity: number }): string =>
  quantity === 1 ? name : `${name} × ${quantity}`

/** What the price of a plan leaves open. */
export const beforeExtras = (say: Say): string =>
  say.pick('Before tax, discounts and usage.', '以上金额未计税额、优惠和用量。')

export const labels = {
  plan: ['Plan', '套餐'],
  price: ['Price', '价格'],
  amount: ['Amount', '金额'],
  amountDue: ['Amount due', '待付金额'],
  invoice: ['Invoice', '账单编号'],
  issued: ['Issued', '出账日期'],
  due: ['Due', '付款截止日'],
  method: ['Payment method', '支付方式'],
  nextAttempt: ['Next attempt', '下次扣款'],
  transaction: ['Transaction', '交易编号'],
} as const satisfies Record<string, readonly [string, string]>

/** A fact with a usual label; one without a value is left out. */
export const fact = (
  say: Say,
  label: keyof typeof labels | readonly [string, string],
  value: string | null,
): (readonly [string, string])[] => {
  if (value === null) return []
  const [en, inZh] = typeof label === 'string' ? labels[label] : label
  return [[say.pick(en, inZh), value]]
}
