// Whose a customer of the processor is: known by its id, or by the tenant that its owner wrote into metadata.
import { systemCaller } from '../../core/caller.ts'
import type { CustomerId, TenantId } from '../../core/ids.ts'
import type { Deps } from '../../deps.ts'
import { enter } from '../enter.ts'
import { record } from '../record.ts'

export interface Payer {
  readonly tenantId: TenantId
  readonly customerId: CustomerId
}

/** The payer behind the processor's customer, or null. */
export async function knownPayer(deps: Deps, processorCustomerId: string): Promise<Payer | null> {
  const { rows } = await deps.store.system.list('customers', {
    where: { processorId: processorCustomerId },
    limit: 1,
  })
  const [known] = rows
  return known === undefined ? null : { tenantId: known.tenantId, customerId: known.id }
}

const tenantPattern = /^[\x21-\x2b\x2d-\x7e]{1,128}$/

/** Whether a text can name a tenant: 1 to 128 printable characters without spaces and commas. */
export const namesTenant = (text: string): boolean => tenantPattern.test(text)

/**
 * Gives a tenant a customer of the processor: its default customer when that has none yet, else a further
 * one. Opens the tenant on first use.
 */
export async function linkPayer(
  deps: Deps,
  tenantId: TenantId,
  customer: {
    readonly processorId: string
    readonly name: string | null
    readonly email: string | null
  },
): Promise<Payer> {
  const caller = systemCaller(tenantId, 'mirror', customer.processorId)
  const { tenant, at } = await enter(deps, caller)
  return deps.store.transaction(tenantId, async tx => {
    const first = await tx.lock('customers', tenant.defaultCustomerId)
    const { rows } = await tx.list('customers', {
      where: { processorId: customer.processorId },
      limit: 1,
    })
    if (rows[0] !== undefined) return { tenantId, customerId: rows[0].id }
    const { processorId } = customer
    const id = first.processorId === null ? first.id : deps.ids.next('customer')
    const { name, email } = customer
    if (id === first.id) {
      const told = { name: first.name ?? name, email: first.email ?? email }
      await tx.replace('customers', { ...first, ...told, processorId, updatedAt: at })
    } else {
      const blank = { ...first, id, isDefault: false, defaultPaymentMethodId: null, version: 1 }
      const own = { name, email, processorId, metadata: {}, createdAt: at, updatedAt: at }
      await tx.insert('customers', { ...blank, ...own })
    }
    await record(deps, tx, caller, at, [
      { type: 'customer.linked', objectId: id, data: { processorId } },
    ])
    return { tenantId, customerId: id }
  })
}

/** The payer by the customer's id, else by the tenant that metadata names. */
export async function payerOf(
  deps: Deps,
  processorCustomerId: string,
  namedTenant: string | undefined,
): Promise<Payer | null> {
  const known = await knownPayer(deps, processorCustomerId)
  if (known !== null) return known
  if (namedTenant === undefined || !namesTenant(namedTenant)) return null
  const customer = { processorId: processorCustomerId, name: null, email: null }
  return linkPayer(deps, namedTenant, customer)
}
