// The one way in which a credit balance moves: its row is locked, so that credit is spent once however
// many invoices are finalised at the same moment. The posting belongs to the caller's change.
import {
  balanceIdOf,
  type CreditBalance,
  type CreditEntry,
  type CreditKind,
  moveBalance,
} from '../../core/credit-balance.ts'
import type { CustomerId, TenantId } from '../../core/ids.ts'
import type { Currency } from '../../core/money.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'

interface Owner {
  readonly tenantId: TenantId
  readonly customerId: CustomerId
  readonly currency: Currency
}

export interface CreditMovement extends Owner {
  readonly kind: CreditKind
  /** Positive gives credit, negative uses it; nothing moves for 0. */
  readonly amountMinor: number
  /** Unique per tenant: a repetition is refused by the store. */
  readonly cause: string
  readonly invoiceId?: string | null
  readonly transactionId?: string | null
  readonly creditNoteId?: string | null
  readonly reason?: string | null
  readonly at: Instant
}

/** The balance, held until the transaction ends. Opened at its first use. */
export async function lockBalance(
  tx: TenantTransaction,
  { tenantId, customerId, currency }: Owner,
  at: Instant,
): Promise<CreditBalance> {
  const id = balanceIdOf(customerId, currency)
  if ((await tx.find('creditBalances', id)) === null) {
    const fresh: CreditBalance = {
      tenantId,
      id,
      customerId,
      currency,
      balanceMinor: 0,
      lots: [],
      createdAt: at,
      updatedAt: at,
      version: 1,
    }
    await tx.insertMany('creditBalances', [fresh], { onConflict: 'skip' })
  }
  return tx.lock('creditBalances', id)
}

/** Moves a balance and writes the entry that says why. */
export async function moveCredit(
  deps: Pick<Deps, 'ids' | 'clock'>,
  tx: TenantTransaction,
  movement: CreditMovement,
): Promise<void> {
  const { tenantId, customerId, currency, kind, amountMinor, cause, at } = movement
  if (amountMinor === 0) return
  const current = await lockBalance(tx, movement, at)
  const id = deps.ids.next('creditEntry')
  const { balance, used } = moveBalance(current, id, amountMinor, at)
  await tx.replace('creditBalances', balance)
  const entry: CreditEntry = {
    tenantId,
    id,
    balanceId: balance.id,
    customerId,
    currency,
    kind,
    amountMinor,
    used,
    cause,
    invoiceId: movement.invoiceId ?? null,
    transactionId: movement.transactionId ?? null,
    creditNoteId: movement.creditNoteId ?? null,
    reason: movement.reason ?? null,
    createdAt: at,
    recordedAt: deps.clock.real(),
  }
  await tx.insert('creditEntries', entry)
}
