// The clock of a tenant.
import { useRead } from '@quittance/billing-react/data/read'

export const useClock = (tenantId: string) =>
  useRead(['tenant', tenantId, 'clock'], (client, options) =>
    client.getTestClock({ ...options, tenantId }),
  )
