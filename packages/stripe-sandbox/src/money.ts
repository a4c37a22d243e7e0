// Amount limits, processing fees and the wording of amounts. All amounts are integer minor units.

import { invalidParameter } from './failures.ts'

const zeroDecimal = new Set(
  'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '),
)
const threeDecimal = new Set('bhd jod kwd omr tnd'.split(' '))

/** Smallest charge per currency (docs.stripe.com/currencies#minimum-and-maximum-charge-amounts). */
const minimums: Record<string, number> = {
  usd: 50,
  aed: 200,
  aud: 50,
  bgn: 100,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17500,
  inr: 50,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
}

const amountMax = 99_999_999

/** Decimal places of a currency, given in lower case. */
function decimalsOf(currency: string): 0 | 2 | 3 {
  if (zeroDecimal.has(currency)) return 0
  return threeDecimal.has(currency) ? 3 : 2
}

const symbols: Record<string, string> = { usd: '$', eur: '€', gbp: '£', jpy: '¥', cny: '¥' }

/** An amount as Stripe's messages show it: "$60.00", "¥500", "12.00 sek". */
export function shownAmount(amount: number, currency: string): string {
  const decimals = decimalsOf(currency)
  const digits = String(amount).padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const number = decimals === 0 ? digits : `${whole}.${digits.slice(-decimals)}`
  const symbol = symbols[currency]
  return symbol ? `${symbol}${number}` : `${number} ${currency}`
}

/** A three-letter currency code in lower case, or 400. */
export function checkedCurrency(value: string): string {
  const currency = value.toLowerCase()
  if (!/^[a-z]{3}$/.test(currency)) {
    throw invalidParameter(`Invalid currency: ${value}.`, 'currency')
  }
  return currency
}

/** Refuses amounts outside the chargeable range (`amount_too_small`, `amount_too_large`). */
export function checkChargeable(amount: number, currency: string, param = 'amount'): void {
  if (amount < 0) {
    throw invalidParameter(
      'This value must be greater than or equal to 1.',
      param,
      'parameter_invalid_integer',
    )
  }
  const minimum = minimums[currency] ?? 1
  if (amount < minimum) {
    throw invalidParameter(
      `Amount must be at least ${shownAmount(minimum, currency)} ${currency}`,
      param,
      'amount_too_small',
    )
  }
  if (amount > amountMax) {
    throw invalidParameter(
      `Amount must be no more than ${shownAmount(amountMax, currency)}`,
      param,
      'amount_too_large',
    )
  }
}

/** `amount * thousandths / 1000` rounded half up; exact, as amounts have at most 8 digits. */
function perMille(amount: number, thousandths: number): number {
  return Math.floor((amount * thousandths + 500) / 1000)
}

/**
 * The processing fee: 2.9 % rounded half up, plus 30 minor units (300 where a currency has three
 * decimals); bank debits 0.8 % rounded half up, at most 500. Never more than the amount itself.
 */
export function processingFee(amount: number, currency: string, methodType: string): number {
  if (methodType === 'us_bank_account') return Math.min(perMille(amount, 8), 500)
  const fixed = decimalsOf(currency) === 3 ? 300 : 30
  return Math.min(perMille(amount, 29) + fixed, amount)
}

/** What a dispute costs: 1500 minor units, 15000 where a currency has three decimals. */
export function disputeFee(currency: string): number {
  return decimalsOf(currency) === 3 ? 15_000 : 1500
}
