import { checkEntitlement, readEntitlements } from '../../actions/entitlements/read-entitlements.ts'
import { parseQuantity } from '../../core/decimal.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { checkToWire, entitlementsToWire } from '../wire/entitlements.ts'

export function entitlementRoutes(server: Server): void {
  const { deps } = server
  serve(server, 'getEntitlements', async ({ caller }) =>
    entitlementsToWire(caller.tenantId, await readEntitlements(deps, caller)),
  )
  serve(server, 'checkEntitlement', async ({ caller, body }) => {
    const { feature, metric, limit } = body
    const quantity = parseQuantity(body.quantity ?? 1)
    return checkToWire(await checkEntitlement(deps, caller, { feature, metric, limit, quantity }))
  })
}
