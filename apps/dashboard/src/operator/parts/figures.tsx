// A row of figures, each with its definition; one that has rows leads to them.
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'

export interface Figure {
  readonly name: string
  readonly value: ReactNode
  /** What it counts, in words. */
  readonly hint: string
  readonly to?: LinkProps['to']
}

export function Figures({ figures }: { readonly figures: readonly Figure[] }): ReactNode {
  return (
    <dl className="op-figure-row">
      {figures.map(figure => (
        <div key={figure.name} className="op-figure">
          <dt>{figure.name}</dt>
          <dd>
            {figure.to ? (
              <Link className="qt-link op-figure-value" to={figure.to}>
                {figure.value}
              </Link>
            ) : (
              <span className="op-figure-value">{figure.value}</span>
            )}
            <span className="qt-secondary qt-small op-line">{figure.hint}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}
