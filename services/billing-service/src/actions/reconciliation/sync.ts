// Reading everything of one tenant again from the processor: payments of its customers, their refunds and
// disputes, its methods. Whatever differs is settled by the same functions that settle events.
import type { Verdict } from '../../core/inbox.ts'
import type { Transaction } from '../../core/payment.ts'
import type { Deps } from '../../deps.ts'
import type { CollectionName } from '../../ports/collections.ts'
import type { Reads } from '../../ports/store.ts'
import { readMark, removeMark, writeMark } from '../marks.ts'
import { settleNow } from '../webhooks/settle-now.ts'

export interface Synced {
  readonly payments: number
  readonly refunds: number
  readonly disputes: number
  readonly methods: number
  /** Objects that named nothing of ours. */
  readonly ignored: number
}

const none: Synced = { payments: 0, refunds: 0, disputes: 0, methods: 0, ignored: 0 }

const plus = (a: Synced, b: Synced): Synced => ({
  payments: a.payments + b.payments,
  refunds: a.refunds + b.refunds,
  disputes: a.disputes + b.disputes,
  methods: a.methods + b.methods,
  ignored: a.ignored + b.ignored,
})

type Counted = Exclude<keyof Synced, 'ignored'>

const counted = (what: Counted, verdict: Verdict | null): Synced =>
  verdict?.state === 'ignored' && verdict.tenantId === undefined
    ? { ...none, ignored: 1 }
    : { ...none, [what]: 1 }

/** Reads everything of a tenant again. Throws `ProcessorUnavailable`; it may be run again at any time. */
export async function syncTenant(deps: Deps, tenantId: string): Promise<Synced> {
  const reads = deps.store.of(tenantId)
  let synced = none
  const order = { field: 'createdAt', direction: 'asc' } as const
  for await (const customer of reads.stream('customers', { order })) {
    const { processorId } = customer
    if (processorId === null) continue
    const found = deps.processor.walk('payment', { processorCustomerId: processorId })
    for await (const { id } of found) {
      synced = plus(synced, counted('payments', await settleNow(deps, 'payment_intent', id)))
    }
  }
  for await (const payment of reads.stream('transactions', { where: { type: 'payment' }, order })) {
    synced = plus(synced, await syncPayment(deps, payment))
  }
  return plus(synced, await syncMethods(deps, reads))
}

async function syncPayment(deps: Deps, payment: Transaction): Promise<Synced> {
  const { processorId: processorPaymentId, status } = payment
  if (processorPaymentId === null || status !== 'succeeded') return none
  let synced = none
  for (const [kind, what] of [
    ['refund', 'refunds'],
    ['dispute', 'disputes'],
  ] as const) {
    for await (const { id } of deps.processor.walk(kind, { processorPaymentId })) {
      synced = plus(synced, counted(what, await settleNow(deps, kind, id)))
    }
  }
  return synced
}

async function syncMethods(deps: Deps, reads: Reads<CollectionName>): Promise<Synced> {
  let synced = none
  const methods = reads.stream('paymentMethods', {
    order: { field: 'createdAt', direction: 'asc' },
  })
  for await (const { processorId, status } of methods) {
    if (status === 'detached') continue
    const verdict = await settleNow(deps, 'payment_method', processorId)
    synced = plus(synced, counted('methods', verdict))
  }
  return synced
}

const markId = 'sync'

export interface SyncProgress {
  readonly tenants: number
  readonly done: number
  readonly synced: Synced
}

/**
 * Reads everything of all tenants again, in the order of their making. The mark names the last one that was
 * finished, so that a sync that was stopped goes on from there; at the end it is removed.
 */
export async function syncAll(
  deps: Deps,
  options: { readonly restart: boolean; readonly onProgress: (progress: SyncProgress) => void },
): Promise<SyncProgress> {
  const { system } = deps.store
  const mark = options.restart ? null : await readMark(deps, markId)
  const tenants = await system.count('tenants', {})
  let done = 0
  let synced = none
  const order = { field: 'createdAt', direction: 'asc' } as const
  for await (const { tenantId, createdAt } of system.stream('tenants', { order })) {
    done += 1
    const place = `${String(createdAt).padStart(16, '0')}:${tenantId}`
    if (mark !== null && place <= mark) continue
    synced = plus(synced, await syncTenant(deps, tenantId))
    await writeMark(deps, markId, place)
    options.onProgress({ tenants, done, synced })
  }
  await removeMark(deps, markId)
  return { tenants, done, synced }
}
