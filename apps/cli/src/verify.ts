// Proves the books of a deployment: debits equal credits, each invoice owes what the ledger says, and our
// payments and refunds are the processor's. It only reads; what it finds is for people to mend.
import { amountDueMinor, type Invoice } from '@quittance/billing-service/core/invoice'
import type { Transaction } from '@quittance/billing-service/core/payment'
import type { RunningService } from '@quittance/billing-service/main'
import type { Page } from '@quittance/billing-service/ports/store'
import { exitCodes, type Run, UsageProblem } from './command.ts'
import { withService } from './composed.ts'
import { say } from './terminal.ts'

type Deps = RunningService['deps']
type Reads = ReturnType<Deps['store']['of']>

export interface Proof {
  readonly says: string
  /** How many things were compared. */
  readonly compared: number
  /** One line for each that does not hold. */
  readonly broken: readonly string[]
}

const dayMs = 86_400_000
const batchMax = 500
/** Lines printed for one broken proof; the count says how many there are. */
const shownMax = 20

async function balance(deps: Deps): Promise<Proof> {
  const groups = await deps.store.system.sum('ledgerEntries', {
    sum: ['amountMinor'],
    groupBy: ['tenantId', 'currency'],
  })
  const broken = groups
    .filter(({ sums }) => Number(sums.amountMinor) !== 0)
    .map(({ group, sums }) => `${group.tenantId}: ${sums.amountMinor} ${group.currency} too much`)
  const compared = groups.reduce((total, { count }) => total + count, 0)
  return { says: 'debits equal credits, per tenant and currency', compared, broken }
}

/** What the receivable account must hold for an invoice: nothing once it is withdrawn or given up. */
const owedMinor = (invoice: Invoice): number =>
  invoice.status === 'open' || invoice.status === 'paid' ? amountDueMinor(invoice) : 0

async function compareInvoices(reads: Reads, invoices: readonly Invoice[]): Promise<string[]> {
  const groups = await reads.sum('ledgerEntries', {
    where: { invoiceId: { in: invoices.map(({ id }) => id) } },
    sum: ['amountMinor'],
    groupBy: ['invoiceId', 'account'],
  })
  const receivable = groups.filter(({ group }) => group.account === 'receivable')
  const booked = new Map(receivable.map(({ group, sums }) => [group.invoiceId, sums.amountMinor]))
  return invoices.flatMap(invoice => {
    const ledger = Number(booked.get(invoice.id) ?? 0)
    const owed = owedMinor(invoice)
    if (ledger === owed) return []
    return [`${invoice.tenantId} ${invoice.id}: owes ${owed}, the ledger says ${ledger}`]
  })
}

async function receivables(deps: Deps): Promise<Proof> {
  const broken: string[] = []
  let compared = 0
  for await (const { tenantId } of deps.store.system.stream('tenants', {})) {
    const reads = deps.store.of(tenantId)
    let cursor: string | null = null
    do {
      const page: Page<Invoice> = await reads.list('invoices', { limit: batchMax, cursor })
      if (page.rows.length > 0) broken.push(...(await compareInvoices(reads, page.rows)))
      compared += page.rows.length
      cursor = page.nextCursor
    } while (cursor !== null)
  }
  return { says: 'each invoice owes what the ledger says', compared, broken }
}

/** The books' account of customer credit is what the balances of the customers add up to. */
async function credits(deps: Deps): Promise<Proof> {
  const by = ['tenantId', 'currency'] as const
  const [booked, held] = await Promise.all([
    deps.store.system.sum('ledgerEntries', {
      sum: ['amountMinor'],
      groupBy: [...by, 'account'],
    }),
    deps.store.system.sum('creditBalances', { sum: ['balanceMinor'], groupBy: by }),
  ])
  const nameOf = ({ group }: { group: Readonly<Record<string, unknown>> }) =>
    `${group.tenantId} ${group.currency}`
  const owed = booked.filter(({ group }) => group.account === 'customer_credit')
  const ledger = new Map(owed.map(each => [nameOf(each), -Number(each.sums.amountMinor)]))
  const balances = new Map(held.map(each => [nameOf(each), Number(each.sums.balanceMinor)]))
  const names = [...new Set([...ledger.keys(), ...balances.keys()])].sort()
  const broken = names.flatMap(name => {
    const [inLedger, inBalances] = [ledger.get(name) ?? 0, balances.get(name) ?? 0]
    if (inLedger === inBalances) return []
    return [`${name}: balances hold ${inBalances}, the ledger says ${inLedger}`]
  })
  return { says: 'credit balances are what the ledger says', compared: names.length, broken }
}

async function seenByProcessor(deps: Deps, transaction: Transaction) {
  const { id: transactionId, processorId, tenantId } = transaction
  if (transaction.type === 'refund') {
    const payment = await deps.store
      .of(tenantId)
      .get('transactions', transaction.relatedTransactionId ?? '')
    const processorPaymentId = payment.processorId ?? ''
    return await deps.processor.findRefund({ transactionId, processorId, processorPaymentId })
  }
  return await deps.processor.findPayment({
    transactionId,
    processorId,
    processorCustomerId: null,
    createdAt: transaction.recordedAt,
  })
}

async function compareWithProcessor(deps: Deps, transaction: Transaction): Promise<string | null> {
  const label = `${transaction.tenantId} ${transaction.id}`
  const seen = await seenByProcessor(deps, transaction)
  if (seen === null) return `${label}: the processor does not know it`
  if (seen.status !== 'succeeded') return `${label}: succeeded here, ${seen.status} there`
  const same =
    seen.amountMinor === transaction.amountMinor && seen.currency === transaction.currency
  if (same) return null
  const here = `${transaction.amountMinor} ${transaction.currency}`
  return `${label}: ${here} here, ${seen.amountMinor} ${seen.currency} there`
}

/** Money of a tenant that moved since an instant, as we know it. */
async function* movedSince(reads: Reads, from: number): AsyncGenerator<Transaction> {
  for (const type of ['payment', 'refund'] as const) {
    const found = reads.stream('transactions', {
      where: { type },
      range: { field: 'createdAt', from },
      order: { field: 'createdAt', direction: 'asc' },
    })
    for await (const transaction of found) {
      if (transaction.status === 'succeeded') yield transaction
    }
  }
}

async function processorMatches(deps: Deps, days: number): Promise<Proof> {
  const broken: string[] = []
  let compared = 0
  const from = deps.clock.real() - days * dayMs
  for await (const { tenantId } of deps.store.system.stream('tenants', {})) {
    for await (const transaction of movedSince(deps.store.of(tenantId), from)) {
      const wrong = await compareWithProcessor(deps, transaction)
      if (wrong !== null) broken.push(wrong)
      compared += 1
    }
  }
  return { says: `payments and refunds of ${days} days are the processor's`, compared, broken }
}

/** All proofs, in the order of their cost. */
export async function verifyBooks(deps: Deps, days: number): Promise<Proof[]> {
  return [
    await balance(deps),
    await credits(deps),
    await receivables(deps),
    await processorMatches(deps, days),
  ]
}

function daysOf(given: string | undefined): number {
  const days = Number(given ?? 30)
  if (Number.isInteger(days) && days >= 0 && days <= 3660) return days
  throw new UsageProblem(`--days takes a whole number up to 3660, not "${given}".`)
}

export const runVerify: Run = async ({ text, env }) => {
  const days = daysOf(text('days'))
  const proofs = await withService(env, ({ deps }) => verifyBooks(deps, days))
  for (const { says, compared, broken } of proofs) {
    say(`${broken.length === 0 ? 'holds ' : 'BROKEN'}  ${says} (${compared} compared)`)
    for (const line of broken.slice(0, shownMax)) say(`        ${line}`)
    if (broken.length > shownMax) say(`        and ${broken.length - shownMax} more`)
  }
  return proofs.every(({ broken }) => broken.length === 0) ? exitCodes.ok : exitCodes.problem
}
