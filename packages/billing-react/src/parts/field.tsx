// One line of text in a form: its label above, a hint, and its problem, which screen readers hear with the field.
import { type ReactNode, useId } from 'react'
import { useBilling } from '../billing-context.ts'

export interface TextFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly hint?: string
  /** Why it cannot be sent as it stands. */
  readonly problem?: string | null
  readonly optional?: boolean
  readonly numeric?: boolean
  readonly short?: boolean
  readonly type?: 'text' | 'email' | 'tel'
  readonly autoComplete?: string
  readonly maxLength?: number
  /** Several lines, one value each. */
  readonly rows?: number
}

/** Full-width brackets bring their own room along. */
function Optional(): ReactNode {
  const { t, reader } = useBilling()
  return (
    <span className="qt-secondary">
      {reader.language === 'en' ? ' ' : ''}
      {t('common.optional')}
    </span>
  )
}

export function TextField(props: TextFieldProps): ReactNode {
  const id = useId()
  const { problem = null } = props
  const common = {
    id,
    className: 'qt-input',
    value: props.value,
    autoComplete: props.autoComplete ?? 'off',
    'aria-invalid': problem !== null,
    'aria-describedby': `${id}-hint ${id}-problem`,
    maxLength: props.maxLength,
  }
  return (
    <div className={props.short ? 'qt-field qt-field-short' : 'qt-field'}>
      <label className="qt-label" htmlFor={id}>
        {props.label}
        {props.optional ? <Optional /> : null}
      </label>
      {props.rows === undefined ? (
        <input
          {...common}
          type={props.type ?? 'text'}
          inputMode={props.numeric ? 'numeric' : undefined}
          onChange={event => props.onChange(event.target.value)}
        />
      ) : (
        <textarea
          {...common}
          rows={props.rows}
          onChange={event => props.onChange(event.target.value)}
        />
      )}
      <span id={`${id}-hint`} className="qt-secondary qt-small">
        {props.hint}
      </span>
      <span id={`${id}-problem`} className="qt-problem">
        {problem}
      </span>
    </div>
  )
}
