// What stands around every address: sign-in before it, the console for operators, and the pages for an
// address that is wrong or a page that broke.
import {
  type ErrorComponentProps,
  Link,
  Navigate,
  Outlet,
  useRouterState,
} from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useApp } from './app-context.ts'
import { usePreferences } from './preferences.ts'
import { useSession } from './session.ts'
import { Shell } from './shell.tsx'
import { SignIn } from './sign-in.tsx'
import { TenantChoice } from './tenant-choice.tsx'

export function Root(): ReactNode {
  const { language } = useApp()
  const { theme } = usePreferences()
  const { session } = useSession()
  const isConsole = useRouterState({
    select: ({ location }) => /^\/operator(\/|$)/.test(location.pathname),
  })
  const tenantId = session?.tenantId ?? session?.openedTenantId ?? null
  if (session?.roles.includes('operator')) {
    if (isConsole) return <Outlet />
    if (tenantId === null) return <Navigate to="/operator" replace />
  }
  if (!session || tenantId === null) {
    return (
      <div className="qt-root" data-theme={theme} lang={language}>
        {session ? <TenantChoice /> : <SignIn />}
      </div>
    )
  }
  // Another person or tenant gets a new shell with an empty cache.
  return <Shell key={`${session.token} ${session.openedTenantId}`} session={session} />
}

export function PageMissing(): ReactNode {
  const { t } = useApp()
  return (
    <div className="qt-empty">
      <h1 className="qt-title">{t('app.notFound')}</h1>
      <Link className="qt-link" to="/overview">
        {t('app.toOverview')}
      </Link>
    </div>
  )
}

export function PageFailed({ error }: ErrorComponentProps): ReactNode {
  const { t, language } = useApp()
  const { theme } = usePreferences()
  return (
    <div className="qt-root app-main" data-theme={theme} lang={language} role="alert">
      <h1 className="qt-title">{t('app.failed')}</h1>
      <p>{t('app.failedHint')}</p>
      <p className="qt-code qt-secondary">
        {error instanceof Error ? error.message : String(error)}
      </p>
      <button
        type="button"
        className="qt-button qt-button-plain"
        onClick={() => window.location.reload()}
      >
        {t('app.reload')}
      </button>
    </div>
  )
}
