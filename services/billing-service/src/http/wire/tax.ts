import type { TaxRateWire, TaxSumWire } from '@quittance/billing-contract/schemas/tax'
import type { TaxLine } from '../../core/invoice.ts'
import { type Currency, ppmToPercent } from '../../core/money.ts'
import type { TaxRate } from '../../core/tax-rate.ts'
import { toIso } from '../../core/time.ts'
import { amount, time } from './money.ts'

export const taxSumToWire = (line: TaxLine, currency: Currency): TaxSumWire => ({
  kind: line.kind ?? 'standard',
  name: line.name ?? null,
  rate: ppmToPercent(line.ratePpm),
  taxable: amount(line.taxableMinor, currency),
  amount: amount(line.taxMinor, currency),
})

export const taxRateToWire = (rate: TaxRate): TaxRateWire => ({
  id: rate.id,
  country: rate.country,
  region: rate.region,
  name: rate.name,
  kind: rate.kind,
  rate: ppmToPercent(rate.ratePpm),
  validFrom: toIso(rate.validFrom),
  validTo: time(rate.validTo),
  createdAt: toIso(rate.createdAt),
  createdBy: rate.createdBy,
})
