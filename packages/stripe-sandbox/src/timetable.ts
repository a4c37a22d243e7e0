// Which scheduled task does what. The single place where a task's kind meets its resource.

import { settleDebit } from './bank-debits.ts'
import {
  announceTrialEnd,
  collectDueInvoice,
  expireIncomplete,
  finalizeDueInvoice,
  renewSubscription,
} from './billing/subscriptions.ts'
import { expireDueSession } from './checkouts.ts'
import { expireAuthorization } from './payments.ts'
import { makeFundsAvailable } from './resources/balance.ts'
import { postLateBalance } from './resources/charges.ts'
import { openPromisedDispute } from './resources/disputes.ts'
import { failRefund, settleRefund } from './resources/refunds.ts'
import type { Work } from './state.ts'
import type { Task, TaskKind } from './tables.ts'
import { expireVerification } from './verification.ts'

const handlers: Record<TaskKind, (work: Work, about: string) => void> = {
  settle_debit: settleDebit,
  settle_refund: settleRefund,
  fail_refund: failRefund,
  expire_authorization: expireAuthorization,
  expire_verification: expireVerification,
  post_balance: postLateBalance,
  make_funds_available: makeFundsAvailable,
  open_dispute: openPromisedDispute,
  expire_session: expireDueSession,
  renew_subscription: renewSubscription,
  end_trial_soon: announceTrialEnd,
  expire_incomplete: expireIncomplete,
  finalize_invoice: finalizeDueInvoice,
  collect_invoice: collectDueInvoice,
}

/** Does what a due task stands for. */
export function runTask(work: Work, task: Task): void {
  handlers[task.kind](work, task.about)
}
