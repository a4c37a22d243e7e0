// The catalogue of the console: each topic keeps both languages side by side in a file of its own.
import type { Catalogue, Translator } from '@quittance/billing-react/words/catalogue'
import { actWords } from './acts.ts'
import { approvalWords } from './approvals.ts'
import { eventWords } from './events.ts'
import { frameWords } from './frame.ts'
import { jobWords } from './jobs.ts'
import { mailWords } from './mail.ts'
import { moneyWords } from './money.ts'
import { offerWords } from './offer.ts'
import { operationWords } from './operations.ts'
import { recordWords } from './records.ts'
import { reportWords } from './reports.ts'
import { settingsWords } from './settings.ts'

const topics = [
  frameWords,
  recordWords,
  eventWords,
  actWords,
  approvalWords,
  jobWords,
  mailWords,
  moneyWords,
  offerWords,
  operationWords,
  reportWords,
  settingsWords,
] as const

type Words = (typeof actWords)['en'] &
  (typeof approvalWords)['en'] &
  (typeof frameWords)['en'] &
  (typeof recordWords)['en'] &
  (typeof eventWords)['en'] &
  (typeof jobWords)['en'] &
  (typeof mailWords)['en'] &
  (typeof moneyWords)['en'] &
  (typeof offerWords)['en'] &
  (typeof operationWords)['en'] &
  (typeof reportWords)['en'] &
  (typeof settingsWords)['en']

export const consoleWords = {
  en: Object.assign({}, ...topics.map(topic => topic.en)),
  'zh-CN': Object.assign({}, ...topics.map(topic => topic['zh-CN'])),
} as Catalogue<Words>

export const consoleTopics: readonly { readonly en: object }[] = topics

export type Translate = Translator<Words>
export type ConsoleWord = keyof Words

/** An event as people say it; one that this version has no words for, as the API names it. */
export function eventName(type: string, t: Translate): string {
  const [noun, done] = type.split('.')
  const nounKey = `noun.${noun}`
  const doneKey = `done.${done}`
  if (!(nounKey in eventWords.en && doneKey in eventWords.en)) return type
  return t('event.of', {
    noun: t(nounKey as Extract<ConsoleWord, `noun.${string}`>),
    done: t(doneKey as Extract<ConsoleWord, `done.${string}`>),
  })
}
