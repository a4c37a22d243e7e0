// A tenant: a customer organisation of the platform, a payer. Its settings override the deployment's.
import type { BankDebitSettings } from './bank-debit-access.ts'
import type { DisputeSettings } from './dispute.ts'
import type { DunningSettings } from './dunning.ts'
import type { CustomerId, TenantId } from './ids.ts'
import type { MailChoices } from './mail.ts'
import type { Currency } from './money.ts'
import type { ProrationSettings } from './plan-change.ts'
import type { RenewalSettings } from './renewal.ts'
import type { TaxRules } from './tax.ts'
import type { Instant } from './time.ts'

/** Billing policy. Deployment defaults come from the configuration; a tenant may override each. */
export interface BillingSettings
  extends BankDebitSettings,
    DisputeSettings,
    DunningSettings,
    ProrationSettings,
    RenewalSettings {
  readonly currency: Currency
  /** Whether other methods of the customer are tried when the one that pays fails. */
  readonly backupMethods: boolean
  /** Parts per million, added to every taxable line unless the customer is exempt. */
  readonly taxRatePpm: number
  /** No customer of the tenant bears tax. */
  readonly taxExempt: boolean
  /** Where tax is rounded: once per rate and invoice, by line, or once for the sum (choice 26). */
  readonly taxRoundingLevel: TaxRules['level']
  /** Exact halves go away from zero or to the even neighbour (choice 25). */
  readonly taxRounding: 'half_away' | 'half_even'
  /** Which figure of a price with its tax is rounded (choice 27). */
  readonly taxInclusiveRounding: TaxRules['inclusive']
  readonly trialDays: number
  /** Whether a trial starts only with a payment method (choice 10). */
  readonly trialNeedsMethod: boolean
  /** Usage that comes after its period was billed: a difference on the next invoice, or refused (choice 19). */
  readonly lateUsage: 'next_invoice' | 'reject'
  /** Days before a renewal or the end of a trial on which the payer is reminded of it. */
  readonly reminderDays: number
  /** Days between issue and due date of invoices that wait for the payer. */
  readonly paymentTermDays: number
  readonly zone: string
  readonly language: 'en' | 'zh-CN'
  /** Which mails are sent and to whom; kinds that are not named are as usual. */
  readonly notifications: MailChoices
}

export type TenantSettings = Partial<BillingSettings>

export interface Tenant {
  readonly tenantId: TenantId
  /** Equal to `tenantId`: a tenant has one row of its own. */
  readonly id: TenantId
  /** For ever: test tenants move only by their own clock and are skipped by live jobs. */
  readonly kind: 'live' | 'test'
  /** Billing time of a test tenant; null follows the real clock. */
  readonly clockAt: Instant | null
  readonly settings: TenantSettings
  /** Its billing account, made together with this row. */
  readonly defaultCustomerId: CustomerId
  /** First part of its invoice numbers; assigned at its first finalisation and never reused. */
  readonly numberPrefix: string | null
  /** Its books are closed before this instant; null: none of their periods is. */
  readonly closedUntil: Instant | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

/** The settings in force for a tenant: its own where given, else the deployment's. */
export const settingsOf = (tenant: Tenant, defaults: BillingSettings): BillingSettings => ({
  ...defaults,
  ...tenant.settings,
  notifications: { ...defaults.notifications, ...tenant.settings.notifications },
})

/** The settings without the addresses that mails go to; what is sent at all stays chosen. */
export function withoutRecipients(settings: TenantSettings): TenantSettings {
  const { notifications } = settings
  if (notifications === undefined) return settings
  const choices = Object.entries(notifications).map(([kind, { recipients: _, ...choice }]) => [
    kind,
    choice,
  ])
  return { ...settings, notifications: Object.fromEntries(choices) as MailChoices }
}
