// A row of figures, each with its definition; one that has rows leads to them.
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'

export interface Figure {
  readonly name: string
  readonly value: ReactNode
  /** What it counts, in words. */
  readonly hint: string
  readonly to?: LinkProps['to']
  /** The report that it comes from. */
  readonly report?: string
}

function Value({ figure }: { readonly figure: Figure }): ReactNode {
  const { to, report, value } = figure
  if (report !== undefined) {
    return (
      <Link
        className="qt-link op-figure-value"
        to="/operator/reports/$code"
        params={{ code: report }}
      >
        {value}
      </Link>
    )
  }
  if (to === undefined) return <span className="op-figure-value">{value}</span>
  return (
    <Link className="qt-link op-figure-value" to={to}>
      {value}
    </Link>
  )
}

export function Figures({ figures }: { readonly figures: readonly Figure[] }): ReactNode {
  return (
    <dl className="op-figure-row">
      {figures.map(figure => (
        <div key={figure.name} className="op-figure">
          <dt>{figure.name}</dt>
          <dd>
            <Value figure={figure} />
            <span className="qt-secondary qt-small op-line">{figure.hint}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}
