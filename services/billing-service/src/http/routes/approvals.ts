import { approve, decline } from '../../actions/approvals/decide-approval.ts'
import { listSystem, readList } from '../../actions/read-list.ts'
import type { Approval } from '../../core/approval.ts'
import { listInput, pageToWire, whereOf } from '../list-input.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { approvalToWire } from '../wire/approval.ts'

export function approvalRoutes(server: Server): void {
  const { deps } = server
  const toWire = (approval: Approval) => approvalToWire(approval, deps.clock.real())
  const narrowed = ({ status, ...more }: { status?: Approval['state']; tenantId?: string }) =>
    whereOf({ ...more, state: status }, ['state', 'tenantId']) as Partial<Approval>

  serve(server, 'listApprovals', async ({ caller, query }) => {
    const where = narrowed({ ...(query.status !== undefined && { status: query.status }) })
    const page = await readList(deps, caller.tenantId, 'approvals', where, listInput(query))
    return pageToWire(page, toWire)
  })
  serve(server, 'getApproval', async ({ caller, params }) =>
    toWire(await deps.store.of(caller.tenantId).get('approvals', params.id)),
  )
  serve(server, 'approve', async ({ caller, params }) =>
    toWire(await approve(deps, caller, params.id)),
  )
  serve(server, 'decline', async ({ caller, params }) =>
    toWire(await decline(deps, caller, params.id)),
  )
  serve(server, 'listIssuerApprovals', async ({ query }) => {
    const asked = { where: narrowed(query), input: listInput(query) }
    return pageToWire(await listSystem(deps, 'approvals', 'createdAt', asked), toWire)
  })
}
