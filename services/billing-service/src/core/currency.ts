// The currencies we can bill in: decimals by ISO 4217, and what Stripe does differently with some of
// them (docs.stripe.com/currencies). Not exchange rates, and not how an amount is written for a reader.

/** What one currency asks of amounts. Steps and minimum are in our own minor units. */
export interface CurrencyFacts {
  /** Decimals of our minor unit. */
  readonly exponent: 0 | 2 | 3
  /** Decimals of the integer that Stripe's API takes. */
  readonly processorExponent: 0 | 2 | 3
  /** A charge must be a multiple of this. */
  readonly chargeStep: number
  /** A payout is a multiple of this. */
  readonly payoutStep: number
  /** Smallest charge that Stripe accepts. */
  readonly minimumCharge: number
}

const twoDecimals = `
  AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
  CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL
  HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MRU
  MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR
  SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED
  VES WST XCD XCG YER ZAR ZMW ZWG`

// The ariary stands here although ISO prints 2: it divides by five, and Stripe takes whole ariary only.
const noDecimals = 'BIF CLP DJF GNF ISK JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF'
const threeDecimals = 'BHD IQD JOD KWD LYD OMR TND'

/** Whole units alone, yet Stripe's API keeps two digits for them, which must be 00. */
const sentWithTwoDigits = new Set(['ISK', 'UGX'])

/** Charged with two decimals, paid out in whole units. */
const paidOutWhole = new Set(['HUF', 'TWD'])

const minimumCharges: Readonly<Record<string, number>> = {
  AED: 200,
  AUD: 50,
  BGN: 100,
  BRL: 50,
  CAD: 50,
  CHF: 50,
  CZK: 1500,
  DKK: 250,
  EUR: 50,
  GBP: 30,
  HKD: 400,
  HUF: 17_500,
  INR: 50,
  JPY: 50,
  MXN: 1000,
  MYR: 200,
  NOK: 300,
  NZD: 50,
  PLN: 200,
  RON: 200,
  SEK: 300,
  SGD: 50,
  THB: 1000,
  USD: 50,
}

function factsOf(code: string, exponent: 0 | 2 | 3): CurrencyFacts {
  const chargeStep = exponent === 3 ? 10 : 1
  return {
    exponent,
    processorExponent: sentWithTwoDigits.has(code) ? 2 : exponent,
    chargeStep,
    payoutStep: paidOutWhole.has(code) ? 100 : chargeStep,
    minimumCharge: minimumCharges[code] ?? chargeStep,
  }
}

function table(list: string, exponent: 0 | 2 | 3): [string, CurrencyFacts][] {
  return list
    .trim()
    .split(/\s+/)
    .map(code => [code, factsOf(code, exponent)])
}

/** Every currency that we can bill in, by its upper-case ISO 4217 code. */
export const currencies: ReadonlyMap<string, CurrencyFacts> = new Map([
  ...table(twoDecimals, 2),
  ...table(noDecimals, 0),
  ...table(threeDecimals, 3),
])
