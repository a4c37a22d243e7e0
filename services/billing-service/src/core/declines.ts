// What a decline means: may the same method be tried again, what is the next step, what does the
// payer read. Codes and classes follow docs.stripe.com/declines/codes. When to try again is
// dunning's to say.
import {
  type DeclineCause,
  type DeclineStep,
  declineSentence,
  type Sentence,
} from './decline-words.ts'

/**
 * - `retry_later`: time alone may cure it (payday, an outage): try again by the schedule.
 * - `retry_spaced`: the bank gave no reason: a few tries far apart, and tell the customer.
 * - `customer_must_act`: no try before new details, another method or a confirmation in person.
 * - `never_retry`: this method must not be charged again; networks fine those who try.
 * - `ours`: neither the customer nor the bank can cure it.
 */
export type DeclineClass =
  | 'retry_later'
  | 'retry_spaced'
  | 'customer_must_act'
  | 'never_retry'
  | 'ours'

interface Rule {
  readonly class: DeclineClass
  readonly cause: DeclineCause
  readonly step: DeclineStep
}

const usualStep: Readonly<Record<DeclineClass, DeclineStep>> = {
  retry_later: 'wait_or_change',
  retry_spaced: 'ask_bank_or_change',
  customer_must_act: 'change_method',
  never_retry: 'change_method',
  ours: 'contact_us',
}

function rules(
  declineClass: DeclineClass,
  codes: Readonly<Record<string, DeclineCause>>,
  step: DeclineStep = usualStep[declineClass],
): [string, Rule][] {
  return Object.entries(codes).map(([code, cause]) => [code, { class: declineClass, cause, step }])
}

const retryLater = rules('retry_later', {
  approve_with_id: 'technical',
  card_decline_rate_limit_exceeded: 'limit',
  card_velocity_exceeded: 'limit',
  charge_exceeds_transaction_limit: 'limit',
  insufficient_funds: 'funds',
  issuer_not_available: 'technical',
  payment_method_provider_timeout: 'technical',
  processing_error: 'technical',
  reenter_transaction: 'technical',
  try_again_later: 'technical',
  withdrawal_count_limit_exceeded: 'limit',
})

const retrySpaced = rules('retry_spaced', {
  call_issuer: 'declined',
  do_not_honor: 'declined',
  generic_decline: 'declined',
  no_action_taken: 'declined',
  not_permitted: 'unsupported',
  payment_intent_payment_attempt_failed: 'declined',
  payment_method_customer_decline: 'declined',
  payment_method_provider_decline: 'declined',
  service_not_allowed: 'unsupported',
  transaction_not_allowed: 'unsupported',
})

const confirmInPerson = rules(
  'customer_must_act',
  {
    authentication_required: 'authentication',
    payment_intent_action_required: 'authentication',
    payment_intent_authentication_failure: 'authentication',
    setup_intent_authentication_failure: 'authentication',
  },
  'authenticate',
)

const correctDetails = rules(
  'customer_must_act',
  {
    account_number_invalid: 'accountDetails',
    bank_account_invalid_details: 'accountDetails',
    incorrect_address: 'address',
    incorrect_cvc: 'securityCode',
    incorrect_number: 'cardNumber',
    incorrect_postal_code: 'address',
    incorrect_zip: 'address',
    invalid_account: 'accountDetails',
    invalid_cvc: 'securityCode',
    invalid_expiry_month: 'expiryDate',
    invalid_expiry_year: 'expiryDate',
    invalid_number: 'cardNumber',
    new_account_information_available: 'replaced',
    no_account: 'accountDetails',
    payment_method_billing_details_address_missing: 'address',
    routing_number_invalid: 'accountDetails',
  },
  'correct_details',
)

const changeMethod = rules('customer_must_act', {
  bank_account_declined: 'declined',
  bank_account_frozen: 'blocked',
  bank_account_restricted: 'blocked',
  bank_account_unusable: 'blocked',
  bank_account_unverified: 'unusable',
  card_not_supported: 'unsupported',
  currency_not_supported: 'currency',
  expired_card: 'expired',
  expired_payment_method: 'expired',
  incorrect_pin: 'pin',
  invalid_pin: 'pin',
  invalid_source_usage: 'unusable',
  offline_pin_required: 'pin',
  online_or_offline_pin_required: 'pin',
  payment_intent_incompatible_payment_method: 'unsupported',
  payment_intent_mandate_invalid: 'withdrawn',
  payment_method_bank_account_blocked: 'blocked',
  payment_method_currency_mismatch: 'currency',
  payment_method_not_available: 'unsupported',
  payment_method_restricted: 'unsupported',
  payment_method_unactivated: 'unsupported',
  payment_method_unexpected_state: 'unusable',
  payment_method_unsupported_type: 'unsupported',
  payment_method_unusable: 'unusable',
  pin_try_exceeded: 'pin',
  restricted_card: 'declined',
})

const neverRetry = rules('never_retry', {
  account_closed: 'closed',
  bank_account_closed: 'closed',
  debit_not_authorized: 'withdrawn',
  do_not_try_again: 'declined',
  fraudulent: 'declined',
  lost_card: 'declined',
  merchant_blacklist: 'declined',
  pickup_card: 'declined',
  recipient_deceased: 'blocked',
  revocation_of_all_authorizations: 'withdrawn',
  revocation_of_authorization: 'withdrawn',
  security_violation: 'declined',
  stolen_card: 'declined',
  stop_payment_order: 'withdrawn',
})

const ours: [string, Rule][] = [
  ...rules('ours', {
    amount_too_large: 'amount',
    amount_too_small: 'amount',
    customer_missing: 'ours',
    invalid_amount: 'amount',
    invalid_charge_amount: 'amount',
  }),
  ...rules('ours', { duplicate_transaction: 'duplicate' }, 'review_payments'),
  // Blocked by our own risk rules: a review may lift it, but the payer is not told of it.
  ...rules(
    'ours',
    { highest_risk_level: 'declined', request_blocked: 'declined' },
    'change_method',
  ),
  ...rules(
    'ours',
    {
      live_mode_test_card: 'testCard',
      test_mode_live_card: 'testSystem',
      testmode_decline: 'testCard',
    },
    'change_method',
  ),
]

const byCode: ReadonlyMap<string, Rule> = new Map([
  ...retryLater,
  ...retrySpaced,
  ...confirmInPerson,
  ...correctDetails,
  ...changeMethod,
  ...neverRetry,
  ...ours,
])

const plainDecline: Rule = {
  class: 'retry_spaced',
  cause: 'declined',
  step: usualStep.retry_spaced,
}

const wrongDetails: Rule = {
  class: 'customer_must_act',
  cause: 'accountDetails',
  step: 'correct_details',
}

function ruleOf(failureCode: string | null, declineCode: string | null): Rule {
  const codes = [declineCode, failureCode].filter(code => code !== null)
  for (const code of codes) {
    const rule = byCode.get(code)
    if (rule) return rule
  }
  return codes.some(code => code.startsWith('invalid_')) ? wrongDetails : plainDecline
}

/**
 * The issuer's advice outranks our reading of the code, except that it never reopens a method which
 * must not be charged again, and waiting does not replace what the customer has to do.
 */
function advised(rule: Rule, adviceCode: string | null): Rule {
  if (rule.class === 'never_retry') return rule
  if (adviceCode === 'do_not_try_again') {
    return { ...rule, class: 'never_retry', step: usualStep.never_retry }
  }
  if (rule.class === 'ours' || rule.class === 'customer_must_act') return rule
  if (adviceCode === 'confirm_card_data') {
    return { ...rule, class: 'customer_must_act', step: 'correct_details' }
  }
  return adviceCode === 'try_again_later'
    ? { ...rule, class: 'retry_later', step: usualStep.retry_later }
    : rule
}

export interface DeclineReading {
  readonly class: DeclineClass
  readonly cause: DeclineCause
  /** The one next step to offer. */
  readonly advice: DeclineStep
  /** What the payer reads: cause, what is safe, next step. */
  readonly sentence: Sentence
}

/**
 * Reads a decline by its codes; one that we do not know is a plain decline. The advice code counts
 * first (docs.stripe.com/declines/card), then the decline code, then the code of the failure.
 */
export function declineOf(decline: {
  readonly failureCode: string | null
  readonly declineCode: string | null
  readonly adviceCode: string | null
}): DeclineReading {
  const rule = advised(ruleOf(decline.failureCode, decline.declineCode), decline.adviceCode)
  return {
    class: rule.class,
    cause: rule.cause,
    advice: rule.step,
    sentence: declineSentence(rule.cause, rule.step),
  }
}
