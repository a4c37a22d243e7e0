// What an operator does about a difference: take the processor's side, push ours, or explain it. Who did
// it and why stands on the row, and in the audit log of the tenant.
import type { Caller } from '../../core/caller.ts'
import { type Drift, mirroredFields } from '../../core/comparison.ts'
import type { Verdict } from '../../core/inbox.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import { enter } from '../enter.ts'
import { whileLeased } from '../lease.ts'
import { adoptPayment } from '../payments/adopt-payment.ts'
import { record } from '../record.ts'
import { runRefund } from '../transactions/refund.ts'
import { settleNow } from '../webhooks/settle-now.ts'

export interface ResolveDrift {
  readonly action: 'take_theirs' | 'push_ours' | 'explain'
  readonly note: string | null
}

/**
 * Resolves an open difference. Refuses `not_found`, `drift_not_open`, `invalid_request` (an explanation
 * without words), `drift_remains` (it cannot be settled in that way).
 */
export async function resolveDrift(
  deps: Deps,
  callerFor: (tenantId: string) => Caller,
  by: string,
  driftId: string,
  { action, note }: ResolveDrift,
): Promise<Drift> {
  const drift = await deps.store.system.get('drifts', driftId)
  if (drift.state !== 'open') refuse('drift_not_open', { state: drift.state })
  if (action === 'explain' && (note === null || note.trim() === '')) {
    refuse('invalid_request', {}, [{ path: '/note', message: 'must say what explains it' }])
  }
  if (action === 'take_theirs') await takeTheirs(deps, drift)
  if (action === 'push_ours') await pushOurs(deps, callerFor, drift)
  const resolvedAt = deps.clock.real()
  const resolved = await deps.store.system.transaction(async tx => {
    const current = await tx.lock('drifts', driftId)
    if (current.state !== 'open') refuse('drift_not_open', { state: current.state })
    const told = {
      state: 'resolved' as const,
      resolution: action,
      note,
      resolvedBy: by,
      resolvedAt,
    }
    return tx.replace('drifts', { ...current, ...told })
  })
  await audit(deps, callerFor, resolved)
  return resolved
}

const typeThere = {
  payment: 'payment_intent',
  refund: 'refund',
  dispute: 'dispute',
  subscription: 'subscription',
} as const

/** The processor's object is read and settled; if our record then still says otherwise, it cannot be. */
async function takeTheirs(deps: Deps, drift: Drift): Promise<void> {
  const adopted = await adoptMissing(deps, drift)
  const verdict = adopted ?? (await settleNow(deps, typeThere[drift.objectType], drift.processorId))
  if (verdict?.state === 'ignored' || drift.field === 'missing_there') remains(drift)
  if ((await oursNow(deps, drift)) !== drift.theirs) remains(drift)
}

/** A payment of a tenant without an attempt of ours is recorded; null: it is settled like any other. */
async function adoptMissing(deps: Deps, drift: Drift): Promise<Verdict | null> {
  if (drift.objectType !== 'payment' || drift.field !== 'missing_here') return null
  const object = await deps.processor.readObject('payment_intent', drift.processorId)
  if (object?.kind !== 'payment' || object.tenantId === null) return null
  const { tenantId, transactionId } = object
  if (
    transactionId !== null &&
    (await deps.store.of(tenantId).find('transactions', transactionId))
  ) {
    return null
  }
  return whileLeased(deps, `object:payment_intent:${drift.processorId}`, () =>
    adoptPayment(deps, object),
  ).then(done => done?.result ?? null)
}

/** Only a refund that never reached the processor can be asked for again. */
async function pushOurs(
  deps: Deps,
  callerFor: (tenantId: string) => Caller,
  drift: Drift,
): Promise<void> {
  const { objectType, field, tenantId, objectId } = drift
  if (objectType !== 'refund' || field !== 'missing_there') remains(drift)
  if (tenantId === null || objectId === null) remains(drift)
  const reads = deps.store.of(tenantId)
  const refund = await reads.get('transactions', objectId)
  const payment = await reads.get('transactions', refund.relatedTransactionId ?? '')
  if (payment.processorId === null) remains(drift)
  await runRefund(deps, callerFor(tenantId), refund, payment.processorId)
}

function remains({ field, ours, theirs }: Drift): never {
  return refuse('drift_remains', { field, ours: ours ?? '-', theirs: theirs ?? '-' })
}

/** What our record says now of the field that differed. */
async function oursNow(deps: Deps, drift: Drift): Promise<string | null> {
  const { system } = deps.store
  const where = { processorId: drift.processorId }
  if (drift.objectType === 'subscription') {
    const [copy] = (await system.list('subscriptions', { where, limit: 1 })).rows
    return copy === undefined ? null : (mirroredFields(copy)[drift.field] ?? null)
  }
  const { rows } =
    drift.objectType === 'dispute'
      ? await system.list('disputes', { where, limit: 1 })
      : await system.list('transactions', { where, limit: 1 })
  const [row] = rows
  if (row === undefined) return null
  switch (drift.field) {
    case 'missing_here':
    case 'missing_there':
    case 'status':
      return row.status
    case 'amount':
      return String(row.amountMinor)
    case 'currency':
      return row.currency
    case 'fee':
      return row.feeMinor === null ? null : String(row.feeMinor)
    case 'net':
      return 'netMinor' in row && row.netMinor !== null ? String(row.netMinor) : null
    case 'held':
      return 'heldMinor' in row ? String(row.heldMinor) : null
    default:
      return null
  }
}

async function audit(
  deps: Deps,
  callerFor: (tenantId: string) => Caller,
  drift: Drift,
): Promise<void> {
  if (drift.tenantId === null) return
  const caller = callerFor(drift.tenantId)
  const { at } = await enter(deps, caller)
  const { objectType, objectId, processorId, field, ours, theirs, resolution, note } = drift
  await deps.store.transaction(drift.tenantId, tx =>
    record(deps, tx, caller, at, [
      {
        type: 'drift.resolved',
        objectId: objectId ?? processorId,
        data: { driftId: drift.id, objectType, field, ours, theirs, resolution, note },
      },
    ]),
  )
}
