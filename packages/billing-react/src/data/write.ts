// Changing something through the API. After every write everything is read again, so that no page
// keeps telling an old truth; the write counts as done only then.
import type { BillingClient, CallOptions } from '@quittance/billing-client/client'
import { BillingError } from '@quittance/billing-client/error'
import { type UseMutationResult, useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { useBilling } from '../billing-context.ts'

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
}

/** Whether it is open what became of a call: no answer, or one that is not a decision. */
export const hasUnknownOutcome = (error: unknown): boolean =>
  error instanceof BillingError && (error.status === 0 || error.status >= 500)

interface SentKey {
  readonly body: string
  readonly key: string
}

/**
 * A write with its idempotency key. The key is kept only while the outcome of the same input is
 * unknown: pressing again then asks for the first answer instead of paying twice, while a new try
 * after a decline really is a new one.
 */
export function useWrite<Input, Output>(
  write: (client: BillingClient, input: Input, options: CallOptions) => Promise<Output>,
  onDone?: (output: Output, input: Input) => void,
): UseMutationResult<Output, Error, Input> {
  const { client, queryClient, scope } = useBilling()
  const sent = useRef<SentKey | null>(null)
  return useMutation(
    {
      mutationFn: async (input: Input) => {
        const body = JSON.stringify(input) ?? ''
        const key = sent.current?.body === body ? sent.current.key : newKey()
        sent.current = { body, key }
        try {
          const output = await write(client, input, { idempotencyKey: key })
          sent.current = null
          return output
        } catch (error) {
          if (!hasUnknownOutcome(error)) sent.current = null
          throw error
        } finally {
          // Before the end of the write: nobody hears "done" beside figures from before.
          await queryClient.invalidateQueries({ queryKey: scope })
        }
      },
      onSuccess: (output, input) => onDone?.(output, input),
    },
    queryClient,
  )
}
