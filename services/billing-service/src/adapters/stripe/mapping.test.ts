import type Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import {
  fromStripeIntent,
  fromStripeMethod,
  fromStripeRefund,
  toStripeDetails,
  toStripeType,
} from './mapping.ts'

// Only the fields that the mapping reads; the whole objects are proved against the sandbox.
const intent = (fields: Partial<Stripe.PaymentIntent> = {}) =>
  ({
    id: 'pi_1',
    object: 'payment_intent',
    amount: 4_900,
    currency: 'usd',
    status: 'succeeded',
    last_payment_error: null,
    latest_charge: null,
    next_action: null,
    ...fields,
  }) as Stripe.PaymentIntent

const booked = (amount: number, fee: number, currency: string) =>
  ({
    id: 'ch_1',
    balance_transaction: { id: 'txn_1', amount, fee, net: amount - fee, currency },
  }) as Stripe.Charge

describe('the status of a payment', () => {
  const error = {
    type: 'card_error',
    code: 'card_declined',
  } as Stripe.PaymentIntent.LastPaymentError

  it.each([
    ['succeeded', null, 'succeeded'],
    ['processing', null, 'processing'],
    ['requires_capture', null, 'processing'],
    ['requires_action', null, 'requires_action'],
    ['canceled', error, 'canceled'],
    ['requires_confirmation', null, 'pending'],
    ['requires_payment_method', null, 'pending'],
    ['requires_payment_method', error, 'failed'],
    ['brand_new_status', null, 'pending'],
  ])('%s with error %o is %s', (status, last_payment_error, ours) => {
    expect(fromStripeIntent(intent({ status, last_payment_error })).status).toBe(ours)
  })

  it('a failed one tells why, and where the request is logged', () => {
    const seen = fromStripeIntent(
      intent({
        status: 'requires_payment_method',
        latest_charge: 'ch_1',
        last_payment_error: {
          ...error,
          decline_code: 'insufficient_funds',
          advice_code: 'try_again_later',
          message: 'Your card has insufficient funds.',
          request_log_url: 'https://dashboard.stripe.com/test/logs/req_1',
        },
      }),
    )
    expect(seen).toMatchObject({
      status: 'failed',
      processorChargeId: 'ch_1',
      failureCode: 'card_declined',
      declineCode: 'insufficient_funds',
      adviceCode: 'try_again_later',
      failureMessage: 'Your card has insufficient funds.',
      requestLogUrl: 'https://dashboard.stripe.com/test/logs/req_1',
    })
  })

  it('one that succeeded on the second try keeps no reason of the first', () => {
    const seen = fromStripeIntent(intent({ last_payment_error: error }))
    expect(seen).toMatchObject({ status: 'succeeded', failureCode: null, failureMessage: null })
  })
})

describe('the money of a payment', () => {
  it('49.00 USD with a fee of 1.72 leaves 47.28', () => {
    const seen = fromStripeIntent(intent({ latest_charge: booked(4_900, 172, 'usd') }))
    expect(seen).toMatchObject({ amountMinor: 4_900, currency: 'USD', processorChargeId: 'ch_1' })
    expect(seen).toMatchObject({ feeMinor: 172, netMinor: 4_728, settlementCurrency: 'USD' })
  })

  it('45.00 EUR settled in dollars keeps its own currency beside the settlement', () => {
    const charge = booked(4_862, 171, 'usd')
    const seen = fromStripeIntent(intent({ amount: 4_500, currency: 'eur', latest_charge: charge }))
    expect(seen).toMatchObject({ amountMinor: 4_500, currency: 'EUR', settlementCurrency: 'USD' })
    expect(seen.netMinor).toBe(4_691)
  })

  it('490000 at Stripe are 4900 krónur, and a fee of 142.40 is 142 with 4758 left', () => {
    const charge = booked(490_000, 14_240, 'isk')
    const seen = fromStripeIntent(
      intent({ amount: 490_000, currency: 'isk', latest_charge: charge }),
    )
    expect(seen).toMatchObject({ amountMinor: 4_900, feeMinor: 142, netMinor: 4_758 })
  })

  it('the fee is unknown while the charge is not booked', () => {
    for (const balance_transaction of [null, 'txn_1']) {
      const charge = { id: 'ch_1', balance_transaction } as Stripe.Charge
      const seen = fromStripeIntent(intent({ latest_charge: charge }))
      expect(seen).toMatchObject({ feeMinor: null, netMinor: null, settlementCurrency: null })
    }
  })
})

describe('the next action of a payment', () => {
  const waiting = (next_action: Partial<Stripe.PaymentIntent.NextAction>) =>
    fromStripeIntent(
      intent({
        status: 'requires_action',
        next_action: next_action as Stripe.PaymentIntent.NextAction,
      }),
    ).nextActionUrl

  it('is an address where Stripe has one, and null where its own script must run', () => {
    const url = 'https://hooks.stripe.com/3d_secure'
    expect(waiting({ type: 'redirect_to_url', redirect_to_url: { url, return_url: null } })).toBe(
      url,
    )
    expect(waiting({ type: 'use_stripe_sdk', use_stripe_sdk: {} })).toBeNull()
  })
})

describe('a refund', () => {
  const refund = (fields: Partial<Stripe.Refund>) =>
    ({ id: 're_1', amount: 2_000, currency: 'usd', ...fields }) as Stripe.Refund

  it('that the bank sent back has failed, with the reason', () => {
    const seen = fromStripeRefund(refund({ status: 'failed', failure_reason: 'declined' }))
    expect(seen).toEqual({
      processorId: 're_1',
      status: 'failed',
      amountMinor: 2_000,
      currency: 'USD',
      failureCode: 'declined',
    })
  })

  it('without a status that we know is pending', () => {
    expect(fromStripeRefund(refund({ status: null })).status).toBe('pending')
    expect(fromStripeRefund(refund({ status: 'brand_new' })).status).toBe('pending')
  })
})

describe('a method', () => {
  const method = (fields: Partial<Stripe.PaymentMethod>) =>
    ({
      id: 'pm_1',
      type: 'card',
      customer: 'cus_1',
      billing_details: { name: '', email: null, phone: null, address: null, tax_id: null },
      ...fields,
    }) as Stripe.PaymentMethod
  const account = (blocked?: object) =>
    ({
      bank_name: 'STRIPE TEST BANK',
      last4: '6789',
      account_type: 'checking',
      fingerprint: 'abc',
      status_details: blocked ? { blocked } : {},
    }) as Stripe.PaymentMethod.UsBankAccount

  it('of a type that we do not offer is none', () => {
    expect(fromStripeMethod(method({ type: 'sepa_debit' }))).toBeNull()
    expect(fromStripeMethod(method({ type: 'toString' }))).toBeNull()
  })

  it('that is a bank account is verified once a customer has it and nothing blocks it', () => {
    const verified = (customer: string | null, blocked?: object) =>
      fromStripeMethod(
        method({ type: 'us_bank_account', customer, us_bank_account: account(blocked) }),
      )?.verified
    expect(verified('cus_1')).toBe(true)
    expect(verified(null)).toBe(false)
    expect(verified('cus_1', { reason: 'bank_account_closed' })).toBe(false)
  })

  it('has no address where all its parts are empty', () => {
    const address = {
      line1: null,
      line2: '',
      city: null,
      state: null,
      postal_code: null,
      country: null,
    }
    const details = { name: '', email: null, phone: null, address, tax_id: null }
    expect(fromStripeMethod(method({ billing_details: details }))?.billingDetails).toEqual({
      name: null,
      email: null,
      phone: null,
      address: null,
    })
  })

  it('sends absent details not at all and null ones as empty text', () => {
    expect(toStripeDetails({})).toEqual({})
    expect(toStripeDetails({ email: null, name: 'Li Wei' })).toEqual({ email: '', name: 'Li Wei' })
    expect(toStripeDetails({ address: null })).toEqual({ address: '' })
  })

  it('by which Stripe moves no money is a fault', () => {
    expect(toStripeType('bank_account')).toBe('us_bank_account')
    expect(() => toStripeType('manual')).toThrow(/manual/)
  })
})
