// A way to pay: what may be known of a card or bank account without knowing its number.
import type { Address } from './customer.ts'
import type { CustomerId, PaymentMethodId, TenantId } from './ids.ts'
import type { Instant } from './time.ts'

export interface CardFacts {
  readonly brand: string
  readonly last4: string
  readonly expMonth: number
  readonly expYear: number
  readonly funding: string | null
  readonly country: string | null
}

export interface BankAccountFacts {
  readonly bankName: string | null
  readonly last4: string
  readonly accountType: string | null
}

export interface BillingDetails {
  readonly name: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly address: Address | null
}

export const noBillingDetails: BillingDetails = {
  name: null,
  email: null,
  phone: null,
  address: null,
}

/** Small deposits that the payer reads off a bank statement: amounts, or a code beginning with SM. */
export interface Verification {
  readonly kind: 'amounts' | 'descriptor_code'
  readonly amountsTried: number
  readonly codesTried: number
  readonly arrivesAt: Instant | null
  readonly expiresAt: Instant
  /** A page of the processor where it can be answered as well. */
  readonly hostedUrl: string | null
}

export type PaymentMethodType =
  | 'card'
  | 'bank_account'
  | 'alipay'
  | 'wechat_pay'
  | 'paypal'
  | 'manual'
export type PaymentMethodStatus =
  | 'active'
  | 'pending_verification'
  | 'verification_failed'
  | 'expired'
  | 'detached'

export interface PaymentMethod {
  readonly tenantId: TenantId
  readonly id: PaymentMethodId
  readonly customerId: CustomerId
  readonly type: PaymentMethodType
  readonly card: CardFacts | null
  readonly bankAccount: BankAccountFacts | null
  readonly billingDetails: BillingDetails
  readonly status: PaymentMethodStatus
  /** Same card, same fingerprint: declines are counted per fingerprint, never per invoice. */
  readonly fingerprint: string | null
  readonly processorId: string
  /** The processor's set-up that gave the mandate of a bank account. */
  readonly setupId: string | null
  /** Null for methods that need none, and once it is over. */
  readonly verification: Verification | null
  readonly detachedAt: Instant | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

/**
 * Whether a card's last valid month has ended at an instant, judged by UTC: issuers accept a card until
 * the last moment of the month printed on it.
 */
export function cardExpired(card: CardFacts, at: Instant): boolean {
  return at >= Date.UTC(card.expYear, card.expMonth, 1)
}

/** The status to show: an active card past its last month is expired without anybody writing it down. */
export function effectiveStatus(method: PaymentMethod, at: Instant): PaymentMethodStatus {
  if (method.status === 'active' && method.card && cardExpired(method.card, at)) return 'expired'
  return method.status
}

/**
 * Whether an off-session charge may be tried on it. An expired card stays chargeable: issuers often
 * accept the renewed card behind it.
 */
export const isChargeable = (method: PaymentMethod): boolean => method.status === 'active'
