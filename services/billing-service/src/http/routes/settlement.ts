import { listAllDisputes, submitEvidence } from '../../actions/disputes/dispute-verbs.ts'
import { listSystem, readList } from '../../actions/read-list.ts'
import type { Dispute } from '../../core/dispute.ts'
import type { Payout } from '../../core/payout.ts'
import { listInput, pageToWire, whereOf } from '../list-input.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { disputeToWire, payoutToWire } from '../wire/settlement.ts'

export function settlementRoutes(server: Server): void {
  const { deps } = server
  serve(server, 'listDisputes', async ({ caller, query }) => {
    const where = whereOf(query, ['status', 'transactionId']) as Partial<Dispute>
    const page = await readList(deps, caller.tenantId, 'disputes', where, listInput(query))
    return pageToWire(page, disputeToWire)
  })
  serve(server, 'getDispute', async ({ caller, params }) =>
    disputeToWire(await deps.store.of(caller.tenantId).get('disputes', params.id)),
  )
  serve(server, 'submitDisputeEvidence', async ({ caller, params, body }) =>
    disputeToWire(await submitEvidence(deps, caller, params.id, body.text)),
  )
  serve(server, 'listIssuerDisputes', async ({ query }) => {
    const where = whereOf(query, ['status', 'tenantId']) as Partial<Dispute>
    return pageToWire(await listAllDisputes(deps, where, listInput(query)), disputeToWire)
  })
  serve(server, 'listPayouts', async ({ query }) => {
    const where = whereOf(query, ['status']) as Partial<Payout>
    const page = await listSystem(deps, 'payouts', 'createdAt', { where, input: listInput(query) })
    return pageToWire(page, payoutToWire)
  })
  serve(server, 'getPayout', async ({ params }) =>
    payoutToWire(await deps.store.system.get('payouts', params.id)),
  )
}
