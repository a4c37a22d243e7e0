// Refunds of charges: in full or in part, at once, later, or failing later.

import type Stripe from 'stripe'
import type { Call, Route } from '../api.ts'
import { emit } from '../events.ts'
import { invalidParameter, missingParameter, refusal } from '../failures.ts'
import { cardBehind } from '../instruments.ts'
import { listPage, timeFilter, where } from '../lists.ts'
import { shownAmount } from '../money.ts'
import { choice, integer, mergedMetadata, onlyKnown, text } from '../params.ts'
import { idOf, need, newest, newId, patch, save, type Work } from '../state.ts'
import { clockOf, schedule, unschedule } from '../tasks.ts'
import { post } from './balance.ts'
import { easeWarning } from './disputes.ts'

const creatable = [
  'amount',
  'charge',
  'instructions_email',
  'metadata',
  'payment_intent',
  'reason',
] as const satisfies readonly (keyof Stripe.RefundCreateParams)[]

const reasons = ['duplicate', 'fraudulent', 'requested_by_customer'] as const

function chargeToRefund(call: Call): Stripe.Charge {
  const { work, params } = call
  const [chargeId, intentId] = [text(params, 'charge'), text(params, 'payment_intent')]
  if (chargeId) return need(work, 'charge', chargeId, 'charge')
  if (!intentId) throw missingParameter('payment_intent')
  const intent = need(work, 'payment_intent', intentId, 'payment_intent')
  const latest = idOf(intent.latest_charge)
  if (!latest || intent.amount_received === 0) {
    throw refusal(`This PaymentIntent (${intentId}) does not have a successful charge to refund.`, {
      code: 'charge_not_refundable',
      param: 'payment_intent',
    })
  }
  return need(work, 'charge', latest)
}

function checkRefundable(charge: Stripe.Charge, amount: number | undefined): number {
  const left = charge.amount_captured - charge.amount_refunded
  if (charge.status !== 'succeeded' || !charge.captured) {
    throw refusal(`Charge ${charge.id} cannot be refunded in its status ${charge.status}.`, {
      code: 'charge_not_refundable',
    })
  }
  if (charge.disputed) {
    throw refusal(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: 'charge_disputed',
    })
  }
  if (charge.refunded) {
    throw refusal(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    })
  }
  const wanted = amount ?? left
  if (wanted < 1) {
    throw invalidParameter(
      'This value must be greater than or equal to 1.',
      'amount',
      'parameter_invalid_integer',
    )
  }
  if (wanted > left) throw tooMuch(charge, wanted, left)
  return wanted
}

function tooMuch(charge: Stripe.Charge, wanted: number, left: number) {
  const shown = (value: number) => shownAmount(value, charge.currency)
  const limit =
    charge.amount_refunded > 0
      ? `unrefunded amount on charge (${shown(left)})`
      : `charge amount (${shown(charge.amount_captured)})`
  return refusal(`Refund amount (${shown(wanted)}) is greater than ${limit}`, { param: 'amount' })
}

function destination(type: string, settled: boolean): Stripe.Refund.DestinationDetails {
  if (type === 'card') {
    return {
      type: 'card',
      card: {
        ...(settled ? { reference: newReference() } : {}),
        reference_status: settled ? 'available' : 'pending',
        reference_type: 'acquirer_reference_number',
        type: 'refund',
      },
    }
  }
  if (type === 'us_bank_account') {
    return {
      type: 'us_bank_transfer',
      us_bank_transfer: {
        reference: settled ? newReference() : null,
        reference_status: settled ? 'available' : 'pending',
      },
    }
  }
  if (type === 'alipay') return { type, alipay: {} }
  if (type === 'wechat_pay') return { type, wechat_pay: {} }
  return {
    type: 'paypal',
    paypal: {
      network_decline_code: null,
      reference: settled ? newReference() : null,
      reference_status: settled ? 'available' : 'pending',
    },
  }
}

function newReference(): string {
  return newId('arn', 16)
}

/** Makes a refund and moves the money back; what its test value promises is scheduled. */
function refundCharge(
  work: Work,
  charge: Stripe.Charge,
  amount: number,
  more: Pick<Stripe.Refund, 'reason' | 'metadata'>,
): Stripe.Refund {
  const type = charge.payment_method_details?.type ?? 'card'
  const card = charge.payment_method ? cardBehind(work, charge.payment_method) : undefined
  const pending = card?.refund === 'pending' || type === 'us_bank_account'
  const id = newId(type === 'card' ? 're' : 'pyr')
  const transaction = post(work, {
    amount: -amount,
    currency: charge.currency,
    type: type === 'card' ? 'refund' : 'payment_refund',
    reportingCategory: 'refund',
    source: id,
    description: `REFUND FOR CHARGE${charge.description ? ` (${charge.description})` : ''}`,
  })
  const refund = save(work, 'refund', {
    id,
    object: 'refund',
    amount,
    balance_transaction: transaction.id,
    charge: charge.id,
    created: work.at,
    currency: charge.currency,
    customer: idOf(charge.customer),
    customer_account: null,
    destination_details: destination(type, !pending),
    metadata: more.metadata,
    payment_intent: idOf(charge.payment_intent),
    payment_method: charge.payment_method,
    ...(pending ? { pending_reason: 'processing' as const } : {}),
    reason: more.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: pending ? 'pending' : 'succeeded',
    transfer_reversal: null,
  })
  emit(work, 'refund.created', refund)
  countRefunded(work, charge.id, amount)
  const delay = work.environment.timings.refundSettlesMs
  const clock = clockOf(work, idOf(charge.customer))
  if (pending) schedule(work, 'settle_refund', id, delay, clock)
  if (card?.refund === 'fails') schedule(work, 'fail_refund', id, delay, clock)
  return refund
}

function countRefunded(work: Work, chargeId: string, amount: number): void {
  const before = need(work, 'charge', chargeId)
  const refunded = before.amount_refunded + amount
  const after = patch(work, 'charge', chargeId, {
    amount_refunded: refunded,
    refunded: refunded > 0 && refunded === before.amount_captured,
  })
  emit(work, amount > 0 ? 'charge.refunded' : 'charge.updated', after, before)
  if (after.refunded) easeWarning(work, chargeId)
}

function announce(work: Work, refund: Stripe.Refund, before: Stripe.Refund): void {
  emit(work, 'refund.updated', refund, before)
  emit(work, 'charge.refund.updated', refund, before)
}

/** A pending refund has reached the customer. */
export function settleRefund(work: Work, id: string): void {
  const before = need(work, 'refund', id)
  if (before.status !== 'pending') return
  const { pending_reason: _reason, ...rest } = before
  const type = before.destination_details?.type === 'card' ? 'card' : 'us_bank_account'
  const refund = save(work, 'refund', {
    ...rest,
    destination_details: destination(type, true),
    status: 'succeeded',
  })
  announce(work, refund, before)
}

/** The customer's bank sent the money back: it returns to the balance, the charge is open again. */
export function failRefund(work: Work, id: string, reason = 'expired_or_canceled_card'): void {
  const before = need(work, 'refund', id)
  if (before.status === 'failed' || before.status === 'canceled') return
  unschedule(work, id)
  const transaction = post(work, {
    amount: before.amount,
    currency: before.currency,
    type: before.id.startsWith('re_') ? 'refund_failure' : 'payment_failure_refund',
    reportingCategory: 'refund_failure',
    source: id,
    description: 'REFUND FAILURE',
  })
  const refund = patch(work, 'refund', id, {
    failure_balance_transaction: transaction.id,
    failure_reason: reason,
    status: 'failed',
  })
  const charge = idOf(before.charge)
  if (charge) countRefunded(work, charge, -before.amount)
  emit(work, 'refund.failed', refund)
  announce(work, refund, before)
}

function createRefund(call: Call): Stripe.Refund {
  const { work, params } = call
  onlyKnown(params, creatable)
  const reason = choice(params, 'reason', reasons) ?? null
  const metadata = mergedMetadata(params)
  const amount = integer(params, 'amount')
  const charge = chargeToRefund(call)
  return refundCharge(work, charge, checkRefundable(charge, amount), { reason, metadata })
}

function updateRefund({ work, params, id }: Call): Stripe.Refund {
  onlyKnown(params, ['metadata'])
  const before = need(work, 'refund', id)
  const refund = patch(work, 'refund', id, { metadata: mergedMetadata(params, before.metadata) })
  announce(work, refund, before)
  return refund
}

function listRefunds({ work, params }: Call) {
  const inTime = timeFilter(params)
  const [charge, intent] = [text(params, 'charge'), text(params, 'payment_intent')]
  const rows = where(
    newest(work, 'refund'),
    row =>
      inTime(row.created) &&
      (charge === undefined || row.charge === charge) &&
      (intent === undefined || row.payment_intent === intent),
  )
  return listPage(params, '/v1/refunds', rows, ['charge', 'created', 'payment_intent'])
}

function cancelRefund({ id }: Call): never {
  throw refusal(`Refund ${id} cannot be canceled: only refunds that require action can be.`, {
    code: 'charge_not_refundable',
  })
}

export const refundRoutes: Route[] = [
  { method: 'POST', path: '/v1/refunds', answer: createRefund },
  { method: 'GET', path: '/v1/refunds', answer: listRefunds },
  { method: 'GET', path: '/v1/refunds/:id', answer: ({ work, id }) => need(work, 'refund', id) },
  { method: 'POST', path: '/v1/refunds/:id', answer: updateRefund },
  { method: 'POST', path: '/v1/refunds/:id/cancel', answer: cancelRefund },
]
