// Starts the page behind a signed link to an invoice. A page of its own: no router, no sign-in, nothing of the
// dashboard but its words, preferences and colours.
import { PayLinkPage } from '@quittance/billing-react/billing-react'
import { StrictMode, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import '../dashboard.css'
import { setPreferences, usePreferences } from '../preferences.ts'
import { takeLinkToken } from './link-token.ts'

function Bar() {
  const { language } = usePreferences()
  const other = language === 'en' ? 'zh-CN' : 'en'
  return (
    <header className="app-pay-bar">
      <button
        type="button"
        className="app-quiet"
        lang={other}
        onClick={() => setPreferences({ language: other })}
      >
        {other === 'en' ? 'English' : '简体中文'}
      </button>
    </header>
  )
}

function PayPage({ linkToken }: { readonly linkToken: string }) {
  const { language, theme } = usePreferences()
  useEffect(() => {
    document.documentElement.lang = language
    document.documentElement.dataset.theme = theme
  }, [language, theme])
  return (
    <PayLinkPage linkToken={linkToken} language={language} theme={theme}>
      <Bar />
    </PayLinkPage>
  )
}

const linkToken = takeLinkToken({ location, history, storage: sessionStorage })
const place = document.getElementById('app')
if (linkToken === null) {
  // Back from a bank without a link in this tab: somebody who is signed in paid.
  location.replace('/invoices')
} else if (place) {
  createRoot(place).render(
    <StrictMode>
      <PayPage linkToken={linkToken} />
    </StrictMode>,
  )
}
