// The lookup of words: one typed catalogue in two languages, where a missing key or a missing value
// for a place is a type error. Not a framework: plurals come from Intl, formats from formats.ts.

import type { Language, Reader } from '../formats.ts'
import * as formats from '../formats.ts'

/** A phrase with `{places}`; with two forms it is chosen by the number in the place `count`. */
export type Phrase = string | { readonly one: string; readonly other: string }
export type Phrases = Readonly<Record<string, Phrase>>

/** Both languages of a catalogue. Chinese has one form for every number. */
export interface Catalogue<P extends Phrases> {
  readonly en: P
  readonly 'zh-CN': Readonly<Record<keyof P, string>>
}

/**
 * What may stand in a place: text, a count, or a value that is written in the reader's language.
 */
export type PlaceValue =
  | string
  | number
  | { readonly day: string }
  | { readonly date: string }
  | { readonly dateTime: string }
  | { readonly period: readonly [string, string] }
  | { readonly money: formats.AmountValue; readonly currency: string }

type PlacesIn<T extends string> = T extends `${string}{${infer Place}}${infer Rest}`
  ? Place | PlacesIn<Rest>
  : never

type PlacesOf<P extends Phrase> = P extends string
  ? PlacesIn<P>
  : P extends { readonly other: infer Other extends string }
    ? PlacesIn<Other> | 'count'
    : never

type Values<P extends Phrase> = Readonly<
  Record<Exclude<PlacesOf<P>, 'count'>, PlaceValue> &
    ('count' extends PlacesOf<P> ? { count: number } : unknown)
>

/** The arguments after the key: none for a phrase without places. */
export type ValuesArgument<P extends Phrase> = [PlacesOf<P>] extends [never] ? [] : [Values<P>]

/** A phrase that is chosen but not yet written: a key with its values, free of any language. */
export type Sentence<P extends Phrases> = {
  [K in keyof P]: [PlacesOf<P[K]>] extends [never]
    ? { readonly key: K; readonly values?: undefined }
    : { readonly key: K; readonly values: Values<P[K]> }
}[keyof P]

export type Translator<P extends Phrases> = <K extends keyof P>(
  key: K,
  ...values: ValuesArgument<P[K]>
) => string

const pluralRules = new Map<Language, Intl.PluralRules>()

function pluralForm(language: Language, count: number): Intl.LDMLPluralRule {
  let rules = pluralRules.get(language)
  if (!rules) {
    rules = new Intl.PluralRules(language)
    pluralRules.set(language, rules)
  }
  return rules.select(count)
}

function written(value: PlaceValue, reader: Reader): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return formats.quantity(value, reader.language)
  if ('day' in value) return formats.day(value.day, reader)
  if ('date' in value) return formats.date(value.date, reader)
  if ('dateTime' in value) return formats.dateTime(value.dateTime, reader)
  if ('period' in value) return formats.period(...value.period, reader)
  return formats.money(value.money, value.currency, reader.language)
}

type AnyValues = Readonly<Record<string, PlaceValue>>

/**
 * Fills a phrase. A place without a value stays visible as `{place}`, as a fault that tests can
 * see.
 */
export function fill(phrase: Phrase, values: AnyValues, reader: Reader): string {
  const count = typeof values.count === 'number' ? values.count : 0
  const form = typeof phrase === 'string' ? phrase : formOf(phrase, reader.language, count)
  return form.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name]
    return value === undefined ? place : written(value, reader)
  })
}

function formOf(phrase: Exclude<Phrase, string>, language: Language, count: number): string {
  return pluralForm(language, count) === 'one' ? phrase.one : phrase.other
}

/** The lookup of one catalogue for one reader. */
export function translator<P extends Phrases>(
  catalogue: Catalogue<P>,
  reader: Reader,
): Translator<P> {
  const phrases: Readonly<Record<keyof P, Phrase>> = catalogue[reader.language]
  return (key, ...[values]) => fill(phrases[key], (values ?? {}) as AnyValues, reader)
}

/** Writes a chosen sentence for a reader. */
export function say<P extends Phrases>(
  catalogue: Catalogue<P>,
  sentence: { readonly key: keyof P; readonly values?: object | undefined },
  reader: Reader,
): string {
  const phrases: Readonly<Record<keyof P, Phrase>> = catalogue[reader.language]
  return fill(phrases[sentence.key], (sentence.values ?? {}) as AnyValues, reader)
}
