// Payouts: manual ones by the API, and automatic ones that carry all transactions not yet paid out.

import type Stripe from 'stripe'
import type { Call, Route } from '../api.ts'
import { emit } from '../events.ts'
import { refusal } from '../failures.ts'
import { listPage, timeFilter, where } from '../lists.ts'
import { checkedCurrency } from '../money.ts'
import {
  choice,
  mergedMetadata,
  onlyKnown,
  requiredInteger,
  requiredText,
  text,
  unsettableText,
} from '../params.ts'
import { find, need, newest, newId, patch, save, type Work } from '../state.ts'
import { post } from './balance.ts'

function makePayout(
  work: Work,
  amount: number,
  currency: string,
  automatic: boolean,
  more: Partial<Stripe.Payout> = {},
): Stripe.Payout {
  const id = newId('po')
  const transaction = post(work, {
    amount: -amount,
    currency,
    type: 'payout',
    reportingCategory: 'payout',
    source: id,
    description: 'STRIPE PAYOUT',
    availableAtOnce: true,
  })
  save(work, 'paid_out', { id: transaction.id, payout: id })
  return save(work, 'payout', {
    id,
    object: 'payout',
    amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: work.at,
    automatic,
    balance_transaction: transaction.id,
    created: work.at,
    currency,
    description: automatic ? 'STRIPE PAYOUT' : null,
    destination: null,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: {},
    method: 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: automatic ? 'completed' : 'not_applicable',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: null,
    status: 'pending',
    trace_id: null,
    type: 'bank_account',
    ...more,
  })
}

function pay(work: Work, payout: Stripe.Payout): Stripe.Payout {
  emit(work, 'payout.created', payout)
  const paid = patch(work, 'payout', payout.id, { status: 'paid' })
  emit(work, 'payout.paid', paid)
  if (payout.automatic) emit(work, 'payout.reconciliation_completed', paid)
  return paid
}

/**
 * Pays out everything of a currency that is available and was not paid out before, as Stripe's
 * daily payout does; the transactions can then be listed by the payout. Null when there is nothing.
 */
export function payOutAll(work: Work, currency: string): Stripe.Payout | null {
  const carried = [...newest(work, 'balance_transaction')].filter(
    row =>
      row.currency === currency &&
      row.status === 'available' &&
      row.type !== 'payout' &&
      !find(work, 'paid_out', row.id),
  )
  const amount = carried.reduce((sum, row) => sum + row.net, 0)
  if (amount <= 0) return null
  const payout = makePayout(work, amount, currency, true)
  for (const row of carried) save(work, 'paid_out', { id: row.id, payout: payout.id })
  return pay(work, payout)
}

/** The bank sent a payout back: the money returns to the balance. */
export function failPayout(work: Work, id: string, code: string): Stripe.Payout {
  const before = need(work, 'payout', id)
  if (before.status === 'failed' || before.status === 'canceled') {
    throw refusal(`This payout is already ${before.status}.`)
  }
  const transaction = post(work, {
    amount: before.amount,
    currency: before.currency,
    type: 'payout_failure',
    reportingCategory: 'payout_reversal',
    source: id,
    description: 'PAYOUT FAILURE',
    availableAtOnce: true,
  })
  const payout = patch(work, 'payout', id, {
    failure_balance_transaction: transaction.id,
    failure_code: code,
    failure_message: 'The bank could not take the payout.',
    status: 'failed',
  })
  emit(work, 'payout.failed', payout)
  return payout
}

function availableOf(work: Work, currency: string): number {
  let sum = 0
  for (const row of newest(work, 'balance_transaction')) {
    if (row.currency === currency && row.status === 'available') sum += row.net
  }
  return sum
}

function createPayout({ work, params }: Call): Stripe.Payout {
  onlyKnown(params, ['amount', 'currency', 'description', 'metadata', 'statement_descriptor'])
  const amount = requiredInteger(params, 'amount')
  const currency = checkedCurrency(requiredText(params, 'currency'))
  if (amount < 1 || amount > availableOf(work, currency)) {
    throw refusal('You have insufficient funds in your Stripe account for this transfer.', {
      code: 'balance_insufficient',
      param: 'amount',
    })
  }
  const payout = makePayout(work, amount, currency, false, {
    description: unsettableText(params, 'description') ?? null,
    metadata: mergedMetadata(params),
    statement_descriptor: unsettableText(params, 'statement_descriptor') ?? null,
  })
  return pay(work, payout)
}

function listPayouts({ work, params }: Call) {
  const created = timeFilter(params)
  const arrival = timeFilter(params, 'arrival_date')
  const status = choice(params, 'status', ['pending', 'paid', 'failed', 'canceled', 'in_transit'])
  const rows = where(
    newest(work, 'payout'),
    row =>
      created(row.created) &&
      arrival(row.arrival_date) &&
      (status === undefined || row.status === status),
  )
  text(params, 'destination')
  return listPage(params, '/v1/payouts', rows, ['arrival_date', 'created', 'destination', 'status'])
}

export const payoutRoutes: Route[] = [
  { method: 'POST', path: '/v1/payouts', answer: createPayout },
  { method: 'GET', path: '/v1/payouts', answer: listPayouts },
  { method: 'GET', path: '/v1/payouts/:id', answer: ({ work, id }) => need(work, 'payout', id) },
]
