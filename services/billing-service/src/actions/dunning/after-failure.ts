// What a charge that failed, or could not be tried, does to its invoice and its subscription. The policy is
// core's; here it meets the rows. Runs inside the transaction that settles the try.
import type { Caller } from '../../core/caller.ts'
import { declineOf } from '../../core/declines.ts'
import { type DunningStep, nextStep, presentmentsOf } from '../../core/dunning.ts'
import type { Invoice } from '../../core/invoice.ts'
import type { Transaction } from '../../core/payment.ts'
import type { PaymentMethod } from '../../core/payment-method.ts'
import type { Subscription } from '../../core/subscription.ts'
import { withStatus } from '../../core/subscription.ts'
import type { BillingSettings } from '../../core/tenant.ts'
import { type Instant, toIso } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { record } from '../record.ts'

/** A settlement under way: its transaction, who asks, and billing time. */
export interface Settling {
  readonly deps: Deps
  readonly tx: TenantTransaction
  readonly caller: Caller
  readonly settings: BillingSettings
  readonly at: Instant
}

const recentMs = 30 * 86_400_000

/** The tries to pay an invoice, newest first. */
export async function triesOf(
  tx: TenantTransaction,
  invoice: Pick<Invoice, 'id'>,
): Promise<readonly Transaction[]> {
  const { rows } = await tx.list('transactions', {
    where: { invoiceId: invoice.id },
    order: { field: 'createdAt', direction: 'desc' },
    limit: 100,
  })
  return rows.filter(row => row.type === 'payment')
}

/** Tries without the payer on one card or account in the last 30 days, over all invoices of the tenant. */
export async function recentTriesOn(
  tx: TenantTransaction,
  fingerprint: string | null,
  at: Instant,
): Promise<readonly { readonly at: Instant; readonly fingerprint: string | null }[]> {
  if (fingerprint === null) return []
  const { rows } = await tx.list('transactions', {
    where: { fingerprint },
    range: { field: 'createdAt', from: at - recentMs },
    order: { field: 'createdAt', direction: 'desc' },
    limit: 100,
  })
  return rows
    .filter(row => row.offSession && row.status !== 'succeeded' && row.status !== 'canceled')
    .map(row => ({ at: row.createdAt, fingerprint }))
}

/**
 * Applies the dunning policy after a failure; `failed` is null when there was no method to charge. Invoices
 * that wait for the payer, first invoices and what the payer tried itself are no part of dunning.
 */
export async function afterFailure(
  settling: Settling,
  invoice: Invoice,
  failed: Transaction | null,
): Promise<void> {
  const { tx, settings, at } = settling
  if (invoice.status !== 'open' || invoice.collection !== 'automatic') return
  if (failed !== null && !isOfSchedule(failed)) return
  const subscription =
    invoice.subscriptionId === null ? null : await tx.lock('subscriptions', invoice.subscriptionId)
  if (subscription?.status === 'incomplete') return
  const all = await triesOf(tx, invoice)
  const tries = all.filter(isOfSchedule)
  const triesMade = tries.filter(each => each.status === 'failed').length
  const firstFailedAt = invoice.firstFailedAt ?? at
  const step = nextStep(settings, {
    at,
    firstFailedAt,
    triesMade,
    decline: failed === null ? null : declineOf(failed),
    methodType: failed === null ? null : methodTypeOf(failed),
    presentments: presentmentsOf(all, failed?.fingerprint ?? null, at),
    recentTries: await recentTriesOn(tx, failed?.fingerprint ?? null, at),
  })
  await tx.replace('invoices', {
    ...invoice,
    firstFailedAt,
    nextAttemptAt: step.retryAt,
    giveUpAt: subscription === null ? null : step.giveUpAt,
    updatedAt: at,
  })
  await tell(settling, invoice, { step, failed, triesMade })
  // A fault of ours is for the operator to mend: it ends nobody's access.
  if (subscription !== null && step.reason !== 'ours') await overdue(settling, subscription, step)
}

/** A try of dunning: made without the payer, or a debit that granted its use and came back. */
const isOurs = (each: Transaction): boolean => each.offSession || each.accessGrantedAt !== null

/** How a try with another method, right after the one that failed, is marked. */
export const backupReason = 'backup_method'

/** Whether a try without the payer counts in the schedule of retries. */
export const isOfSchedule = (each: Transaction): boolean =>
  isOurs(each) && each.reason !== backupReason

/** Whether a method may not be tried: it must never be, or it waits for its holder and was not changed. */
export function isBlocked(method: PaymentMethod, tries: readonly Transaction[]): boolean {
  return tries.some(each => {
    if (each.paymentMethodId !== method.id || each.status !== 'failed') return false
    const { class: kind } = declineOf(each)
    if (kind === 'never_retry') return true
    return kind === 'customer_must_act' && each.offSession && each.createdAt >= method.updatedAt
  })
}

const methodTypeOf = (failed: Transaction) =>
  failed.methodType === 'bank_account' ? 'bank_account' : 'card'

interface Told {
  readonly step: DunningStep
  readonly failed: Transaction | null
  readonly triesMade: number
}

async function tell(
  settling: Settling,
  invoice: Invoice,
  { step, failed, triesMade }: Told,
): Promise<void> {
  const { deps, tx, caller, at } = settling
  await record(deps, tx, caller, at, [
    {
      type: 'dunning.scheduled',
      objectId: invoice.id,
      data: {
        reason: step.reason,
        retryAt: step.retryAt === null ? null : toIso(step.retryAt),
        giveUpAt: step.giveUpAt === null ? null : toIso(step.giveUpAt),
        graceEndsAt: toIso(step.graceEndsAt),
        transactionId: failed?.id ?? null,
        triesMade,
      },
    },
  ])
}

async function overdue(
  settling: Settling,
  subscription: Subscription,
  step: DunningStep,
): Promise<void> {
  if (subscription.status !== 'active') return
  const { deps, tx, caller, at } = settling
  const pastDue = withStatus(subscription, 'past_due', at)
  await tx.replace('subscriptions', { ...pastDue, graceEndsAt: step.graceEndsAt })
  await record(deps, tx, caller, at, [
    {
      type: 'subscription.past_due',
      objectId: subscription.id,
      data: { status: [subscription.status, 'past_due'], graceEndsAt: toIso(step.graceEndsAt) },
    },
  ])
}
