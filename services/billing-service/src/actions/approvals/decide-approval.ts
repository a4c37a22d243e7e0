// What waits for a second person, read and decided. Approving carries out what was asked for, in the transaction that
// marks it approved.
import { type Approval, AwaitsApproval, assertMayDecide, stateAt } from '../../core/approval.ts'
import { assert } from '../../core/assert.ts'
import { type Caller, systemCaller } from '../../core/caller.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { type CreateCreditNote, createCreditNote } from '../credits/create-credit-note.ts'
import { type AdjustBalance, adjustBalance } from '../credits/credit-balance.ts'
import { writeOff } from '../invoices/invoice-verbs.ts'
import { type CreateRefund, createRefund } from '../transactions/refund.ts'
import { tellApproval } from './give-by-hand.ts'

/**
 * Agrees, and carries out exactly what was asked for, once. Refuses `not_found`, `approval_needs_another` for whoever
 * asked, `approval_decided`, `approval_expired`, `approval_outdated`, and whatever the act itself refuses by now; that
 * is noted, and it goes on waiting.
 */
export async function approve(deps: Deps, caller: Caller, id: string): Promise<Approval> {
  const reads = deps.store.of(caller.tenantId)
  const asked = await reads.get('approvals', id)
  assertMayDecide(asked, 'approved', caller.subject, deps.clock.real())
  // The key of this request is no key of what is carried out.
  const agreed: Caller = { ...caller, approvalId: asked.id, requestKey: null }
  try {
    await carryOut(deps, agreed, asked)
  } catch (error) {
    assert(!(error instanceof AwaitsApproval), 'what is agreed to waits for nobody')
    if (error instanceof Refusal) await noteRefusal(deps, caller, asked.id, error.code)
    throw error
  }
  return reads.get('approvals', id)
}

async function carryOut(deps: Deps, caller: Caller, asked: Approval): Promise<unknown> {
  const { kind, objectId, input } = asked
  switch (kind) {
    case 'refund':
      return createRefund(deps, caller, objectId, input as unknown as CreateRefund)
    case 'credit':
      return adjustBalance(deps, caller, input as unknown as AdjustBalance)
    case 'credit_note':
      return createCreditNote(deps, caller, objectId, input as unknown as CreateCreditNote)
    case 'write_off':
      return writeOff(deps, caller, objectId)
  }
}

const ownRefusals = ['approval_decided', 'approval_expired', 'approval_needs_another']

/** It could not be carried out as things are: the approval says why, and waits until it can or is declined. */
async function noteRefusal(deps: Deps, caller: Caller, id: string, refusal: string): Promise<void> {
  if (ownRefusals.includes(refusal)) return
  await deps.store.transaction(caller.tenantId, async tx => {
    const approval = await tx.lock('approvals', id)
    if (approval.state !== 'waiting') return
    const updatedAt = deps.clock.real()
    const refused = await tx.replace('approvals', { ...approval, refusal, updatedAt })
    await tellApproval(deps, tx, caller, 'approval.refused', refused)
  })
}

/**
 * Turns down what waits; whoever asked takes it back by that. Refuses `not_found`, `approval_decided`,
 * `approval_expired`.
 */
export async function decline(deps: Deps, caller: Caller, id: string): Promise<Approval> {
  return deps.store.transaction(caller.tenantId, async tx => {
    const approval = await tx.lock('approvals', id)
    const now = deps.clock.real()
    assertMayDecide(approval, 'declined', caller.subject, now)
    const declined = await tx.replace('approvals', {
      ...approval,
      state: 'declined',
      decidedBy: caller.subject,
      decisionReason: caller.reason,
      decidedAt: now,
      updatedAt: now,
    })
    await tellApproval(deps, tx, caller, 'approval.declined', declined)
    return declined
  })
}

const expiredMax = 100

/** Writes down that nobody decided in time; answers how many. */
export async function expireApprovals(deps: Deps): Promise<number> {
  const now = deps.clock.real()
  const { rows } = await deps.store.system.list('approvals', {
    where: { state: 'waiting' },
    range: { field: 'expiresAt', to: now + 1 },
    order: { field: 'expiresAt', direction: 'asc' },
    limit: expiredMax,
  })
  for (const { tenantId, id } of rows) {
    await deps.store.transaction(tenantId, tx => expire(deps, tx, tenantId, id))
  }
  return rows.length
}

async function expire(deps: Deps, tx: TenantTransaction, tenantId: string, id: string) {
  const approval = await tx.lock('approvals', id)
  const now = deps.clock.real()
  if (approval.state !== 'waiting' || stateAt(approval, now) !== 'expired') return
  const caller = systemCaller(tenantId, 'expire-approvals', id)
  const expired = await tx.replace('approvals', { ...approval, state: 'expired', updatedAt: now })
  await tellApproval(deps, tx, caller, 'approval.expired', expired)
}
