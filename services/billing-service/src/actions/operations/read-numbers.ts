// The figures by which operators see whether billing is well: how old what waits is, what is missing, what
// differs. Each is one bounded read.

import type { Deps } from '../../deps.ts'
import type { RowOf } from '../../ports/collections.ts'
import { readMark, writeMark } from '../marks.ts'
import { readPaymentHealth } from '../reports/payment-health.ts'
import { provePostings } from '../verify/prove-ledger.ts'
import { countDueNotBilled } from './due-not-billed.ts'

export interface BillingNumbers {
  readonly inboxAgeSeconds: number
  readonly inboxDead: number
  readonly dueNotBilled: number
  readonly driftOpen: number
  readonly paymentAttempts: number
  /** Of those that ended, 0 to 1; null when none has. */
  readonly paymentFailureRatio: number | null
  readonly unsealedAgeSeconds: number
  /** Null until the ledger was checked for the first time. */
  readonly ledgerBroken: number | null
  readonly ledgerCheckAgeSeconds: number | null
  readonly mailAgeSeconds: number
  readonly hookAgeSeconds: number
}

const dayMs = 86_400_000
const ledgerMark = 'ledger-check'

type Waiting = 'inbox' | 'mails' | 'webhookDeliveries' | 'unsealedRows'

/** How long the row that is due first has been so; 0 while none is. */
async function ageOf<C extends Waiting>(
  deps: Deps,
  collection: C,
  field: keyof RowOf<C> & string,
): Promise<number> {
  const now = deps.clock.real()
  const { rows } = await deps.store.system.list(collection, {
    range: { field, to: now },
    order: { field, direction: 'asc' },
    limit: 1,
  })
  const first = rows[0]?.[field as keyof (typeof rows)[0]]
  return typeof first === 'number' ? Math.max(0, (now - first) / 1000) : 0
}

/** Reads all of them. */
export async function readNumbers(deps: Deps): Promise<BillingNumbers> {
  const now = deps.clock.real()
  const { system } = deps.store
  const { total } = await readPaymentHealth(deps, now - dayMs, now)
  const checked = readCheck(await readMark(deps, ledgerMark))
  const ended = total.succeeded + total.failed
  return {
    inboxAgeSeconds: await ageOf(deps, 'inbox', 'dueAt'),
    inboxDead: await system.count('inbox', { where: { state: 'dead' } }),
    dueNotBilled: await countDueNotBilled(deps),
    driftOpen: await system.count('drifts', { where: { state: 'open' } }),
    paymentAttempts: total.attempts,
    paymentFailureRatio: ended === 0 ? null : total.failed / ended,
    unsealedAgeSeconds: await ageOf(deps, 'unsealedRows', 'recordedAt'),
    ledgerBroken: checked?.broken ?? null,
    ledgerCheckAgeSeconds: checked === null ? null : (now - checked.at) / 1000,
    mailAgeSeconds: await ageOf(deps, 'mails', 'dueAt'),
    hookAgeSeconds: await ageOf(deps, 'webhookDeliveries', 'dueAt'),
  }
}

interface LedgerCheck {
  readonly at: number
  readonly broken: number
}

const readCheck = (note: string | null): LedgerCheck | null =>
  note === null ? null : (JSON.parse(note) as LedgerCheck)

/** Proves that every posting of the ledger balances, and keeps the result for whoever watches. */
export async function checkLedger(deps: Deps): Promise<{ compared: number; broken: number }> {
  const { compared, broken } = await provePostings(deps)
  const check: LedgerCheck = { at: deps.clock.real(), broken: broken.length }
  await writeMark(deps, ledgerMark, JSON.stringify(check))
  if (broken.length > 0) {
    deps.log.error({ broken: broken.length, first: broken[0] }, 'the ledger does not balance')
  }
  return { compared, broken: broken.length }
}
