// Our transactions, our ledger and the sandbox, held against each other to the cent. Each difference is one
// sentence that names it.
import type Stripe from 'stripe'
import type { Transaction } from '../../src/core/payment.ts'
import type { Store } from '../../src/ports/store.ts'

/** Everything the sandbox holds about money. */
export interface Theirs {
  readonly intents: readonly Stripe.PaymentIntent[]
  readonly charges: readonly Stripe.Charge[]
  readonly refunds: readonly Stripe.Refund[]
  readonly movements: readonly Stripe.BalanceTransaction[]
}

async function all<T extends { id: string }>(list: Stripe.ApiListPromise<T>): Promise<T[]> {
  const found: T[] = []
  for await (const each of list) found.push(each)
  return found
}

export async function readTheirs(stripe: Stripe): Promise<Theirs> {
  return {
    intents: await all(stripe.paymentIntents.list({ limit: 100 })),
    charges: await all(stripe.charges.list({ limit: 100, expand: ['data.balance_transaction'] })),
    refunds: await all(stripe.refunds.list({ limit: 100 })),
    movements: await all(stripe.balanceTransactions.list({ limit: 100 })),
  }
}

export async function readOurs(store: Store): Promise<Transaction[]> {
  const found: Transaction[] = []
  for await (const { tenantId } of store.system.stream('tenants', {})) {
    const rows = store.of(tenantId).stream('transactions', {
      order: { field: 'createdAt', direction: 'asc' },
    })
    for await (const row of rows) found.push(row)
  }
  return found
}

const idOf = (reference: string | { readonly id: string } | null): string =>
  typeof reference === 'string' ? reference : (reference?.id ?? '')

const label = ({ tenantId, id }: Transaction): string => `${tenantId} ${id}`

function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const key = keyOf(row)
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return groups
}

/** Each charge that took money is one payment of ours, of the same amount and fee, and the other way round. */
export function comparePayments(ours: readonly Transaction[], theirs: Theirs): string[] {
  const payments = ours.filter(({ type }) => type === 'payment')
  const byIntent = new Map(payments.map(payment => [payment.processorId, payment]))
  const charged = theirs.charges.filter(({ status }) => status === 'succeeded')
  const chargesOf = grouped(charged, charge => idOf(charge.payment_intent))
  const broken: string[] = []
  for (const [intentId, charges] of chargesOf) {
    if (charges.length > 1) broken.push(`doubled: ${intentId} was charged ${charges.length} times`)
    const payment = byIntent.get(intentId)
    if (payment === undefined) broken.push(`lost: ${intentId} took money that we do not know`)
    else broken.push(...compareCharge(payment, charges[0]!))
  }
  for (const payment of payments) {
    const known = chargesOf.has(payment.processorId ?? '')
    if (payment.status === 'succeeded' && !known) {
      broken.push(`invented: ${label(payment)} has no charge`)
    }
  }
  const named = grouped(
    theirs.intents.filter(({ status }) => status === 'succeeded'),
    intent => intent.metadata.transaction_id ?? intent.id,
  )
  for (const [id, intents] of named) {
    if (intents.length > 1) broken.push(`doubled: ${id} has ${intents.length} paid intents`)
  }
  return broken
}

function compareCharge(payment: Transaction, charge: Stripe.Charge): string[] {
  const booked = charge.balance_transaction
  if (booked === null || typeof booked === 'string') return [`${charge.id} was never booked`]
  const here = [
    payment.status,
    payment.currency,
    payment.amountMinor,
    payment.feeMinor,
    payment.netMinor,
  ].join(' ')
  const currency = charge.currency.toUpperCase()
  const there = ['succeeded', currency, charge.amount, booked.fee, booked.net].join(' ')
  return here === there ? [] : [`${label(payment)}: ${here} here, ${there} there`]
}

/** Each refund is one of ours, in the same state, and the other way round. */
export function compareRefunds(ours: readonly Transaction[], theirs: Theirs): string[] {
  const refunds = ours.filter(({ type }) => type === 'refund')
  const byId = new Map(refunds.map(refund => [refund.processorId, refund]))
  const broken: string[] = []
  for (const refund of theirs.refunds) {
    const known = byId.get(refund.id)
    if (known === undefined) {
      broken.push(`lost: ${refund.id} gave money back that we do not know`)
      continue
    }
    const here = `${known.status} ${known.amountMinor} ${known.currency}`
    const there = `${refund.status} ${refund.amount} ${refund.currency.toUpperCase()}`
    if (here !== there) broken.push(`${label(known)}: ${here} here, ${there} there`)
  }
  const ids = new Set(theirs.refunds.map(({ id }) => id))
  for (const refund of refunds) {
    const wasMade = ids.has(refund.processorId ?? '')
    if (!wasMade && refund.status !== 'failed' && refund.status !== 'canceled') {
      broken.push(`invented: ${label(refund)} is ${refund.status} and unknown there`)
    }
  }
  const requested = grouped(
    refunds.filter(({ requestKey }) => requestKey !== null),
    refund => `${refund.tenantId} ${refund.requestKey}`,
  )
  for (const [key, rows] of requested) {
    if (rows.length > 1) broken.push(`doubled: request ${key} made ${rows.length} refunds`)
  }
  return broken
}

/** An invoice has what its payments brought, never more than it asked for, and says so when it is paid. */
export async function compareInvoices(
  store: Store,
  ours: readonly Transaction[],
  toldPaid: ReadonlySet<string>,
): Promise<string[]> {
  const broken: string[] = []
  const received = ours.filter(({ type, status }) => type === 'payment' && status === 'succeeded')
  const paymentsOf = grouped(received, ({ invoiceId }) => invoiceId ?? '')
  for await (const { tenantId } of store.system.stream('tenants', {})) {
    for await (const invoice of store.of(tenantId).stream('invoices', {})) {
      const payments = paymentsOf.get(invoice.id) ?? []
      const paidMinor = payments.reduce((total, { amountMinor }) => total + amountMinor, 0)
      const name = `${tenantId} ${invoice.id}`
      if (payments.length > 1) broken.push(`doubled: ${name} was paid ${payments.length} times`)
      if (paidMinor !== invoice.amountPaidMinor) {
        broken.push(`${name}: ${paidMinor} were paid, it says ${invoice.amountPaidMinor}`)
      }
      if (toldPaid.has(invoice.id) && invoice.status !== 'paid') {
        broken.push(`lost: ${name} was called paid and is ${invoice.status}`)
      }
    }
  }
  return broken
}

/** What the ledger says lies with the processor is what the sandbox's balance adds up to. */
export async function compareLedger(store: Store, theirs: Theirs): Promise<string[]> {
  const groups = await store.system.sum('ledgerEntries', {
    sum: ['amountMinor'],
    groupBy: ['account', 'currency'],
  })
  const broken: string[] = []
  const currencies = new Set(groups.map(({ group }) => String(group.currency)))
  for (const { currency } of theirs.movements) currencies.add(currency.toUpperCase())
  for (const currency of currencies) {
    const own = groups.filter(({ group }) => group.currency === currency)
    const sum = own.reduce((total, { sums }) => total + Number(sums.amountMinor), 0)
    if (sum !== 0) broken.push(`the ledger is ${sum} ${currency} out of balance`)
    const clearing = own.find(({ group }) => group.account === 'processor_clearing')
    const here = Number(clearing?.sums.amountMinor ?? 0)
    const there = theirs.movements
      .filter(each => each.currency.toUpperCase() === currency)
      .reduce((total, { net }) => total + net, 0)
    if (here !== there) {
      broken.push(`${currency}: ${here} with the processor by the ledger, ${there} by the sandbox`)
    }
  }
  return broken
}
