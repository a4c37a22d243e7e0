// A page that the reader's role does not include, with who may open it.
import type { ReactNode } from 'react'
import { useBilling } from '../billing-context.ts'
import { Icon } from './icon.tsx'
import { Page } from './section.tsx'

export function LockedPage({ title }: { readonly title: string }): ReactNode {
  const { t } = useBilling()
  return (
    <Page title={title}>
      <div className="qt-locked">
        <Icon name="lock" />
        <div>
          <p className="qt-strong">{t('error.locked')}</p>
          <p className="qt-secondary">{t('error.lockedBody')}</p>
        </div>
      </div>
    </Page>
  )
}
