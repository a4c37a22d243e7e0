// The live examples of docs/billing-react: each component as a host would embed it, with a token and a base URL and
// without the dashboard's own addresses.
import {
  BillingDashboard,
  BillingProvider,
  InvoiceHistory,
  Money,
  PaymentMethods,
  SubscriptionManager,
  UsageExplorer,
} from '@quittance/billing-react/billing-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useApp } from '../app-context.ts'
import { useMedia } from '../media.ts'
import { usePreferences } from '../preferences.ts'
import { useSession } from '../session.ts'

const route = getRouteApi('/examples/$name')

/** A brand of its own, to show that every colour can be replaced. */
const brand = {
  light: { '--qt-primary': '#5b2d8e', '--qt-link': '#5b2d8e', '--qt-primary-tint': '#efe8f7' },
  dark: { '--qt-primary': '#c9b3ec', '--qt-link': '#c9b3ec', '--qt-primary-tint': '#2b2140' },
} as const

const examples: Readonly<Record<string, () => ReactNode>> = {
  'billing-provider': () => <PaymentMethods />,
  'billing-dashboard': () => <BillingDashboard />,
  'subscription-manager': () => <SubscriptionManager />,
  'payment-methods': () => <PaymentMethods />,
  'invoice-history': () => <InvoiceHistory />,
  parts: () => (
    <>
      <UsageExplorer />
      <p>
        <Money value="1284.50" currency="USD" style="code" />
      </p>
    </>
  ),
}

function Names(): ReactNode {
  const { t } = useApp()
  return (
    <nav aria-label={t('examples.title')}>
      <ul className="app-examples">
        {Object.keys(examples).map(name => (
          <li key={name}>
            <Link className="qt-link" to="/examples/$name" params={{ name }}>
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

export function ExamplesPage(): ReactNode {
  const { name } = route.useParams()
  const { language } = useApp()
  const { theme } = usePreferences()
  const { session } = useSession()
  const prefersDark = useMedia('(prefers-color-scheme: dark)')
  const isDark = theme === 'dark' || (theme === 'system' && prefersDark)
  const example = examples[name]
  if (!session) return null
  const tenantId = session.openedTenantId
  return (
    <>
      <Names />
      <div className="app-example">
        <BillingProvider
          baseUrl=""
          token={session.token}
          language={language}
          theme={theme}
          {...(name === 'billing-provider' ? { tokens: brand[isDark ? 'dark' : 'light'] } : {})}
          {...(tenantId ? { tenantId } : {})}
        >
          {example?.()}
        </BillingProvider>
      </div>
    </>
  )
}
