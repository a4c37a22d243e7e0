// The frame of a signed-in person: navigation in a row at the top, a menu on narrow screens, the
// page.

import { createBillingClient } from '@quittance/billing-client/client'
import {
  type BillingLinks,
  BillingProvider,
  rolesAmong,
} from '@quittance/billing-react/billing-react'
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { type ReactNode, useEffect, useMemo, useRef } from 'react'
import { useApp } from './app-context.ts'
import { Header } from './frame.tsx'
import { usePreferences } from './preferences.ts'
import { expireSession, type Session } from './session.ts'

const pages = [
  { to: '/overview', word: 'nav.overview', adminOnly: false },
  { to: '/plan', word: 'nav.plan', adminOnly: false },
  { to: '/invoices', word: 'nav.invoices', adminOnly: true },
  { to: '/payment-methods', word: 'nav.paymentMethods', adminOnly: true },
  { to: '/transactions', word: 'nav.transactions', adminOnly: true },
  { to: '/settings', word: 'nav.settings', adminOnly: true },
] as const

const links: BillingLinks = {
  plan: '/plan',
  invoices: '/invoices',
  invoice: id => `/invoices/${encodeURIComponent(id)}`,
  paymentMethods: '/payment-methods',
  verifyMethod: id => `/payment-methods/${encodeURIComponent(id)}/verify`,
  transactions: '/transactions',
}

/** A client whose refused token ends the session, so that the sign-in page comes back. */
function useClient({ token, openedTenantId }: Session) {
  const { language } = useApp()
  return useMemo(() => {
    const watched: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init)
      if (answer.status === 401) expireSession()
      return answer
    }
    const tenant = openedTenantId ? { tenantId: openedTenantId } : {}
    return createBillingClient({ baseUrl: '', token, language, fetch: watched, ...tenant })
  }, [token, openedTenantId, language])
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

/** The title of the window, and the focus on the page after each step. */
function useArrival() {
  const { t } = useApp()
  const main = useRef<HTMLElement>(null)
  const path = useRouterState({ select: state => state.location.pathname })
  const arrivedAt = useRef(path)
  useEffect(() => {
    const page = pages.find(each => path.startsWith(each.to))
    document.title = page ? t('app.title', { page: t(page.word) }) : t('app.name')
    if (arrivedAt.current === path) return
    arrivedAt.current = path
    main.current?.focus({ preventScroll: true })
    window.scrollTo(0, 0)
  }, [path, t])
  return main
}

/** Everything a signed-in person sees. */
export function Shell({ session }: { readonly session: Session }): ReactNode {
  const { t, language, demoUsers } = useApp()
  const { theme } = usePreferences()
  const navigate = useNavigate()
  const client = useClient(session)
  const main = useArrival()
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
