// Who belongs to no tenant, such as the platform's back end, names the one whose pages to open. It is sent
// with every call; the server decides.
import { type ReactNode, type SubmitEvent, useId, useState } from 'react'
import { useApp } from './app-context.ts'
import { Header } from './frame.tsx'
import { openTenant } from './session.ts'

/** The form of a tenant id as the API takes it. */
const isTenantId = (text: string): boolean => /^[^\s,\p{C}]{1,128}$/u.test(text)

export function TenantChoice(): ReactNode {
  const { t } = useApp()
  const [text, setText] = useState('')
  const [invalid, setInvalid] = useState(false)
  const fieldId = useId()
  const problemId = useId()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const tenantId = text.trim()
    setInvalid(!isTenantId(tenantId))
    if (isTenantId(tenantId)) openTenant(tenantId)
  }
  return (
    <>
      <Header />
      <main className="app-main app-narrow">
        <h1 className="qt-title">{t('tenant.title')}</h1>
        <form className="app-form" onSubmit={submit} noValidate>
          <p className="qt-secondary">{t('tenant.hint')}</p>
          <label className="qt-label" htmlFor={fieldId}>
            {t('tenant.id')}
          </label>
          <input
            id={fieldId}
            className="qt-input qt-code"
            autoComplete="off"
            spellCheck={false}
            value={text}
            aria-invalid={invalid}
            aria-describedby={problemId}
            onChange={event => setText(event.target.value)}
          />
          <p id={problemId} className="app-problem">
            {invalid ? t('tenant.invalid') : null}
          </p>
          <button type="submit" className="qt-button qt-button-primary">
            {t('tenant.open')}
          </button>
        </form>
      </main>
    </>
  )
}
