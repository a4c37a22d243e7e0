// The operator console: the frame around its pages. It alone brings Ant Design along.
import { BillingProvider, rolesAmong } from '@quittance/billing-react/billing-react'
import { Outlet, useNavigate } from '@tanstack/react-router'
import { ConfigProvider } from 'antd'
import enUS from 'antd/es/locale/en_US'
import zhCN from 'antd/es/locale/zh_CN'
import { type ReactNode, useMemo, useState } from 'react'
import { useApp } from '../app-context.ts'
import { useArrival } from '../arrival.ts'
import { Header } from '../frame.tsx'
import { useMedia } from '../media.ts'
import { usePreferences } from '../preferences.ts'
import { useSession } from '../session.ts'
import { useSessionClient } from '../session-client.ts'
import { Rail } from './parts/rail.tsx'
import './console.css'
import './parts/parts.css'
import { consoleTheme } from './theme.ts'
import { useWords } from './words/words.ts'

/** Times of the issuer: jobs, payouts and months are counted in UTC. */
const consoleZone = 'UTC'

const locales = { en: enUS, 'zh-CN': zhCN } as const

const links = {
  invoice: (id: string) => `/operator/invoices/${encodeURIComponent(id)}`,
} as const

function Frame(): ReactNode {
  const { t } = useApp()
  const words = useWords()
  const main = useArrival()
  return (
    <>
      <a className="app-skip" href="#page">
        {t('app.skip')}
      </a>
      <Header>
        <Rail label={words('rail.label')} />
      </Header>
      <main ref={main} id="page" className="op-main" tabIndex={-1}>
        <Outlet />
      </main>
    </>
  )
}

/** Ant Design under the reader's language and theme; what floats stays inside our tokens. */
function Surroundings({ children }: { readonly children: ReactNode }): ReactNode {
  const { language } = useApp()
  const { theme } = usePreferences()
  const prefersDark = useMedia('(prefers-color-scheme: dark)')
  const isStill = useMedia('(prefers-reduced-motion: reduce)')
  const [layer, setLayer] = useState<HTMLElement | null>(null)
  const isDark = theme === 'dark' || (theme === 'system' && prefersDark)
  const antTheme = useMemo(
    () => consoleTheme(isDark ? 'dark' : 'light', isStill),
    [isDark, isStill],
  )
  return (
    <>
      <div ref={setLayer} className="qt-root op-layer" data-theme={theme} lang={language} />
      {layer ? (
        <ConfigProvider
          theme={antTheme}
          locale={locales[language]}
          button={{ autoInsertSpace: false }}
          getPopupContainer={() => layer}
        >
          {children}
        </ConfigProvider>
      ) : null}
    </>
  )
}

/** Everything that the issuer's staff sees over all tenants. */
export function Console(): ReactNode {
  const { language, demoUsers } = useApp()
  const { theme } = usePreferences()
  const { session } = useSession()
  const navigate = useNavigate()
  const client = useSessionClient(session?.token ?? '', null)
  const roles = useMemo(() => rolesAmong(session?.roles ?? []), [session?.roles])
  return (
    <BillingProvider
      client={client}
      roles={roles}
      language={language}
      theme={theme}
      zone={consoleZone}
      links={links}
      navigate={href => navigate({ href })}
      {...(demoUsers ? { environment: 'sandbox' as const } : {})}
    >
      <Surroundings>
        <Frame />
      </Surroundings>
    </BillingProvider>
  )
}
