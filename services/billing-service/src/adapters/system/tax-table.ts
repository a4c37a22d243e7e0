// The built-in tax provider: the issuer's own table of rates by country and region with the days they hold.
import type { Tax } from '../../core/tax.ts'
import { ratesInForce } from '../../core/tax-rate.ts'
import type { TaxProvider } from '../../ports/tax-provider.ts'

const rowsMax = 1_000

/** Answers from the table; a country without rows has the tenant's own rate. */
export const taxTable: TaxProvider = {
  name: 'table',
  async taxesFor(reads, { country, region, at, ratePpm }): Promise<readonly Tax[]> {
    const own: readonly Tax[] = ratePpm === 0 ? [] : [{ kind: 'standard', ratePpm }]
    if (country === null) return own
    const { rows } = await reads.list('taxRates', { where: { country }, limit: rowsMax })
    if (rows.length === 0) return own
    return ratesInForce(rows, region, at).map(rate => ({
      kind: rate.kind,
      ratePpm: rate.ratePpm,
      name: rate.name,
    }))
  },
}
