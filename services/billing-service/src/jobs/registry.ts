// Our own work, by name. Each job is idempotent, resumable and safe to run on several instances at once.

import { expireApprovals } from '../actions/approvals/decide-approval.ts'
import { collectInvoice } from '../actions/dunning/collect-invoice.ts'
import { endDunning } from '../actions/dunning/end-dunning.ts'
import { runExports } from '../actions/exports/run-exports.ts'
import { finalizeDue } from '../actions/invoices/finalize-due.ts'
import { sendDueMails } from '../actions/mail/send-mail.ts'
import { checkOrder } from '../actions/mirror/check-order.ts'
import { remindExpiring, remindOverdue, remindRenewals } from '../actions/notices/due-notices.ts'
import { checkLedger } from '../actions/operations/read-numbers.ts'
import { askAgainLater, reconcileAttempt } from '../actions/payments/reconcile-attempt.ts'
import { applyRetention } from '../actions/privacy/apply-retention.ts'
import { certifyMonth, monthBefore } from '../actions/reconciliation/certify.ts'
import { compareNightly } from '../actions/reconciliation/drift-inbox.ts'
import { watchPayments } from '../actions/reports/payment-health.ts'
import { sealWaiting } from '../actions/seals/seal-rows.ts'
import { renewTogether } from '../actions/subscriptions/renew-subscription.ts'
import { deliverDue } from '../actions/webhook-endpoints/deliver.ts'
import { passBackMs, routeEvents, sweepBackMs } from '../actions/webhook-endpoints/route-events.ts'
import { applyInbox } from '../actions/webhooks/apply-inbox.ts'
import { backfillEvents } from '../actions/webhooks/backfill-events.ts'
import type { Invoice } from '../core/invoice.ts'
import type { Deps } from '../deps.ts'
import { hastenWork } from './hasten-work.ts'
import { count, eachOf, inLanes, type Taken } from './rows-due.ts'

export interface Job {
  readonly name: string
  readonly says: string
  /** How often it looks for work when there was none. */
  readonly everyMs: number
  /** A timed job: when it runs, as a cron pattern in UTC. Others run continuously. */
  readonly at?: string
  /** Does one bounded piece of work; `taken` says how much there was. */
  run(deps: Deps): Promise<Taken>
  /** Before the first run after one to which the database was away. */
  resume?(deps: Deps): Promise<void>
}

const secondMs = 1_000
const batchMax = 50

// Of all jobs the one that asks most often, so it is the first to notice that the database was away.
const applyEvents: Job = {
  name: 'apply-events',
  says: 'applies stored webhooks: each object is read afresh and settled',
  everyMs: secondMs / 4,
  run: applyInbox,
  resume: hastenWork,
}

const reconcile: Job = {
  name: 'reconcile',
  says: 'asks the processor about attempts without a final result and settles them',
  everyMs: 5 * secondMs,
  async run(deps) {
    const now = deps.clock.real()
    const unfinished = await deps.store.system.claim('transactions', {
      field: 'checkAt',
      now,
      leaseUntil: now + 60 * secondMs,
      limit: batchMax,
    })
    const results: string[] = []
    for (const transaction of unfinished) {
      const result = await reconcileAttempt(deps, transaction).catch(error => {
        const reason = error instanceof Error ? error.message : String(error)
        deps.log.warn({ transactionId: transaction.id, reason }, 'reconciliation will try again')
        return 'failed' as const
      })
      if (result !== 'settled') await askAgainLater(deps, transaction)
      results.push(result)
    }
    return { taken: unfinished.length, ...count(results) }
  },
}

const leaseMs = 5 * 60 * secondMs

/** What is due of live tenants; test tenants are worked on as their clocks are moved. */
function dueNow({ clock }: Deps) {
  const now = clock.real()
  return { where: { clock: 'live' }, now, leaseUntil: now + leaseMs } as const
}

const renewDue: Job = {
  name: 'renew-due',
  says: 'renews subscriptions whose period or trial has ended and drafts their invoices',
  everyMs: 2 * secondMs,
  run: deps =>
    inLanes(
      deps,
      'renew-due',
      limit =>
        deps.store.system.claim('subscriptions', {
          field: 'nextBillingAt',
          ...dueNow(deps),
          limit,
        }),
      step => renewTogether(deps, step),
    ),
}

const checkOrders: Job = {
  name: 'check-orders',
  says: 'asks Stripe about subscriptions ordered there that it has not answered for',
  everyMs: 10 * secondMs,
  async run(deps) {
    const now = deps.clock.real()
    const waiting = await deps.store.system.claim('subscriptions', {
      field: 'checkAt',
      now,
      leaseUntil: now + 60 * secondMs,
      limit: batchMax,
    })
    return eachOf(deps, 'check-orders', waiting, row => checkOrder(deps, row))
  },
}

type InvoiceWork = (
  deps: Deps,
  job: string,
  claim: (limit: number) => Promise<readonly Invoice[]>,
) => Promise<Taken>

/** Work that asks others than the store, so that each invoice has its own. */
const apart =
  (work: (deps: Deps, tenantId: string, invoiceId: string) => Promise<string>): InvoiceWork =>
  async (deps, job, claim) =>
    eachOf(deps, job, await claim(batchMax), ({ tenantId, id }) => work(deps, tenantId, id))

/** Jobs that take open or draft invoices by the time at which something is due for them. */
const invoiceJob = (
  name: string,
  says: string,
  field: 'finalizeAt' | 'nextAttemptAt' | 'giveUpAt',
  work: InvoiceWork,
): Job => ({
  name,
  says,
  everyMs: 2 * secondMs,
  run: deps =>
    work(deps, name, limit =>
      deps.store.system.claim('invoices', { field, ...dueNow(deps), limit }),
    ),
})

const finalizeDrafts = invoiceJob(
  'finalize-drafts',
  'turns drafts into demands when their window has passed',
  'finalizeAt',
  (deps, job, claim) =>
    inLanes(deps, job, claim, step =>
      deps.store.together(step, (store, { tenantId, id }) =>
        finalizeDue({ ...deps, store }, tenantId, id),
      ),
    ),
)

const collectDue = invoiceJob(
  'collect-due',
  'charges open invoices whose next try is due: first charges, and retries of dunning',
  'nextAttemptAt',
  apart(collectInvoice),
)

const finishDunning = invoiceJob(
  'end-dunning',
  'takes the final action when no retry is left and grace is over',
  'giveUpAt',
  apart(endDunning),
)

/** Notices, each given once: the run after the last new one finds none. */
const noticeJob = (
  name: string,
  says: string,
  at: string,
  remind: (deps: Deps) => Promise<number>,
): Job => ({
  name,
  says,
  everyMs: 60 * secondMs,
  at,
  async run(deps) {
    const notices = await remind(deps)
    return { taken: notices, notices }
  },
})

const sendMails: Job = {
  name: 'send-mail',
  says: 'sends the mails of the outbox and tries again what a server refused for now',
  everyMs: secondMs,
  async run(deps) {
    const results = await sendDueMails(deps)
    return { taken: results.length, ...count(results) }
  },
}

const routeNewEvents: Job = {
  name: 'route-events',
  says: 'hands new events to the webhook endpoints that want them',
  everyMs: secondMs,
  async run(deps) {
    const routed = await routeEvents(deps, passBackMs)
    return { taken: routed, routed }
  },
}

const deliverWebhooks: Job = {
  name: 'deliver-webhooks',
  says: 'delivers events to webhook endpoints and tries again for 3 days',
  everyMs: secondMs,
  async run(deps) {
    const results = await deliverDue(deps)
    return { taken: results.length, ...count(results) }
  },
}

const makeExports: Job = {
  name: 'make-exports',
  says: 'makes the files that were asked for in the background, and removes those whose time is over',
  everyMs: secondMs,
  async run(deps) {
    const results = await runExports(deps)
    return { taken: results.length, ...count(results) }
  },
}

const dailyAtEight = '0 8 * * *'
const dailyAtNine = '0 9 * * *'
const everySixHours = '0 */6 * * *'
const hourly = '0 * * * *'

const retryFailed: Job = {
  ...collectDue,
  name: 'retry-failed',
  says: 'hourly: retries failed charges whose time has come and that no loop has taken',
  at: hourly,
}

const everyTenMinutes = '*/10 * * * *'

const sweepEvents: Job = {
  name: 'sweep-events',
  says: 'every 10 minutes: hands over events whose transactions committed late',
  everyMs: 60 * secondMs,
  at: everyTenMinutes,
  run: async deps => ({ taken: 0, routed: await routeEvents(deps, sweepBackMs) }),
}

const backfill: Job = {
  name: 'backfill-events',
  says: 'every 10 minutes: finds webhooks that never arrived in the processor’s own list',
  everyMs: 60 * secondMs,
  at: everyTenMinutes,
  async run(deps) {
    const { seen, found } = await backfillEvents(deps)
    // What was found is the inbox's to work on: there is no more to take here.
    return { taken: 0, seen, found }
  },
}

const seal: Job = {
  name: 'seal',
  says: 'chains what was booked and who did what into seals, tenant by tenant',
  everyMs: 5 * secondMs,
  run: deps => sealWaiting(deps).then(counts => ({ ...counts })),
}

const nightly = '30 2 * * *'
const monthlyOnThird = '0 4 3 * *'

const compare: Job = {
  name: 'compare-with-processor',
  says: 'nightly: holds the last days against the processor; differences go to the drift inbox',
  everyMs: 60 * secondMs,
  at: nightly,
  run: async deps => ({ taken: 0, ...(await compareNightly(deps)) }),
}

const certify: Job = {
  name: 'certify-month',
  says: 'monthly: the reconciliation certificate of the month before',
  everyMs: 60 * secondMs,
  at: monthlyOnThird,
  async run(deps) {
    const month = monthBefore(deps.clock.real())
    const { differenceCount } = await certifyMonth(deps, month, 'job:certify-month')
    return { taken: 0, differences: differenceCount }
  },
}

const checkBooks: Job = {
  name: 'check-ledger',
  says: 'hourly: proves that every posting balances, for whoever watches the metrics',
  everyMs: 60 * secondMs,
  at: hourly,
  run: async deps => ({ taken: 0, ...(await checkLedger(deps)) }),
}

const dailyAtThree = '0 3 * * *'

const retention: Job = {
  name: 'apply-retention',
  says: 'daily: empties or removes mails, webhooks, answers and files that were kept long enough',
  everyMs: 60 * secondMs,
  at: dailyAtThree,
  run: async deps => ({ ...(await applyRetention(deps)) }),
}

const everyQuarterHour = '*/15 * * * *'

const watch: Job = {
  name: 'watch-payments',
  says: 'every 15 minutes: tells when failures, refunds or disputes pass their thresholds',
  everyMs: 60 * secondMs,
  at: everyQuarterHour,
  run: async deps => ({ taken: 0, alerts: await watchPayments(deps) }),
}

export const jobs: readonly Job[] = [
  applyEvents,
  backfill,
  compare,
  certify,
  watch,
  reconcile,
  seal,
  renewDue,
  checkOrders,
  finalizeDrafts,
  collectDue,
  finishDunning,
  retryFailed,
  checkBooks,
  retention,
  sendMails,
  routeNewEvents,
  sweepEvents,
  deliverWebhooks,
  makeExports,
  noticeJob(
    'expire-approvals',
    'hourly: ends what waited too long for a second person',
    hourly,
    expireApprovals,
  ),
  noticeJob(
    'remind-renewals',
    'daily: reminders before renewals and the ends of trials',
    dailyAtEight,
    remindRenewals,
  ),
  noticeJob(
    'remind-expiring-methods',
    'daily: notices about cards that end within 30 days',
    dailyAtNine,
    remindExpiring,
  ),
  noticeJob(
    'remind-overdue',
    'every 6 hours: notices about overdue invoices by stage',
    everySixHours,
    remindOverdue,
  ),
]
