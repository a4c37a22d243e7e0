// Adding a payment method: in the sandbox a test case is chosen, with a real key the processor's own form opens.
import { lazy, type ReactNode, Suspense } from 'react'
import { useEnvironment } from '../../data/read.ts'
import { LinesSkeleton } from '../../parts/skeletons.tsx'
import { type AddMethodProps, TestMethodForm } from './test-method-form.tsx'

/** Loaded with a real key only. */
const LiveForm = lazy(() => import('./live-form.tsx').then(it => ({ default: it.LiveForm })))

export interface AddAnyMethodProps extends AddMethodProps {
  /** The client secret of a set-up that was finished at a bank; null for a new one. */
  readonly returnedSetup: string | null
}

/** Where methods come from decides what is shown. */
export function AddMethod({ returnedSetup, ...props }: AddAnyMethodProps): ReactNode {
  const environment = useEnvironment()
  if (environment === undefined) return <LinesSkeleton lines={4} />
  if (environment === 'sandbox') return <TestMethodForm {...props} />
  return (
    <Suspense fallback={<LinesSkeleton lines={4} />}>
      <LiveForm {...props} returnedSetup={returnedSetup} />
    </Suspense>
  )
}
