// The dashboard's own catalogue and its lookup.
import {
  type Catalogue,
  type Language,
  type Translator,
  translator,
} from '@quittance/billing-react/billing-react'
import { type En, en } from './en.ts'
import { zhCn } from './zh-cn.ts'

const words: Catalogue<En> = { en, 'zh-CN': zhCn }

export type Translate = Translator<En>

/** The lookup of one language. These words hold no dates, so no zone matters. */
export const translateFor = (language: Language): Translate =>
  translator(words, { language, zone: 'UTC', at: 0 })
