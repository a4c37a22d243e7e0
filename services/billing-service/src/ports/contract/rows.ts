// Rows for the store's contract: plausible, small, each with an id of its own. No rule of billing is meant.
import { balanceIdOf, type CreditBalance, type CreditEntry } from '../../core/credit-balance.ts'
import type { CreditNote } from '../../core/credit-note.ts'
import type { Customer } from '../../core/customer.ts'
import type { Invoice } from '../../core/invoice.ts'
import type { LedgerEntry } from '../../core/ledger.ts'
import type { Transaction } from '../../core/payment.ts'
import type { PaymentMethod } from '../../core/payment-method.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { Tenant } from '../../core/tenant.ts'

let made = 0

/** A new text that sorts after those before it. */
export function serial(): string {
  made += 1
  return String(made).padStart(8, '0')
}

/** A tenant nobody used before. */
export const newTenant = (): string => `tenant-${serial()}`

/** 2026-01-01 00:00 UTC. */
export const newYear = Date.UTC(2026, 0, 1)
export const dayMs = 86_400_000

const stamps = { createdAt: newYear, updatedAt: newYear, version: 1 }

export const tenantRow = (tenantId: string, more: Partial<Tenant> = {}): Tenant => ({
  tenantId,
  id: tenantId,
  kind: 'live',
  clockAt: null,
  settings: {},
  defaultCustomerId: `cus_${serial()}`,
  numberPrefix: null,
  closedUntil: null,
  ...stamps,
  ...more,
})

export const customerRow = (tenantId: string, more: Partial<Customer> = {}): Customer => ({
  tenantId,
  id: `cus_${serial()}`,
  name: 'Ada 算',
  email: 'ada@example.org',
  invoiceEmails: ['books@example.org'],
  phone: null,
  address: null,
  taxIds: [],
  taxExempt: false,
  taxProof: null,
  purchaseOrder: null,
  language: 'en',
  zone: 'Asia/Shanghai',
  isDefault: false,
  defaultPaymentMethodId: null,
  processorId: null,
  metadata: {},
  ...stamps,
  ...more,
})

export const methodRow = (
  customer: Customer,
  more: Partial<PaymentMethod> = {},
): PaymentMethod => ({
  tenantId: customer.tenantId,
  id: `pm_${serial()}`,
  customerId: customer.id,
  type: 'card',
  card: {
    brand: 'visa',
    last4: '4242',
    expMonth: 12,
    expYear: 2030,
    funding: 'credit',
    country: 'CN',
  },
  bankAccount: null,
  billingDetails: { name: null, email: null, phone: null, address: null },
  status: 'active',
  fingerprint: null,
  processorId: `pm_at_processor_${serial()}`,
  setupId: null,
  verification: null,
  detachedAt: null,
  ...stamps,
  ...more,
})

export const subscriptionRow = (
  customer: Customer,
  more: Partial<Subscription> = {},
): Subscription => ({
  tenantId: customer.tenantId,
  id: `sub_${serial()}`,
  customerId: customer.id,
  planId: 'starter@1',
  planCode: 'starter',
  planFamily: 'standard',
  billingCycle: 'monthly',
  quantity: 1,
  currency: 'USD',
  status: 'active',
  anchorAt: newYear,
  anchorZone: 'UTC',
  anchorDay: 1,
  periodIndex: 0,
  currentPeriodStart: newYear,
  currentPeriodEnd: newYear + 31 * dayMs,
  trialStart: null,
  trialEnd: null,
  cancelAtPeriodEnd: false,
  cancelReason: null,
  canceledAt: null,
  endedAt: null,
  pendingChange: null,
  grantedChange: null,
  discounts: [],
  paymentMethodId: null,
  billedBy: 'engine',
  processorId: null,
  checkAt: null,
  latestInvoiceId: null,
  liveKey: null,
  nextBillingAt: null,
  clock: 'live',
  graceEndsAt: null,
  pauseAtPeriodEnd: false,
  pendingLines: [],
  collectionPause: null,
  metadata: {},
  ...stamps,
  ...more,
})

export const invoiceRow = (customer: Customer, more: Partial<Invoice> = {}): Invoice => ({
  tenantId: customer.tenantId,
  id: `inv_${serial()}`,
  invoiceNumber: null,
  customerId: customer.id,
  subscriptionId: null,
  status: 'draft',
  billingReason: 'manual',
  currency: 'USD',
  lines: [],
  subtotalMinor: 1_000,
  discountMinor: 100,
  taxMinor: 72,
  taxLines: [{ ratePpm: 80_000, taxableMinor: 900, taxMinor: 72 }],
  totalMinor: 972,
  amountPaidMinor: 0,
  amountCreditedMinor: 0,
  amountForgivenMinor: 0,
  amountRefundedMinor: 0,
  amountFromBalanceMinor: 0,
  collection: 'automatic',
  paymentMethodId: null,
  attemptCount: 0,
  nextAttemptAt: null,
  clock: 'live',
  renewalKey: null,
  processorId: null,
  processorUrl: null,
  arrears: null,
  finalizeAt: null,
  firstFailedAt: null,
  giveUpAt: null,
  periodStart: null,
  periodEnd: null,
  buyer: null,
  issuer: null,
  brandingId: null,
  dueAt: null,
  issuedAt: null,
  paidAt: null,
  closedAt: null,
  planCode: null,
  country: null,
  metadata: {},
  ...stamps,
  ...more,
})

export const creditNoteRow = (invoice: Invoice): CreditNote => ({
  tenantId: invoice.tenantId,
  id: `cn_${serial()}`,
  creditNoteNumber: `CN-${serial()}`,
  invoiceId: invoice.id,
  invoiceNumber: 'INV-1',
  invoiceIssuedAt: newYear,
  customerId: invoice.customerId,
  currency: 'USD',
  lines: [],
  taxLines: [],
  subtotalMinor: 1_000,
  discountMinor: 100,
  taxMinor: 72,
  totalMinor: 972,
  lowersInvoiceMinor: 0,
  refundedMinor: 0,
  toBalanceMinor: 972,
  onBadDebt: false,
  reason: null,
  requestKey: null,
  buyer: null,
  issuer: null,
  brandingId: null,
  issuedAt: newYear,
  createdAt: newYear,
  recordedAt: newYear,
})

export const balanceRow = (customer: Customer): CreditBalance => ({
  tenantId: customer.tenantId,
  id: balanceIdOf(customer.id, 'USD'),
  customerId: customer.id,
  currency: 'USD',
  balanceMinor: 0,
  lots: [],
  ...stamps,
})

export const creditEntryRow = (balance: CreditBalance): CreditEntry => ({
  tenantId: balance.tenantId,
  id: `ce_${serial()}`,
  balanceId: balance.id,
  customerId: balance.customerId,
  currency: balance.currency,
  kind: 'adjustment',
  amountMinor: 500,
  used: [],
  cause: `txn_${serial()}`,
  invoiceId: null,
  transactionId: null,
  creditNoteId: null,
  reason: null,
  createdAt: newYear,
  recordedAt: newYear,
})

export const transactionRow = (
  customer: Customer,
  more: Partial<Transaction> = {},
): Transaction => ({
  tenantId: customer.tenantId,
  id: `txn_${serial()}`,
  customerId: customer.id,
  type: 'payment',
  status: 'succeeded',
  currency: 'USD',
  amountMinor: 972,
  feeMinor: null,
  netMinor: null,
  settlementCurrency: null,
  invoiceId: null,
  subscriptionId: null,
  creditNoteId: null,
  paymentMethodId: null,
  relatedTransactionId: null,
  amountRefundedMinor: 0,
  amountRefundPendingMinor: 0,
  amountDisputedMinor: 0,
  reason: null,
  requestKey: null,
  failureCode: null,
  declineCode: null,
  adviceCode: null,
  failureMessage: null,
  requestLogUrl: null,
  processor: 'stripe',
  processorId: null,
  processorChargeId: null,
  nextActionUrl: null,
  planCode: null,
  country: null,
  methodType: null,
  methodBrand: null,
  methodLast4: null,
  fingerprint: null,
  offSession: false,
  accessGrantedAt: null,
  reference: null,
  checkoutId: null,
  checkAt: null,
  processedAt: null,
  recordedAt: newYear,
  ...stamps,
  ...more,
})

export const ledgerRow = (tenantId: string, more: Partial<LedgerEntry> = {}): LedgerEntry => ({
  tenantId,
  id: `le_${serial()}`,
  postingId: `post_${serial()}`,
  dedupeKey: `key-${serial()}`,
  kind: 'invoice_finalized',
  account: 'receivable',
  currency: 'USD',
  amountMinor: 972,
  invoiceId: null,
  transactionId: null,
  processorId: null,
  bookedAt: newYear,
  recordedAt: newYear,
  ...more,
})
