// Signing in: as a person of the demo where there is one, else with a token of the platform.
import { claimsInToken } from '@quittance/billing-react/billing-react'
import { type ReactNode, type SubmitEvent, useId, useState } from 'react'
import { useApp } from './app-context.ts'
import { type DemoUser, demoToken } from './demo.ts'
import { Header } from './frame.tsx'
import { signIn, useSession } from './session.ts'
import type { Translate } from './words/words.ts'

const roleNames = (roles: readonly string[], t: Translate): string =>
  roles
    .map(role =>
      role === 'admin' || role === 'member' || role === 'operator' || role === 'service'
        ? t(`role.${role}`)
        : role,
    )
    .join(', ')

function DemoRow({ user, onError }: { user: DemoUser; onError: (text: string) => void }) {
  const { t, language } = useApp()
  const [busy, setBusy] = useState(false)
  const enter = async () => {
    setBusy(true)
    try {
      const token = await demoToken(user.id, language)
      signIn({ token, name: user.name, ...claimsInToken(token), openedTenantId: null })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      onError(t('signIn.failed', { reason }))
      setBusy(false)
    }
  }
  return (
    <li className="app-person">
      <div>
        <p className="qt-strong">{user.name}</p>
        <p className="qt-secondary">{user.description}</p>
        <p className="qt-secondary qt-small">
          {roleNames(user.roles, t)}
          {user.tenantId ? ` · ${user.tenantId}` : ''}
        </p>
      </div>
      <button type="button" className="qt-button qt-button-plain" disabled={busy} onClick={enter}>
        {t('signIn.as', { name: user.name })}
      </button>
    </li>
  )
}

function DemoList({ users }: { readonly users: readonly DemoUser[] }): ReactNode {
  const { t } = useApp()
  const [problem, setProblem] = useState<string | null>(null)
  return (
    <section className="app-form">
      <h2 className="qt-section-title">{t('signIn.demo')}</h2>
      <p className="qt-secondary">{t('signIn.demoHint')}</p>
      <p role="alert" className="app-problem">
        {problem}
      </p>
      <ul className="app-people">
        {users.map(user => (
          <DemoRow key={user.id} user={user} onError={setProblem} />
        ))}
      </ul>
    </section>
  )
}

/** The shape of a token; whether it is good, the server says. */
const isToken = (text: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)

function TokenForm(): ReactNode {
  const { t } = useApp()
  const [text, setText] = useState('')
  const [invalid, setInvalid] = useState(false)
  const fieldId = useId()
  const problemId = useId()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const token = text.trim()
    setInvalid(!isToken(token))
    if (!isToken(token)) return
    signIn({ token, name: null, ...claimsInToken(token), openedTenantId: null })
  }
  return (
    <form className="app-form" onSubmit={submit} noValidate>
      <h2 className="qt-section-title">{t('signIn.tokenTitle')}</h2>
      <p className="qt-secondary">{t('signIn.tokenHint')}</p>
      <label className="qt-label" htmlFor={fieldId}>
        {t('signIn.token')}
      </label>
      <textarea
        id={fieldId}
        className="qt-input qt-code"
        rows={4}
        autoComplete="off"
        spellCheck={false}
        value={text}
        aria-invalid={invalid}
        aria-describedby={problemId}
        onChange={event => setText(event.target.value)}
      />
      <p id={problemId} className="app-problem">
        {invalid ? t('signIn.tokenInvalid') : null}
      </p>
      <button type="submit" className="qt-button qt-button-primary">
        {t('signIn.submit')}
      </button>
    </form>
  )
}

/** The page before anybody is signed in. */
export function SignIn(): ReactNode {
  const { t, demoUsers } = useApp()
  const { expired } = useSession()
  return (
    <>
      <Header />
      <main className="app-main app-narrow">
        <h1 className="qt-title">{t('signIn.title')}</h1>
        {expired ? <p role="status">{t('signIn.expired')}</p> : null}
        {demoUsers === undefined ? (
          <p role="status" className="qt-secondary">
            {t('signIn.loading')}
          </p>
        ) : null}
        {demoUsers ? <DemoList users={demoUsers} /> : null}
        {demoUsers === null ? <TokenForm /> : null}
      </main>
    </>
  )
}
