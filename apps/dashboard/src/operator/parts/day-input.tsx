// A day, typed as 2026-11-01 in either language: the browser's own field follows the browser's language, not ours.
import { Input } from 'antd'
import { type ReactNode, useState } from 'react'
import { isDay } from './day.ts'

export interface DayInputProps {
  readonly id: string
  readonly value: string
  /** A day of the calendar, or empty while what is typed is none. */
  readonly onChange: (day: string) => void
  readonly describedBy?: string | undefined
}

export function DayInput({ id, value, onChange, describedBy }: DayInputProps): ReactNode {
  const [text, setText] = useState(value)
  const [known, setKnown] = useState(value)
  const [isLeft, setLeft] = useState(true)
  if (known !== value) {
    setKnown(value)
    if (value !== '' || isDay(text)) setText(value)
  }
  const isWrong = isLeft && text !== '' && !isDay(text)
  return (
    <Input
      id={id}
      value={text}
      placeholder="2026-11-01"
      inputMode="numeric"
      maxLength={10}
      autoComplete="off"
      aria-invalid={isWrong}
      aria-describedby={describedBy}
      {...(isWrong ? { status: 'error' as const } : {})}
      onChange={event => {
        setLeft(false)
        setText(event.target.value)
        onChange(isDay(event.target.value) ? event.target.value : '')
      }}
      onBlur={() => setLeft(true)}
    />
  )
}
