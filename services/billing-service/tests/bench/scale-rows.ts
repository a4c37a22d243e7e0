// What a database of years of use has in it, row by row: the n-th of each kind is always the same.
import type { InvoiceLine } from '../../src/core/invoice.ts'
import {
  customerRow,
  dayMs,
  invoiceRow,
  methodRow,
  subscriptionRow,
  tenantRow,
  transactionRow,
} from '../../src/ports/contract/rows.ts'

export interface Sizes {
  readonly subscriptions: number
  /** Each with its paid invoice. */
  readonly transactions: number
  /** Usage events. */
  readonly usage: number
}

/** One tenant has a full page of everything at the smallest size already, and a hundredth of all that comes. */
export const largeTenant = 'scale-large'
const largeShare = 100
const largeFirst = 50

/** Begin of the running period of every subscription, and what lies behind it. */
const periodStart = Date.now() - 10 * dayMs
const periodEnd = periodStart + 30 * dayMs
const historyMs = 700 * dayMs

const isLarge = (n: number): boolean => n < largeFirst || n % largeShare === largeShare - 1

/** The subscription of an ordinary tenant, anywhere among so many. */
export function ordinaryAmong(subscriptions: number, n: number): number {
  const at = largeFirst + ((n * 7_919) % (subscriptions - largeFirst))
  return isLarge(at) ? at - 1 : at
}

export const tenantOf = (n: number): string =>
  isLarge(n) ? largeTenant : `scale-${String(n).padStart(9, '0')}`

/** Names that sort as they were made, as the service's own do. */
const idOf = (kind: string, n: number): string => `${kind}_s${String(n).padStart(10, '0')}`
export const subscriptionOf = (n: number): string => idOf('sub', n)

const customerIdOf = (n: number) => idOf('cus', isLarge(n) ? 0 : n + 1) as never

/** The large tenant and its customer. */
export function largeOpening() {
  const customer = customerRow(largeTenant, { id: idOf('cus', 0) as never, isDefault: true })
  return { customer, tenant: tenantRow(largeTenant, { defaultCustomerId: customer.id }) }
}

/** The n-th subscription with its card; and its customer and tenant, unless it is the large tenant's. */
export function agreement(n: number) {
  const customer = customerRow(tenantOf(n), { id: customerIdOf(n), isDefault: true })
  const method = methodRow(customer, { id: idOf('pm', n) as never, processorId: idOf('pm_at', n) })
  const subscription = subscriptionRow(customer, {
    id: subscriptionOf(n) as never,
    currentPeriodStart: periodStart,
    currentPeriodEnd: periodEnd,
    nextBillingAt: periodEnd,
    anchorAt: periodStart,
    anchorDay: new Date(periodStart).getUTCDate(),
    createdAt: periodStart - (n % 700) * dayMs,
    liveKey: isLarge(n) ? `${customer.id}:standard:${n}` : `${customer.id}:standard`,
  })
  const tenant = tenantRow(customer.tenantId, { defaultCustomerId: customer.id })
  const own = isLarge(n) ? [] : [{ customer, tenant }]
  return { method, subscription, own }
}

const recurring = (n: number, start: number): InvoiceLine => ({
  id: idOf('il', n) as never,
  kind: 'recurring',
  description: 'Starter, monthly',
  descriptionZh: '入门版，按月',
  quantity: '1',
  unitAmount: '10',
  amountMinor: 1_000,
  discountMinor: 100,
  taxMinor: 72,
  taxRatePpm: null,
  periodStart: start,
  periodEnd: start + 30 * dayMs,
  planCode: 'starter',
  metric: null,
  why: null,
})

/** The n-th payment of all, and the invoice that it paid; subscriptions share them evenly. */
export function payment(n: number, { subscriptions }: Sizes) {
  const of = n % subscriptions
  const customer = customerRow(tenantOf(of), { id: customerIdOf(of) })
  const at = Math.floor(periodStart - historyMs + ((n * 7_919) % 10_000) * 0.0001 * historyMs)
  const subscriptionId = subscriptionOf(of) as never
  const invoice = invoiceRow(customer, {
    id: idOf('inv', n) as never,
    invoiceNumber: `S${of}-${n}`,
    subscriptionId,
    status: 'paid',
    billingReason: 'subscription_cycle',
    lines: [recurring(n, at)],
    amountPaidMinor: 972,
    planCode: 'starter',
    issuedAt: at,
    paidAt: at,
    closedAt: at,
    createdAt: at,
    updatedAt: at,
  })
  const transaction = transactionRow(customer, {
    id: idOf('txn', n) as never,
    invoiceId: invoice.id,
    subscriptionId,
    processorId: idOf('pi', n),
    planCode: 'starter',
    methodType: 'card',
    createdAt: at,
    recordedAt: at,
    processedAt: at,
    updatedAt: at,
  })
  return { invoice, transaction }
}

const begun = new Date(periodStart).toISOString()

/** The n-th usage event as a line; keys in the order of time, two metrics over the days since the period began. */
export function usageLine(n: number, { subscriptions }: Sizes): string {
  const of = (n * 31) % subscriptions
  const moment = new Date(periodStart + ((n * 7_919) % 9_000_000) * 96).toISOString()
  const [metric, day] = [n % 3 === 0 ? 'api_calls' : 'messages', moment.slice(0, 10)]
  const key = idOf('use', n)
  return `${tenantOf(of)},${key},${subscriptionOf(of)},${metric},1,,${moment},${begun},${day},f,${moment}`
}
