// What is due for one test tenant: the next moment at which something happens, and doing it. Live jobs never
// see test tenants; this is their timetable.

import type { Invoice } from '../../core/invoice.ts'
import { type DueNotice, expiryNotice, overdueNotices, renewalNotice } from '../../core/notices.ts'
import type { Transaction } from '../../core/payment.ts'
import { isFinal } from '../../core/payment.ts'
import type { Plan } from '../../core/plan.ts'
import { isLive, type Subscription } from '../../core/subscription.ts'
import type { BillingSettings } from '../../core/tenant.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import { collectInvoice } from '../dunning/collect-invoice.ts'
import { endDunning } from '../dunning/end-dunning.ts'
import { finalizeDue } from '../invoices/finalize-due.ts'
import { sendMailsOf } from '../mail/send-mail.ts'
import { costsNothing } from '../notices/due-notices.ts'
import { giveNotice } from '../notices/give-notice.ts'
import { reconcileAttempt } from '../payments/reconcile-attempt.ts'
import { renewSubscription } from '../subscriptions/renew-subscription.ts'

/** Slow money is asked about this long after it was sent, in billing time. */
const slowMoneyMs = 3_600_000

interface Pending {
  readonly subscriptions: readonly Subscription[]
  readonly invoices: readonly Invoice[]
  readonly unfinished: readonly Transaction[]
  /** Not given yet, oldest first. */
  readonly notices: readonly DueNotice[]
}

async function collect<R>(rows: AsyncIterable<R>): Promise<R[]> {
  const all: R[] = []
  for await (const row of rows) all.push(row)
  return all
}

/** Everything of the tenant that time may still act on. */
export async function pendingOf(
  deps: Deps,
  tenantId: string,
  settings: BillingSettings,
): Promise<Pending> {
  const reads = deps.store.of(tenantId)
  const order = { field: 'createdAt', direction: 'asc' } as const
  const subscriptions = (await collect(reads.stream('subscriptions', { order }))).filter(isLive)
  const invoices = await collect(
    reads.stream('invoices', { where: { status: { in: ['draft', 'open'] } }, order }),
  )
  const unfinished = await collect(
    reads.stream('transactions', {
      where: { status: { in: ['pending', 'processing', 'requires_action'] } },
      order,
    }),
  )
  const methods = await collect(
    reads.stream('paymentMethods', { where: { status: 'active' }, order }),
  )
  const plans = await reads.getMany('plans', [...new Set(subscriptions.map(s => s.planId))])
  const notices = [
    ...subscriptions.map(s => renewalNotice(s, { ...settings, free: freeOf(plans, s) })),
    ...invoices.flatMap(overdueNotices),
    ...methods.map(expiryNotice),
  ].filter(notice => notice !== null)
  const given = await reads.getMany(
    'notices',
    notices.slice(0, 1000).map(({ id }) => id),
  )
  const known = new Set(given.map(({ id }) => id))
  return {
    subscriptions,
    invoices,
    unfinished,
    notices: notices.filter(({ id }) => !known.has(id)).sort((a, b) => a.dueAt - b.dueAt),
  }
}

const freeOf = (plans: readonly Plan[], subscription: Subscription): boolean => {
  const plan = plans.find(each => each.id === subscription.planId)
  return plan === undefined || costsNothing(plan, subscription)
}

/** The next moment at which something is due; past ones count as they are. Null: nothing ever is. */
export function nextMoment(pending: Pending, from: Instant): Instant | null {
  const { subscriptions, invoices, unfinished, notices } = pending
  const times = [
    ...subscriptions.map(s => s.nextBillingAt),
    ...invoices.flatMap(i => [i.finalizeAt, i.nextAttemptAt, i.giveUpAt]),
    ...notices.map(notice => notice.dueAt),
    ...unfinished.map(t => t.createdAt + slowMoneyMs).filter(time => time > from),
  ].filter(time => time !== null)
  return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b))
}

const dueBy = <R>(rows: readonly R[], timeOf: (row: R) => Instant | null, at: Instant): R[] =>
  rows
    .filter(row => (timeOf(row) ?? Number.POSITIVE_INFINITY) <= at)
    .sort((a, b) => (timeOf(a) ?? 0) - (timeOf(b) ?? 0))

/** Does once what is due at an instant, in the order in which live jobs would. */
export async function workAt(
  deps: Deps,
  tenantId: string,
  pending: Pending,
  at: Instant,
): Promise<void> {
  const { subscriptions, invoices, unfinished, notices } = pending
  for (const { id } of unfinished) {
    const current = await deps.store.of(tenantId).get('transactions', id)
    if (!isFinal(current.status)) await reconcileAttempt(deps, current)
  }
  for (const { id } of dueBy(subscriptions, s => s.nextBillingAt, at)) {
    await renewSubscription(deps, tenantId, id)
  }
  for (const { id } of dueBy(invoices, i => i.finalizeAt, at)) await finalizeDue(deps, tenantId, id)
  for (const { id } of dueBy(invoices, i => i.nextAttemptAt, at)) {
    await collectInvoice(deps, tenantId, id)
  }
  for (const { id } of dueBy(invoices, i => i.giveUpAt, at)) await endDunning(deps, tenantId, id)
  for (const notice of dueBy(notices, n => n.dueAt, at))
    await giveNotice(deps, tenantId, notice, at)
  // In the moment of its cause: written later it would say what is so by then.
  await sendMailsOf(deps, tenantId)
}
