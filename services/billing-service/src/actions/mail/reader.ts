// Who reads a mail, and how things are named for that reader.
import type { Customer } from '../../core/customer.ts'
import { mulDiv } from '../../core/money.ts'
import type { PaymentMethod } from '../../core/payment-method.ts'
import { isFree, type Plan, type PlanPrice } from '../../core/plan.ts'
import type { Cycle } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import { methodName } from '../../documents/method-name.ts'
import { type Language, wordsOf } from '../../documents/words.ts'
import type { PlanFacts } from '../../notifications/facts.ts'
import type { CollectionName } from '../../ports/collections.ts'
import type { Reads } from '../../ports/store.ts'
import type { Entered } from '../enter.ts'
import { methodToCharge } from '../payment-methods/add-method.ts'

/** What a mail is written from. */
export interface Writing {
  readonly deps: Deps
  readonly reads: Reads<CollectionName>
  readonly entered: Entered
}

export interface Reader {
  readonly customer: Customer
  readonly language: Language
  readonly zone: string
}

/** The customer in its own language and zone, else the tenant's. */
export async function readerOf(writing: Writing, customerId: string): Promise<Reader> {
  const customer = await writing.reads.get('customers', customerId)
  const { settings } = writing.entered
  return {
    customer,
    language: customer.language ?? settings.language,
    zone: customer.zone ?? settings.zone,
  }
}

/** A plan as a mail names it, at the price of a whole period. */
export function planFacts(
  plan: Pick<Plan, 'name'>,
  price: PlanPrice,
  terms: { readonly cycle: Cycle; readonly quantity: number },
): PlanFacts {
  const amountMinor = mulDiv(price.amountMinor, terms.quantity, 1, 'half_away')
  return {
    name: plan.name,
    ...terms,
    price: isFree(price) ? null : { amountMinor, currency: price.currency },
  }
}

/** A method in the reader's words: `Visa 4242`. */
export function methodText(method: PaymentMethod, language: Language): string {
  const { card, bankAccount, type } = method
  const brand = card?.brand ?? bankAccount?.bankName ?? null
  const last4 = card?.last4 ?? bankAccount?.last4 ?? null
  return methodName({ type, brand, last4 }, language) ?? wordsOf(language).paymentMethod
}

/** The method that the next charge takes, in the reader's words; null when there is none. */
export async function methodToChargeText(
  { reads }: Writing,
  { customer, language }: Reader,
  ownId: PaymentMethod['id'] | null,
): Promise<string | null> {
  const method = await methodToCharge(reads, ownId, customer.id)
  return method === null ? null : methodText(method, language)
}

/** The method of a transaction in the reader's words. */
export const paidWith = (
  transaction: {
    readonly methodType: string | null
    readonly methodBrand: string | null
    readonly methodLast4: string | null
  },
  language: Language,
): string | null =>
  methodName(
    {
      type: transaction.methodType,
      brand: transaction.methodBrand,
      last4: transaction.methodLast4,
    },
    language,
  )
