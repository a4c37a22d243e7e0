// The client of the signed-in person.
import { type BillingClient, createBillingClient } from '@quittance/billing-client/client'
import { useMemo } from 'react'
import { useApp } from './app-context.ts'
import { expireSession } from './session.ts'

/** A client whose refused token ends the session, so that the sign-in page comes back. */
export function useSessionClient(token: string, tenantId: string | null): BillingClient {
  const { language } = useApp()
  return useMemo(() => {
    const watched: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init)
      if (answer.status === 401) expireSession()
      return answer
    }
    const tenant = tenantId ? { tenantId } : {}
    return createBillingClient({ baseUrl: '', token, language, fetch: watched, ...tenant })
  }, [token, tenantId, language])
}
