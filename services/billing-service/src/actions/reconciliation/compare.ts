// Everything that the processor made in a span of time held against our records, and our records of that
// time against the processor. It reads on both sides and changes nothing.
import {
  compareDispute,
  comparePayment,
  compareRefund,
  type Difference,
  feesOf,
  heldBy,
  missingHere,
  missingThere,
  type Tally,
  tallies,
} from '../../core/comparison.ts'
import type { Transaction } from '../../core/payment.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { ListedObject, ProcessorObject } from '../../ports/processor.ts'
import { paymentOf } from '../payments/payment-of.ts'

type ObjectOf<K extends ProcessorObject['kind']> = Extract<ProcessorObject, { kind: K }>

export interface Comparison {
  readonly tallies: readonly Tally[]
  readonly differences: readonly Difference[]
  /** The processor's objects that were looked at, as `<type>:<id>`. */
  readonly compared: ReadonlySet<string>
  /** Objects of the account that name nothing of ours. */
  readonly foreignCount: number
}

const batchMax = 100

interface Comparing {
  readonly deps: Deps
  readonly sums: ReturnType<typeof tallies>
  readonly differences: Difference[]
  readonly compared: Set<string>
  foreignCount: number
}

/** Compares what was made from an instant to another, in real time. */
export async function compareSpan(deps: Deps, from: Instant, to: Instant): Promise<Comparison> {
  const comparing: Comparing = {
    deps,
    sums: tallies(),
    differences: [],
    compared: new Set(),
    foreignCount: 0,
  }
  for (const kind of ['payment', 'refund', 'dispute'] as const) {
    let batch: ListedObject[] = []
    for await (const listed of deps.processor.walk(kind, { from, to })) {
      batch.push(listed)
      if (batch.length < batchMax) continue
      await compareBatch(comparing, kind, batch)
      batch = []
    }
    await compareBatch(comparing, kind, batch)
  }
  await comparePayouts(comparing, from, to)
  await lookForOurs(comparing, from, to)
  const { sums, differences, compared, foreignCount } = comparing
  return { tallies: sums.list(), differences, compared, foreignCount }
}

async function compareBatch(
  comparing: Comparing,
  kind: 'payment' | 'refund' | 'dispute',
  batch: readonly ListedObject[],
): Promise<void> {
  if (batch.length === 0) return
  const { system } = comparing.deps.store
  const where = { processorId: { in: batch.map(({ id }) => id) } }
  if (kind === 'dispute') {
    const { rows } = await system.list('disputes', { where, limit: 1_000 })
    const ours = new Map(rows.map(row => [row.processorId, row]))
    for (const { id, object } of batch) {
      if (object.kind === 'dispute') await compareOneDispute(comparing, object, ours.get(id))
    }
    return
  }
  const { rows } = await system.list('transactions', { where, limit: 1_000 })
  const ours = new Map(rows.map(row => [row.processorId, row]))
  for (const { id, object } of batch) {
    if (object.kind === 'payment') await compareOnePayment(comparing, id, object, ours.get(id))
    if (object.kind === 'refund') await compareOneRefund(comparing, id, object, ours.get(id))
  }
}

async function compareOnePayment(
  comparing: Comparing,
  id: string,
  object: ObjectOf<'payment'>,
  ours: Transaction | undefined,
): Promise<void> {
  const { deps, sums, differences, compared } = comparing
  const { observation: seen, tenantId } = object
  if (ours === undefined) {
    const claimed =
      tenantId === null ? null : await deps.store.of(tenantId).find('tenants', tenantId)
    if (claimed === null) {
      comparing.foreignCount += 1
      return
    }
  }
  compared.add(`payment:${id}`)
  if (seen.status === 'succeeded') {
    sums.add('theirs', 'payments', seen.currency, seen.amountMinor)
    if (seen.feeMinor !== null) {
      sums.add('theirs', 'fees', seen.settlementCurrency ?? seen.currency, seen.feeMinor)
    }
  }
  if (ours === undefined) {
    // A payment that never moved money is no loss; one that did must be here.
    const moved = seen.status === 'succeeded' || seen.status === 'processing'
    if (moved) differences.push(missingHere('payment', { ...seen, processorId: id }, tenantId))
    return
  }
  addPayment(comparing, ours)
  differences.push(...comparePayment(ours, seen))
}

function addPayment({ sums }: Comparing, ours: Transaction): void {
  if (ours.status !== 'succeeded') return
  sums.add('ours', 'payments', ours.currency, ours.amountMinor)
  if (ours.feeMinor === null) return
  sums.add('ours', 'fees', ours.settlementCurrency ?? ours.currency, ours.feeMinor)
}

async function compareOneRefund(
  comparing: Comparing,
  id: string,
  { observation: seen, processorPaymentId }: ObjectOf<'refund'>,
  ours: Transaction | undefined,
): Promise<void> {
  const { deps, sums, differences, compared } = comparing
  const payment = ours ?? (await paymentOf(deps, { processorPaymentId }))
  if (payment === null) {
    comparing.foreignCount += 1
    return
  }
  compared.add(`refund:${id}`)
  if (seen.status === 'succeeded') sums.add('theirs', 'refunds', seen.currency, seen.amountMinor)
  if (ours === undefined) {
    const lost = seen.status === 'failed' || seen.status === 'canceled'
    const facts = { ...seen, processorId: id }
    if (!lost) differences.push(missingHere('refund', facts, payment.tenantId))
    return
  }
  if (ours.status === 'succeeded') sums.add('ours', 'refunds', ours.currency, ours.amountMinor)
  differences.push(...compareRefund(ours, seen))
}

async function compareOneDispute(
  comparing: Comparing,
  { observation: seen }: ObjectOf<'dispute'>,
  ours: Parameters<typeof compareDispute>[0] | undefined,
): Promise<void> {
  const { deps, sums, differences, compared } = comparing
  const payment = ours ?? (await paymentOf(deps, seen))
  if (payment === null) {
    comparing.foreignCount += 1
    return
  }
  compared.add(`dispute:${seen.processorId}`)
  const settled = seen.movements[0]?.currency ?? seen.currency
  sums.add('theirs', 'disputes', settled, heldBy(seen))
  sums.add('theirs', 'dispute_fees', settled, feesOf(seen))
  if (ours === undefined) {
    differences.push(missingHere('dispute', seen, payment.tenantId))
    return
  }
  sums.add('ours', 'disputes', ours.settlementCurrency, ours.heldMinor)
  sums.add('ours', 'dispute_fees', ours.settlementCurrency, ours.feeMinor)
  differences.push(...compareDispute(ours, seen))
}

/** Payouts of the account against what was booked as having reached the bank. */
async function comparePayouts(
  { deps, sums }: Comparing,
  from: Instant,
  to: Instant,
): Promise<void> {
  for await (const { id } of deps.processor.walk('payout', { from, to })) {
    const object = await deps.processor.readObject('payout', id)
    if (object?.kind !== 'payout' || object.observation.status !== 'paid') continue
    const { currency, amountMinor } = object.observation
    sums.add('theirs', 'payouts', currency, amountMinor)
    const ours = await deps.store.system.find('payouts', id)
    if (ours?.status === 'paid') sums.add('ours', 'payouts', currency, ours.matchedMinor)
  }
}

/** Ours that were written down in the span and that the walk did not meet: the processor is asked for each. */
async function lookForOurs(comparing: Comparing, from: Instant, to: Instant): Promise<void> {
  const { deps, compared, differences } = comparing
  const ours = deps.store.system.stream('transactions', {
    range: { field: 'recordedAt', from, to },
    order: { field: 'recordedAt', direction: 'asc' },
  })
  for await (const row of ours) {
    if (row.status !== 'succeeded' || row.processorId === null) continue
    if (row.type !== 'payment' && row.type !== 'refund') continue
    if (compared.has(`${row.type}:${row.processorId}`)) continue
    const type = row.type === 'payment' ? 'payment_intent' : 'refund'
    if ((await deps.processor.readObject(type, row.processorId)) !== null) continue
    compared.add(`${row.type}:${row.processorId}`)
    differences.push(missingThere(row))
    if (row.type === 'payment') addPayment(comparing, row)
    else comparing.sums.add('ours', 'refunds', row.currency, row.amountMinor)
  }
}
