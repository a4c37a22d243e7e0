// How every action begins: the tenant, its settings in force, and the time, taken once.
import type { Caller } from '../core/caller.ts'
import type { Customer } from '../core/customer.ts'
import { issuerOwner } from '../core/file-export.ts'
import type { CustomerId } from '../core/ids.ts'
import { type BillingSettings, settingsOf, type Tenant } from '../core/tenant.ts'
import type { Instant } from '../core/time.ts'
import type { Deps } from '../deps.ts'
import { billingTime } from '../ports/clock.ts'
import type { TenantTransaction } from '../ports/store.ts'

export interface Entered {
  readonly tenant: Tenant
  readonly settings: BillingSettings
  /** Billing time of the tenant. */
  readonly at: Instant
  /** Real time: leases, expiries, `recordedAt`. */
  readonly now: Instant
}

/** Finds the tenant, or opens it with its default customer on first use. */
export async function enter(deps: Deps, caller: Pick<Caller, 'tenantId'>): Promise<Entered> {
  const now = deps.clock.real()
  const known = await deps.store.of(caller.tenantId).find('tenants', caller.tenantId)
  const tenant = known ?? (await openTenant(deps, caller.tenantId, now))
  return {
    tenant,
    settings: settingsOf(tenant, deps.settings),
    at: billingTime(deps.clock, tenant),
    now,
  }
}

async function openTenant(deps: Deps, tenantId: string, now: Instant): Promise<Tenant> {
  return deps.store.transaction(tenantId, async tx => {
    const raced = await tx.find('tenants', tenantId)
    if (raced !== null) return raced
    const defaultCustomerId = deps.ids.next('customer')
    const tenant: Tenant = {
      tenantId,
      id: tenantId,
      kind: 'live',
      clockAt: null,
      settings: {},
      defaultCustomerId,
      numberPrefix: null,
      closedUntil: await closedForAll(tx),
      createdAt: now,
      updatedAt: now,
      version: 1,
    }
    const written = await tx.insertMany('tenants', [tenant], { onConflict: 'skip' })
    if (written === 0) return tx.get('tenants', tenantId)
    await tx.insert('customers', newCustomer(tenantId, defaultCustomerId, now))
    return tenant
  })
}

/** A tenant that opens after a close finds it done. */
async function closedForAll(tx: TenantTransaction): Promise<Instant | null> {
  const { rows } = await tx.list('closings', {
    where: { owner: issuerOwner },
    order: { field: 'endsAt', direction: 'desc' },
    limit: 1,
  })
  return rows[0]?.endsAt ?? null
}

const newCustomer = (tenantId: string, id: CustomerId, at: Instant): Customer => ({
  tenantId,
  id,
  name: null,
  email: null,
  invoiceEmails: [],
  phone: null,
  address: null,
  taxIds: [],
  taxExempt: false,
  taxProof: null,
  purchaseOrder: null,
  language: null,
  zone: null,
  isDefault: true,
  defaultPaymentMethodId: null,
  processorId: null,
  metadata: {},
  createdAt: at,
  updatedAt: at,
  version: 1,
})

/** The named customer, or the tenant's default one. Refuses `not_found`. */
export const customerOf = (
  reads: Pick<TenantTransaction, 'get'>,
  tenant: Tenant,
  customerId: string | undefined,
): Promise<Customer> => reads.get('customers', customerId ?? tenant.defaultCustomerId)
