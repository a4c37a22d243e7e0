import { describe, expect, it } from 'vitest'
import { rowFor, rowOf, subjectOf, whyIgnored } from './event-table.ts'

const listed: Readonly<Record<string, readonly string[]>> = {
  payment_intent: [
    'succeeded',
    'payment_failed',
    'processing',
    'requires_action',
    'canceled',
    'amount_capturable_updated',
    'partially_funded',
  ],
  charge: [
    'succeeded',
    'failed',
    'updated',
    'captured',
    'expired',
    'refunded',
    'refund.updated',
    'dispute.created',
    'dispute.updated',
    'dispute.closed',
    'dispute.funds_withdrawn',
    'dispute.funds_reinstated',
  ],
  refund: ['created', 'updated', 'failed'],
  radar: ['early_fraud_warning.created', 'early_fraud_warning.updated'],
  review: ['opened', 'closed'],
  setup_intent: ['succeeded', 'setup_failed', 'requires_action', 'canceled'],
  payment_method: ['attached', 'detached', 'updated', 'automatically_updated'],
  mandate: ['updated'],
  customer: [
    'updated',
    'deleted',
    'subscription.created',
    'subscription.updated',
    'subscription.deleted',
  ],
  payout: ['paid', 'failed', 'reconciliation_completed'],
  balance: ['available'],
  invoice: [
    'payment_succeeded',
    'payment_failed',
    'payment_attempt_required',
    'overdue',
    'overpaid',
    'will_be_due',
  ],
  invoice_payment: ['paid'],
}

describe('the table of events', () => {
  it('has a row for each event of Stripe that concerns a billing service', () => {
    const types = Object.entries(listed).flatMap(([noun, names]) =>
      names.map(name => `${noun}.${name}`),
    )
    expect(types.filter(type => rowOf(type) === null)).toEqual([])
  })

  it('reads a charge through its payment, whether named or expanded, and nothing where none is named', () => {
    const about = (payment_intent: unknown) => ({ data: { object: { payment_intent } } })
    const subject = (payload: unknown) => subjectOf('charge.updated', 'ch_1', payload)
    expect(subject(about('pi_1'))).toBe('payment_intent:pi_1')
    expect(subject(about({ id: 'pi_1' }))).toBe('payment_intent:pi_1')
    expect([subject(about(null)), subject({}), subject(null)]).toEqual(['', '', ''])
  })

  it('says why nothing follows from an event', () => {
    expect(subjectOf('issuing_card.created', 'ic_1', {})).toBe('')
    expect(whyIgnored('issuing_card.created')).toBe('nothing follows from this event')
    expect(whyIgnored('balance.available')).toBe('balances are read with the payouts')
    expect(rowFor('issuing.card')).toBeNull()
  })
})
