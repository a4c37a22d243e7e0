// One choice of several: radio buttons, drawn as chips in a row or as lines with a hint.
import { type ReactNode, useId } from 'react'

export interface Choice<V extends string> {
  readonly value: V
  readonly label: ReactNode
  readonly hint?: ReactNode
  readonly disabled?: boolean
}

export interface ChoicesProps<V extends string> {
  readonly legend: string
  /** The legend stays for screen readers where the page already says it. */
  readonly legendHidden?: boolean
  readonly look?: 'chips' | 'lines' | 'switch'
  readonly choices: readonly Choice<V>[]
  readonly value: V
  readonly onChange: (value: V) => void
}

export function Choices<V extends string>(props: ChoicesProps<V>): ReactNode {
  const name = useId()
  const { look = 'chips' } = props
  return (
    <fieldset className={`qt-choices qt-choices-${look}`}>
      <legend className={props.legendHidden ? 'qt-hidden' : 'qt-label'}>{props.legend}</legend>
      {props.choices.map(choice => (
        <label key={choice.value} className="qt-choice">
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === props.value}
            disabled={choice.disabled}
            onChange={() => props.onChange(choice.value)}
          />
          <span className="qt-choice-text">
            <span>{choice.label}</span>
            {choice.hint ? <span className="qt-secondary qt-small">{choice.hint}</span> : null}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
