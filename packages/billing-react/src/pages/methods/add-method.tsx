// Adding a payment method: in the sandbox a test case is chosen, with a real key the processor's own form opens.
import type { ReactNode } from 'react'
import { useBilling } from '../../billing-context.ts'
import { useEnvironment } from '../../data/read.ts'
import { Button } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { LinesSkeleton } from '../../parts/skeletons.tsx'
import { type AddMethodProps, TestMethodForm } from './test-method-form.tsx'

function LiveNotice({ onClose }: Pick<AddMethodProps, 'onClose'>): ReactNode {
  const { t } = useBilling()
  return (
    <div className="qt-locked">
      <Icon name="card" />
      <div>
        <p className="qt-strong">{t('methods.live.title')}</p>
        <p className="qt-secondary">{t('methods.live.body')}</p>
        <Button kind="text" onClick={onClose}>
          {t('common.close')}
        </Button>
      </div>
    </div>
  )
}

/** Where methods come from decides what is shown. */
export function AddMethod(props: AddMethodProps): ReactNode {
  const environment = useEnvironment()
  if (environment === undefined) return <LinesSkeleton lines={4} />
  return environment === 'sandbox' ? <TestMethodForm {...props} /> : <LiveNotice {...props} />
}
