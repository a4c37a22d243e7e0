// The frame of a page of the console: its one heading, what can be done, the zone of its dates.
import { useBilling } from '@quittance/billing-react/billing-react'
import { zoneName } from '@quittance/billing-react/formats'
import { type ReactNode, useEffect } from 'react'
import { useApp } from '../../app-context.ts'

export interface ConsolePageProps {
  readonly title: string
  /** One sentence: what this page is for. */
  readonly intro?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

export function ConsolePage({ title, intro, actions, children }: ConsolePageProps): ReactNode {
  const app = useApp()
  const { t, reader } = useBilling()
  useEffect(() => {
    document.title = app.t('app.title', { page: title })
  }, [app, title])
  return (
    <div className="op-page">
      <header className="qt-head">
        <h1 className="qt-title">
          <bdi>{title}</bdi>
        </h1>
        {actions ? <div className="qt-actions">{actions}</div> : null}
      </header>
      {intro ? <p className="qt-secondary op-intro">{intro}</p> : null}
      {children}
      <footer className="qt-foot">{t('common.zone', { zone: zoneName(reader) })}</footer>
    </div>
  )
}
