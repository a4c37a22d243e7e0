// Shapes of pages that are still being read. They show only after a moment, so that quick answers
// do not flicker.
import type { ReactNode } from 'react'
import { useBilling } from '../billing-context.ts'

function Bars({ count }: { readonly count: number }): ReactNode {
  const keys = Array.from({ length: count }, (_, index) => `bar-${index}`)
  return keys.map(key => <span key={key} className="qt-bar" />)
}

/** Rows of a table. */
export function TableSkeleton({ rows = 5 }: { readonly rows?: number }): ReactNode {
  const { t } = useBilling()
  return (
    <div className="qt-skeleton qt-skeleton-table" role="status">
      <span className="qt-hidden">{t('common.loading')}</span>
      <Bars count={rows} />
    </div>
  )
}

/** A few lines of text or facts. */
export function LinesSkeleton({ lines = 3 }: { readonly lines?: number }): ReactNode {
  const { t } = useBilling()
  return (
    <div className="qt-skeleton" role="status">
      <span className="qt-hidden">{t('common.loading')}</span>
      <Bars count={lines} />
    </div>
  )
}
