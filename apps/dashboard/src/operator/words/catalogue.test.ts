import { describe, expect, it } from 'vitest'
import { consoleTopics, consoleWords } from './catalogue.ts'

type Phrase = string | { readonly one: string; readonly other: string }

const formsOf = (phrase: Phrase) =>
  typeof phrase === 'string' ? [phrase] : [phrase.one, phrase.other]
const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(found => found[0]).sort()

describe('the words of the console', () => {
  const en = Object.entries(consoleWords.en as Record<string, Phrase>)
  const zh = consoleWords['zh-CN'] as Record<string, string>

  it('have the same keys and places in both languages', () => {
    expect(Object.keys(zh)).toEqual(en.map(([key]) => key))
    for (const [key, phrase] of en) {
      for (const form of formsOf(phrase)) expect(places(zh[key]!), key).toEqual(places(form))
    }
  })

  it('name no key twice', () => {
    const keys = consoleTopics.flatMap(topic => Object.keys(topic.en))
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
  })

  it('call an invoice 账单 and never 发票, and end no sentence in !', () => {
    expect(Object.values(zh).filter(text => /发票|扣费|[!！]/.test(text))).toEqual([])
  })

  it('have no full stop on a label, and no Chinese punctuation in English', () => {
    const forms = en.flatMap(([, phrase]) => formsOf(phrase))
    expect(forms.filter(text => /[，。：；（）]/.test(text))).toEqual([])
    expect(forms.filter(text => text.endsWith('.') && text.split(' ').length < 3)).toEqual([])
  })
})
