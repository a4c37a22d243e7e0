import { listRecorded, listSystem } from '../../actions/read-list.ts'
import type { AuditLine, DomainEvent } from '../../core/records.ts'
import { listInput, pageToWire, whereOf } from '../list-input.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { auditLineToWire, eventToWire } from '../wire/history.ts'

/** What audit lines can be narrowed by, besides their time. */
export const auditFilters = ['action', 'objectId', 'actor', 'requestId'] as const

export function historyRoutes(server: Server): void {
  const { deps } = server
  serve(server, 'listEvents', async ({ caller, query }) => {
    const where = whereOf(query, ['type', 'objectId']) as Partial<DomainEvent>
    const input = listInput(query)
    const page = await listRecorded(deps, caller.tenantId, 'events', { where, input })
    return pageToWire(page, eventToWire)
  })
  serve(server, 'listAuditLog', async ({ caller, query }) => {
    const where = whereOf(query, auditFilters) as Partial<AuditLine>
    const input = listInput(query)
    const page = await listRecorded(deps, caller.tenantId, 'auditLines', { where, input })
    return pageToWire(page, auditLineToWire)
  })
  serve(server, 'listIssuerAuditLog', async ({ query }) => {
    const where = whereOf(query, ['tenantId', ...auditFilters]) as Partial<AuditLine>
    const asked = { where, input: listInput(query) }
    const page = await listSystem(deps, 'auditLines', 'recordedAt', asked)
    return pageToWire(page, auditLineToWire)
  })
}
