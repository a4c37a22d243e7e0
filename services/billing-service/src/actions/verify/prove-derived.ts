// What is proved of that which reports read: daily sums are those of their rows, and the log of recurring
// revenue adds up to what live subscriptions are worth.
import { isLive } from '../../core/subscription.ts'
import type { Store } from '../../ports/store.ts'
import { monthlyValue } from '../derived/move-revenues.ts'
import {
  type BookReads,
  everyTenant,
  type OpenProof,
  type Proof,
  type Proving,
  proofOf,
} from './proof.ts'

type Sums = ReadonlyMap<string, number>

/** How often figures that differ are read again: both are true of different moments while work goes on. */
const readingsMax = 3

async function compareSums(
  proof: OpenProof,
  tenantId: string,
  what: string,
  read: () => Promise<readonly [Sums, Sums]>,
): Promise<void> {
  let [totals, rows] = await read()
  for (let reading = 1; reading < readingsMax && differs(totals, rows); reading += 1) {
    ;[totals, rows] = await read()
  }
  for (const name of new Set([...totals.keys(), ...rows.keys()])) {
    proof.equal(`${tenantId} ${name}`, what, totals.get(name) ?? 0, rows.get(name) ?? 0)
  }
}

const differs = (one: Sums, other: Sums): boolean =>
  [...new Set([...one.keys(), ...other.keys()])].some(
    name => (one.get(name) ?? 0) !== (other.get(name) ?? 0),
  )

/** Daily sums of the ledger, as kept and as its lines add up. */
export async function ledgerSums(reads: BookReads): Promise<readonly [Sums, Sums]> {
  const groupBy = ['account', 'kind', 'currency'] as const
  const [totals, rows] = await Promise.all([
    reads.sum('ledgerTotals', {
      sum: ['debitMinor', 'creditMinor', 'entries'],
      groupBy: ['day', ...groupBy],
    }),
    reads.sum('ledgerEntries', {
      sum: ['amountMinor'],
      groupBy,
      bucket: { field: 'bookedAt', unit: 'day', zone: 'UTC' },
    }),
  ])
  const kept = new Map<string, number>()
  const read = new Map<string, number>()
  for (const { group, sums } of totals) {
    const name = `${group.day} ${group.account} ${group.kind} ${group.currency}`
    kept.set(name, Number(sums.debitMinor) - Number(sums.creditMinor))
    kept.set(`${name} lines`, Number(sums.entries))
  }
  for (const { group, bucket, sums, count } of rows) {
    const name = `${bucket} ${group.account} ${group.kind} ${group.currency}`
    read.set(name, Number(sums.amountMinor))
    read.set(`${name} lines`, count)
  }
  return [kept, read]
}

/** Daily sums of transactions, as kept and as the rows that succeeded add up. */
export async function transactionSums(reads: BookReads): Promise<readonly [Sums, Sums]> {
  const bucket = { field: 'createdAt', unit: 'day', zone: 'UTC' } as const
  const [totals, rows] = await Promise.all([
    reads.sum('transactionTotals', {
      sum: ['amountMinor', 'transactions'],
      groupBy: ['day', 'type', 'currency'],
    }),
    reads.sum('transactions', {
      where: { status: 'succeeded' },
      sum: ['amountMinor', 'feeMinor'],
      groupBy: ['type', 'currency', 'settlementCurrency'],
      bucket,
    }),
  ])
  const kept = new Map<string, number>()
  const read = new Map<string, number>()
  const add = (name: string, amount: number) => read.set(name, (read.get(name) ?? 0) + amount)
  for (const { group, sums } of totals) {
    const name = `${group.day} ${group.type} ${group.currency}`
    kept.set(name, Number(sums.amountMinor))
    if (group.type !== 'payment_fee') kept.set(`${name} rows`, Number(sums.transactions))
  }
  for (const { group, bucket: day, sums, count } of rows) {
    add(`${day} ${group.type} ${group.currency}`, Number(sums.amountMinor))
    add(`${day} ${group.type} ${group.currency} rows`, count)
    if (group.type !== 'payment') continue
    const feeCurrency = group.settlementCurrency ?? group.currency
    add(`${day} payment_fee ${feeCurrency}`, Number(sums.feeMinor))
  }
  return [kept, read]
}

/** The sums that summaries and reports read are those of the rows, day by day. */
export async function proveTotals(deps: Proving): Promise<Proof> {
  const proof = proofOf('daily sums are those of their rows')
  for await (const { tenantId, reads } of everyTenant(deps)) {
    await compareSums(proof, tenantId, 'daily sum and ledger lines', () => ledgerSums(reads))
    await compareSums(proof, tenantId, 'daily sum and transactions', () => transactionSums(reads))
  }
  return proof.done()
}

/** What each subscription is worth by the log, and by its plan and discounts; what each customer is, besides. */
async function revenueSums(store: Store, reads: BookReads): Promise<readonly [Sums, Sums]> {
  const logged = new Map<string, number>()
  const worth = new Map<string, number>()
  const add = (sums: Map<string, number>, name: string, amount: number) =>
    sums.set(name, (sums.get(name) ?? 0) + amount)
  const groups = await reads.sum('mrrMovements', {
    sum: ['changeMinor'],
    groupBy: ['subscriptionId', 'customerId', 'currency'],
  })
  for (const { group, sums } of groups) {
    add(logged, String(group.subscriptionId), Number(sums.changeMinor))
    add(logged, `${group.customerId}:${group.currency}`, Number(sums.changeMinor))
  }
  for await (const subscription of reads.stream('subscriptions', {})) {
    if (!isLive(subscription)) continue
    add(worth, subscription.id, await monthlyValue(store, reads, subscription))
  }
  for await (const revenue of reads.stream('recurringRevenues', {})) {
    add(worth, revenue.id, revenue.mrrMinor)
  }
  return [logged, worth]
}

/** The log of recurring revenue adds up to what live subscriptions are worth a month. */
export async function proveMovements(deps: Proving): Promise<Proof> {
  const proof = proofOf(
    'movements of recurring revenue add up to what live subscriptions are worth',
  )
  for await (const { tenantId, reads } of everyTenant(deps)) {
    await compareSums(proof, tenantId, 'monthly value by the log and by its plan', () =>
      revenueSums(deps.store, reads),
    )
  }
  return proof.done()
}
