// The issuer's table of tax rates.
import type { TaxRate } from '../../core/tax-rate.ts'
import { declare } from './declare.ts'

export const taxCollections = {
  taxRates: declare<TaxRate>({
    scope: 'system',
    table: 'tax_rates',
    fields: {
      id: 'text',
      country: 'text',
      region: 'text?',
      name: 'text',
      kind: 'text',
      ratePpm: 'integer',
      validFrom: 'instant',
      validTo: 'instant?',
      createdAt: 'instant',
      createdBy: 'text',
    },
    key: ['id'],
    indexes: [['country', 'id']],
  }),
} as const
