// A dispute becomes true here: our record of it, what is frozen on its payment, what the ledger holds, its
// fees, and the subscription that the payment paid for (choice 32).
import { type Caller, systemCaller } from '../../core/caller.ts'
import {
  type Dispute,
  type DisputeObservation,
  type DisputeStep,
  endsSubscription,
  settleDispute,
} from '../../core/dispute.ts'
import { applied, ignored, type Verdict } from '../../core/inbox.ts'
import type { Invoice } from '../../core/invoice.ts'
import * as ledger from '../../core/ledger-settlement.ts'
import { cancel, isLive } from '../../core/subscription.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { returnDiscounts } from '../coupons/use-discounts.ts'
import { holdDrafts } from '../dunning/end-dunning.ts'
import { type Entered, enter } from '../enter.ts'
import { settledPaymentOf } from '../payments/payment-of.ts'
import { book, type Change, record } from '../record.ts'
import {
  type Awaited,
  assertNothingNew,
  awaitedBy,
  callOffAwaited,
  withdrawAwaited,
} from '../subscriptions/awaited.ts'
import { settleRefusedRefunds } from '../transactions/refused-refunds.ts'
import { writeFees } from './dispute-fees.ts'

interface Settling {
  readonly deps: Deps
  readonly tx: TenantTransaction
  readonly caller: Caller
  readonly entered: Entered
}

/** Settles a dispute about a payment of ours, whoever brings it and however often. */
export async function settleDisputeObject(
  deps: Deps,
  { observation }: { readonly observation: DisputeObservation },
): Promise<Verdict> {
  const payment = await settledPaymentOf(deps, observation)
  if (payment === null) return ignored('the dispute is about no payment of ours')
  const caller = systemCaller(payment.tenantId, 'webhook', observation.processorId)
  await applyDispute(deps, caller, payment.id, observation)
  return applied(payment.tenantId)
}

/**
 * Applies an observation of a dispute, in one transaction. Answers our record of it. When it ends the subscription,
 * the payment that a change waits for is called off before. Refuses `change_pending` for a change that began
 * meanwhile; it is called off the next time.
 */
export async function applyDispute(
  deps: Deps,
  caller: Caller,
  paymentId: string,
  seen: DisputeObservation,
): Promise<Dispute> {
  const entered = await enter(deps, caller)
  const awaited = await callOffForEnd(deps, caller, entered, paymentId, seen)
  return deps.store.transaction(caller.tenantId, async tx => {
    // The payment is the lock: two disputes about one payment count on the same sum.
    const payment = await tx.lock('transactions', paymentId)
    const before = await tx.find('disputes', { processorId: seen.processorId })
    const { at, now } = entered
    const id = before?.id ?? deps.ids.next('dispute')
    const step = settleDispute(before, payment, seen, { id, at, now })
    await tx.replace('transactions', step.payment)
    const dispute = await write(tx, before, step.dispute)
    const settling = { deps, tx, caller, entered }
    await bookMoney(settling, { ...step, dispute }, seen)
    await record(deps, tx, caller, at, changesOf(before, { ...step, dispute }))
    const ends = endsSubscription(step.reached, entered.settings.disputeAction)
    const withdrawn = ends ? await endSubscription(settling, dispute, awaited) : null
    if (step.reached !== null) await settleRefusedRefunds(deps, tx, payment.id, at)
    if (withdrawn !== null) await returnDiscounts(deps, tx, caller, withdrawn, at)
    return dispute
  })
}

/** Calls off what a change waits for if the dispute is going to end its subscription. */
async function callOffForEnd(
  deps: Deps,
  caller: Caller,
  { at, now, settings: { disputeAction } }: Entered,
  paymentId: string,
  seen: DisputeObservation,
): Promise<Awaited> {
  if (disputeAction === 'keep') return null
  const reads = deps.store.of(caller.tenantId)
  const payment = await reads.get('transactions', paymentId)
  if (payment.subscriptionId === null) return null
  const subscription = await reads.get('subscriptions', payment.subscriptionId)
  if (awaitedBy(subscription) === null) return null
  const before = await reads.find('disputes', { processorId: seen.processorId })
  const id = before?.id ?? deps.ids.next('dispute')
  const { reached } = settleDispute(before, payment, seen, { id, at, now })
  return endsSubscription(reached, disputeAction)
    ? callOffAwaited(deps, caller, subscription)
    : null
}

async function write(
  tx: TenantTransaction,
  before: Dispute | null,
  next: Dispute,
): Promise<Dispute> {
  if (before !== null) return tx.replace('disputes', next)
  await tx.insert('disputes', next)
  return next
}

async function bookMoney(
  { deps, tx, caller, entered }: Settling,
  { dispute, payment, lostNowMinor }: DisputeStep,
  seen: DisputeObservation,
): Promise<void> {
  const moved = seen.movements.map(movement => ledger.disputeMoved(dispute, movement))
  const lost = lostNowMinor === 0 ? [] : [ledger.disputeLost(dispute, lostNowMinor)]
  await book(deps, tx, caller.tenantId, entered.at, [...moved, ...lost])
  await writeFees({ deps, tx, entered }, payment, seen.movements)
}

function changesOf(before: Dispute | null, { dispute, payment, reached }: DisputeStep): Change[] {
  const data = {
    paymentId: payment.id,
    invoiceId: dispute.invoiceId,
    amountMinor: dispute.amountMinor,
    currency: dispute.currency,
    reason: dispute.reason,
    status: [before?.status ?? null, dispute.status],
    evidenceDueAt: dispute.evidenceDueAt,
    heldMinor: dispute.heldMinor,
  }
  const change = (what: string): Change => ({
    type: `dispute.${what}`,
    objectId: dispute.id,
    data,
  })
  const held = (before?.heldMinor ?? 0) !== dispute.heldMinor
  const grew = dispute.heldMinor > (before?.heldMinor ?? 0)
  return [
    ...(before === null ? [change('created')] : []),
    ...(held ? [change(grew ? 'funds_withdrawn' : 'funds_reinstated')] : []),
    ...(reached === null || (before === null && dispute.closedAt === null)
      ? []
      : [change(dispute.closedAt === null ? 'updated' : dispute.status)]),
  ]
}

async function endSubscription(
  { deps, tx, caller, entered: { at } }: Settling,
  dispute: Dispute,
  awaited: Awaited,
): Promise<Invoice | null> {
  if (dispute.subscriptionId === null) return null
  const before = await tx.lock('subscriptions', dispute.subscriptionId)
  if (!isLive(before)) return null
  assertNothingNew(before, awaited)
  const after = await tx.replace('subscriptions', cancel(before, 'now', 'payment_disputed', at))
  const withdrawn = await withdrawAwaited(deps, tx, caller, at, before, awaited)
  await holdDrafts(tx, after, at)
  await record(deps, tx, caller, at, [
    {
      type: 'subscription.canceled',
      objectId: after.id,
      data: {
        status: [before.status, after.status],
        disputeId: dispute.id,
        reason: 'payment_disputed',
      },
    },
  ])
  return withdrawn
}
