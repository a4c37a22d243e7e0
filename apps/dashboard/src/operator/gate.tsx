// The door of the operator console: loads it for the issuer's staff, and says to others whose it is.
import { lazyRouteComponent } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useApp } from '../app-context.ts'
import { useSession } from '../session.ts'

const Console = lazyRouteComponent(() => import('./console.tsx'), 'Console')

export function OperatorGate(): ReactNode {
  const { t } = useApp()
  const { session } = useSession()
  if (session?.roles.includes('operator')) return <Console />
  return (
    <div className="qt-empty">
      <h1 className="qt-title">{t('operator.locked')}</h1>
      <p>{t('operator.lockedBody')}</p>
    </div>
  )
}
