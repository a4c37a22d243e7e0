// Events carry amounts in minor units. Here the point is put where the currency has it; nothing is
// calculated.
import { decimalsOf } from '@quittance/billing-react/formats'

/** `-4950` of USD is `-49.50`, of JPY `-4950`. */
export function minorText(minor: number | string, currency: string): string {
  const digits = String(minor).replace('-', '')
  const sign = String(minor).startsWith('-') ? '-' : ''
  const decimals = decimalsOf(currency)
  if (decimals === 0) return sign + digits
  const padded = digits.padStart(decimals + 1, '0')
  return `${sign}${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`
}
