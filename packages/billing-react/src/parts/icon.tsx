// The few icons of the pages, drawn as strokes on a 16 px grid. Always beside a word, never
// instead.
import type { ReactNode } from 'react'
import type { IconName } from '../states/state.ts'

const circle = 'M8 1.75a6.25 6.25 0 1 1 0 12.5a6.25 6.25 0 0 1 0-12.5z'

const lens = 'M9.5 10.5a1.75 1.75 0 1 0 3.5 0 1.75 1.75 0 0 0-3.5 0M12.5 12l1.5 1.5'

const paths: Readonly<Record<IconName | 'bank' | 'card' | 'chevron' | 'lock', string>> = {
  bank: 'M2 6.5 8 2.5l6 4zM3.5 6.5v6M6.5 6.5v6M9.5 6.5v6M12.5 6.5v6M2 13.5h12',
  calendar: 'M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3',
  card: 'M1.75 3.75h12.5v8.5H1.75zM1.75 6.5h12.5M4 9.75h3',
  'check-circle': `${circle}M5.25 8.25l2 2 3.5-4`,
  chevron: 'M5 6.5l3 3 3-3',
  clock: `${circle}M8 4.5V8l2.5 1.5`,
  'close-circle': `${circle}M5.75 5.75l4.5 4.5M10.25 5.75l-4.5 4.5`,
  disconnect:
    'M6 10 4.5 11.5a2 2 0 0 1-2.8-2.8L4 6.5M10 6l1.5-1.5a2 2 0 0 1 2.8 2.8L12 9.5M3 3l10 10',
  edit: 'M3 13l.5-3L11 2.5 13.5 5 6 12.5zM9.5 4l2.5 2.5',
  exclamation: `${circle}M8 4.75v4M8 11v.25`,
  'file-search': `M9 13.5H3.5v-11h6l2.5 2.5v2${lens}`,
  hourglass:
    'M4.5 2.5h7M4.5 13.5h7M5 2.5c0 3 3 3.5 3 5.5s-3 2.5-3 5.5M11 2.5c0 3-3 3.5-3 5.5s3 2.5 3 5.5',
  lock: 'M4 7h8v6H4zM5.75 7V5a2.25 2.25 0 0 1 4.5 0v2',
  logout: 'M6.5 2.5h-4v11h4M6.5 8h7M11 5.5 13.5 8 11 10.5',
  'minus-circle': `${circle}M5.25 8h5.5`,
  pause: `${circle}M6.5 5.75v4.5M9.5 5.75v4.5`,
  pie: `${circle}M8 1.75V8h6.25`,
  rollback: 'M5.5 3 2.75 5.75 5.5 8.5M3 5.75h6.5a3.5 3.5 0 0 1 0 7H6',
  stop: `${circle}M3.75 12.25l8.5-8.5`,
  swap: 'M2.5 5.5h10L10 3M13.5 10.5h-10L6 13',
  sync: 'M13.5 7a5.6 5.6 0 0 0-10-2.5M2.5 2.5v2.5H5M2.5 9a5.6 5.6 0 0 0 10 2.5M13.5 13.5V11H11',
  warning: 'M8 2.25 14.5 13.5h-13zM8 6.5v3.5M8 11.75V12',
}

export function Icon({ name }: { readonly name: keyof typeof paths }): ReactNode {
  return (
    <svg className="qt-icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  )
}
