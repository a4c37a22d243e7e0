// Erases what is kept about the persons of a tenant. What a field becomes stands beside its record in
// ports/collections; here is only the order in which it happens. Each step may be repeated: a process that dies
// half-way leaves the rest to the next call.
import { stateOfKey } from '../../core/api-key.ts'
import type { Caller } from '../../core/caller.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import type { TenantCollection } from '../../ports/collections.ts'
import { refuseMissing, shapeOf } from '../../ports/shape.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { revokeKey } from '../api-keys/key-verbs.ts'
import { enter } from '../enter.ts'
import { removeMethod } from '../payment-methods/method-verbs.ts'
import { record } from '../record.ts'
import { deleteEndpoint } from '../webhook-endpoints/endpoint-verbs.ts'
import { assertErasable } from './assert-erasable.ts'
import { destroyKeys } from './destroy-keys.ts'
import {
  eraseInbox,
  eraseRows,
  eraseWithin,
  isErased,
  personalCollections,
  unerased,
} from './erase-rows.ts'

export interface Erasure {
  readonly tenantId: string
  /** Rows by collection that this call emptied or removed. */
  readonly erased: Readonly<Record<string, number>>
  readonly kept: readonly {
    readonly collection: string
    readonly rows: number
    readonly fields: readonly string[]
    readonly basis: 'invoice_law' | 'accountability'
  }[]
}

/**
 * Erases for good; `confirm` is the tenant's id once more. Refuses `not_found` for a tenant that never was,
 * `invalid_request` without the confirmation, and `erasure_blocked` while something is live, owed or contested.
 */
export async function eraseTenant(deps: Deps, caller: Caller, confirm: string): Promise<Erasure> {
  const { tenantId } = caller
  if (confirm !== tenantId) {
    const message = 'must be the id of the tenant whose personal data are erased'
    refuse('invalid_request', {}, [{ path: '/confirm', message }])
  }
  const reads = deps.store.of(tenantId)
  if ((await reads.find('tenants', tenantId)) === null) refuseMissing('tenants')
  await assertErasable(reads)
  const { at } = await enter(deps, caller)
  await endMethods(deps, caller)
  await endAccess(deps, caller)
  const erased = await unerased(deps, tenantId)
  if (Object.keys(erased).length > 0) {
    await deps.store.transaction(tenantId, tx => eraseAccounts(deps, tx, caller, at, erased))
    for (const collection of personalCollections) await eraseRows(deps, tenantId, collection)
    await eraseInbox(deps, tenantId)
  }
  await destroyKeys(deps, tenantId)
  return { tenantId, erased, kept: await keptOf(deps, tenantId) }
}

/**
 * Methods that are not erased yet are let go here and at the processor. One that went before is let go there once
 * more, because the process may have died between the two.
 */
async function endMethods(deps: Deps, caller: Caller): Promise<void> {
  for await (const method of deps.store.of(caller.tenantId).stream('paymentMethods', {})) {
    if (isErased('paymentMethods', method)) continue
    if (method.status !== 'detached') await removeMethod(deps, caller, method.id)
    else await deps.processor.detachMethod(method.processorId)
  }
}

/** Keys and webhook endpoints end with the persons who had them. */
async function endAccess(deps: Deps, caller: Caller): Promise<void> {
  const reads = deps.store.of(caller.tenantId)
  const now = deps.clock.real()
  for await (const key of reads.stream('apiKeys', {})) {
    if (stateOfKey(key, now) === 'active') await revokeKey(deps, caller, key.id)
  }
  for await (const endpoint of reads.stream('webhookEndpoints', {})) {
    if (endpoint.state !== 'deleted') await deleteEndpoint(deps, caller, endpoint.id)
  }
}

/** Who the tenant is goes in the transaction that says so, after a last look at what stands in the way. */
async function eraseAccounts(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  at: number,
  erased: Readonly<Record<string, number>>,
): Promise<void> {
  const { tenantId } = caller
  await tx.lock('tenants', tenantId)
  await assertErasable(tx)
  await eraseWithin(tx, 'tenants')
  await eraseWithin(tx, 'customers')
  await record(deps, tx, caller, at, [
    { type: 'tenant.erased', objectId: tenantId, data: { erased } },
  ])
}

async function keptOf(deps: Deps, tenantId: string): Promise<Erasure['kept']> {
  const kept: Erasure['kept'][number][] = []
  for (const collection of personalCollections) {
    const { retained } = shapeOf(collection)
    if (retained === undefined) continue
    const rows = await deps.store.of(tenantId).count(collection as TenantCollection, {})
    if (rows > 0) kept.push({ collection, rows, ...retained })
  }
  return kept
}
