// An act that gives money away: done at once, or, above the limit of one person, waiting for a second one.
import { waitsForApproval } from '@quittance/billing-client/approval'
import type { BillingClient, CallOptions } from '@quittance/billing-client/client'
import { useWords } from '../words/words.ts'
import { useAct } from './use-act.ts'

export interface Giving<Input, Output extends object> {
  readonly write: (client: BillingClient, input: Input, options: CallOptions) => Promise<Output>
  /** What is said once it is done. */
  readonly tell: (output: Output) => string
  readonly onDone: (told: string) => void
  /** For the audit log, where the body takes none. */
  readonly reason?: string
}

export function useGiving<Input, Output extends object>(
  tenantId: string,
  { write, tell, onDone, reason = '' }: Giving<Input, Output>,
) {
  const t = useWords()
  const done = (output: Output) => {
    if (!waitsForApproval(output)) return onDone(tell(output))
    const { amount, currency } = output
    return onDone(t('approval.waits', { amount: { money: amount, currency } }))
  }
  return useAct(tenantId, write, done, reason)
}
