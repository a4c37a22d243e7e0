// Pages over all tenants for the issuer's staff, newest first; what a row needs besides is read for the whole
// page at once.
import type { Customer } from '../../core/customer.ts'
import { amountDueMinor } from '../../core/invoice.ts'
import type { Currency } from '../../core/money.ts'
import type { Subscription } from '../../core/subscription.ts'
import { type BillingSettings, settingsOf, type Tenant } from '../../core/tenant.ts'
import type { Deps } from '../../deps.ts'
import type { RowOf } from '../../ports/collections.ts'
import type { Page, Query, Where } from '../../ports/store.ts'
import type { ListInput } from '../read-list.ts'

type Listed = 'subscriptions' | 'invoices' | 'transactions'

export interface Named<R> {
  readonly row: R
  readonly customerName: string | null
}

const limitDefault = 20

function pageQuery<C extends Listed | 'tenants'>(
  where: Where<C>,
  { from, to, limit, cursor }: ListInput,
): Query<C> {
  const field = 'createdAt' as keyof RowOf<C> & string
  const range = {
    field,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }
  return {
    where,
    ...(from === undefined && to === undefined ? {} : { range }),
    order: { field, direction: 'desc' },
    limit: limit ?? limitDefault,
    cursor: cursor ?? null,
  }
}

/** A page of one noun with the names of the billing accounts. Refuses `invalid_cursor`. */
export async function issuerList<C extends Listed>(
  deps: Deps,
  collection: C,
  where: Where<C>,
  input: ListInput,
): Promise<Page<Named<RowOf<C>>>> {
  const { system } = deps.store
  const { rows, nextCursor } = await system.list(collection, pageQuery(where, input))
  const owners = rows as readonly { tenantId: string; customerId: Customer['id'] }[]
  const names = await namesOf(deps, owners)
  return {
    rows: rows.map((row, i) => ({ row, customerName: names.get(owners[i]!.customerId) ?? null })),
    nextCursor,
  }
}

async function namesOf(
  deps: Deps,
  owners: readonly { readonly tenantId: string; readonly customerId: Customer['id'] }[],
): Promise<ReadonlyMap<string, string | null>> {
  const keys = new Map(
    owners.map(({ tenantId, customerId }) => [customerId, { tenantId, id: customerId }]),
  )
  const customers = await deps.store.system.getMany('customers', [...keys.values()])
  return new Map(customers.map(({ id, name }) => [id, name]))
}

export interface TenantSeen {
  readonly tenant: Tenant
  readonly settings: BillingSettings
  readonly customer: Customer | null
  /** Those that have not ended. */
  readonly subscriptions: readonly Subscription[]
  readonly due: readonly { readonly currency: Currency; readonly amountMinor: number }[]
}

/** Most live subscriptions and open invoices that a page of tenants is shown with. */
const relatedMax = 1_000

/** A page of tenants; with a prefix those whose id begins with it, in order. Refuses `invalid_cursor`. */
export async function listTenants(
  deps: Deps,
  prefix: string | undefined,
  input: ListInput,
): Promise<Page<TenantSeen>> {
  const { system } = deps.store
  const page = await system.list(
    'tenants',
    prefix === undefined ? pageQuery<'tenants'>({}, input) : prefixQuery(prefix, input),
  )
  return { ...page, rows: await withWhatTheyHave(deps, page.rows) }
}

/** Nothing that a tenant id may hold comes after this character. */
const afterAll = '\u{10FFFD}'

const prefixQuery = (prefix: string, { limit, cursor }: ListInput): Query<'tenants'> => ({
  range: { field: 'tenantId', from: prefix, to: `${prefix}${afterAll}` },
  order: { field: 'tenantId', direction: 'asc' },
  limit: limit ?? limitDefault,
  cursor: cursor ?? null,
})

async function withWhatTheyHave(deps: Deps, tenants: readonly Tenant[]): Promise<TenantSeen[]> {
  if (tenants.length === 0) return []
  const { system } = deps.store
  const ids = { in: tenants.map(tenant => tenant.tenantId) }
  const [customers, live, open] = await Promise.all([
    system.getMany(
      'customers',
      tenants.map(({ tenantId, defaultCustomerId }) => ({ tenantId, id: defaultCustomerId })),
    ),
    system.list('subscriptions', {
      where: { tenantId: ids },
      // Only what has not ended holds this key.
      range: { field: 'liveKey', from: '' },
      order: { field: 'liveKey', direction: 'asc' },
      limit: relatedMax,
    }),
    system.list('invoices', {
      where: { tenantId: ids, status: 'open' },
      order: { field: 'createdAt', direction: 'desc' },
      limit: relatedMax,
    }),
  ])
  return tenants.map(tenant => ({
    tenant,
    settings: settingsOf(tenant, deps.settings),
    customer: customers.find(({ tenantId }) => tenantId === tenant.tenantId) ?? null,
    subscriptions: live.rows.filter(({ tenantId }) => tenantId === tenant.tenantId),
    due: dueByCurrency(open.rows.filter(({ tenantId }) => tenantId === tenant.tenantId)),
  }))
}

function dueByCurrency(invoices: readonly RowOf<'invoices'>[]): TenantSeen['due'] {
  const due = new Map<Currency, number>()
  for (const invoice of invoices) {
    due.set(invoice.currency, (due.get(invoice.currency) ?? 0) + amountDueMinor(invoice))
  }
  return [...due].map(([currency, amountMinor]) => ({ currency, amountMinor }))
}
