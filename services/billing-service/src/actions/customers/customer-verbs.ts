// Billing accounts and settings of a tenant, changed.
import type { Caller } from '../../core/caller.ts'
import { type Changed, changedFields } from '../../core/changed.ts'
import type { Address, Customer } from '../../core/customer.ts'
import {
  isLocked,
  type MailChoice,
  type MailChoices,
  type MailKind,
  mailKinds,
} from '../../core/mail.ts'
import { exponentOf } from '../../core/money.ts'
import { refuse } from '../../core/refusal.ts'
import { type BillingSettings, settingsOf, type TenantSettings } from '../../core/tenant.ts'
import { isZone } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import { changedRow } from '../changed-row.ts'
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
      {
        type: 'customer.updated',
        objectId: id,
        data: { fields: Object.keys(input) },
        changed: changedRow('customers', current, saved),
      },
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
const ownSettings: readonly (keyof BillingSettings)[] = [
  'zone',
  'language',
  'notifications',
  'backupMethods',
]

/** What is said of each kind of mail; null takes the usual again. */
export type NotificationInput = {
  readonly [K in MailKind]?: MailChoice | null | undefined
}

export type SettingsInput = Omit<TenantSettings, 'notifications'> & {
  readonly notifications?: NotificationInput | undefined
}

/** Refuses `invalid_request` for switching off what the law or the contract wants sent. */
function assertMayBeOff(input: NotificationInput): void {
  for (const kind of mailKinds) {
    if (input[kind]?.enabled !== false || !isLocked(kind)) continue
    refuse('invalid_request', {}, [
      {
        path: `/notifications/${kind}/enabled`,
        message: 'this mail is part of the contract and cannot be switched off',
      },
    ])
  }
}

function chosen(before: MailChoices | undefined, input: NotificationInput): MailChoices {
  const merged: Record<string, MailChoice> = { ...before }
  for (const [kind, choice] of Object.entries(input)) {
    if (choice === null) delete merged[kind]
    else if (choice !== undefined) merged[kind] = { ...merged[kind], ...choice }
  }
  return merged
}

function withSettings(before: TenantSettings, given: SettingsInput): TenantSettings {
  const { notifications, ...rest } = given
  if (notifications === undefined) return { ...before, ...rest }
  return { ...before, ...rest, notifications: chosen(before.notifications, notifications) }
}

/** What events and audit lines say of it: addresses of persons stand in neither, only how many there are. */
const toldOf = ({ notifications, ...rest }: SettingsInput): Readonly<Record<string, unknown>> =>
  notifications === undefined ? rest : { ...rest, notifications: toldChoices(notifications) }

function toldChoices(notifications: NotificationInput): Readonly<Record<string, unknown>> {
  const choices = Object.entries(notifications).map(([kind, choice]) => {
    if (choice?.recipients === undefined) return [kind, choice]
    return [kind, { ...choice, recipients: choice.recipients.length }]
  })
  return Object.fromEntries(choices)
}

/** The settings in force before and after, each as `toldOf` tells it. */
const changedSettings = (before: BillingSettings, after: BillingSettings): Changed =>
  changedFields(before, after, {
    hides: () => false,
    skips: () => false,
    shows: (field, value) =>
      field === 'notifications' ? toldChoices(value as MailChoices) : value,
  })

/**
 * Changes the tenant's settings. Refuses `operator_only` for billing policy, and `currency_locked` for another
 * currency while a subscription lives.
 */
export async function updateSettings(
  deps: Deps,
  caller: Caller,
  input: SettingsInput,
): Promise<BillingSettings> {
  const given = Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined),
  ) as SettingsInput
  const fields = Object.keys(given) as (keyof BillingSettings)[]
  const policy = fields.some(field => !ownSettings.includes(field))
  if (policy && !caller.mayAsIssuer('policy.manage')) refuse('operator_only')
  assertZone(given.zone)
  if (given.notifications !== undefined) assertMayBeOff(given.notifications)
  if (given.currency !== undefined) exponentOf(given.currency)
  const { at } = await enter(deps, caller)
  return deps.store.transaction(caller.tenantId, async tx => {
    const tenant = await tx.lock('tenants', caller.tenantId)
    const before = settingsOf(tenant, deps.settings)
    if ((given.currency ?? before.currency) !== before.currency) await assertCurrencyFree(tx)
    const saved = await tx.replace('tenants', {
      ...tenant,
      settings: withSettings(tenant.settings, given),
      updatedAt: at,
    })
    const after = settingsOf(saved, deps.settings)
    const changed = changedSettings(before, after)
    await record(deps, tx, caller, at, [
      { type: 'settings.updated', objectId: caller.tenantId, data: toldOf(given), changed },
    ])
    return after
  })
}
