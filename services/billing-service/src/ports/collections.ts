// Every stored record, declared once: fields, keys, indexes, references. Adapters know nothing else about
// them, and the golden schema test proves that migrations and declarations agree.

import { apiKeyCollections } from './collections/api-keys.ts'
import { approvalsCollections } from './collections/approvals.ts'
import { brandingCollections } from './collections/branding.ts'
import { closingsCollections } from './collections/closings.ts'
import { couponsCollections } from './collections/coupons.ts'
import { customersCollections } from './collections/customers.ts'
import { dataKeyCollections } from './collections/data-keys.ts'
import type { Declaration } from './collections/declare.ts'
import { exportsCollections } from './collections/exports.ts'
import { fapiaoCollections } from './collections/fapiao.ts'
import { mailCollections } from './collections/mail.ts'
import { moneyCollections } from './collections/money.ts'
import { recordsCollections } from './collections/records.ts'
import { reportsCollections } from './collections/reports.ts'
import { sealsCollections } from './collections/seals.ts'
import { settlementCollections } from './collections/settlement.ts'
import { subscriptionsCollections } from './collections/subscriptions.ts'
import { systemCollections } from './collections/system.ts'
import { taxCollections } from './collections/tax.ts'
import { usageCollections } from './collections/usage.ts'
import { webhooksCollections } from './collections/webhooks.ts'

export const collections = {
  // First: whatever is copied into another store needs its keys there.
  ...dataKeyCollections,
  ...customersCollections,
  ...subscriptionsCollections,
  ...moneyCollections,
  ...settlementCollections,
  ...usageCollections,
  ...couponsCollections,
  ...fapiaoCollections,
  ...recordsCollections,
  ...approvalsCollections,
  ...mailCollections,
  ...webhooksCollections,
  ...apiKeyCollections,
  ...exportsCollections,
  ...closingsCollections,
  ...sealsCollections,
  ...reportsCollections,
  ...brandingCollections,
  ...taxCollections,
  ...systemCollections,
} as const

export type Collections = typeof collections
export type CollectionName = keyof Collections
export type RowOf<C extends CollectionName> =
  Collections[C] extends Declaration<infer R> ? R : never
export type TenantCollection = {
  [C in CollectionName]: RowOf<C> extends { tenantId: string } ? C : never
}[CollectionName]
/**
 * System rows that a tenant's work writes besides its own: it inserts prefixes, counts redemptions and takes
 * numbers of the issuer's series.
 */
export const sharedCollections = ['numberPrefixes', 'couponCounters', 'issuerSeries'] as const
export type SharedCollection = (typeof sharedCollections)[number]
/** Sums that grow by what is added: all that is not their key is counted. */
export type CounterCollection = 'ledgerTotals' | 'transactionTotals'
export type SystemCollection = Exclude<CollectionName, TenantCollection>
