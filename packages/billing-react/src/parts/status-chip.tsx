// A state on the page: icon and word in one tone, and the sentence that says what happens next.
import type { ReactNode } from 'react'
import { useBilling } from '../billing-context.ts'
import type { Chip } from '../states/state.ts'
import type { BillingSentence } from '../words/words.ts'
import { Icon } from './icon.tsx'

/** Icon and word; readable in grey as well. */
export function StatusChip({ chip }: { readonly chip: Chip }): ReactNode {
  const { say } = useBilling()
  return (
    <span className={`qt-chip qt-tone-${chip.tone}`}>
      <Icon name={chip.icon} />
      {say(chip.word)}
    </span>
  )
}

export interface StateSentenceProps {
  readonly sentence: BillingSentence | null
}

/** What happens next and when; nothing where the chip says it all. */
export function StateSentence({ sentence }: StateSentenceProps): ReactNode {
  const { say } = useBilling()
  return sentence ? <span className="qt-state">{say(sentence)}</span> : null
}
