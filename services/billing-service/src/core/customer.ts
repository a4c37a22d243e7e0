// A billing account of a tenant: who is billed, where documents go. Not the platform's user.
import type { CustomerId, PaymentMethodId, TenantId } from './ids.ts'
import type { TaxProof } from './invoice-tax.ts'
import type { Instant } from './time.ts'

export interface Address {
  readonly line1: string | null
  readonly line2: string | null
  readonly city: string | null
  readonly state: string | null
  readonly postalCode: string | null
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null
}

export interface TaxId {
  readonly type: string
  readonly value: string
}

export interface Customer {
  readonly tenantId: TenantId
  readonly id: CustomerId
  readonly name: string | null
  readonly email: string | null
  /** Further recipients of invoices. */
  readonly invoiceEmails: readonly string[]
  readonly phone: string | null
  readonly address: Address | null
  readonly taxIds: readonly TaxId[]
  readonly taxExempt: boolean
  /** That its VAT id is its own; null: not proved. */
  readonly taxProof: TaxProof | null
  readonly purchaseOrder: string | null
  readonly language: 'en' | 'zh-CN' | null
  readonly zone: string | null
  /** A tenant has one default customer, created on first use. */
  readonly isDefault: boolean
  readonly defaultPaymentMethodId: PaymentMethodId | null
  /** The processor's name of this customer; null until the processor first needs one. */
  readonly processorId: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}
