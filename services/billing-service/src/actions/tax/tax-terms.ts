// What a customer is charged in tax on an invoice that is priced now.
import type { Customer } from '../../core/customer.ts'
import { type TaxTerms, taxTerms } from '../../core/invoice-tax.ts'
import type { BillingSettings } from '../../core/tenant.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { Reads } from '../../ports/store.ts'

/** Exemption and reverse charge by what is stored of the customer, else what the provider says of its place. */
export async function taxTermsOf(
  deps: Pick<Deps, 'taxes' | 'issuer'>,
  reads: Pick<Reads<'taxRates'>, 'list'>,
  customer: Customer,
  settings: BillingSettings,
  at: Instant,
): Promise<TaxTerms> {
  const { address, taxIds, taxProof } = customer
  const country = address?.country ?? null
  const region = address?.state ?? null
  const taxes = await deps.taxes.taxesFor(reads, {
    country,
    region,
    at,
    ratePpm: settings.taxRatePpm,
  })
  return taxTerms({
    exempt: customer.taxExempt || settings.taxExempt,
    // A proof is of one VAT id: with another one on the account it proves nothing.
    proof: taxIds.some(({ value }) => value === taxProof?.vatId) ? taxProof : null,
    issuerCountry: deps.issuer.address?.country ?? null,
    buyerCountry: country,
    taxes,
    rules: {
      level: settings.taxRoundingLevel,
      rounding: settings.taxRounding,
      inclusive: settings.taxInclusiveRounding,
    },
  })
}
