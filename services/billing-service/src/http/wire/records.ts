// Payment methods, transactions, customers, settings and summaries on the wire.
import type { CustomerWire, SettingsWire } from '@quittance/billing-contract/schemas/customer'
import type { PaymentMethodWire } from '@quittance/billing-contract/schemas/payment-method'
import type { SummaryWire, TransactionWire } from '@quittance/billing-contract/schemas/transaction'
import type { Summary } from '../../actions/transactions/summarize.ts'
import type { Customer } from '../../core/customer.ts'
import { ppmToPercent } from '../../core/money.ts'
import { openToRefundMinor, type Transaction } from '../../core/payment.ts'
import { effectiveStatus, type PaymentMethod } from '../../core/payment-method.ts'
import type { BillingSettings } from '../../core/tenant.ts'
import { type Instant, toIso } from '../../core/time.ts'
import { answersLeft } from '../../core/verification.ts'
import { notificationsToWire } from './mail.ts'
import { amount, time } from './money.ts'

/** A method; which one is the default is the customer's to say. */
export function methodToWire(
  method: PaymentMethod,
  defaultId: string | null,
  now: Instant,
): PaymentMethodWire {
  return {
    id: method.id,
    tenantId: method.tenantId,
    customerId: method.customerId,
    type: method.type,
    card: method.card,
    bankAccount: method.bankAccount,
    billingDetails: method.billingDetails,
    isDefault: method.id === defaultId,
    status: effectiveStatus(method, now),
    verification:
      method.verification === null
        ? null
        : {
            kind: method.verification.kind,
            amountsLeft: answersLeft(method.verification, 'amounts'),
            codesLeft: answersLeft(method.verification, 'descriptor_code'),
            arrivesAt: time(method.verification.arrivesAt),
            expiresAt: toIso(method.verification.expiresAt),
            hostedUrl: method.verification.hostedUrl,
          },
    stripePaymentMethodId: method.processorId,
    createdAt: toIso(method.createdAt),
  }
}

/** A transaction; `forIssuer` adds what only the issuer's staff may see. */
export function transactionToWire(t: Transaction, forIssuer = false): TransactionWire {
  const settled = t.settlementCurrency ?? t.currency
  return {
    id: t.id,
    transactionId: t.id,
    tenantId: t.tenantId,
    customerId: t.customerId,
    type: t.type,
    status: t.status,
    amount: amount(t.amountMinor, t.currency),
    currency: t.currency,
    fee: t.feeMinor === null ? null : amount(t.feeMinor, settled),
    net: t.netMinor === null ? null : amount(t.netMinor, settled),
    invoiceId: t.invoiceId,
    paymentMethodId: t.paymentMethodId,
    relatedTransactionId: t.relatedTransactionId,
    creditNoteId: t.creditNoteId,
    amountRefunded: amount(t.amountRefundedMinor, t.currency),
    amountRefundable: amount(openToRefundMinor(t), t.currency),
    reason: t.reason,
    failureCode: t.failureCode,
    declineCode: t.declineCode,
    methodType: t.methodType,
    reference: t.reference,
    processor: t.processor,
    requestLogUrl: forIssuer ? t.requestLogUrl : null,
    processedAt: time(t.processedAt),
    createdAt: toIso(t.createdAt),
  }
}

export function customerToWire(customer: Customer): CustomerWire {
  return {
    id: customer.id,
    tenantId: customer.tenantId,
    name: customer.name,
    email: customer.email,
    invoiceEmails: [...customer.invoiceEmails],
    phone: customer.phone,
    address: customer.address,
    taxIds: customer.taxIds.map(({ type, value }) => ({ type, value })),
    taxExempt: customer.taxExempt,
    taxProof:
      customer.taxProof === null
        ? null
        : { ...customer.taxProof, provedAt: toIso(customer.taxProof.provedAt) },
    purchaseOrder: customer.purchaseOrder,
    language: customer.language,
    zone: customer.zone,
    isDefault: customer.isDefault,
    defaultPaymentMethodId: customer.defaultPaymentMethodId,
    metadata: { ...customer.metadata },
    createdAt: toIso(customer.createdAt),
    updatedAt: toIso(customer.updatedAt),
  }
}

export function settingsToWire(tenantId: string, settings: BillingSettings): SettingsWire {
  const { taxRatePpm, dunningDays, bankDebitLimitMinor, notifications, ...rest } = settings
  return {
    tenantId,
    ...rest,
    dunningDays: dunningDays === null ? null : [...dunningDays],
    taxRate: ppmToPercent(taxRatePpm),
    bankDebitLimit: amount(bankDebitLimitMinor, settings.currency),
    notifications: notificationsToWire(notifications),
  }
}

export function summaryToWire(summary: Summary): SummaryWire {
  return {
    period: summary.period,
    from: toIso(summary.from),
    to: toIso(summary.to),
    zone: summary.zone,
    currencies: summary.currencies.map(c => ({
      currency: c.currency,
      payments: amount(c.paymentsMinor, c.currency),
      refunds: amount(c.refundsMinor, c.currency),
      adjustments: amount(c.adjustmentsMinor, c.currency),
      fees: amount(c.feesMinor, c.currency),
      net: amount(c.netMinor, c.currency),
      counts: c.counts,
    })),
  }
}
