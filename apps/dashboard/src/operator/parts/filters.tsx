// Filters of a list. Their values stand in the address.
import { Input, Select } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { useAddress } from '../address.ts'
import { useWords } from '../words/words.ts'
import { DayInput } from './day-input.tsx'

export interface FilterChoice {
  readonly value: string
  readonly label: string
}

export interface FilterSelectProps {
  /** The part of the address. */
  readonly name: string
  readonly label: string
  readonly choices: readonly FilterChoice[]
  /** What it means to choose nothing; by default, all. */
  readonly all?: string
  /** What counts while the address says nothing; without it, everything does. */
  readonly preset?: string
}

export function FilterSelect({ name, label, choices, all, preset }: FilterSelectProps): ReactNode {
  const t = useWords()
  const { search, change } = useAddress()
  const id = useId()
  return (
    <div className="op-filter">
      <label className="qt-label" htmlFor={id}>
        {label}
      </label>
      <Select
        id={id}
        value={search[name] ?? preset ?? ''}
        options={preset ? [...choices] : [{ value: '', label: all ?? t('list.all') }, ...choices]}
        onChange={value => change({ [name]: value })}
        popupMatchSelectWidth={false}
      />
    </div>
  )
}

/** A text that is sought when Enter is pressed or the field is left. */
export function FilterText({
  name,
  label,
  hint,
}: {
  readonly name: string
  readonly label: string
  readonly hint?: string
}): ReactNode {
  const { search, change } = useAddress()
  const stored = search[name] ?? ''
  const [text, setText] = useState(stored)
  const [shownFor, setShownFor] = useState(stored)
  if (shownFor !== stored) {
    setShownFor(stored)
    setText(stored)
  }
  const apply = () => change({ [name]: text.trim() })
  const id = useId()
  return (
    <div className="op-filter">
      <label className="qt-label" htmlFor={id}>
        {label}
      </label>
      <Input
        id={id}
        value={text}
        placeholder={hint}
        maxLength={128}
        autoComplete="off"
        spellCheck={false}
        allowClear
        onChange={event => {
          setText(event.target.value)
          if (event.target.value === '') change({ [name]: null })
        }}
        onPressEnter={apply}
        onBlur={apply}
      />
    </div>
  )
}

/** A first or last day, counted in the zone of the console. */
export function FilterDay({ name, label }: { readonly name: string; readonly label: string }) {
  const { search, change } = useAddress()
  const id = useId()
  return (
    <div className="op-filter">
      <label className="qt-label" htmlFor={id}>
        {label}
      </label>
      <DayInput id={id} value={search[name] ?? ''} onChange={day => change({ [name]: day })} />
    </div>
  )
}

const dayMs = 86_400_000

/** The days of the address as the half-open span of the API. */
export function spanOf(search: Readonly<Record<string, string>>): {
  from?: string
  to?: string
} {
  const from = Date.parse(search.from ?? '')
  const to = Date.parse(search.to ?? '')
  return {
    ...(Number.isNaN(from) ? {} : { from: new Date(from).toISOString() }),
    ...(Number.isNaN(to) ? {} : { to: new Date(to + dayMs).toISOString() }),
  }
}
