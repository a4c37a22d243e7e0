// Who moved the money of a transaction: the processor, or somebody outside whom an operator recorded.
import type { Transaction } from '../../core/payment.ts'
import { isManual } from '../../core/received-payment.ts'
import type { Deps } from '../../deps.ts'
import type { MoneyMover } from '../../ports/processor.ts'

type Asking = Pick<MoneyMover<never>, 'findPayment' | 'refund' | 'findRefund'>

/** Whom to ask about a transaction, and who refunds it. */
export const moverOf = (
  deps: Pick<Deps, 'processor' | 'manual'>,
  transaction: Pick<Transaction, 'processor'>,
): Asking => (isManual(transaction) ? deps.manual : deps.processor)
