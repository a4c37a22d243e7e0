import { describe, expect, it } from 'vitest'
import { en } from './en.ts'
import { zhCn } from './zh-cn.ts'

const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(found => found[0]).sort()

describe('the words around the pages', () => {
  it('have the same keys and places in both languages', () => {
    expect(Object.keys(zhCn)).toEqual(Object.keys(en))
    for (const [key, text] of Object.entries(en)) {
      expect(places(zhCn[key as keyof typeof en]), key).toEqual(places(text))
    }
  })

  it('call an invoice 账单 and never 发票', () => {
    expect(Object.values(zhCn).filter(text => /发票|[!！]/.test(text))).toEqual([])
  })
})
