// Proof that the stored events lead to the stored rows: the attempts of a tenant are put into an empty store
// as they were first written down, the tenant's events are applied there again, and what comes out is held
// against what we have. It changes nothing on our side.
import type { Transaction } from '../../core/payment.ts'
import type { Deps } from '../../deps.ts'
import type { CollectionName } from '../../ports/collections.ts'
import type { Reads, Store } from '../../ports/store.ts'
import { madeElsewhere } from '../transactions/adopt-refund.ts'
import { emptyTransaction } from '../transactions/empty-transaction.ts'
import { applyInbox } from '../webhooks/apply-inbox.ts'

export interface RebuiltDifference {
  readonly transactionId: string
  readonly field: string
  readonly stored: string
  readonly rebuilt: string
}

export interface Rebuilt {
  readonly events: number
  readonly compared: number
  /** Attempts that no stored event tells of: they were never sent, or their events came before this inbox. */
  readonly untold: number
  readonly differences: readonly RebuiltDifference[]
}

const order = { field: 'createdAt', direction: 'asc' } as const

async function all<R>(rows: AsyncIterable<R>): Promise<R[]> {
  const list: R[] = []
  for await (const row of rows) list.push(row)
  return list
}

/** Replays the tenant's inbox into `scratch`, an empty store, and compares the transactions. */
export async function rebuildTenant(
  deps: Deps,
  scratch: Store,
  tenantId: string,
): Promise<Rebuilt> {
  const reads = deps.store.of(tenantId)
  const stored = await all(reads.stream('transactions', { order }))
  await layGround(reads, scratch, tenantId, stored)
  const events = await copyEvents(deps, scratch, tenantId)
  const scratchDeps: Deps = { ...deps, store: scratch }
  while ((await applyInbox(scratchDeps)).taken > 0);
  const rebuilt = await all(scratch.of(tenantId).stream('transactions', { order }))
  return { events, ...compare(stored, rebuilt) }
}

/** The tenant and its attempts as they were written down before the processor was asked. */
async function layGround(
  reads: Reads<CollectionName>,
  scratch: Store,
  tenantId: string,
  stored: readonly Transaction[],
): Promise<void> {
  const [tenant, customers, methods] = [
    await reads.get('tenants', tenantId),
    await all(reads.stream('customers', { order })),
    await all(reads.stream('paymentMethods', { order })),
  ]
  await scratch.transaction(tenantId, async tx => {
    await tx.insert('tenants', tenant)
    await tx.insertMany('customers', customers)
    await tx.insertMany('paymentMethods', methods)
    await tx.insertMany('transactions', stored.flatMap(asWritten(stored)))
  })
}

/** Whether we asked for it ourselves and the processor has made it. */
const reached = ({ reason, processorId }: Transaction): boolean =>
  reason !== madeElsewhere && processorId !== null

const asWritten =
  (stored: readonly Transaction[]) =>
  (row: Transaction): Transaction[] => {
    const ours = row.type === 'payment' || row.type === 'refund'
    if (!ours || !reached(row)) return []
    const pending = stored
      .filter(({ relatedTransactionId: of, type }) => of === row.id && type === 'refund')
      .filter(reached)
      .reduce((sum, { amountMinor }) => sum + amountMinor, 0)
    return [
      {
        ...row,
        ...emptyTransaction,
        paymentMethodId: row.paymentMethodId,
        relatedTransactionId: row.relatedTransactionId,
        methodType: row.methodType,
        methodBrand: row.methodBrand,
        methodLast4: row.methodLast4,
        fingerprint: row.fingerprint,
        offSession: row.offSession,
        reason: row.reason,
        amountRefundPendingMinor: pending,
        status: 'pending',
      },
    ]
  }

async function copyEvents(deps: Deps, scratch: Store, tenantId: string): Promise<number> {
  const events = await all(
    deps.store.system.stream('inbox', {
      where: { tenantId, state: 'applied' },
      order: { field: 'receivedAt', direction: 'asc' },
    }),
  )
  const now = deps.clock.real()
  await scratch.system.transaction(tx =>
    tx.insertMany(
      'inbox',
      events.map(event => ({
        ...event,
        state: 'received' as const,
        attempts: 0,
        dueAt: now,
        processedAt: null,
      })),
    ),
  )
  return events.length
}

const fields = [
  'type',
  'status',
  'amountMinor',
  'currency',
  'feeMinor',
  'netMinor',
  'settlementCurrency',
  'amountRefundedMinor',
  'amountRefundPendingMinor',
  'amountDisputedMinor',
  'processorId',
  'processorChargeId',
] as const satisfies readonly (keyof Transaction)[]

/** Our own attempts are known by their id, what others made by the processor's. */
function compare(stored: readonly Transaction[], rebuilt: readonly Transaction[]) {
  const byId = new Map(rebuilt.map(row => [row.id, row]))
  const byProcessor = new Map(rebuilt.map(row => [row.processorId, row]))
  const differences: RebuiltDifference[] = []
  let compared = 0
  let untold = 0
  for (const row of stored) {
    if (row.processorId === null || row.reason === 'payout_fee') continue
    const again = byId.get(row.id) ?? byProcessor.get(row.processorId)
    if (again === undefined || again.processorId === null) {
      untold += 1
      continue
    }
    compared += 1
    for (const field of fields) {
      if (row[field] === again[field]) continue
      const [was, is] = [String(row[field]), String(again[field])]
      differences.push({ transactionId: row.id, field, stored: was, rebuilt: is })
    }
  }
  return { compared, untold, differences }
}
