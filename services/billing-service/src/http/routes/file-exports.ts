// Files made in the background. The operator's own are of all tenants; the bytes are fetched by a link alone.
import { basePath, routes } from '@quittance/billing-contract/routes'
import {
  type Asker,
  fetchExport,
  listExports,
  readExport,
  requestExport,
  seen,
} from '../../actions/exports/file-exports.ts'
import type { ExportInput } from '../../actions/exports/nouns.ts'
import { refuse } from '../../core/refusal.ts'
import { assertMay, type Bearer, callerOf } from '../caller.ts'
import { listInput, pageToWire, whereOf } from '../list-input.ts'
import { makePublicLimits } from '../public-limits.ts'
import { sendFile } from '../send-file.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { fileExportToWire } from '../wire/file-export.ts'
import { exportInput, filtersOf } from './exports.ts'

/** Fetches of links by one address in a minute. */
const fetchesMax = 60

type Filters = Parameters<typeof exportInput>[1]

/** The filters of the noun. Refuses those that its list does not have. */
function inputOf(noun: string, given: Filters, bearer: Bearer): ExportInput {
  const known = filtersOf(noun)
  const allowed = ['from', 'to', ...known, ...(bearer.tenantId === null ? ['tenantId'] : [])]
  const unknown = Object.keys(given).filter(field => !allowed.includes(field))
  if (noun === 'everything' ? Object.keys(given).length > 0 : unknown.length > 0) {
    const path = `/filters/${unknown[0] ?? Object.keys(given)[0]}`
    return refuse('invalid_request', {}, [{ path, message: `is no filter of ${noun}` }])
  }
  return exportInput(known, given)
}

export function fileExportRoutes(server: Server): void {
  const { deps, app } = server
  const limits = makePublicLimits()

  /** Files over all tenants are the issuer's alone. */
  const askerOf = (bearer: Bearer): Asker => {
    if (bearer.tenantId !== null) return callerOf(server, bearer)
    assertMay(server, bearer, 'issuer.read')
    return { tenantId: null, subject: bearer.sub }
  }

  serve(server, 'createExport', async ({ bearer, body }) => {
    const asker = askerOf(bearer)
    const { noun, format, filters = {} } = body
    const language = body.lang ?? bearer.language
    const input = inputOf(noun, filters, bearer)
    const row = await requestExport(deps, asker, { noun, format, language, ...input })
    return fileExportToWire(seen(deps, row))
  })
  serve(server, 'listExports', async ({ bearer, query }) => {
    const where = whereOf(query, ['status'])
    const page = await listExports(deps, askerOf(bearer), where.status, listInput(query))
    return pageToWire(page, row => fileExportToWire(seen(deps, row)))
  })
  serve(server, 'getExport', async ({ bearer, params }) =>
    fileExportToWire(await readExport(deps, askerOf(bearer), params.id)),
  )
  app.route({
    method: routes.fetchExport.method,
    url: `${basePath}${routes.fetchExport.path}`,
    handler: async (request, reply) => {
      limits.count('export', request.ip, fetchesMax, deps.clock.real())
      reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer')
      const { token } = request.params as { token: string }
      return sendFile(reply, await fetchExport(deps, token))
    },
  })
}
