// A rate of tax in the issuer's table: where and when it holds. Rows are ended, never changed, so that an
// invoice can be explained for ever.
import type { Id } from './ids.ts'
import type { Instant } from './time.ts'

export interface TaxRate {
  readonly id: Id<'taxRate'>
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** Null holds in the whole country, beside those of its regions. */
  readonly region: string | null
  /** As the law of the place calls it, such as `VAT`. */
  readonly name: string
  readonly kind: 'standard' | 'surcharge'
  readonly ratePpm: number
  readonly validFrom: Instant
  /** Exclusive; null: until further notice. */
  readonly validTo: Instant | null
  readonly createdAt: Instant
  readonly createdBy: string
}

/** The rates of one country that hold for a region at a time, main taxes before surcharges. */
export function ratesInForce(
  rates: readonly TaxRate[],
  region: string | null,
  at: Instant,
): readonly TaxRate[] {
  const same = (name: string) => name.toUpperCase() === (region ?? '').trim().toUpperCase()
  return rates
    .filter(rate => rate.validFrom <= at && (rate.validTo === null || at < rate.validTo))
    .filter(rate => rate.region === null || same(rate.region))
    .sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1))
}

const rank = ({ kind, region }: TaxRate): number =>
  (kind === 'standard' ? 0 : 2) + (region === null ? 0 : 1)
