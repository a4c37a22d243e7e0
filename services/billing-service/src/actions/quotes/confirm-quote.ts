// Confirming a quote: it is held while its prices are computed once more as of its own instant, and used up
// in the transaction that charges them.
import {
  assertCharges,
  assertHolds,
  assertUnchanged,
  confirmedInput,
  type Quote,
  type Quoted,
  type QuoteRequest,
  quoteFacts,
} from '../../core/quote.ts'
import type { Instant } from '../../core/time.ts'
import type { CollectionName } from '../../ports/collections.ts'
import type { Reads, TenantTransaction } from '../../ports/store.ts'
import type { Entered } from '../enter.ts'

interface WithQuote extends QuoteRequest {
  readonly quoteId?: string | undefined
}

/**
 * The terms that are confirmed: those of the quote, where one is named. Refuses `not_found`,
 * `quote_mismatch`, `quote_used`, `quote_expired`.
 */
export async function quotedInput<T extends WithQuote>(
  reads: Pick<Reads<CollectionName>, 'get'>,
  subscriptionId: string | null,
  input: T,
  at: Instant,
): Promise<T> {
  if (input.quoteId === undefined) return input
  const quote = await reads.get('quotes', input.quoteId)
  const confirmed = confirmedInput(quote, subscriptionId, input)
  assertHolds(quote, at)
  return confirmed
}

/** Holds the quote until the transaction ends; whoever comes second finds it used. Null without one. */
export async function holdQuote(
  tx: TenantTransaction,
  quoteId: string | undefined,
  { at }: Entered,
): Promise<Quote | null> {
  if (quoteId === undefined) return null
  const quote = await tx.lock('quotes', quoteId)
  assertHolds(quote, at)
  return quote
}

/** The time that prices are computed as of: the quote's own. */
export const asOf = (entered: Entered, quote: Quote | null): Entered =>
  quote === null ? entered : { ...entered, at: quote.at }

/** Uses a held quote up. Refuses `quote_changed` with what is not as it was quoted. */
export async function useQuote(
  tx: TenantTransaction,
  quote: Quote | null,
  quoted: Quoted,
  at: Instant,
): Promise<void> {
  if (quote === null) return
  assertUnchanged(quote, quoteFacts(quoted))
  await tx.replace('quotes', { ...quote, usedAt: at, updatedAt: at })
}

/** The last word, when the balance is held: what is charged is what was quoted. Refuses `quote_changed`. */
export function assertQuoted(
  quote: Quote | null,
  invoice: { readonly totalMinor: number; readonly amountFromBalanceMinor: number },
): void {
  if (quote === null) return
  assertCharges(quote, invoice.totalMinor - invoice.amountFromBalanceMinor)
}
