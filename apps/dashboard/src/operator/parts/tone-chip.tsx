// A chip of the machinery: a word in a tone. Its icon is a mark of the tone, so that it reads in grey.
import type { Tone } from '@quittance/billing-react/billing-react'
import type { ReactNode } from 'react'

const marks: Readonly<Record<Tone, string>> = {
  good: '✓',
  warn: '!',
  bad: '×',
  info: '→',
  neutral: '–',
  planned: '◷',
}

export function ToneChip({
  tone,
  children,
}: {
  readonly tone: Tone
  readonly children: ReactNode
}) {
  return (
    <span className={`qt-chip qt-tone-${tone}`}>
      <span className="op-mark" aria-hidden="true">
        {marks[tone]}
      </span>
      {children}
    </span>
  )
}
