// A tenant as it stands, read whole, for choosing what it does next and for checking its books.
import type { AttachedDiscount, Coupon, CouponCounter, PromotionCode } from '../../core/coupon.ts'
import type { CreditBalance } from '../../core/credit-balance.ts'
import type { CreditNote } from '../../core/credit-note.ts'
import type { Dispute } from '../../core/dispute.ts'
import type { Invoice } from '../../core/invoice.ts'
import type { LedgerEntry } from '../../core/ledger.ts'
import type { Transaction } from '../../core/payment.ts'
import type { PaymentMethod } from '../../core/payment-method.ts'
import type { Quote } from '../../core/quote.ts'
import type { DomainEvent } from '../../core/records.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { Tenant } from '../../core/tenant.ts'
import type { UsageEvent } from '../../core/usage.ts'
import type { CollectionName, RowOf } from '../../ports/collections.ts'
import type { Reads } from '../../ports/store.ts'
import type { SimulatedWorld } from './world.ts'

export interface TenantState {
  readonly tenant: Tenant
  /** Oldest first, as everything here. */
  readonly subscriptions: readonly Subscription[]
  readonly invoices: readonly Invoice[]
  readonly transactions: readonly Transaction[]
  readonly methods: readonly PaymentMethod[]
  /** The newest of them. */
  readonly usage: readonly UsageEvent[]
  /** Those that nobody confirmed and somebody may still remember. */
  readonly quotes: readonly Quote[]
  readonly disputes: readonly Dispute[]
}

export interface TenantBooks extends Omit<TenantState, 'usage' | 'methods' | 'quotes'> {
  readonly discounts: readonly AttachedDiscount[]
  readonly creditNotes: readonly CreditNote[]
  readonly balances: readonly CreditBalance[]
  readonly ledger: readonly LedgerEntry[]
  readonly events: readonly DomainEvent[]
}

/** How long somebody remembers a quote that no longer holds. */
const keptMs = 300_000

async function all<C extends CollectionName>(
  reads: Reads<CollectionName>,
  collection: C,
): Promise<RowOf<C>[]> {
  const rows: RowOf<C>[] = []
  for await (const row of reads.stream(collection, {})) rows.push(row)
  return rows
}

/** The usage last told of the newest subscription. */
async function newestUsage(
  reads: Reads<CollectionName>,
  newest: Subscription | undefined,
): Promise<readonly UsageEvent[]> {
  if (newest === undefined) return []
  const { rows } = await reads.list('usageEvents', {
    where: { subscriptionId: newest.id },
    order: { field: 'recordedAt', direction: 'desc' },
    limit: 10,
  })
  return rows
}

/** What an operation chooses from. */
export async function readTenant(world: SimulatedWorld, tenantId: string): Promise<TenantState> {
  const reads = world.store.of(tenantId)
  const [tenant, methods, subscriptions, invoices, transactions, quotes, disputes] =
    await Promise.all([
      reads.get('tenants', tenantId),
      all(reads, 'paymentMethods'),
      all(reads, 'subscriptions'),
      all(reads, 'invoices'),
      all(reads, 'transactions'),
      all(reads, 'quotes'),
      all(reads, 'disputes'),
    ])
  return {
    tenant,
    subscriptions,
    invoices,
    transactions,
    methods: methods.filter(method => method.status === 'active'),
    usage: await newestUsage(reads, subscriptions.at(-1)),
    quotes: quotes
      .filter(({ usedAt, expiresAt }) => usedAt === null && expiresAt > world.now() - keptMs)
      .slice(-4),
    disputes,
  }
}

/** Everything that its books are checked by. */
export async function readBooks(world: SimulatedWorld, tenantId: string): Promise<TenantBooks> {
  const reads = world.store.of(tenantId)
  const [tenant, subscriptions, invoices, transactions, disputes] = await Promise.all([
    reads.get('tenants', tenantId),
    all(reads, 'subscriptions'),
    all(reads, 'invoices'),
    all(reads, 'transactions'),
    all(reads, 'disputes'),
  ])
  const [discounts, creditNotes, balances, ledger, events] = await Promise.all([
    all(reads, 'discounts'),
    all(reads, 'creditNotes'),
    all(reads, 'creditBalances'),
    all(reads, 'ledgerEntries'),
    all(reads, 'events'),
  ])
  return {
    tenant,
    subscriptions,
    invoices,
    transactions,
    disputes,
    discounts,
    creditNotes,
    balances,
    ledger,
    events,
  }
}

export interface Offers {
  readonly coupons: readonly Coupon[]
  readonly promotions: readonly PromotionCode[]
  readonly counters: readonly CouponCounter[]
}

/** What the issuer has on offer, and how often it says that each was redeemed. */
export async function readOffers({ store: { system } }: SimulatedWorld): Promise<Offers> {
  return {
    coupons: await all(system, 'coupons'),
    promotions: await all(system, 'promotionCodes'),
    counters: await all(system, 'couponCounters'),
  }
}

/** The currency that a tenant is billed in. */
export const currencyOf = ({ tenant }: Pick<TenantState, 'tenant'>): string =>
  tenant.settings.currency ?? 'USD'

/** Steers the sandbox as a bank or a card holder would. */
export async function steer(world: SimulatedWorld, path: string, body: object): Promise<void> {
  const { sandbox } = world
  const outcome = await sandbox.handle({
    method: 'POST',
    url: `/sandbox/${path}`,
    headers: { authorization: `Bearer ${sandbox.secretKey}` },
    body: JSON.stringify(body),
  })
  const status = outcome.kind === 'reply' ? outcome.reply.status : 0
  if (status !== 200) world.diary.push(`  the sandbox does not ${path}: ${JSON.stringify(outcome)}`)
}

/** The holder of a card passes or fails the challenge that a payment waits for. */
export const authenticate = (
  world: SimulatedWorld,
  processorId: string,
  passes: boolean,
): Promise<void> =>
  steer(world, `authenticate/${processorId}`, { outcome: passes ? 'pass' : 'fail' })
