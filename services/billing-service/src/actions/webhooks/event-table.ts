// The one table from an event's type to what it makes us re-read and what is then done. An event that is
// not here is kept and marked as ignored. A new kind of object is one row here, one reader in the
// processor's adapter and one function that settles it.
import { type InboxEvent, ignored, type Verdict } from '../../core/inbox.ts'
import type { Deps } from '../../deps.ts'
import type { ProcessorObject } from '../../ports/processor.ts'
import { settleDisputeObject } from '../disputes/settle-dispute.ts'
import { settleMethod } from '../payment-methods/settle-method.ts'
import { noteConcern } from '../payments/note-concern.ts'
import { settlePayoutObject } from '../payouts/settle-payout.ts'
import { mirrorInvoiceObject, mirrorSubscriptionObject } from './mirror-object.ts'
import { settleCheckoutObject, settlePaymentObject, settleRefundObject } from './settle-object.ts'

/** The object that an event carries: believed only for which objects it names. */
export type Hint = Readonly<Record<string, unknown>>

export interface EventRow {
  readonly types: readonly string[]
  /** The type of the object that is read afresh; null: nothing is read, and `why` says why not. */
  readonly reads: string | null
  readonly why?: string
  /** Where that object is another one than the event's: its id. */
  readonly idOf?: (hint: Hint) => string | null
  /**
   * What is done with it. `object` is null when the processor does not know it any more, `event` when it
   * was read without one.
   */
  readonly apply: (
    deps: Deps,
    object: ProcessorObject | null,
    event: InboxEvent | null,
  ) => Promise<Verdict>
}

const all = (prefix: string, ...names: readonly string[]): string[] =>
  names.map(name => `${prefix}.${name}`)

const gone = ignored('the processor does not know the object any more')
const otherThanAsked = ignored('the object is none that is booked here')

/** Applies an object of one kind, and leaves the others aside. */
function only<K extends ProcessorObject['kind']>(
  kind: K,
  settle: (deps: Deps, object: Extract<ProcessorObject, { kind: K }>) => Promise<Verdict>,
): EventRow['apply'] {
  return async (deps, object) => {
    if (object === null) return gone
    if (object.kind !== kind) return otherThanAsked
    return settle(deps, object as Extract<ProcessorObject, { kind: K }>)
  }
}

/** Events that are known, and from which nothing follows. */
const nothing = (why: string, ...types: readonly string[]): EventRow => ({
  types,
  reads: null,
  why,
  apply: async () => ignored(why),
})

/** The id that a field of the event's object names, whether expanded or not. */
export const named =
  (field: string) =>
  (hint: Hint): string | null => {
    const value = hint[field]
    if (typeof value === 'string') return value
    const id = (value as { id?: unknown } | null | undefined)?.id
    return typeof id === 'string' ? id : null
  }

const rows: readonly EventRow[] = [
  {
    types: all(
      'payment_intent',
      'succeeded',
      'payment_failed',
      'processing',
      'requires_action',
      'canceled',
      'amount_capturable_updated',
      'partially_funded',
    ),
    reads: 'payment_intent',
    apply: only('payment', settlePaymentObject),
  },
  {
    // A charge is read through its payment, which tells of both; its fee comes with `charge.updated`.
    types: all(
      'charge',
      'succeeded',
      'failed',
      'updated',
      'captured',
      'expired',
      'refunded',
      'pending',
    ),
    reads: 'payment_intent',
    idOf: named('payment_intent'),
    apply: only('payment', settlePaymentObject),
  },
  {
    types: [...all('refund', 'created', 'updated', 'failed'), 'charge.refund.updated'],
    reads: 'refund',
    apply: only('refund', settleRefundObject),
  },
  {
    types: all(
      'checkout.session',
      'completed',
      'async_payment_succeeded',
      'async_payment_failed',
      'expired',
    ),
    reads: 'checkout.session',
    apply: only('checkout', settleCheckoutObject),
  },
  {
    types: all('payment_method', 'attached', 'detached', 'updated', 'automatically_updated'),
    reads: 'payment_method',
    apply: only('method', settleMethod),
  },
  {
    types: all('setup_intent', 'succeeded', 'setup_failed', 'requires_action', 'canceled'),
    reads: 'setup_intent',
    apply: only('method', settleMethod),
  },
  {
    types: all(
      'charge.dispute',
      'created',
      'updated',
      'closed',
      'funds_withdrawn',
      'funds_reinstated',
    ),
    reads: 'dispute',
    apply: only('dispute', settleDisputeObject),
  },
  {
    types: all(
      'payout',
      'created',
      'updated',
      'paid',
      'failed',
      'canceled',
      'reconciliation_completed',
    ),
    reads: 'payout',
    apply: only('payout', settlePayoutObject),
  },
  {
    types: all('radar.early_fraud_warning', 'created', 'updated'),
    reads: 'radar.early_fraud_warning',
    apply: only('concern', noteConcern),
  },
  {
    types: all('review', 'opened', 'closed'),
    reads: 'review',
    apply: only('concern', noteConcern),
  },
  {
    types: all(
      'customer.subscription',
      'created',
      'updated',
      'deleted',
      'paused',
      'resumed',
      'trial_will_end',
    ),
    reads: 'subscription',
    apply: only('subscription', mirrorSubscriptionObject),
  },
  {
    types: all(
      'invoice',
      'finalized',
      'paid',
      'payment_succeeded',
      'payment_failed',
      'payment_action_required',
      'updated',
      'voided',
      'marked_uncollectible',
      'payment_attempt_required',
      'overdue',
      'overpaid',
      'will_be_due',
    ),
    reads: 'invoice',
    apply: only('invoice', mirrorInvoiceObject),
  },
  {
    types: ['invoice_payment.paid'],
    reads: 'invoice',
    idOf: named('invoice'),
    apply: only('invoice', mirrorInvoiceObject),
  },
  {
    // A mandate that was withdrawn blocks its account, and the account says so.
    types: ['mandate.updated'],
    reads: 'payment_method',
    idOf: named('payment_method'),
    apply: only('method', settleMethod),
  },
  nothing('balances are read with the payouts', 'balance.available'),
  nothing('a customer that is gone there is noticed at the next charge', 'customer.deleted'),
  nothing('our own record of a customer is the truth', 'customer.created', 'customer.updated'),
]

const byType: ReadonlyMap<string, EventRow> = new Map(
  rows.flatMap(row => row.types.map(type => [type, row] as const)),
)

/** The row of an event's type, or null. */
export const rowOf = (type: string): EventRow | null => byType.get(type) ?? null

/** The row by which an object of a type is settled, or null. */
export const rowFor = (objectType: string): EventRow | null =>
  rows.find(({ reads }) => reads === objectType) ?? null

/** Every type of event that something follows from. */
export const handledTypes: readonly string[] = [...byType.keys()].sort()

/** Why nothing follows from an event without a subject. */
export const whyIgnored = (type: string): string =>
  rowOf(type)?.why ?? 'nothing follows from this event'

/** What an event makes us re-read, as `<type>:<id>`; empty when nothing. */
export function subjectOf(type: string, objectId: string, payload: unknown): string {
  const row = rowOf(type)
  if (row === null || row.reads === null) return ''
  const hint = (payload as { data?: { object?: Hint } } | null)?.data?.object ?? {}
  const id = row.idOf === undefined ? objectId : row.idOf(hint)
  return id === null || id === '' ? '' : `${row.reads}:${id}`
}
