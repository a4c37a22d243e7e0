// A payout becomes true here: what it carried is told apart by tenant, and each tenant's books move its
// share from the processor's clearing account to the bank, or back when the bank refused it.
import { systemCaller } from '../../core/caller.ts'
import { applied, type Verdict } from '../../core/inbox.ts'
import * as ledger from '../../core/ledger-settlement.ts'
import {
  type Payout,
  type PayoutItem,
  type PayoutObservation,
  type PayoutShare,
  type Sharing,
  shareOut,
} from '../../core/payout.ts'
import type { Deps } from '../../deps.ts'
import { writeFee } from '../disputes/dispute-fees.ts'
import { settleDisputeObject } from '../disputes/settle-dispute.ts'
import { enter } from '../enter.ts'
import { whileLeased } from '../lease.ts'
import { book, record } from '../record.ts'
import { settlePaymentObject, settleRefundObject } from '../webhooks/settle-object.ts'

const keysMax = 500
/** Strange movements of one payout that are read; an account of many others' has more. */
const learntMax = 200

/** Settles a payout, however often it is seen. */
export async function settlePayoutObject(
  deps: Deps,
  { observation }: { readonly observation: PayoutObservation },
): Promise<Verdict> {
  const payout = await writePayout(deps, observation, await sharingOf(deps, observation))
  for (const share of payout.shares) await bookShare(deps, payout, share, observation)
  return applied(null)
}

async function sharingOf(deps: Deps, seen: PayoutObservation): Promise<Sharing | null> {
  if (seen.items === null) return null
  const known = await ownersOf(deps, seen.items)
  const unknown = seen.items.filter(({ sourceId }) => sourceId !== null && !known.has(sourceId))
  const owners = unknown.length === 0 ? known : await learn(deps, seen.items, unknown)
  return shareOut(seen.items, seen.feeMinor, item => {
    const owner = owners.get(item.sourceId ?? '')
    if (owner === undefined) return []
    return typeof owner === 'string'
      ? [{ tenantId: owner, netMinor: item.netMinor }]
      : owner.map(({ tenantId, netMinor }) => ({ tenantId, netMinor }))
  })
}

/** Sources that we do not know yet may only be news: each is read and settled, then looked for again. */
async function learn(
  deps: Deps,
  items: readonly PayoutItem[],
  unknown: readonly PayoutItem[],
): Promise<Owners> {
  for (const { type, sourceId } of unknown.slice(0, learntMax)) {
    const objectType = typeOfSource(type)
    if (objectType === null || sourceId === null) continue
    await whileLeased(deps, `object:${objectType}:${sourceId}`, async () => {
      const object = await deps.processor.readObject(objectType, sourceId)
      if (object?.kind === 'refund') await settleRefundObject(deps, object)
      if (object?.kind === 'dispute') await settleDisputeObject(deps, object)
      if (object?.kind === 'payment') await settlePaymentObject(deps, object)
    })
  }
  return ownersOf(deps, items)
}

/** Which object to read for the source of a movement. */
function typeOfSource(type: string): string | null {
  if (type.includes('refund')) return 'refund'
  if (type === 'adjustment') return 'dispute'
  return type === 'charge' || type === 'payment' ? 'charge' : null
}

/** Whose the source of a movement is: a tenant's, or the tenants' of a former payout by their shares. */
type Owners = Map<string, string | readonly PayoutShare[]>

async function ownersOf(deps: Deps, items: readonly PayoutItem[]): Promise<Owners> {
  const owners: Owners = new Map()
  const sources = [...new Set(items.map(({ sourceId }) => sourceId).filter(id => id !== null))]
  const { system } = deps.store
  for (let from = 0; from < sources.length; from += keysMax) {
    const some = { in: sources.slice(from, from + keysMax) }
    const [charges, refunds, disputes, payouts] = await Promise.all([
      system.list('transactions', { where: { processorChargeId: some }, limit: 1_000 }),
      system.list('transactions', { where: { processorId: some }, limit: 1_000 }),
      system.list('disputes', { where: { processorId: some }, limit: 1_000 }),
      system.getMany('payouts', some.in),
    ])
    for (const row of charges.rows) owners.set(row.processorChargeId!, row.tenantId)
    for (const row of [...refunds.rows, ...disputes.rows]) {
      if (row.processorId !== null) owners.set(row.processorId, row.tenantId)
    }
    for (const row of payouts) owners.set(row.id, row.shares)
  }
  return owners
}

function reconciliationOf(seen: PayoutObservation, sharing: Sharing | null) {
  if (!seen.automatic) return 'by_hand'
  if (sharing === null) return 'pending'
  return sharing.matchedMinor === seen.amountMinor ? 'matched' : 'differs'
}

async function writePayout(
  deps: Deps,
  seen: PayoutObservation,
  sharing: Sharing | null,
): Promise<Payout> {
  const now = deps.clock.real()
  return deps.store.system.transaction(async tx => {
    const before = await tx.find('payouts', seen.processorId)
    const next: Payout = {
      id: seen.processorId,
      processor: deps.processor.name,
      status: seen.status,
      amountMinor: seen.amountMinor,
      feeMinor: seen.feeMinor,
      currency: seen.currency,
      automatic: seen.automatic,
      reconciliation: reconciliationOf(seen, sharing),
      // What was shared out once stays so: it has been booked.
      shares: before !== null && before.shares.length > 0 ? before.shares : (sharing?.shares ?? []),
      matchedMinor: sharing?.matchedMinor ?? 0,
      itemCount: seen.items?.length ?? 0,
      unmatched: sharing?.unmatched ?? [],
      failureCode: seen.failureCode,
      arrivalAt: seen.arrivalAt,
      createdAt: seen.createdAt,
      recordedAt: before?.recordedAt ?? now,
      updatedAt: now,
      version: before?.version ?? 1,
    }
    if (before !== null) return tx.replace('payouts', next)
    await tx.insert('payouts', next)
    return next
  })
}

/** Books one tenant's share. Keyed by the payout, it is booked once and turned round once. */
async function bookShare(
  deps: Deps,
  payout: Payout,
  share: PayoutShare,
  seen: PayoutObservation,
): Promise<void> {
  if (payout.status !== 'paid' && payout.status !== 'failed') return
  const { tenantId } = share
  const caller = systemCaller(tenantId, 'webhook', payout.id)
  const { at, now, tenant } = await enter(deps, caller)
  await deps.store.transaction(tenantId, async tx => {
    const known = await tx.list('ledgerEntries', {
      where: { dedupeKey: { in: bankKeys(payout) } },
      limit: 2,
    })
    const failed = payout.status === 'failed'
    if (known.rows.length === (failed ? 2 : 1)) return
    const owner = {
      tenantId,
      customerId: tenant.defaultCustomerId,
      processor: payout.processor,
    }
    const facts = {
      processorId: seen.balanceMovementId ?? payout.id,
      feeMinor: share.feeMinor,
      currency: payout.currency,
      relatedTransactionId: null,
      reason: 'payout_fee',
    }
    const fee =
      share.feeMinor > 0 ? await writeFee({ deps, tx, entered: { at, now } }, owner, facts) : null
    await book(deps, tx, tenantId, at, [
      ledger.payoutPaid(payout, share),
      ...(fee === null ? [] : [ledger.payoutFee(payout, fee)]),
      ...(failed ? [ledger.payoutFailed(payout, share)] : []),
    ])
    await record(deps, tx, caller, at, [
      {
        type: `payout.${payout.status}`,
        objectId: payout.id,
        data: { netMinor: share.netMinor, currency: payout.currency, payments: share.count },
      },
    ])
  })
}

const bankKeys = ({ id }: Payout): string[] =>
  ['payout_paid', 'payout_failed'].map(kind => `${id}:${kind}:bank`)
