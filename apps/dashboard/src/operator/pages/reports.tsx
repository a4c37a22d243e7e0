// The reports of the issuer, each with what it counts.
import { ErrorCard, LinesSkeleton } from '@quittance/billing-react/billing-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useReports } from '../data/reports.ts'
import { ConsolePage } from '../parts/console-page.tsx'
import { useWords } from '../words/words.ts'

export function ReportsPage(): ReactNode {
  const t = useWords()
  const { data, error, refetch } = useReports()
  return (
    <ConsolePage title={t('report.all')} intro={t('report.intro')}>
      {error ? <ErrorCard error={error} onRetry={() => refetch()} /> : null}
      {!data && !error ? <LinesSkeleton lines={12} /> : null}
      {data ? (
        <ul className="op-cards">
          {data.map(report => (
            <li key={report.code} className="op-card">
              <Link
                className="qt-link qt-strong"
                to="/operator/reports/$code"
                params={{ code: report.code }}
              >
                {report.title}
              </Link>
              <p className="qt-secondary op-definition">{report.definition}</p>
            </li>
          ))}
        </ul>
      ) : null}
    </ConsolePage>
  )
}
