// The navigation of the console, in its jobs: a rail at the left, behind the menu on narrow screens.
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useWords } from '../words/words.ts'

const groups = [
  {
    word: 'rail.today',
    entries: [
      { to: '/operator', word: 'home.title' },
      { to: '/operator/search', word: 'search.title' },
    ],
  },
  {
    word: 'rail.customers',
    entries: [
      { to: '/operator/tenants', word: 'tenants.title' },
      { to: '/operator/subscriptions', word: 'subscriptions.title' },
    ],
  },
  {
    word: 'rail.money',
    entries: [
      { to: '/operator/invoices', word: 'invoices.title' },
      { to: '/operator/transactions', word: 'transactions.title' },
      { to: '/operator/approvals', word: 'approval.title' },
      { to: '/operator/payment-health', word: 'health.title' },
      { to: '/operator/disputes', word: 'dispute.title' },
      { to: '/operator/payouts', word: 'payout.title' },
    ],
  },
  {
    word: 'rail.catalogue',
    entries: [
      { to: '/operator/plans', word: 'plans.title' },
      { to: '/operator/coupons', word: 'coupon.title' },
    ],
  },
  {
    word: 'rail.reports',
    entries: [
      { to: '/operator/reports', word: 'report.all' },
      { to: '/operator/forecast', word: 'forecast.title' },
    ],
  },
  {
    word: 'rail.operations',
    entries: [
      { to: '/operator/webhooks', word: 'webhook.title' },
      { to: '/operator/drift', word: 'drift.title' },
      { to: '/operator/jobs', word: 'job.title' },
      { to: '/operator/endpoints', word: 'endpoint.title' },
      { to: '/operator/mail', word: 'mail.title' },
      { to: '/operator/audit-log', word: 'audit.title' },
      { to: '/operator/time-machine', word: 'clock.title' },
    ],
  },
  {
    word: 'rail.settings',
    entries: [{ to: '/operator/branding', word: 'branding.title' }],
  },
] as const

export function Rail({ label }: { readonly label: string }): ReactNode {
  const t = useWords()
  return (
    <nav className="app-nav op-rail" aria-label={label}>
      {groups.map(group => (
        <div key={group.word} className="op-group">
          <p className="op-group-name">{t(group.word)}</p>
          <ul>
            {group.entries.map(entry => (
              <li key={entry.to}>
                <Link
                  to={entry.to}
                  className="op-entry"
                  activeOptions={{ exact: entry.to === '/operator', includeSearch: false }}
                >
                  {t(entry.word)}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}
