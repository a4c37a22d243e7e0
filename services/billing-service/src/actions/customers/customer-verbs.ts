// Billing accounts and settings of a tenant, changed.
import type { Caller } from '../../core/caller.ts'
import type { Address, Customer } from '../../core/customer.ts'
import { exponentOf } from '../../core/money.ts'
import { refuse } from '../../core/refusal.ts'
import { type BillingSettings, settingsOf, type TenantSettings } from '../../core/tenant.ts'
import { isZone } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import { enter } from '../enter.ts'
import { record } from '../record.ts'
import { assertCurrencyFree } from '../subscriptions/live.ts'

export type CustomerUpdate = {
  readonly [K in
    | 'name'
    | 'email'
    | 'invoiceEmails'
    | 'phone'
    | 'taxIds'
    | 'purchaseOrder'
    | 'language'
    | 'zone'
    | 'metadata']?: Customer[K] | undefined
} & { readonly address?: Partial<Address> | null | undefined }

const emptyAddress: Address = {
  line1: null,
  line2: null,
  city: null,
  state: null,
  postalCode: null,
  country: null,
}

function assertZone(zone: string | null | undefined): void {
  if (zone && !isZone(zone)) {
    refuse('invalid_request', {}, [
      { path: '/zone', message: `"${zone}" is not an IANA time zone such as Asia/Shanghai` },
    ])
  }
}

/** Changes a customer; fields that are left out stay, a null clears. Refuses `not_found`. */
export async function updateCustomer(
  deps: Deps,
  caller: Caller,
  id: string,
  input: CustomerUpdate,
): Promise<Customer> {
  assertZone(input.zone)
  const { at } = await enter(deps, caller)
  const { address, ...fields } = input
  const given = Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined))
  return deps.store.transaction(caller.tenantId, async tx => {
    const current = await tx.lock('customers', id)
    const saved = await tx.replace('customers', {
      ...current,
      ...given,
      address: address === undefined ? current.address : addressOf(current.address, address),
      updatedAt: at,
    })
    await record(deps, tx, caller, at, [
      { type: 'customer.updated', objectId: id, data: { fields: Object.keys(input) } },
    ])
    return saved
  })
}

const addressOf = (current: Address | null, given: Partial<Address> | null): Address | null =>
  given === null ? null : { ...emptyAddress, ...current, ...given }

/** The settings in force. */
export async function readSettings(deps: Deps, caller: Caller): Promise<BillingSettings> {
  const { settings } = await enter(deps, caller)
  return settings
}

/** What a payer may set itself; the rest is billing policy and the issuer's alone. */
const ownSettings: readonly (keyof BillingSettings)[] = ['zone', 'language']

/**
 * Changes the tenant's settings. Refuses `operator_only` for billing policy, and `currency_locked` for another
 * currency while a subscription lives.
 */
export async function updateSettings(
  deps: Deps,
  caller: Caller,
  input: TenantSettings,
): Promise<BillingSettings> {
  const given = Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined),
  ) as TenantSettings
  const fields = Object.keys(given) as (keyof BillingSettings)[]
  const policy = fields.some(field => !ownSettings.includes(field))
  if (policy && !caller.mayAsIssuer('policy.manage')) refuse('operator_only')
  assertZone(given.zone)
  if (given.currency !== undefined) exponentOf(given.currency)
  const { at } = await enter(deps, caller)
  return deps.store.transaction(caller.tenantId, async tx => {
    const tenant = await tx.lock('tenants', caller.tenantId)
    const { currency } = settingsOf(tenant, deps.settings)
    if ((given.currency ?? currency) !== currency) await assertCurrencyFree(tx)
    const saved = await tx.replace('tenants', {
      ...tenant,
      settings: { ...tenant.settings, ...given },
      updatedAt: at,
    })
    await record(deps, tx, caller, at, [
      { type: 'settings.updated', objectId: caller.tenantId, data: { ...given } },
    ])
    return settingsOf(saved, deps.settings)
  })
}
