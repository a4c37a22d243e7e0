// Payouts with what they carry, read from Stripe.
import type Stripe from 'stripe'
import { fromProcessorAmount } from '../../core/money.ts'
import type { PayoutItem, PayoutStatus } from '../../core/payout.ts'
import type { ProcessorObject } from '../../ports/processor.ts'
import type { StripeConnection } from './connect.ts'
import { fromStripeMovement } from './disputes.ts'
import { eachPage } from './lists.ts'
import { bookedMinor, idOf, isReadable, other } from './mapping.ts'

const statuses: readonly PayoutStatus[] = ['pending', 'in_transit', 'paid', 'failed', 'canceled']

export function fromStripeItem(booked: Stripe.BalanceTransaction): PayoutItem {
  return { ...fromStripeMovement(booked), type: booked.type, sourceId: idOf(booked.source) }
}

/** Everything that a payout carries, without the payout's own movement. */
async function itemsOf(connection: StripeConnection, payout: string): Promise<PayoutItem[]> {
  const items: PayoutItem[] = []
  const pages = eachPage<Stripe.BalanceTransaction>(
    connection,
    'list payout movements',
    (stripe, page) => stripe.balanceTransactions.list({ payout, ...page }),
  )
  for await (const booked of pages) {
    const own = booked.type === 'payout' && idOf(booked.source) === payout
    if (!own) items.push(fromStripeItem(booked))
  }
  return items
}

export async function readPayout(
  connection: StripeConnection,
  id: string,
): Promise<ProcessorObject> {
  const payout = await connection.call('retrieve payout', { object: 'payout', id }, stripe =>
    stripe.payouts.retrieve(id, { expand: ['balance_transaction'] }),
  )
  if (!isReadable(payout)) return other
  const currency = payout.currency.toUpperCase()
  const booked = payout.balance_transaction
  const told = payout.automatic && payout.reconciliation_status === 'completed'
  return {
    kind: 'payout',
    observation: {
      processorId: payout.id,
      status: statuses.find(known => known === payout.status) ?? 'pending',
      amountMinor: fromProcessorAmount(payout.amount, currency),
      currency,
      automatic: payout.automatic,
      feeMinor: booked && typeof booked === 'object' ? bookedMinor(booked.fee, currency) : 0,
      balanceMovementId: idOf(booked),
      failureCode: payout.failure_code,
      arrivalAt: payout.arrival_date * 1_000,
      createdAt: payout.created * 1_000,
      items: told ? await itemsOf(connection, payout.id) : null,
    },
  }
}
