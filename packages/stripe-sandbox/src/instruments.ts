// Makes payment methods: from test names (`pm_card_visa`), raw test numbers, or bare types. Beside
// each one it keeps the instrument, which says how the method will behave.

import type Stripe from 'stripe'
import { type BankBehaviour, bankAccountNamed, bankAccountNumbered } from './bank-accounts.ts'
import { type CardBehaviour, cardKey, cardNamed, cardNumbered, passesLuhn } from './cards.ts'
import { declineError } from './declines.ts'
import { declined, invalidParameter, missingParameter, noSuch } from './failures.ts'
import type { FormRecord } from './form.ts'
import {
  address,
  choice,
  integer,
  mergedMetadata,
  onlyKnown,
  record,
  requiredInteger,
  requiredText,
  text,
} from './params.ts'
import { find, need, newId, save, type Work } from './state.ts'
import type { Instrument } from './tables.ts'

export const methodTypes = ['card', 'us_bank_account', 'alipay', 'wechat_pay', 'paypal'] as const
export type MethodType = (typeof methodTypes)[number]

type Part = Pick<Stripe.PaymentMethod, 'type'> & Partial<Stripe.PaymentMethod>

const blankDetails = { address: null, email: null, name: null, phone: null, tax_id: null }

/** A stable, meaningless stand-in for a number: equal numbers have equal fingerprints. */
function fingerprintOf(number: string): string {
  let hash = 0xcbf29ce484222325n
  for (const digit of number) {
    hash = ((hash ^ BigInt(digit.charCodeAt(0))) * 0x100000001b3n) & 0xffffffffffffffffn
  }
  return hash.toString(36).padStart(16, '0').slice(-16)
}

function cardPart(behaviour: CardBehaviour, expMonth: number, expYear: number): Part {
  return {
    type: 'card',
    card: {
      brand: behaviour.brand,
      checks: {
        address_line1_check: null,
        address_postal_code_check: null,
        cvc_check: behaviour.refuses === 'incorrect_cvc' ? 'fail' : 'pass',
      },
      country: behaviour.country,
      display_brand: behaviour.brand,
      exp_month: expMonth,
      exp_year: expYear,
      fingerprint: fingerprintOf(behaviour.number),
      funding: behaviour.funding,
      generated_from: null,
      last4: behaviour.number.slice(-4),
      networks: { available: [behaviour.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
  }
}

function bankPart(
  behaviour: BankBehaviour,
  routingNumber: string,
  holder: 'individual' | 'company',
  kind: 'checking' | 'savings',
): Part {
  return {
    type: 'us_bank_account',
    us_bank_account: {
      account_holder_type: holder,
      account_type: kind,
      bank_name: 'STRIPE TEST BANK',
      financial_connections_account: null,
      fingerprint: fingerprintOf(routingNumber + behaviour.accountNumber),
      last4: behaviour.accountNumber.slice(-4),
      networks: { preferred: 'ach', supported: ['ach'] },
      routing_number: routingNumber,
      status_details: {},
    },
  }
}

function walletPart(type: Exclude<MethodType, 'card' | 'us_bank_account'>): Part {
  if (type === 'alipay') return { type, alipay: {} }
  if (type === 'wechat_pay') return { type, wechat_pay: {} }
  return {
    type,
    paypal: { country: 'US', payer_email: 'payer@example.com', payer_id: 'SANDBOXPAYER1' },
  }
}

function store(
  work: Work,
  part: Part,
  instrument: Pick<Instrument, 'kind' | 'behaviour'> & Partial<Instrument>,
  more: Partial<Stripe.PaymentMethod> = {},
): Stripe.PaymentMethod {
  const id = newId('pm')
  save(work, 'instrument', {
    id,
    setUp: false,
    consumed: false,
    verification: 'none',
    attemptsLeft: 0,
    ...instrument,
  })
  return save(work, 'payment_method', {
    id,
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: blankDetails,
    created: work.at,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    ...part,
    ...more,
  })
}

/** Test names stand for a card valid until the end of the third year from now. */
function expiryYear(work: Work): number {
  return new Date(work.atMs).getUTCFullYear() + 3
}

function fromName(work: Work, name: string): Stripe.PaymentMethod | undefined {
  const card = cardNamed(name)
  if (card) {
    const part = cardPart(card, 12, expiryYear(work))
    return store(work, part, { kind: 'card', behaviour: cardKey(card) })
  }
  const bank = bankAccountNamed(name)
  if (!bank) return undefined
  const part = bankPart(bank, '110000000', 'individual', 'checking')
  return store(
    work,
    part,
    {
      kind: 'bank',
      behaviour: bank.accountNumber,
      verification: bank.isUnverified ? 'none' : 'verified',
    },
    { billing_details: { ...blankDetails, name: 'Jenny Rosen', email: 'jenny@example.com' } },
  )
}

/** The payment method of an id; a test name makes a new one each time, as Stripe does. */
export function needMethod(work: Work, id: string, param = 'payment_method'): Stripe.PaymentMethod {
  const known = find(work, 'payment_method', id) ?? fromName(work, id)
  if (!known) throw noSuch('PaymentMethod', id, param)
  return known
}

export function instrumentOf(work: Work, methodId: string): Instrument {
  return need(work, 'instrument', methodId)
}

/** How the card behind a payment method behaves; undefined for other kinds. */
export function cardBehind(work: Work, methodId: string): CardBehaviour | undefined {
  return cardNamed(instrumentOf(work, methodId).behaviour)
}

/** How the bank account behind a payment method behaves; undefined for other kinds. */
export function bankBehind(work: Work, methodId: string): BankBehaviour | undefined {
  const instrument = instrumentOf(work, methodId)
  return instrument.kind === 'bank' ? bankAccountNumbered(instrument.behaviour) : undefined
}

function cardFrom(work: Work, given: FormRecord): Stripe.PaymentMethod {
  onlyKnown(given, ['number', 'exp_month', 'exp_year', 'cvc', 'token'], 'card')
  const number = requiredText(given, 'number', 'card[number]').replace(/[ -]/g, '')
  const month = requiredInteger(given, 'exp_month', 'card[exp_month]')
  const shortYear = requiredInteger(given, 'exp_year', 'card[exp_year]')
  const year = shortYear < 100 ? 2000 + shortYear : shortYear
  if (!passesLuhn(number)) throw declined({ ...declineError('incorrect_number'), param: 'number' })
  const behaviour = cardNumbered(number)
  if (!behaviour) throw declined(declineError('test_mode_live_card'))
  checkExpiry(work, month, year)
  return store(work, cardPart(behaviour, month, year), {
    kind: 'card',
    behaviour: cardKey(behaviour),
  })
}

function checkExpiry(work: Work, month: number, year: number): void {
  const now = new Date(work.atMs)
  const thisYear = now.getUTCFullYear()
  const wrongMonth = month < 1 || month > 12 || (year === thisYear && month < now.getUTCMonth() + 1)
  if (year < thisYear || year > thisYear + 50) {
    throw declined({
      type: 'card_error',
      code: 'invalid_expiry_year',
      message: "Your card's expiration year is invalid.",
      param: 'exp_year',
    })
  }
  if (wrongMonth) {
    throw declined({
      type: 'card_error',
      code: 'invalid_expiry_month',
      message: "Your card's expiration month is invalid.",
      param: 'exp_month',
    })
  }
}

function bankFrom(work: Work, given: FormRecord): Stripe.PaymentMethod {
  const shown = (name: string) => `us_bank_account[${name}]`
  onlyKnown(
    given,
    ['account_number', 'routing_number', 'account_holder_type', 'account_type'],
    'us_bank_account',
  )
  const accountNumber = requiredText(given, 'account_number', shown('account_number'))
  const routingNumber = requiredText(given, 'routing_number', shown('routing_number'))
  if (!/^\d{9}$/.test(routingNumber)) {
    throw invalidParameter(
      'Routing number must have 9 digits',
      shown('routing_number'),
      'routing_number_invalid',
    )
  }
  if (!/^\d{4,17}$/.test(accountNumber)) {
    throw invalidParameter(
      'Account number must have 4 to 17 digits',
      shown('account_number'),
      'account_number_invalid',
    )
  }
  const holder = choice(given, 'account_holder_type', ['individual', 'company'])
  if (!holder) throw missingParameter(shown('account_holder_type'))
  const kind = choice(given, 'account_type', ['checking', 'savings']) ?? 'checking'
  const behaviour = bankAccountNumbered(accountNumber)
  return store(work, bankPart(behaviour, routingNumber, holder, kind), {
    kind: 'bank',
    behaviour: accountNumber,
  })
}

/** Billing details of a request laid over those known before. */
export function billingDetails(
  params: FormRecord,
  before: Stripe.PaymentMethod.BillingDetails = blankDetails,
): Stripe.PaymentMethod.BillingDetails {
  const given = record(params, 'billing_details')
  if (!given) return before
  onlyKnown(given, ['address', 'email', 'name', 'phone', 'tax_id'], 'billing_details')
  const part = (name: 'email' | 'name' | 'phone' | 'tax_id') =>
    given[name] === '' ? null : (text(given, name) ?? before[name])
  const place = address(given, 'address')
  return {
    address: place === undefined ? before.address : place,
    email: part('email'),
    name: part('name'),
    phone: part('phone'),
    tax_id: part('tax_id'),
  }
}

/** Makes a payment method from `type` and its part, as `POST /v1/payment_methods` takes them. */
export function methodFrom(work: Work, params: FormRecord): Stripe.PaymentMethod {
  onlyKnown(params, [...methodTypes, 'type', 'billing_details', 'metadata', 'allow_redisplay'])
  const type = choice(params, 'type', methodTypes)
  if (!type) throw missingParameter('type')
  const given = record(params, type) ?? {}
  const made = madeOfType(work, type, given)
  return save(work, 'payment_method', {
    ...made,
    allow_redisplay:
      choice(params, 'allow_redisplay', ['always', 'limited', 'unspecified']) ?? 'unspecified',
    billing_details: billingDetails(params, made.billing_details),
    metadata: mergedMetadata(params),
  })
}

/** Shared test cards by legacy token: `card[token]=tok_visa` is the card `pm_card_visa`. */
function cardFromToken(work: Work, token: string): Stripe.PaymentMethod {
  const method = fromName(work, token.replace(/^tok_/, 'pm_card_'))
  if (!method) throw noSuch('token', token, 'card[token]')
  return method
}

function madeOfType(work: Work, type: MethodType, given: FormRecord): Stripe.PaymentMethod {
  if (type === 'us_bank_account') return bankFrom(work, given)
  if (type !== 'card') return store(work, walletPart(type), { kind: 'wallet', behaviour: type })
  const token = text(given, 'token', 'card[token]')
  return token ? cardFromToken(work, token) : cardFrom(work, given)
}

/** New expiry of a card, for `POST /v1/payment_methods/:id`. */
export function changedExpiry(work: Work, params: FormRecord, card: Stripe.PaymentMethod.Card) {
  const given = record(params, 'card')
  if (!given) return card
  onlyKnown(given, ['exp_month', 'exp_year'], 'card')
  const month = integer(given, 'exp_month', 'card[exp_month]') ?? card.exp_month
  const year = integer(given, 'exp_year', 'card[exp_year]') ?? card.exp_year
  checkExpiry(work, month, year)
  return { ...card, exp_month: month, exp_year: year }
}
