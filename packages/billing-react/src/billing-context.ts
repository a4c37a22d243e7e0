// What every part of the pages can reach: the client, the reader's language and zone, who may do
// what.
import type { BillingClient } from '@quittance/billing-client/client'
import type { QueryClient } from '@tanstack/react-query'
import { createContext, use } from 'react'
import type { Permission, Role } from './claims.ts'
import type { Reader } from './formats.ts'
import type { BillingSentence, Translate } from './words/words.ts'

/** Addresses of the host's pages. A link without an address is left out or shown as plain text. */
export interface BillingLinks {
  readonly plan?: string
  readonly usage?: string
  readonly invoices?: string
  readonly invoice?: (invoiceId: string) => string
  readonly paymentMethods?: string
  /** Where a bank account is verified; without it the form opens in place. */
  readonly verifyMethod?: (paymentMethodId: string) => string
  readonly transactions?: string
}

/** Where cards come from: the sandbox's test cards, or the processor's own form. */
export type BillingEnvironment = 'sandbox' | 'live'

export interface Billing {
  readonly client: BillingClient
  readonly queryClient: QueryClient
  /**
   * First part of every query key: tenant and language, so that neither sees the other's answers.
   */
  readonly scope: readonly string[]
  readonly reader: Reader
  readonly t: Translate
  readonly say: (sentence: BillingSentence) => string
  readonly roles: readonly Role[]
  readonly may: (permission: Permission) => boolean
  readonly links: BillingLinks
  /** Opens an address inside the host without loading a page; null leaves it to the browser. */
  readonly navigate: ((href: string) => void) | null
  /** Null while it is not known. */
  readonly environment: BillingEnvironment | null
}

export const BillingContext = createContext<Billing | null>(null)

/** The billing context of the nearest provider. Throws outside of one. */
export function useBilling(): Billing {
  const billing = use(BillingContext)
  if (!billing) throw new Error('Billing components need a <BillingProvider> around them.')
  return billing
}
