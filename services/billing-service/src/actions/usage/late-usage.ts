// Usage that came for billed periods: kept until a renewal bills the difference, and given back when the
// invoice that billed it is withdrawn.
import { addDecimal, isZeroDecimal } from '../../core/decimal.ts'
import type { Invoice, InvoiceLine } from '../../core/invoice.ts'
import type { Plan } from '../../core/plan.ts'
import { refuse } from '../../core/refusal.ts'
import { isLive, type Subscription } from '../../core/subscription.ts'
import { type Instant, toIso } from '../../core/time.ts'
import type { LateTotal } from '../../core/usage.ts'
import { lateLines, minimumOffset, topUpOf } from '../../core/usage-lines.ts'
import { type LateDifference, lateDifference } from '../../core/usage-price.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { arrearsLines, invoicesOf } from './arrears-lines.ts'
import { type Meter, meterKey, totalsOf } from './meters.ts'

type Late = Pick<LateTotal, 'tenantId' | 'subscriptionId' | 'metric' | 'periodStart' | 'quantity'>

/** Adds late events to what waits for the next renewal. Their subscriptions are locked. */
export async function addLate(tx: TenantTransaction, events: readonly Late[]): Promise<void> {
  const sums = new Map<string, Late>()
  for (const event of events) {
    const before = sums.get(meterKey(event))?.quantity ?? '0'
    sums.set(meterKey(event), { ...event, quantity: addDecimal(before, event.quantity) })
  }
  for (const { tenantId, subscriptionId, metric, periodStart, quantity } of sums.values()) {
    const key = { subscriptionId, metric, periodStart }
    const waiting = await tx.find('lateTotals', key)
    if (waiting === null) {
      await tx.insert('lateTotals', { tenantId, ...key, quantity, version: 1 })
    } else {
      const added = addDecimal(waiting.quantity, quantity)
      await tx.replace('lateTotals', { ...waiting, quantity: added })
    }
  }
}

/** Late usage of one metric of one billed period, with what it costs. */
export interface LateCharge {
  readonly waiting: LateTotal
  readonly plan: Plan
  readonly periodEnd: Instant
  /** Null where nothing is sold above the quota. */
  readonly difference: LateDifference | null
}

async function waitingOf(
  tx: TenantTransaction,
  subscriptionId: Subscription['id'],
): Promise<LateTotal[]> {
  const waiting: LateTotal[] = []
  const rows = tx.stream('lateTotals', { where: { subscriptionId } })
  for await (const row of rows) if (!isZeroDecimal(row.quantity)) waiting.push(row)
  return waiting.sort((a, b) => a.periodStart - b.periodStart)
}

/** The invoice that billed a period, or will when its draft is rated once more. */
const billedBy = (invoices: readonly Invoice[], { periodStart }: Pick<Meter, 'periodStart'>) =>
  invoices.find(({ arrears, status }) => arrears?.start === periodStart && status !== 'void')

const isWaiting = (invoice: Invoice | undefined): boolean =>
  invoice?.status === 'draft' && invoice.finalizeAt !== null

/**
 * What late usage of a subscription costs now, oldest period first: for the renewal, which bills it and calls
 * `settleLate` in the same transaction. A period is rated by the terms that billed it; one whose draft is still
 * to be rated again is left to that. Lock the subscription first.
 */
export async function lateCharges(
  tx: TenantTransaction,
  subscription: Subscription,
  invoices: readonly Invoice[],
): Promise<LateCharge[]> {
  const waiting = await waitingOf(tx, subscription.id)
  const totals = await totalsOf(tx, waiting)
  const charges: LateCharge[] = []
  for (const row of waiting) {
    const billed = billedBy(invoices, row)
    if (isWaiting(billed)) continue
    const plan = await tx.get('plans', billed?.arrears?.planId ?? subscription.planId)
    if (plan.metrics[row.metric] === undefined) continue
    const used = { quantity: totals.get(meterKey(row)) ?? '0', late: row.quantity }
    const seats = billed?.arrears?.quantity ?? subscription.quantity
    const difference = lateDifference(plan, row.metric, used, {
      currency: subscription.currency,
      seats,
    })
    const { currentPeriodStart, currentPeriodEnd } = subscription
    const ended = row.periodStart < currentPeriodStart ? currentPeriodStart : currentPeriodEnd
    const periodEnd = billed?.arrears?.end ?? ended
    charges.push({ waiting: row, plan, periodEnd, difference })
  }
  return charges
}

/**
 * Refuses usage of a billed period that no invoice will bill: `usage_closed` after the end, when no renewal
 * follows, and `invalid_timestamp` where the tenant takes none. While the period's draft is open it is rated
 * once more, and nothing is refused.
 */
export async function refuseBilled(
  tx: TenantTransaction,
  subscription: Subscription,
  periodStart: Instant,
  lateUsage: 'next_invoice' | 'reject',
): Promise<void> {
  const live = isLive(subscription)
  if (live && lateUsage === 'next_invoice') return
  const billed = billedBy(await invoicesOf(tx, subscription.id), { periodStart })
  if (isWaiting(billed)) return
  if (!live) refuse('usage_closed', { endedAt: toIso(subscription.endedAt ?? periodStart) })
  refuse('invalid_timestamp', {
    value: toIso(periodStart),
    reason: 'the billing period that began then is billed',
    reasonZh: '该账期已结算',
  })
}

/** The lines of all late usage that no draft is waiting for; `settleLate` follows when they are billed. */
export async function lateDue(
  deps: Pick<Deps, 'ids'>,
  tx: TenantTransaction,
  subscription: Subscription,
): Promise<{ readonly lines: readonly InvoiceLine[]; readonly charges: readonly LateCharge[] }> {
  if ((await waitingOf(tx, subscription.id)).length === 0) return { lines: [], charges: [] }
  const invoices = await invoicesOf(tx, subscription.id)
  const charges = await lateCharges(tx, subscription, invoices)
  const newId = () => deps.ids.next('invoiceLine')
  const starts = [...new Set(charges.map(({ waiting }) => waiting.periodStart))]
  const lines: InvoiceLine[] = []
  for (const start of starts) {
    const own = charges.filter(({ waiting }) => waiting.periodStart === start)
    const { plan, periodEnd: end } = own[0]!
    const late = own.flatMap(({ waiting, difference }) => {
      const of = { metric: waiting.metric, lateQuantity: waiting.quantity }
      return lateLines(newId, plan, of, difference, { start, end })
    })
    lines.push(...late)
    const arrears = billedBy(invoices, { periodStart: start })?.arrears
    if (!arrears) continue
    const topUpMinor = topUpOf(await arrearsLines(deps, tx, subscription, arrears))
    const spend = { invoices, topUpMinor }
    lines.push(...minimumOffset(newId, plan, subscription.currency, { start, end }, spend))
  }
  return { lines, charges }
}

/** Marks late usage as billed. */
export async function settleLate(
  tx: TenantTransaction,
  charges: readonly Pick<LateCharge, 'waiting'>[],
): Promise<void> {
  if (charges.length === 0) return
  await tx.replaceMany(
    'lateTotals',
    charges.map(({ waiting }) => ({ ...waiting, quantity: '0' })),
  )
}

/** A draft that was rated once more holds everything its period used so far. Its subscription is locked. */
export async function absorbLate(
  tx: TenantTransaction,
  subscriptionId: Subscription['id'],
  periodStart: Instant,
): Promise<void> {
  const waiting = await waitingOf(tx, subscriptionId)
  const own = waiting.filter(row => row.periodStart === periodStart)
  await settleLate(
    tx,
    own.map(row => ({ waiting: row })),
  )
}

/** What a withdrawn invoice billed of late usage waits for the next renewal again. */
export async function returnLate(tx: TenantTransaction, invoice: Invoice): Promise<void> {
  const { tenantId, subscriptionId } = invoice
  if (subscriptionId === null) return
  const late = invoice.lines.flatMap(({ why, metric, periodStart }) =>
    why?.rule === 'usage.late' && metric !== null && periodStart !== null
      ? [{ tenantId, subscriptionId, metric, periodStart, quantity: `${why.inputs.lateQuantity}` }]
      : [],
  )
  if (late.length === 0) return
  await tx.lock('subscriptions', subscriptionId)
  await addLate(tx, late)
}
