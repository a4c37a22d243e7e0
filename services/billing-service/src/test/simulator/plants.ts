// Bugs put in on purpose, each by a wrap around a port: the simulator must find every one of them. The
// product knows nothing of this file.
import type Stripe from 'stripe'
import { previewSubscription } from '../../actions/quotes/preview-subscription.ts'
import { fromStripeIntent, fromStripeRefund } from '../../adapters/stripe/mapping.ts'
import { systemCaller } from '../../core/caller.ts'
import type { CouponCounter } from '../../core/coupon.ts'
import type { Quote } from '../../core/quote.ts'
import { nextPeriod, type Subscription } from '../../core/subscription.ts'
import { localDate } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { Processor, ProcessorObject } from '../../ports/processor.ts'
import type { Store, TenantTransaction } from '../../ports/store.ts'

export interface Plant {
  readonly name: string
  /** What is wrong with it, in words. */
  readonly says: string
  grow(deps: Deps): Deps
}

type Verbs = Partial<Record<keyof TenantTransaction, unknown>>

/** Other verbs inside every transaction of a tenant. */
function replant(deps: Deps, verbs: (tx: TenantTransaction) => Verbs): Deps {
  const { store } = deps
  const transaction: Store['transaction'] = (tenantId, body) =>
    store.transaction(tenantId, tx => body({ ...tx, ...(verbs(tx) as Partial<TenantTransaction>) }))
  return { ...deps, store: { ...store, transaction } }
}

const withProcessor = (deps: Deps, calls: Partial<Processor>): Deps => ({
  ...deps,
  processor: { ...deps.processor, ...calls },
})

type AnyRow = Readonly<Record<string, unknown>> & { readonly id: string }
interface AnyQuery {
  readonly where?: Readonly<Record<string, unknown>>
}

const refundTwice: Plant = {
  name: 'refund-twice',
  says: 'a refund is asked for again under another key',
  grow: deps =>
    withProcessor(deps, {
      async refund(request) {
        const seen = await deps.processor.refund(request)
        await deps.processor.refund({ ...request, transactionId: `${request.transactionId}-again` })
        return seen
      },
    }),
}

/** Whether a period starts on the last day of a month. */
function startsAtMonthEnd({ currentPeriodStart, anchorZone }: Subscription): boolean {
  const day = (at: number) => localDate(at, anchorZone).slice(8)
  return day(currentPeriodStart + 86_400_000) === '01'
}

const monthEndSkipped: Plant = {
  name: 'month-end-skipped',
  says: 'a period that would start on the last day of a month is skipped',
  grow: deps =>
    replant(deps, tx => ({
      async replace(collection: 'subscriptions', row: Subscription) {
        if (collection !== 'subscriptions') return tx.replace(collection, row)
        const before = await tx.get('subscriptions', row.id)
        const renewed = row.currentPeriodStart === before.currentPeriodEnd
        return tx.replace(collection, renewed && startsAtMonthEnd(row) ? nextPeriod(row) : row)
      },
    })),
}

const settleWithoutLock: Plant = {
  name: 'settle-without-lock',
  says: 'who settles at the same moment as another reads the attempt as it was before',
  grow(deps) {
    const seen = new Map<string, { at: number; row: AnyRow }>()
    return replant(deps, tx => ({
      async lock(collection: 'transactions', id: string) {
        const row = await tx.lock(collection, id)
        if (collection !== 'transactions') return row
        const known = seen.get(id)
        const at = deps.clock.real()
        if (known?.at === at) return { ...known.row, version: row.version }
        seen.set(id, { at, row: row as unknown as AnyRow })
        return row
      },
    }))
  },
}

const creditForUnpaidTime: Plant = {
  name: 'credit-for-unpaid-time',
  says: 'invoices that are not paid yet count as charged when time is given back',
  grow: deps =>
    replant(deps, tx => ({
      async list(collection: 'invoices', query: AnyQuery & { limit: number }) {
        const page = await tx.list(collection, query)
        if (collection !== 'invoices' || query.where?.subscriptionId === undefined) return page
        const rows = page.rows.map(row =>
          row.status === 'open' || row.status === 'draft' ? { ...row, status: 'paid' } : row,
        )
        return { ...page, rows }
      },
    })),
}

const numberOutside: Plant = {
  name: 'number-outside-transaction',
  says: 'a number that was taken does not come back when its transaction fails',
  grow(deps) {
    const next = new Map<string, number>()
    return replant(deps, () => ({
      async takeNumbers(counts: Readonly<Record<string, number>>) {
        const first: Record<string, number> = {}
        for (const [series, count] of Object.entries(counts)) {
          first[series] = next.get(series) ?? 1
          next.set(series, first[series] + count)
        }
        return first
      },
    }))
  },
}

/** What a webhook's own object says, as if it were the truth. */
function believed(payload: Stripe.Event): ProcessorObject | null {
  const object = payload.data.object
  const named = (metadata: Stripe.Metadata | null) => ({
    tenantId: metadata?.tenant_id ?? null,
    transactionId: metadata?.transaction_id ?? null,
  })
  if (object.object === 'payment_intent') {
    return {
      kind: 'payment',
      ...named(object.metadata),
      observation: fromStripeIntent(object),
    } as ProcessorObject
  }
  if (object.object !== 'refund') return null
  return {
    kind: 'refund',
    ...named(object.metadata),
    processorPaymentId: null,
    observation: fromStripeRefund(object),
  } as ProcessorObject
}

const webhookPayload: Plant = {
  name: 'webhook-payload',
  says: 'a webhook is applied from what it carries, not from the object read afresh',
  grow(deps) {
    const carried = new Map<string, ProcessorObject>()
    const { processor } = deps
    return withProcessor(deps, {
      readEvent(rawBody, signature, now) {
        const event = processor.readEvent(rawBody, signature, now)
        const object = believed(event.payload as Stripe.Event)
        if (object !== null) carried.set(event.objectId, object)
        return event
      },
      readObject: async (type, id) => carried.get(id) ?? processor.readObject(type, id),
    })
  },
}

const reconcileBlind: Plant = {
  name: 'reconcile-blind',
  says: 'reconciliation takes silence for "it never began" without looking',
  grow: deps => withProcessor(deps, { findPayment: async () => null }),
}

const dunningWithoutLimits: Plant = {
  name: 'dunning-without-limits',
  says: 'tries on a card are not counted over invoices',
  grow: deps =>
    replant(deps, tx => ({
      async list(collection: 'transactions', query: AnyQuery & { limit: number }) {
        const counting = collection === 'transactions' && query.where?.fingerprint !== undefined
        return counting ? { rows: [], nextCursor: null } : tx.list(collection, query)
      },
    })),
}

const refundUnreserved: Plant = {
  name: 'refund-unreserved',
  says: 'refunds on their way are forgotten when another one is asked for',
  grow: deps =>
    replant(deps, tx => ({
      async insert(collection: 'transactions', row: AnyRow) {
        await tx.insert(collection, row as never)
        if (collection !== 'transactions' || row.type !== 'refund') return
        const payment = await tx.get('transactions', String(row.relatedTransactionId))
        await tx.replace('transactions', { ...payment, amountRefundPendingMinor: 0 })
      },
    })),
}

const halfPosting: Plant = {
  name: 'half-a-posting',
  says: 'one line of the posting of a voided invoice is not written',
  grow: deps =>
    replant(deps, tx => ({
      async insertMany(collection: 'ledgerEntries', rows: readonly AnyRow[], options: object) {
        const half = collection === 'ledgerEntries' && rows[0]?.kind === 'invoice_voided'
        return tx.insertMany(collection, (half ? rows.slice(1) : rows) as never, options)
      },
    })),
}

const couponCountedTwice: Plant = {
  name: 'coupon-counted-twice',
  says: 'a redemption is counted twice',
  grow: deps =>
    replant(deps, tx => ({
      async replace(collection: 'couponCounters', row: CouponCounter) {
        if (collection !== 'couponCounters') return tx.replace(collection, row)
        const { redemptions } = await tx.get('couponCounters', row.id)
        const more = row.redemptions > redemptions ? 1 : 0
        return tx.replace(collection, { ...row, redemptions: row.redemptions + more })
      },
    })),
}

const couponKept: Plant = {
  name: 'coupon-not-given-back',
  says: 'a redemption is not given back with its invoice',
  grow: deps =>
    replant(deps, tx => ({
      async replace(collection: 'couponCounters', row: CouponCounter) {
        if (collection !== 'couponCounters') return tx.replace(collection, row)
        const { redemptions } = await tx.get('couponCounters', row.id)
        return tx.replace(collection, {
          ...row,
          redemptions: Math.max(redemptions, row.redemptions),
        })
      },
    })),
}

const disputeLostUnbooked: Plant = {
  name: 'dispute-lost-unbooked',
  says: 'what a lost dispute took is not booked as lost',
  grow: deps =>
    replant(deps, tx => ({
      async insertMany(collection: 'ledgerEntries', rows: readonly AnyRow[], options: object) {
        const kept = rows.filter(row => row.kind !== 'dispute_lost')
        return tx.insertMany(
          collection,
          (collection === 'ledgerEntries' ? kept : rows) as never,
          options,
        )
      },
    })),
}

const debitReturnForgotten: Plant = {
  name: 'debit-return-forgotten',
  says: 'a bank debit that came back after its success is no business of ours',
  grow: deps =>
    withProcessor(deps, {
      async readObject(type, id) {
        const object = await deps.processor.readObject(type, id)
        const debit = object?.kind === 'dispute' && object.observation.status === 'lost'
        return debit ? null : object
      },
    }),
}

const backfillBlind: Plant = {
  name: 'backfill-blind',
  says: 'webhooks that never arrived are not looked for',
  grow: deps => withProcessor(deps, { async *listEvents() {} }),
}

/** The price of today stands in the quote, as if it had been asked for just now. */
const quoteOfToday: Plant = {
  name: 'quote-of-today',
  says: 'a quote is confirmed at the price of today',
  grow(deps) {
    const { store } = deps
    const refreshed = async (tenantId: string, quote: Quote): Promise<Quote> => {
      const caller = systemCaller(tenantId, 'simulator', 'plant')
      const asked = { ...quote.request, subscriptionId: quote.subscriptionId ?? undefined }
      const now = await previewSubscription(deps, caller, asked)
      const { at, facts, dueNowMinor } = now.quote
      return store.transaction(tenantId, async tx => {
        const current = await tx.lock('quotes', quote.id)
        return tx.replace('quotes', { ...current, at, facts, dueNowMinor })
      })
    }
    const of: Store['of'] = tenantId => {
      const reads = store.of(tenantId)
      const get: typeof reads.get = async (collection, id) => {
        const row = await reads.get(collection, id)
        if (collection !== 'quotes') return row
        const quote = row as Quote
        const holds = quote.expiresAt > deps.clock.real()
        return (holds ? await refreshed(tenantId, quote) : quote) as typeof row
      }
      return { ...reads, get }
    }
    return { ...deps, store: { ...store, of } }
  },
}

export const plants: readonly Plant[] = [
  refundTwice,
  monthEndSkipped,
  settleWithoutLock,
  creditForUnpaidTime,
  numberOutside,
  webhookPayload,
  reconcileBlind,
  dunningWithoutLimits,
  refundUnreserved,
  halfPosting,
  couponCountedTwice,
  couponKept,
  disputeLostUnbooked,
  debitReturnForgotten,
  backfillBlind,
  quoteOfToday,
]
