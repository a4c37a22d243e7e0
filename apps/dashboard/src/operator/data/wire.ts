// The objects of the API as the client answers them. Derived, so that they follow the contract.
import type { BillingClient } from '@quittance/billing-client/client'

type Answer<Name extends keyof BillingClient> = Awaited<ReturnType<BillingClient[Name]>>
type Item<Name extends keyof BillingClient> =
  Answer<Name> extends {
    readonly data: readonly (infer Row)[]
  }
    ? Row
    : never

export type TenantRow = Item<'listTenants'>
export type SubscriptionRow = Item<'listIssuerSubscriptions'>
export type InvoiceRow = Item<'listIssuerInvoices'>
export type TransactionRow = Item<'listIssuerTransactions'>
export type EventRow = Item<'listEvents'>
export type ApprovalRow = Item<'listIssuerApprovals'>
export type AuditRow = Item<'listIssuerAuditLog'>
export type SettingsWire = Answer<'getSettings'>
export type InvoiceWire = Answer<'getInvoice'>
export type TransactionWire = Answer<'getTransaction'>
export type CreditNoteRow = Item<'listCreditNotes'>
export type WebhookRow = Item<'listWebhookEvents'>
export type DriftRow = Item<'listDrift'>
export type JobRow = Item<'listJobs'>
export type JobRunRow = Item<'listJobRuns'>
export type MailRow = Item<'listMails'>
export type DisputeRow = Item<'listIssuerDisputes'>
export type PayoutRow = Item<'listPayouts'>
export type ReportWire = Answer<'getReport'>
export type HealthWire = Answer<'getPaymentHealth'>
export type PlanRow = Item<'listPlans'>
export type PlanDefinition = Parameters<BillingClient['pushPlans']>[0]['plans'][number]
export type CouponRow = Item<'listCoupons'>
export type PromotionCodeRow = Item<'listPromotionCodes'>
export type EndpointRow = Item<'listWebhookEndpoints'>
export type DeliveryRow = Item<'listWebhookDeliveries'>
export type BrandingWire = Answer<'getBranding'>
