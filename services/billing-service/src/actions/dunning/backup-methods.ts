// When the method that pays fails, the customer's other methods are tried at once, each a try of its own, where
// the tenant allows it. The schedule of retries is the failed method's and does not move.
import type { Caller } from '../../core/caller.ts'
import { declineOf } from '../../core/declines.ts'
import { presentmentsOf, presentmentsSpent, withinLimits } from '../../core/dunning.ts'
import { amountDueMinor, type Invoice } from '../../core/invoice.ts'
import { isFinal, type Transaction } from '../../core/payment.ts'
import { isChargeable, type PaymentMethod } from '../../core/payment-method.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import type { Entered } from '../enter.ts'
import { type Attempt, beginAttempt, runAttempt } from '../payments/charge.ts'
import { backupReason, isBlocked, recentTriesOn, triesOf } from './after-failure.ts'

/** Further methods tried in one go. */
const backupsMax = 3

/** Tries the other methods in order: the default first, then the oldest. Answers the last try. */
export async function tryBackups(
  deps: Deps,
  caller: Caller,
  entered: Entered,
  failed: Transaction,
): Promise<Transaction> {
  if (!entered.settings.backupMethods || failed.invoiceId === null) return failed
  const tried = new Set([failed.paymentMethodId])
  let last = failed
  while (isWorthAnother(last) && tried.size <= backupsMax) {
    const begun = await deps.store.transaction(caller.tenantId, tx =>
      begin(deps, tx, entered, failed.invoiceId!, tried),
    )
    if (begun === null) break
    tried.add(begun.method.id)
    last = await runAttempt(deps, caller, begun.attempt.transaction, begun.method, {
      offSession: true,
      representment: begun.representment,
      description: `Invoice ${begun.attempt.invoice.invoiceNumber}`,
    })
  }
  return last
}

/** A fault of ours would fail with every method. */
const isWorthAnother = (last: Transaction): boolean =>
  last.status === 'failed' && declineOf(last).class !== 'ours'

async function begin(
  deps: Deps,
  tx: TenantTransaction,
  { at, now }: Entered,
  invoiceId: string,
  tried: ReadonlySet<string | null>,
): Promise<{ attempt: Attempt; method: PaymentMethod; representment: boolean } | null> {
  const invoice = await tx.lock('invoices', invoiceId)
  const tries = await triesOf(tx, invoice)
  const over = invoice.status !== 'open' || amountDueMinor(invoice) <= 0
  if (over || tries.some(each => !isFinal(each.status))) return null
  for (const method of await others(tx, invoice, tried)) {
    if (isBlocked(method, tries) || presentmentsSpent(tries, method.fingerprint, at)) continue
    const recent = await recentTriesOn(tx, method.fingerprint, at)
    if (withinLimits(at, recent) > at) continue
    const attempt = await beginAttempt(deps, tx, {
      invoice,
      method,
      subscriptionId: invoice.subscriptionId,
      offSession: true,
      reason: backupReason,
      at,
      now,
    })
    return { attempt, method, representment: presentmentsOf(tries, method.fingerprint, at) > 0 }
  }
  return null
}

async function others(
  tx: TenantTransaction,
  invoice: Invoice,
  tried: ReadonlySet<string | null>,
): Promise<readonly PaymentMethod[]> {
  const { defaultPaymentMethodId } = await tx.get('customers', invoice.customerId)
  const { rows } = await tx.list('paymentMethods', {
    where: { customerId: invoice.customerId },
    order: { field: 'createdAt', direction: 'asc' },
    limit: 100,
  })
  const first = (method: PaymentMethod) => (method.id === defaultPaymentMethodId ? 0 : 1)
  return rows
    .filter(method => isChargeable(method) && !tried.has(method.id))
    .sort((a, b) => first(a) - first(b))
}
