// The state and the sign of a transaction, and why a bank refused, in our words.
import type { TransactionWire } from '../data/wire.ts'
import type { WordKey } from '../words/words.ts'
import { type Chip, chip } from './state.ts'

/** The chip of a transaction; a status that this version does not know is shown as pending. */
export function transactionChip({ status }: Pick<TransactionWire, 'status'>): Chip {
  switch (status) {
    case 'succeeded':
      return chip('good', 'check-circle', { key: 'transaction.chip.succeeded' })
    case 'failed':
      return chip('bad', 'close-circle', { key: 'transaction.chip.failed' })
    case 'processing':
      return chip('info', 'sync', { key: 'transaction.chip.processing' })
    case 'requires_action':
      return chip('warn', 'exclamation', { key: 'transaction.chip.requiresAction' })
    case 'canceled':
      return chip('neutral', 'minus-circle', { key: 'transaction.chip.canceled' })
    default:
      return chip('neutral', 'hourglass', { key: 'transaction.chip.pending' })
  }
}

const typeKeys = {
  payment: 'transaction.type.payment',
  refund: 'transaction.type.refund',
  fee: 'transaction.type.fee',
  adjustment: 'transaction.type.adjustment',
} as const satisfies Record<string, WordKey>

/** The word for a type, or the API's own name of a type that this version does not know. */
export const transactionTypeKey = (
  type: string,
): (typeof typeKeys)[keyof typeof typeKeys] | undefined => typeKeys[type as keyof typeof typeKeys]

/**
 * The amount with the sign it has for the payer's account: refunds and fees lower what was
 * received. The API sends them positive; only the sign is put before, nothing is calculated.
 */
export function signedAmount({ type, amount }: Pick<TransactionWire, 'type' | 'amount'>): string {
  const negative = (type === 'refund' || type === 'fee') && amount > 0
  return negative ? `-${amount}` : String(amount)
}

const declineKeys = {
  insufficient_funds: 'decline.insufficient_funds',
  expired_card: 'decline.expired_card',
  incorrect_cvc: 'decline.incorrect_cvc',
  processing_error: 'decline.processing_error',
  authentication_required: 'decline.authentication_required',
  card_velocity_exceeded: 'decline.card_velocity_exceeded',
} as const satisfies Record<string, WordKey>

/**
 * Why a bank refused. Lost, stolen and suspected cards are a plain refusal: the screen may be
 * shared.
 */
export function declineKey(
  code: string | null,
): (typeof declineKeys)[keyof typeof declineKeys] | 'decline.other' {
  return declineKeys[code as keyof typeof declineKeys] ?? 'decline.other'
}
