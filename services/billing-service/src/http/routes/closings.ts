import { closeBooks, listClosings, readClosing } from '../../actions/closing/close-books.ts'
import { pageToWire } from '../list-input.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { closingToWire } from '../wire/closing.ts'

export function closingRoutes(server: Server): void {
  const { deps } = server

  serve(server, 'closePeriod', async ({ bearer, params }) => {
    const { tenantId, sub: by, language } = bearer
    return closingToWire(await closeBooks(deps, { tenantId, period: params.period, by, language }))
  })
  serve(server, 'getClosing', async ({ bearer, params }) =>
    closingToWire(await readClosing(deps, bearer.tenantId, params.period)),
  )
  serve(server, 'listClosings', async ({ bearer, query }) =>
    pageToWire(await listClosings(deps, bearer.tenantId, query), closingToWire),
  )
}
