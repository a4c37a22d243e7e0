// The account's balance: transactions with their fees, and when their funds become available.

import type Stripe from 'stripe'
import type { Call, Route } from '../api.ts'
import { listPage, timeFilter, where } from '../lists.ts'
import { text } from '../params.ts'
import { find, idOf, need, newest, newId, patch, save, type Work } from '../state.ts'
import { schedule } from '../tasks.ts'

type Posting = {
  amount: number
  currency: string
  fee?: number
  feeDescription?: string
  type: Stripe.BalanceTransaction['type']
  reportingCategory: string
  source: string
  description?: string | null
  /** Is the money there at once, or only after the settlement delay? */
  availableAtOnce?: boolean
}

/**
 * Records a movement of the account's balance: `amount` gross and signed, `fee` what Stripe keeps,
 * net = amount - fee. It settles in the currency of the charge: the sandbox exchanges nothing.
 */
export function post(work: Work, posting: Posting): Stripe.BalanceTransaction {
  const { amount, currency, fee = 0, availableAtOnce = false } = posting
  const delayMs = availableAtOnce ? 0 : work.environment.timings.fundsAvailableMs
  const transaction = save(work, 'balance_transaction', {
    id: newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: work.at + Math.floor(delayMs / 1000),
    balance_type: 'payments',
    created: work.at,
    currency,
    description: posting.description ?? null,
    exchange_rate: null,
    fee,
    fee_details:
      fee === 0
        ? []
        : [
            {
              amount: fee,
              application: null,
              currency,
              description: posting.feeDescription ?? 'Stripe processing fees',
              type: 'stripe_fee',
            },
          ],
    net: amount - fee,
    reporting_category: posting.reportingCategory,
    source: posting.source,
    status: delayMs === 0 ? 'available' : 'pending',
    type: posting.type,
  })
  if (delayMs > 0) schedule(work, 'make_funds_available', transaction.id, delayMs)
  return transaction
}

/** The settlement delay of a transaction has passed. */
export function makeFundsAvailable(work: Work, id: string): void {
  if (find(work, 'balance_transaction', id)) {
    patch(work, 'balance_transaction', id, { status: 'available' })
  }
}

function listTransactions({ work, params }: Call) {
  const inTime = timeFilter(params)
  const [currency, source, type] = [
    text(params, 'currency'),
    text(params, 'source'),
    text(params, 'type'),
  ]
  const payout = text(params, 'payout')
  const rows = where(
    newest(work, 'balance_transaction'),
    row =>
      inTime(row.created) &&
      (currency === undefined || row.currency === currency) &&
      (source === undefined || idOf(row.source) === source) &&
      (type === undefined || row.type === type) &&
      (payout === undefined || find(work, 'paid_out', row.id)?.payout === payout),
  )
  return listPage(params, '/v1/balance_transactions', rows, [
    'created',
    'currency',
    'source',
    'type',
    'payout',
  ])
}

function amounts(work: Work, status: string) {
  const sums = new Map<string, number>()
  for (const row of newest(work, 'balance_transaction')) {
    if (row.status === status) sums.set(row.currency, (sums.get(row.currency) ?? 0) + row.net)
  }
  if (sums.size === 0) sums.set('usd', 0)
  return [...sums].map(([currency, amount]) => ({
    amount,
    currency,
    source_types: { card: amount },
  }))
}

/** What the account holds: available now, and pending until it settles. */
export function balanceOf(work: Work): Stripe.Balance {
  return {
    object: 'balance',
    available: amounts(work, 'available'),
    livemode: false,
    pending: amounts(work, 'pending'),
  }
}

export const balanceRoutes: Route[] = [
  { method: 'GET', path: '/v1/balance', answer: ({ work }) => balanceOf(work) },
  { method: 'GET', path: '/v1/balance_transactions', answer: listTransactions },
  {
    method: 'GET',
    path: '/v1/balance_transactions/:id',
    answer: ({ work, id }) => need(work, 'balance_transaction', id),
  },
]
