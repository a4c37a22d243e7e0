// An act of the operator before it is done: what it does, what it needs, the words on its button, and what
// became of it. It stands at the side, so that what it is about stays in sight.
import { ErrorCard } from '@quittance/billing-react/billing-react'
import { Button, Drawer, Input } from 'antd'
import { type ReactNode, type SubmitEvent, useId } from 'react'
import { DayInput } from '../parts/day-input.tsx'
import { useWords } from '../words/words.ts'

export interface ActDrawerProps {
  readonly title: string
  /** The words on the button name the object, and the amount where one moves. */
  readonly confirm: string
  readonly danger?: boolean
  /** False while something is missing. */
  readonly ready: boolean
  /** What it does, a sentence each: also what it does not. */
  readonly effects: readonly string[]
  readonly busy: boolean
  readonly error: unknown
  readonly onConfirm: () => void
  readonly onClose: () => void
  readonly children?: ReactNode
}

/** Opens with its mount. It cannot be closed while the act is under way. */
export function ActDrawer(props: ActDrawerProps): ReactNode {
  const t = useWords()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (props.ready && !props.busy) props.onConfirm()
  }
  const close = () => {
    if (!props.busy) props.onClose()
  }
  return (
    <Drawer
      open
      title={<h2 className="op-drawer-title">{props.title}</h2>}
      size="min(480px, 100vw)"
      onClose={close}
      closable={{ 'aria-label': t('act.close') }}
    >
      <form className="op-form" onSubmit={submit} noValidate>
        <ul className="op-effects">
          {props.effects.map(effect => (
            <li key={effect}>{effect}</li>
          ))}
        </ul>
        {props.children}
        {props.error ? <ErrorCard of="action" error={props.error} /> : null}
        <div className="qt-actions">
          <Button
            type="primary"
            danger={props.danger ?? false}
            htmlType="submit"
            disabled={!props.ready}
            loading={props.busy}
          >
            {props.confirm}
          </Button>
          <Button disabled={props.busy} onClick={props.onClose}>
            {t('act.keep')}
          </Button>
        </div>
      </form>
    </Drawer>
  )
}

export interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly hint?: string
  readonly suffix?: string
  readonly optional?: boolean
  readonly invalid?: boolean
  readonly lines?: number
  readonly type?: 'text' | 'date'
}

/** A field with its label above; what is optional says so. */
export function Field(props: FieldProps): ReactNode {
  const t = useWords()
  const id = useId()
  const hintId = useId()
  const common = {
    id,
    value: props.value,
    maxLength: 500,
    'aria-describedby': props.hint ? hintId : undefined,
    'aria-invalid': props.invalid ?? false,
    ...(props.invalid ? { status: 'error' as const } : {}),
  }
  return (
    <div className="op-field">
      <label className="qt-label" htmlFor={id}>
        {props.label}
        {props.optional ? <span className="qt-secondary"> {t('act.optional')}</span> : null}
      </label>
      {props.type === 'date' ? (
        <DayInput
          id={id}
          value={props.value}
          onChange={props.onChange}
          describedBy={props.hint ? hintId : undefined}
        />
      ) : props.lines ? (
        <Input.TextArea
          {...common}
          rows={props.lines}
          onChange={event => props.onChange(event.target.value)}
        />
      ) : (
        <Input
          {...common}
          suffix={props.suffix}
          autoComplete="off"
          onChange={event => props.onChange(event.target.value)}
        />
      )}
      {props.hint ? (
        <p id={hintId} className="qt-secondary qt-small">
          {props.hint}
        </p>
      ) : null}
    </div>
  )
}

/** A positive decimal as the API takes it; whether it is allowed, the server says. */
export const isAmount = (text: string): boolean =>
  /^\d{1,15}(\.\d{1,3})?$/.test(text) && /[1-9]/.test(text)
