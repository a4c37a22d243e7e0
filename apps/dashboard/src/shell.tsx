// The frame of a signed-in person: navigation in a row at the top, a menu on narrow screens, the
// page.

import {
  type BillingLinks,
  BillingProvider,
  rolesAmong,
} from '@quittance/billing-react/billing-react'
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { type ReactNode, useEffect, useMemo } from 'react'
import { useApp } from './app-context.ts'
import { useArrival } from './arrival.ts'
import { Header } from './frame.tsx'
import { usePreferences } from './preferences.ts'
import type { Session } from './session.ts'
import { useSessionClient } from './session-client.ts'

const pages = [
  { to: '/overview', word: 'nav.overview', adminOnly: false },
  { to: '/plan', word: 'nav.plan', adminOnly: false },
  { to: '/usage', word: 'nav.usage', adminOnly: false },
  { to: '/invoices', word: 'nav.invoices', adminOnly: true },
  { to: '/payment-methods', word: 'nav.paymentMethods', adminOnly: true },
  { to: '/transactions', word: 'nav.transactions', adminOnly: true },
  { to: '/settings', word: 'nav.settings', adminOnly: true },
] as const

const links: BillingLinks = {
  plan: '/plan',
  usage: '/usage',
  invoices: '/invoices',
  invoice: id => `/invoices/${encodeURIComponent(id)}`,
  paymentMethods: '/payment-methods',
  verifyMethod: id => `/payment-methods/${encodeURIComponent(id)}/verify`,
  transactions: '/transactions',
}

function Navigation({ isLimited }: { readonly isLimited: boolean }): ReactNode {
  const { t } = useApp()
  const shown = pages.filter(page => !isLimited || !page.adminOnly)
  return (
    <nav className="app-nav" aria-label={t('nav.label')}>
      <ul className="app-links">
        {shown.map(page => (
          <li key={page.to}>
            <Link to={page.to} className="app-link">
              {t(page.word)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** The title of the window. */
function useTitle(): void {
  const { t } = useApp()
  const path = useRouterState({ select: state => state.location.pathname })
  useEffect(() => {
    const page = pages.find(each => path.startsWith(each.to))
    document.title = page ? t('app.title', { page: t(page.word) }) : t('app.name')
  }, [path, t])
}

/** Everything a signed-in person sees. */
export function Shell({ session }: { readonly session: Session }): ReactNode {
  const { t, language, demoUsers } = useApp()
  const { theme } = usePreferences()
  const navigate = useNavigate()
  const client = useSessionClient(session.token, session.openedTenantId)
  const main = useArrival()
  useTitle()
  const roles = useMemo(() => rolesAmong(session.roles), [session.roles])
  const isLimited = !roles.includes('admin') && !roles.includes('operator')
  return (
    <BillingProvider
      client={client}
      roles={roles}
      language={language}
      theme={theme}
      tenantId={session.tenantId ?? session.openedTenantId ?? ''}
      links={links}
      navigate={href => navigate({ href })}
      {...(demoUsers ? { environment: 'sandbox' as const } : {})}
    >
      <a className="app-skip" href="#page">
        {t('app.skip')}
      </a>
      <Header>
        <Navigation isLimited={isLimited} />
      </Header>
      <main ref={main} id="page" className="app-main" tabIndex={-1}>
        <Outlet />
      </main>
    </BillingProvider>
  )
}
