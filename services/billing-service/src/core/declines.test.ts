import { describe, expect, it } from 'vitest'
import { type DeclineClass, declineOf } from './declines.ts'

const of = (
  declineCode: string | null,
  adviceCode: string | null = null,
  failureCode = 'card_declined',
) => declineOf({ failureCode, declineCode, adviceCode })

const classes: Readonly<Record<DeclineClass, string>> = {
  retry_later: `insufficient_funds withdrawal_count_limit_exceeded card_velocity_exceeded
    processing_error issuer_not_available try_again_later reenter_transaction approve_with_id`,
  retry_spaced: `generic_decline do_not_honor call_issuer no_action_taken transaction_not_allowed
    service_not_allowed not_permitted`,
  customer_must_act: `authentication_required expired_card incorrect_cvc incorrect_number
    incorrect_zip invalid_cvc invalid_number invalid_expiry_month invalid_expiry_year invalid_pin
    card_not_supported currency_not_supported invalid_account new_account_information_available
    offline_pin_required online_or_offline_pin_required restricted_card bank_account_invalid_details
    bank_account_frozen`,
  never_retry: `lost_card stolen_card pickup_card fraudulent merchant_blacklist security_violation
    revocation_of_authorization revocation_of_all_authorizations stop_payment_order do_not_try_again
    bank_account_closed debit_not_authorized recipient_deceased`,
  ours: `duplicate_transaction invalid_amount testmode_decline live_mode_test_card
    highest_risk_level`,
}

describe('the class of a decline', () => {
  for (const [name, codes] of Object.entries(classes)) {
    it.each(codes.split(/\s+/))(`%s is ${name}`, code => {
      expect(of(code).class).toBe(name)
    })
  }

  it('a code that nobody knows is a plain decline', () => {
    expect(of('brand_new_code')).toEqual(of('generic_decline'))
    expect(declineOf({ failureCode: null, declineCode: null, adviceCode: null }).class).toBe(
      'retry_spaced',
    )
  })

  it('any unknown invalid_* asks the customer for the details', () => {
    expect(of('invalid_iban')).toMatchObject({
      class: 'customer_must_act',
      advice: 'correct_details',
    })
  })

  it('without a decline code the code of the failure counts', () => {
    expect(of(null, null, 'expired_card').class).toBe('customer_must_act')
    expect(of('brand_new_code', null, 'account_closed').class).toBe('never_retry')
  })
})

describe('the advice of the issuer', () => {
  it('do_not_try_again stops insufficient_funds, and the payer is not told to wait', () => {
    const read = of('insufficient_funds', 'do_not_try_again')
    expect(read).toMatchObject({ class: 'never_retry', advice: 'change_method' })
    expect(read.sentence.en).not.toMatch(/again/)
  })

  it('try_again_later turns a generic decline into a retry by time', () => {
    expect(of('generic_decline', 'try_again_later').class).toBe('retry_later')
  })

  it('try_again_later neither reopens a lost card nor replaces a 3-D Secure confirmation', () => {
    expect(of('lost_card', 'try_again_later').class).toBe('never_retry')
    expect(of('authentication_required', 'try_again_later').advice).toBe('authenticate')
  })

  it('confirm_card_data asks for the details before another try', () => {
    expect(of('do_not_honor', 'confirm_card_data')).toMatchObject({
      class: 'customer_must_act',
      advice: 'correct_details',
    })
  })

  it('advice that nobody knows changes nothing', () => {
    expect(of('insufficient_funds', 'sing_a_song')).toEqual(of('insufficient_funds'))
  })
})

describe('what the payer reads', () => {
  it('not enough funds is said in both languages, with what is safe and the next step', () => {
    expect(of('insufficient_funds').sentence).toEqual({
      en:
        'Your bank declined this payment: not enough funds. Nothing was charged. ' +
        'Try again later or use another payment method.',
      'zh-CN': '账户余额不足，扣款未成功，未产生费用。您可以稍后再试，或更换支付方式。',
    })
  })

  it('lost, stolen, fraudulent and blocked cards all read as one plain decline', () => {
    const codes = ['stolen_card', 'pickup_card', 'fraudulent', 'merchant_blacklist']
    const plain = of('lost_card').sentence
    expect(plain.en).toBe(
      'Your bank declined this payment. Nothing was charged. Use another payment method.',
    )
    for (const code of [...codes, 'highest_risk_level']) expect(of(code).sentence).toEqual(plain)
  })

  it('every sentence is complete, and the Chinese one says 请 once at most', () => {
    const codes = Object.values(classes).flatMap(list => list.split(/\s+/))
    for (const code of codes) {
      const { sentence } = of(code)
      expect(sentence.en, code).toMatch(/^[A-Z].*\.$/)
      expect(sentence['zh-CN'], code).toMatch(/。$/)
      expect(sentence['zh-CN'], code).not.toMatch(/[,.!?]|被/)
      expect(sentence['zh-CN'].split('请').length, code).toBeLessThanOrEqual(2)
    }
  })
})
