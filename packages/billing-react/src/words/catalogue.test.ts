import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Reader } from '../formats.ts'
import { fill, type Phrase, translator } from './catalogue.ts'
import { en } from './en.ts'
import { words } from './words.ts'
import { zhCn } from './zh-cn.ts'

const reader: Reader = { language: 'en', zone: 'UTC', at: Date.parse('2026-11-23T00:00:00Z') }
const chinese: Reader = { ...reader, language: 'zh-CN' }

const english = Object.entries<Phrase>(en)
const forms = (phrase: Phrase): string[] =>
  typeof phrase === 'string' ? [phrase] : [phrase.one, phrase.other]
const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(found => found[1]!)
const allEnglish = english.flatMap(([key, phrase]) =>
  forms(phrase).map(text => [key, text] as const),
)
const allChinese = Object.entries(zhCn)

describe('the lookup', () => {
  it('fills dates, amounts and periods in the language of the reader', () => {
    const values = {
      day: { day: '2026-12-01T00:00:00Z' },
      amount: { money: 99, currency: 'USD' },
    }
    const phrase = '{amount} on {day}'
    expect(fill(phrase, values, reader)).toBe('$99.00 on Dec 1')
    expect(fill('{day}扣款 {amount}', values, chinese)).toBe('12月1日扣款 US$99.00')
  })

  it('says 1 day and 2 days in English and has one form in Chinese', () => {
    const t = translator(words, reader)
    expect(t('invoice.chip.overdue', { count: 1 })).toBe('1 day overdue')
    expect(t('invoice.chip.overdue', { count: 1200 })).toBe('1,200 days overdue')
    expect(translator(words, chinese)('invoice.chip.overdue', { count: 1 })).toBe('逾期 1 天')
  })

  it('leaves a place without a value visible', () => {
    expect(fill('Pay {amount}', {}, reader)).toBe('Pay {amount}')
  })
})

describe('the catalogue', () => {
  it('has the same keys in both languages', () => {
    expect(Object.keys(zhCn).sort()).toEqual(Object.keys(en).sort())
  })

  it('uses in Chinese no place that English does not fill', () => {
    const wrong = allChinese.filter(([key, text]) => {
      const phrase = en[key as keyof typeof en] as Phrase
      const known = [...forms(phrase).flatMap(places), 'count']
      return !places(text).every(place => known.includes(place))
    })
    expect(wrong).toEqual([])
  })

  it.each([
    ['发票 for an invoice', /发票/],
    ['到期日 for a due date', /到期日/],
    ['扣费 for a charge', /扣费/],
    ['取消 for void', /账单.*取消|取消.*账单/],
    ['chatty particles', /亲|哦|呢/],
    ['exclamation marks', /[!！]/],
    ['half-width commas, colons and full stops between Chinese', /[㐀-鿿][,:;?.](?!\w)/],
    ['a gap between a date and the word after it', /\{(day|due|date)\} [㐀-鿿]/],
    ['你 instead of 您', /你/],
  ])('has no %s in Chinese', (_, banned) => {
    expect(allChinese.filter(([, text]) => banned.test(text))).toEqual([])
  })

  it('leaves no English in Chinese but names, codes and places', () => {
    const known =
      /\{\w+\}|SM(?:11AA)?|name@example.com|DE|CN|[a-z]{2}_(?:vat|tin)|PDF|API|GB|Stripe Billing|Stripe|Mastercard|English/g
    const left = allChinese.filter(([, text]) => /[A-Za-z]{2,}/.test(text.replace(known, '')))
    expect(left).toEqual([])
  })

  it.each([
    ['a bill', /\bbills?\b/i],
    ['to terminate', /terminat/i],
    ['oops', /oops|something went wrong/i],
    ['thanks for patience', /patience|sorry|unfortunately/i],
    ['credit alone', /(?<!account )(?<!of )\bcredit\b(?! note)/i],
    ['exclamation marks or Chinese punctuation', /[!，。：；（）]/],
  ])('says nowhere %s in English', (_, banned) => {
    expect(allEnglish.filter(([, text]) => banned.test(text))).toEqual([])
  })

  it('writes English in sentence case', () => {
    const names =
      /Stripe Billing|Stripe|Excel|CSV|PDF|ID|API|GB|Visa|Mastercard|UnionPay|Payment Element/g
    const capitals = allEnglish
      .filter(([key]) => !key.startsWith('language.'))
      .filter(([, text]) => /(?<![.:?] )(?<!^)\b[A-Z][a-z]+/.test(text.replace(names, '')))
    expect(capitals).toEqual([])
  })

  it('carries no words that no page says', () => {
    const folder = join(import.meta.dirname, '..')
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(path => /\.tsx?$/.test(path) && !/words\/(en|zh-cn)(\.ts$|\/)|\.test\./.test(path))
      .map(path => readFileSync(join(folder, path), 'utf8'))
      .join('\n')
    const composed =
      /^(cycle|metric|feature|language|mail|roles|invoices\.filter|settings\.field|transaction\.type)\./
    const unused = Object.keys(en).filter(
      key => !composed.test(key) && !sources.includes(`'${key}'`),
    )
    expect(unused).toEqual([])
  })
})
