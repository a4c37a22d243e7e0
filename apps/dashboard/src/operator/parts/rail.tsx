// The navigation of the console, in its jobs: a rail at the left, behind the menu on narrow screens.
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useWords } from '../words/words.ts'

const groups = [
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
    ],
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
                <Link to={entry.to} className="op-entry" activeOptions={{ includeSearch: false }}>
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
