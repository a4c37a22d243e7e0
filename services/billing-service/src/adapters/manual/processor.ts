// Payments outside any processor. Nobody is asked: what the operator recorded is what happened, so an answer
// follows from the request, and what our own rows say is the record of it.

import type { PaymentObservation, RefundObservation, Transaction } from '../../core/payment.ts'
import { manualProcessor } from '../../core/received-payment.ts'
import type { MoneyMover, ReceiptRequest } from '../../ports/processor.ts'

export interface ManualOptions {
  /** Finds what was recorded under a name of ours; null when nothing was. */
  readonly recorded: (
    processorId: string,
  ) => Promise<Pick<Transaction, 'amountMinor' | 'currency'> | null>
}

/** What a transaction is called here; unique, because the transaction's own id is. */
const nameOf = (transactionId: string): string => `${manualProcessor}_${transactionId}`

const noReasons = {
  failureCode: null,
  declineCode: null,
  adviceCode: null,
  failureMessage: null,
  requestLogUrl: null,
  nextActionUrl: null,
} as const

const received = (
  processorId: string,
  { amountMinor, currency }: Pick<Transaction, 'amountMinor' | 'currency'>,
): PaymentObservation => ({
  ...noReasons,
  processorId,
  processorChargeId: null,
  status: 'succeeded',
  amountMinor,
  currency,
  feeMinor: 0,
  netMinor: amountMinor,
  settlementCurrency: currency,
})

const returned = (
  processorId: string,
  { amountMinor, currency }: Pick<Transaction, 'amountMinor' | 'currency'>,
): RefundObservation => ({
  processorId,
  status: 'succeeded',
  amountMinor,
  currency,
  failureCode: null,
})

/** The processor of payments that an operator records. */
export function makeManualProcessor({ recorded }: ManualOptions): MoneyMover<ReceiptRequest> {
  const find = async <Seen>(
    processorId: string,
    seen: (id: string, row: Pick<Transaction, 'amountMinor' | 'currency'>) => Seen,
  ): Promise<Seen | null> => {
    const row = await recorded(processorId)
    return row === null ? null : seen(processorId, row)
  }
  return {
    name: manualProcessor,
    identify: async () => ({ account: 'outside', mode: 'live' }),
    charge: async ({ transactionId, amount }) => received(nameOf(transactionId), amount),
    findPayment: ({ transactionId }) => find(nameOf(transactionId), received),
    async cancelPayment(processorId) {
      const seen = await find(processorId, received)
      if (seen === null) throw new Error(`${processorId} was never recorded`)
      return seen
    },
    refund: async ({ transactionId, amount }) => returned(nameOf(transactionId), amount),
    findRefund: ({ transactionId }) => find(nameOf(transactionId), returned),
  }
}
