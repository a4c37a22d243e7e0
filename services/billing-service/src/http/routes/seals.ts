import { listSeals, newestSeals } from '../../actions/seals/read-seals.ts'
import { pageToWire } from '../list-input.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { newestSealToWire, sealToWire } from '../wire/seal.ts'

export function sealRoutes(server: Server): void {
  const { deps } = server
  serve(server, 'listSeals', async ({ caller, query }) => {
    const page = await listSeals(deps, caller.tenantId, query.stream ?? 'ledger', query)
    return pageToWire(page, sealToWire)
  })
  serve(server, 'listNewestSeals', async ({ query }) =>
    pageToWire(await newestSeals(deps, query), newestSealToWire),
  )
}
