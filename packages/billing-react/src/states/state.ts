// What a state says: a chip (icon and word in one tone) and one sentence about what happens next.
// Pure and free of any language, so that pages, mails and documents can say the same.
import type { BillingSentence } from '../words/words.ts'

/** `info` is in motion, `planned` is scheduled, `neutral` is over or not begun. */
export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'neutral' | 'planned'

export type IconName =
  | 'calendar'
  | 'check-circle'
  | 'clock'
  | 'close-circle'
  | 'disconnect'
  | 'edit'
  | 'exclamation'
  | 'file-search'
  | 'hourglass'
  | 'logout'
  | 'minus-circle'
  | 'pause'
  | 'pie'
  | 'rollback'
  | 'stop'
  | 'swap'
  | 'sync'
  | 'warning'

export interface Chip {
  readonly tone: Tone
  readonly icon: IconName
  readonly word: BillingSentence
}

export interface StateOf {
  readonly chip: Chip
  /** What happens next and when; null where the chip says it all. */
  readonly sentence: BillingSentence | null
}

/** When and where a state is looked at: epoch milliseconds and an IANA zone. */
export interface Moment {
  readonly at: number
  readonly zone: string
}

/** A chip of a known word. */
export const chip = (tone: Tone, icon: IconName, word: BillingSentence): Chip => ({
  tone,
  icon,
  word,
})
