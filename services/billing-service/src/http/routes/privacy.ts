import { requestExport, seen } from '../../actions/exports/file-exports.ts'
import { eraseTenant } from '../../actions/privacy/erase-tenant.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { fileExportToWire } from '../wire/file-export.ts'

export function privacyRoutes(server: Server): void {
  const { deps } = server
  serve(server, 'exportPersonalData', async ({ caller, bearer, body }) => {
    const language = body.lang ?? bearer.language
    const input = { noun: 'personal', format: 'jsonl', language, where: {} } as const
    return fileExportToWire(seen(deps, await requestExport(deps, caller, input)))
  })
  serve(server, 'erasePersonalData', async ({ caller, body }) => {
    const { tenantId, erased, kept } = await eraseTenant(deps, caller, body.confirm)
    return { tenantId, erased, kept: kept.map(each => ({ ...each, fields: [...each.fields] })) }
  })
}
