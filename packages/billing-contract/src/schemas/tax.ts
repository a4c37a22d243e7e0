// Taxes on documents, and the issuer's table of rates.
import { type Static, Type } from 'typebox'
import { Amount, Nullable, Time } from './values.ts'

const named = {
  kind: Type.String({ description: 'standard | surcharge | exempt | reverse_charge' }),
  name: Nullable(Type.String({ description: 'As the law of the place calls it' })),
  rate: Type.Number({ description: 'Percent' }),
}

/** One tax of a document over all lines that bear it. */
export const TaxSum = Type.Object({ ...named, taxable: Amount, amount: Amount })

/** One tax of one line. */
export const LineTax = Type.Object({ ...named, amount: Amount })

export const TaxRate = Type.Object({
  id: Type.String(),
  country: Type.String(),
  region: Nullable(Type.String()),
  name: Type.String(),
  kind: Type.String({ description: 'standard | surcharge' }),
  rate: Type.Number({ description: 'Percent' }),
  validFrom: Time,
  validTo: Nullable(Time),
  createdAt: Time,
  createdBy: Type.String(),
})

export type TaxSumWire = Static<typeof TaxSum>
export type TaxRateWire = Static<typeof TaxRate>
