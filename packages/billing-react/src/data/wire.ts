// The objects of the API as the client answers them. Derived, so that they follow the contract.
import type { BillingClient } from '@quittance/billing-client/client'

type Answer<Name extends keyof BillingClient> = Awaited<ReturnType<BillingClient[Name]>>

export type CreditNoteWire = Answer<'getCreditNote'>
export type UsageEventWire = Answer<'listUsageEvents'>['data'][number]
export type CustomerWire = Answer<'getCustomer'>
export type InvoiceWire = Answer<'getInvoice'>
export type InvoiceLineWire = InvoiceWire['lineItems'][number]
export type PaymentMethodWire = Answer<'getPaymentMethod'>
export type PlanWire = Answer<'getPlan'>
export type SettingsWire = Answer<'getSettings'>
export type QuoteWire = Answer<'previewSubscription'>
export type SubscriptionWire = Answer<'getSubscription'>
export type SubscriptionUsageWire = Answer<'getUsage'>
export type TransactionWire = Answer<'getTransaction'>
/** What became of the charge that a request caused. */
export type PaymentResultWire = NonNullable<InvoiceWire['payment']>
export type AddressWire = NonNullable<CustomerWire['address']>
