// The catalogue of the pages: both languages together, and its lookup.
import type { Reader } from '../formats.ts'
import { type Catalogue, type Sentence, say, type Translator, translator } from './catalogue.ts'
import { type En, en } from './en.ts'
import { zhCn } from './zh-cn.ts'

export const words: Catalogue<En> = { en, 'zh-CN': zhCn }

export type WordKey = keyof En
/** A chosen phrase with its values, free of any language. */
export type BillingSentence = Sentence<En>
export type Translate = Translator<En>

/** The lookup of the pages' words for one reader. */
export const translateFor = (reader: Reader): Translate => translator(words, reader)

/** Writes a sentence of the pages for a reader. */
export const sayFor = (sentence: BillingSentence, reader: Reader): string =>
  say(words, sentence, reader)
