// A write of the operator for one tenant, through the tenant header.
import type { BillingClient, CallOptions } from '@quittance/billing-client/client'
import { useWrite } from '@quittance/billing-react/data/write'

/** `onDone` hears what the API answered, after everything was read again; `reason` is for the audit log. */
export const useAct = <Input, Output>(
  tenantId: string,
  write: (client: BillingClient, input: Input, options: CallOptions) => Promise<Output>,
  onDone: (output: Output) => void,
  reason = '',
) =>
  useWrite<Input, Output>(
    (client, input, options) =>
      write(client, input, { ...options, tenantId, ...(reason ? { reason } : {}) }),
    onDone,
  )
