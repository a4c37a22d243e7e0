// The ways an issuer or bank says no: Stripe's decline codes with their wording and advice.

import type { ApiError } from './failures.ts'

const advice = {
  later: 'try_again_later',
  check: 'confirm_card_data',
  never: 'do_not_try_again',
} as const

type Decline = {
  code: NonNullable<ApiError['code']>
  decline_code?: string
  message: string
  advice_code?: string
  network_decline_code?: string
}

function cardDeclined(declineCode: string, more: Partial<Decline> = {}): Decline {
  return {
    code: 'card_declined',
    decline_code: declineCode,
    message: 'Your card was declined.',
    ...more,
  }
}

export const declines = {
  generic_decline: cardDeclined('generic_decline', {
    advice_code: advice.later,
    network_decline_code: '05',
  }),
  insufficient_funds: cardDeclined('insufficient_funds', {
    message: 'Your card has insufficient funds.',
    advice_code: advice.later,
    network_decline_code: '51',
  }),
  lost_card: cardDeclined('lost_card', {
    advice_code: advice.never,
    network_decline_code: '41',
  }),
  stolen_card: cardDeclined('stolen_card', {
    advice_code: advice.never,
    network_decline_code: '43',
  }),
  card_velocity_exceeded: cardDeclined('card_velocity_exceeded', {
    message:
      'Your card was declined for making repeated attempts too frequently or exceeding its ' +
      'amount limit.',
    advice_code: advice.later,
    network_decline_code: '65',
  }),
  fraudulent: cardDeclined('fraudulent', { advice_code: advice.never }),
  test_mode_live_card: cardDeclined('test_mode_live_card', {
    message: 'Your card was declined. Your request was in test mode, but used a non test card.',
  }),
  expired_card: {
    code: 'expired_card',
    decline_code: 'expired_card',
    message: 'Your card has expired.',
    advice_code: advice.never,
    network_decline_code: '54',
  },
  incorrect_cvc: {
    code: 'incorrect_cvc',
    decline_code: 'incorrect_cvc',
    message: "Your card's security code is incorrect.",
    advice_code: advice.check,
    network_decline_code: 'N7',
  },
  processing_error: {
    code: 'processing_error',
    decline_code: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
    advice_code: advice.later,
    network_decline_code: '96',
  },
  incorrect_number: {
    code: 'incorrect_number',
    message: 'Your card number is incorrect.',
  },
  authentication_required: {
    code: 'authentication_required',
    decline_code: 'authentication_required',
    message: 'Your card was declined. This transaction requires authentication.',
    network_decline_code: '65',
  },
  bank_account_closed: {
    code: 'account_closed',
    decline_code: 'bank_account_closed',
    message: "The customer's bank account has been closed.",
    network_decline_code: 'R02',
  },
  bank_account_missing: {
    code: 'no_account',
    decline_code: 'bank_account_invalid_details',
    message: "The customer's bank account could not be located.",
    network_decline_code: 'R03',
  },
  bank_insufficient_funds: {
    code: 'insufficient_funds',
    decline_code: 'insufficient_funds',
    message: "The customer's account has insufficient funds to cover this payment.",
    network_decline_code: 'R01',
  },
  debit_not_authorized: {
    code: 'debit_not_authorized',
    decline_code: 'debit_not_authorized',
    message: 'The customer has notified their bank that this payment was unauthorized.',
    network_decline_code: 'R10',
  },
  bank_weekly_limit: {
    code: 'charge_exceeds_transaction_limit',
    message: 'The payment would exceed the weekly transaction limit of this account.',
  },
  bank_blocked: {
    code: 'payment_method_bank_account_blocked',
    message: 'This bank account has been blocked because it is likely to fail.',
  },
  provider_decline: {
    code: 'payment_method_provider_decline',
    message: 'The payment was declined by the provider of the payment method.',
  },
} satisfies Record<string, Decline>

export type DeclineName = keyof typeof declines

/** The error body of a decline. */
export function declineError(name: DeclineName): ApiError {
  return { type: 'card_error', ...declines[name] }
}
