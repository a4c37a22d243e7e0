// The bar at the top: name, environment, language, theme, and who is signed in.
import { useRouterState } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useApp } from './app-context.ts'
import { setPreferences, themes, usePreferences } from './preferences.ts'
import { openTenant, signOut, useSession } from './session.ts'

function LanguageSwitch(): ReactNode {
  const { language } = useApp()
  const other = language === 'en' ? 'zh-CN' : 'en'
  return (
    <button
      type="button"
      className="app-quiet"
      lang={other}
      onClick={() => setPreferences({ language: other })}
    >
      {other === 'en' ? 'English' : '简体中文'}
    </button>
  )
}

function ThemeSwitch(): ReactNode {
  const { t } = useApp()
  const { theme } = usePreferences()
  return (
    <label className="app-theme">
      <span className="qt-hidden">{t('shell.theme')}</span>
      <select
        className="app-quiet"
        value={theme}
        onChange={event => {
          const chosen = themes.find(each => each === event.target.value)
          if (chosen) setPreferences({ theme: chosen })
        }}
      >
        {themes.map(each => (
          <option key={each} value={each}>
            {t(`theme.${each}`)}
          </option>
        ))}
      </select>
    </label>
  )
}

function Who(): ReactNode {
  const { t } = useApp()
  const { session } = useSession()
  if (!session) return null
  const tenant = session.tenantId ?? session.openedTenantId
  return (
    <>
      <span className="app-who">
        {session.name ? <span>{session.name}</span> : null}
        {tenant ? (
          <span className="app-tenant">
            <span className="qt-hidden">{t('shell.tenant')}: </span>
            <bdi>{tenant}</bdi>
          </span>
        ) : null}
      </span>
      {session.openedTenantId ? (
        <button type="button" className="app-quiet" onClick={() => openTenant(null)}>
          {t(session.roles.includes('operator') ? 'operator.back' : 'tenant.change')}
        </button>
      ) : null}
      <button type="button" className="app-quiet" onClick={signOut}>
        {t('shell.signOut')}
      </button>
    </>
  )
}

/** The header of every page. On narrow screens everything but the name waits behind the menu. */
export function Header({ children }: { readonly children?: ReactNode }): ReactNode {
  const { t, demoUsers } = useApp()
  const [isOpen, setOpen] = useState(false)
  const path = useRouterState({ select: state => state.location.pathname })
  const [shownFor, setShownFor] = useState(path)
  if (shownFor !== path) {
    setShownFor(path)
    setOpen(false)
  }
  return (
    <header className={isOpen ? 'app-header app-open' : 'app-header'}>
      <div className="app-bar">
        <span className="app-wordmark">{t('app.name')}</span>
        {demoUsers ? <span className="app-sandbox">{t('shell.sandbox')}</span> : null}
        <button
          type="button"
          className="app-menu"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {t('nav.menu')}
        </button>
        {children}
        <div className="app-side">
          <Who />
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
      </div>
    </header>
  )
}
