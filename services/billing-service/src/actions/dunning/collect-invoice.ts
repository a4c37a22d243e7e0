// Charging an open invoice without the payer: first tries of renewals and retries of dunning.
import { type Caller, systemCaller } from '../../core/caller.ts'
import { presentmentsOf, presentmentsSpent, withinLimits } from '../../core/dunning.ts'
import { amountDueMinor, type Invoice } from '../../core/invoice.ts'
import { type Currency, isMovable, maximumChargeMinor } from '../../core/money.ts'
import { isFinal, type Transaction } from '../../core/payment.ts'
import { isChargeable, type PaymentMethod } from '../../core/payment-method.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { type Entered, enter } from '../enter.ts'
import { type Attempt, beginAttempt, runAttempt } from '../payments/charge.ts'
import { record } from '../record.ts'
import { afterFailure, isBlocked, isOfSchedule, recentTriesOn, triesOf } from './after-failure.ts'
import { tryBackups } from './backup-methods.ts'

const lookAgainMs = 6 * 3_600_000

export type Collected = Transaction['status'] | 'no_method' | 'postponed' | 'nothing'

/** Tries to charge an invoice whose time has come; the caller knows that it is due. */
export async function collectInvoice(
  deps: Deps,
  tenantId: string,
  invoiceId: string,
): Promise<Collected> {
  const caller = systemCaller(tenantId, 'collect-due', invoiceId)
  const entered = await enter(deps, caller)
  const begun = await deps.store.transaction(tenantId, tx =>
    begin(deps, tx, caller, entered, invoiceId),
  )
  if (typeof begun === 'string') return begun
  const settled = await runAttempt(deps, caller, begun.attempt.transaction, begun.method, {
    offSession: true,
    representment: begun.representment,
    description: `Invoice ${begun.attempt.invoice.invoiceNumber}`,
  })
  const last =
    settled.status === 'failed' ? await tryBackups(deps, caller, entered, settled) : settled
  return last.status
}

async function begin(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  { at, now, settings }: Entered,
  invoiceId: string,
): Promise<Collected | { attempt: Attempt; method: PaymentMethod; representment: boolean }> {
  const locked = await tx.lock('invoices', invoiceId)
  // The one flag that says whose debt it is: Stripe collects what Stripe bills.
  if (locked.nextAttemptAt === null || locked.processorId !== null) return 'nothing'
  const invoice: Invoice = { ...locked, nextAttemptAt: null, updatedAt: at }
  const tries = await triesOf(tx, invoice)
  // A try that is under way schedules the next one when it is settled.
  const running = tries.some(each => !isFinal(each.status))
  if (amountDueMinor(invoice) <= 0 || running || (await endedBy(tx, invoice))) {
    // What the payer started may come to nothing: it is looked at again.
    const byPayer = tries.some(each => !isFinal(each.status) && !each.offSession)
    const nextAttemptAt = byPayer ? at + lookAgainMs : null
    await tx.replace('invoices', { ...invoice, nextAttemptAt })
    return 'nothing'
  }
  const hindrance = hindranceOf(amountDueMinor(invoice), invoice.currency)
  if (hindrance !== null) {
    await tx.replace('invoices', invoice)
    const data = { amountMinor: amountDueMinor(invoice), currency: invoice.currency }
    await record(deps, tx, caller, at, [{ type: hindrance, objectId: invoice.id, data }])
    return 'nothing'
  }
  const method = await methodToTry(tx, invoice, tries, at)
  if (typeof method === 'string' || method === null) {
    const settling = { deps, tx, caller, settings, at }
    await afterFailure(settling, invoice, method === null ? null : lastFailed(tries))
    return 'no_method'
  }
  const allowedAt = withinLimits(at, await recentTriesOn(tx, method.fingerprint, at))
  if (allowedAt > at) {
    await tx.replace('invoices', { ...invoice, nextAttemptAt: allowedAt })
    return 'postponed'
  }
  const { subscriptionId } = invoice
  const attempt = await beginAttempt(deps, tx, {
    invoice,
    method,
    subscriptionId,
    offSession: true,
    at,
    now,
  })
  const representment = presentmentsOf(tries, method.fingerprint, at) > 0
  return { attempt, method, representment }
}

/** What no charge can take, as the event that says so: the payer settles it in another way. */
function hindranceOf(amountMinor: number, currency: Currency) {
  if (amountMinor > maximumChargeMinor(currency)) return 'invoice.too_large_to_charge'
  // What is left after a payment in part may lie between the steps in which money is moved.
  return isMovable(amountMinor, currency) ? null : 'invoice.not_chargeable'
}

const lastFailed = (tries: readonly Transaction[]): Transaction | null =>
  tries.find(each => each.status === 'failed' && isOfSchedule(each)) ?? null

/** The end of a subscription ends collecting for it, but for what it used up to its end. */
async function endedBy(tx: TenantTransaction, invoice: Invoice): Promise<boolean> {
  if (invoice.subscriptionId === null || invoice.billingReason === 'subscription_cancel')
    return false
  const { status } = await tx.get('subscriptions', invoice.subscriptionId)
  return status === 'canceled' || status === 'incomplete_expired'
}

/**
 * The subscription's own method before the customer's default, and one that came after the last failure
 * before both; never one that must not be charged again, or one that waits for its holder and has not been
 * changed since. `blocked`: there are only such.
 */
async function methodToTry(
  tx: TenantTransaction,
  invoice: Invoice,
  tries: readonly Transaction[],
  at: Instant,
): Promise<PaymentMethod | 'blocked' | null> {
  const customer = await tx.get('customers', invoice.customerId)
  const own =
    invoice.subscriptionId === null
      ? invoice.paymentMethodId
      : (await tx.get('subscriptions', invoice.subscriptionId)).paymentMethodId
  const methods = await tx.getMany(
    'paymentMethods',
    [own, customer.defaultPaymentMethodId].filter(id => id !== null),
  )
  const usable = methods.filter(isChargeable)
  const open = usable.filter(
    method => !isBlocked(method, tries) && !presentmentsSpent(tries, method.fingerprint, at),
  )
  const failedAt = lastFailed(tries)?.createdAt ?? Number.POSITIVE_INFINITY
  const fresh = open.find(method => method.createdAt >= failedAt)
  return fresh ?? open[0] ?? (usable.length > 0 ? 'blocked' : null)
}
