// The port to whoever knows the rates of tax. It is asked while an invoice is priced, in its transaction: it
// answers from what it holds, changes nothing, and the same question has the same answer. Whether somebody is
// exempt or owes the tax itself is decided before, in core.
import type { Tax } from '../core/tax.ts'
import type { Instant } from '../core/time.ts'
import type { Reads } from './store.ts'

export interface TaxQuestion {
  /** ISO 3166-1 alpha-2; null: the buyer gave no address yet. */
  readonly country: string | null
  readonly region: string | null
  /** Billing time of the invoice. */
  readonly at: Instant
  /** The tenant's own rate, for places that the provider knows nothing of. */
  readonly ratePpm: number
}

export interface TaxProvider {
  readonly name: string
  /** The taxes of a place, several at once; none is no tax. */
  taxesFor(reads: Pick<Reads<'taxRates'>, 'list'>, question: TaxQuestion): Promise<readonly Tax[]>
}
