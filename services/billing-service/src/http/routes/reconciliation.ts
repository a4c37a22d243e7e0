import { listSystem } from '../../actions/read-list.ts'
import { compareAndRecord } from '../../actions/reconciliation/drift-inbox.ts'
import { resolveDrift } from '../../actions/reconciliation/resolve-drift.ts'
import { syncTenant } from '../../actions/reconciliation/sync.ts'
import type { Drift } from '../../core/comparison.ts'
import { refuse } from '../../core/refusal.ts'
import { fromIso } from '../../core/time.ts'
import { callerFor } from '../caller.ts'
import { listInput, pageToWire } from '../list-input.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { certificateToWire, driftToWire } from '../wire/reconciliation.ts'

const spanMaxMs = 31 * 86_400_000

export function reconciliationRoutes(server: Server): void {
  const { deps } = server
  serve(server, 'syncTenant', async ({ caller }) => ({
    tenantId: caller.tenantId,
    ...(await syncTenant(deps, caller.tenantId)),
  }))
  serve(server, 'listDrift', async ({ query }) => {
    const { tenantId, objectType, status } = query
    const where = {
      ...(tenantId === undefined ? {} : { tenantId }),
      ...(objectType === undefined ? {} : { objectType: objectType as Drift['objectType'] }),
      ...(status === undefined ? {} : { state: status as Drift['state'] }),
    }
    const input = listInput(query)
    return pageToWire(await listSystem(deps, 'drifts', 'detectedAt', { where, input }), driftToWire)
  })
  serve(server, 'compareNow', async ({ body }) => {
    const [from, to] = [fromIso(body.from, '/from'), fromIso(body.to, '/to')]
    if (to <= from || to - from > spanMaxMs) {
      refuse('invalid_request', {}, [{ path: '/to', message: 'must be up to 31 days after from' }])
    }
    return compareAndRecord(deps, from, to)
  })
  serve(server, 'resolveDrift', async ({ bearer, params, body }) => {
    const drift = await resolveDrift(
      deps,
      tenantId => callerFor(server, bearer, tenantId),
      bearer.sub,
      params.id,
      { action: body.action as 'take_theirs', note: body.note ?? null },
    )
    return driftToWire(drift)
  })
  serve(server, 'getCertificate', async ({ params }) =>
    certificateToWire(await deps.store.system.get('certificates', params.period)),
  )
}
