// What the processor says of a method becomes true here: cards that their issuer renewed, accounts that were
// verified or blocked elsewhere, methods that were removed there.
import { systemCaller } from '../../core/caller.ts'
import { applied, ignored, type Verdict } from '../../core/inbox.ts'
import type { PaymentMethod } from '../../core/payment-method.ts'
import { verificationFailed, verified } from '../../core/verification.ts'
import type { Deps } from '../../deps.ts'
import type { ProcessorObject } from '../../ports/processor.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { retryWithNewMethod } from '../dunning/recover.ts'
import { enter } from '../enter.ts'
import { record } from '../record.ts'
import { letGo } from './method-verbs.ts'
import { keepVerdict } from './verify-method.ts'

type SeenMethod = Extract<ProcessorObject, { kind: 'method' }>

/** Applies a method that was read afresh. One that is none of ours is left alone. */
export async function settleMethod(deps: Deps, seen: SeenMethod): Promise<Verdict> {
  const { rows } = await deps.store.system.list('paymentMethods', {
    where: { processorId: seen.facts.processorId },
    limit: 1,
  })
  const known = rows[0]
  if (known === undefined) return ignored('the method is none of ours')
  const caller = systemCaller(known.tenantId, 'webhook', known.id)
  const { at } = await enter(deps, caller)
  const changed = await deps.store.transaction(known.tenantId, async tx => {
    const before = await tx.lock('paymentMethods', known.id)
    if (before.status === 'detached') return false
    if (before.status === 'pending_verification') {
      const verdict = verdictOf(before, seen, at)
      if (verdict !== null) await keepVerdict(deps, tx, caller, at, verdict)
      return verdict !== null
    }
    if (!seen.attached) {
      await letGo(deps, tx, caller, at, before, { refuses: false })
      return true
    }
    return refreshed(tx, before, seen, at, changes =>
      record(deps, tx, caller, at, [
        { type: 'payment_method.updated', objectId: before.id, data: changes },
      ]),
    )
  })
  return changed ? applied(known.tenantId) : { ...unchanged, tenantId: known.tenantId }
}

const unchanged = { state: 'ignored', reason: 'nothing about the method has changed' } as const

function verdictOf(method: PaymentMethod, seen: SeenMethod, at: number): PaymentMethod | null {
  if (seen.setupFailed) return verificationFailed(method, at)
  return seen.facts.verified && seen.attached ? verified(method, at) : null
}

/** Takes over what changed. A renewed card is worth another try of what failed with it. */
async function refreshed(
  tx: TenantTransaction,
  before: PaymentMethod,
  { facts }: SeenMethod,
  at: number,
  tell: (changes: Record<string, unknown>) => Promise<void>,
): Promise<boolean> {
  const { card, bankAccount, billingDetails, fingerprint } = facts
  const status =
    before.status === 'active' && !facts.verified ? 'verification_failed' : before.status
  const next = { ...before, card, bankAccount, billingDetails, fingerprint, status }
  if (JSON.stringify(sorted(next)) === JSON.stringify(sorted(before))) return false
  await tx.replace('paymentMethods', { ...next, updatedAt: at })
  const renewedCard = JSON.stringify(sorted(card)) !== JSON.stringify(sorted(before.card))
  await tell({ status, last4: card?.last4 ?? bankAccount?.last4 ?? null, renewedCard })
  if (renewedCard) await retryWithNewMethod(tx, before.customerId, at)
  return true
}

/** The same value with its keys in order: stored JSON comes back with keys in another one. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([key, part]) => [key, sorted(part)])
}
