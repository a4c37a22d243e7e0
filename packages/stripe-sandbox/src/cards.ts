// Stripe's test cards: numbers, `pm_card_*` names and what each of them does
// (docs.stripe.com/testing). A table; the behaviour itself lives with payments and set-ups.

import type { DeclineName } from './declines.ts'

export type CardBehaviour = {
  number: string
  /** Names under which tests use the card without its number; the first one is its key. */
  names: readonly string[]
  brand: 'visa' | 'mastercard' | 'amex' | 'discover' | 'diners' | 'jcb' | 'unionpay'
  country: string
  funding: 'credit' | 'debit' | 'prepaid'
  /** Fails when attached, set up or charged. */
  refuses?: DeclineName
  /** Attaches and sets up, then fails every charge. */
  chargeFails?: DeclineName
  /** When the issuer asks for 3-D Secure. `unless_set_up`: never off-session once set up. */
  authentication?: 'always' | 'unless_set_up' | 'on_session'
  /** Set-up needs no authentication although payments do. */
  setUpFreely?: boolean
  dispute?: 'fraudulent' | 'product_not_received' | 'inquiry'
  earlyFraudWarning?: boolean
  refund?: 'pending' | 'fails'
  fundsAtOnce?: boolean
  risk?: 'elevated' | 'highest'
}

type Options = Partial<Omit<CardBehaviour, 'number' | 'names'>>

function card(number: string, names: string, options: Options = {}): CardBehaviour {
  return {
    number,
    names: names.split(' '),
    brand: 'visa',
    country: 'US',
    funding: 'credit',
    ...options,
  }
}

export const cards: readonly CardBehaviour[] = [
  card('4242424242424242', 'pm_card_visa pm_card_us'),
  card('4000056655665556', 'pm_card_visa_debit', { funding: 'debit' }),
  card('5555555555554444', 'pm_card_mastercard', { brand: 'mastercard' }),
  card('5200828282828210', 'pm_card_mastercard_debit', { brand: 'mastercard', funding: 'debit' }),
  card('5105105105105100', 'pm_card_mastercard_prepaid', {
    brand: 'mastercard',
    funding: 'prepaid',
  }),
  card('378282246310005', 'pm_card_amex', { brand: 'amex' }),
  card('6011111111111117', 'pm_card_discover', { brand: 'discover' }),
  card('3056930009020004', 'pm_card_diners', { brand: 'diners' }),
  card('3566002020360505', 'pm_card_jcb', { brand: 'jcb', country: 'JP' }),
  card('6200000000000005', 'pm_card_unionpay', { brand: 'unionpay', country: 'CN' }),
  card('4000008260000000', 'pm_card_gb', { country: 'GB' }),
  card('4000002760000016', 'pm_card_de', { country: 'DE' }),
  card('4000001560000002', 'pm_card_cn', { country: 'CN' }),
  card('4000000000000002', 'pm_card_visa_chargeDeclined pm_card_chargeDeclined', {
    refuses: 'generic_decline',
  }),
  card(
    '4000000000009995',
    'pm_card_visa_chargeDeclinedInsufficientFunds pm_card_chargeDeclinedInsufficientFunds',
    { refuses: 'insufficient_funds' },
  ),
  card('4000000000009987', 'pm_card_visa_chargeDeclinedLostCard pm_card_chargeDeclinedLostCard', {
    refuses: 'lost_card',
  }),
  card(
    '4000000000009979',
    'pm_card_visa_chargeDeclinedStolenCard pm_card_chargeDeclinedStolenCard',
    { refuses: 'stolen_card' },
  ),
  card('4000000000000069', 'pm_card_chargeDeclinedExpiredCard', { refuses: 'expired_card' }),
  card('4000000000000127', 'pm_card_chargeDeclinedIncorrectCvc', { refuses: 'incorrect_cvc' }),
  card('4000000000000119', 'pm_card_chargeDeclinedProcessingError', {
    refuses: 'processing_error',
  }),
  card(
    '4000000000006975',
    'pm_card_visa_chargeDeclinedVelocityLimitExceeded ' +
      'pm_card_chargeDeclinedVelocityLimitExceeded',
    { refuses: 'card_velocity_exceeded' },
  ),
  card('4000000000000341', 'pm_card_chargeCustomerFail', { chargeFails: 'generic_decline' }),
  card('4000002500003155', 'pm_card_authenticationRequiredOnSetup', {
    authentication: 'unless_set_up',
  }),
  card('4000002760003184', 'pm_card_authenticationRequired', { authentication: 'always' }),
  card('4000000000003220', 'pm_card_threeDSecure2Required pm_card_threeDSecureRequired', {
    authentication: 'unless_set_up',
  }),
  card('4000003800000446', 'pm_card_authenticationRequiredSetupForOffSession', {
    authentication: 'on_session',
    setUpFreely: true,
  }),
  card('4000008260003178', 'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds', {
    authentication: 'always',
    chargeFails: 'insufficient_funds',
  }),
  card('4000000000000259', 'pm_card_createDispute', { dispute: 'fraudulent' }),
  card('4000000000002685', 'pm_card_createDisputeProductNotReceived', {
    dispute: 'product_not_received',
  }),
  card('4000000000001976', 'pm_card_createDisputeInquiry', { dispute: 'inquiry' }),
  card('4000000000005423', 'pm_card_createIssuerFraudRecord', { earlyFraudWarning: true }),
  card('4000000000007726', 'pm_card_pendingRefund', { refund: 'pending' }),
  card('4000000000005126', 'pm_card_refundFail', { refund: 'fails' }),
  card('4000000000000077', 'pm_card_bypassPending', { fundsAtOnce: true }),
  card('4100000000000019', 'pm_card_radarBlock pm_card_chargeDeclinedFraudulent', {
    risk: 'highest',
  }),
  card('4000000000009235', 'pm_card_riskLevelElevated', { risk: 'elevated' }),
]

const byName = new Map(cards.flatMap(row => row.names.map(name => [name, row] as const)))
const byNumber = new Map(cards.map(row => [row.number, row] as const))

export function cardNamed(name: string): CardBehaviour | undefined {
  return byName.get(name)
}

export function cardNumbered(number: string): CardBehaviour | undefined {
  return byNumber.get(number)
}

/** The key under which an instrument remembers its card. */
export function cardKey(behaviour: CardBehaviour): string {
  return behaviour.names[0] ?? ''
}

/** Luhn's checksum, which every card number satisfies. */
export function passesLuhn(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false
  const sum = [...number].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
