// Refunds: made once under our own id and found again by it. How much may be given back is reserved
// before.
import { processorAmount } from '../../core/money.ts'
import type { RefundObservation } from '../../core/payment.ts'
import { type Processor, ProcessorUnavailable, type RefundRequest } from '../../ports/processor.ts'
import type { StripeConnection } from './connect.ts'
import { faultOf, isMissing, isStripeError, refundRefusalCode } from './failures.ts'
import { pastKeptFailures } from './kept.ts'
import { fromStripeRefund } from './mapping.ts'

type Refunds = Pick<Processor, 'refund' | 'findRefund'>

const pageSize = 100
const pagesMax = 10

/** A refund that Stripe turned down: it was never made, and asking again would change nothing. */
function refused(request: RefundRequest, failure: unknown): RefundObservation {
  if (!isStripeError(failure)) throw failure
  const code = refundRefusalCode(failure)
  if (code === null) throw faultOf('refund', failure)
  return {
    processorId: null,
    status: 'failed',
    ...request.amount,
    failureCode: code,
  }
}

async function retrieve(
  connection: StripeConnection,
  id: string,
): Promise<RefundObservation | null> {
  try {
    const refund = await connection.call('retrieve refund', { object: 'refund', id }, stripe =>
      stripe.refunds.retrieve(id),
    )
    return fromStripeRefund(refund)
  } catch (failure) {
    if (isMissing(failure)) return null
    throw failure
  }
}

async function findByTransaction(
  connection: StripeConnection,
  transactionId: string,
  paymentIntent: string,
): Promise<RefundObservation | null> {
  let startingAfter: string | undefined
  for (let page = 0; page < pagesMax; page += 1) {
    const list = await connection.call('list refunds', { object: 'list' }, stripe =>
      stripe.refunds.list({
        payment_intent: paymentIntent,
        limit: pageSize,
        ...(startingAfter !== undefined && { starting_after: startingAfter }),
      }),
    )
    const found = list.data.find(row => row.metadata?.transaction_id === transactionId)
    if (found) return fromStripeRefund(found)
    startingAfter = list.data.at(-1)?.id
    if (!list.has_more || startingAfter === undefined) return null
  }
  throw new ProcessorUnavailable(`${transactionId} is not among the newest refunds`)
}

/** The refunding side of the processor. */
export function stripeRefunds(connection: StripeConnection): Refunds {
  return {
    async refund(request) {
      const { amountMinor, currency } = request.amount
      const params = {
        payment_intent: request.processorPaymentId,
        amount: processorAmount(amountMinor, currency),
        metadata: { tenant_id: request.tenantId, transaction_id: request.transactionId },
      }
      const make = async (idempotencyKey: string) => {
        const refund = await connection.call('refund', { object: 'refund' }, stripe =>
          stripe.refunds.create(params, { idempotencyKey }),
        )
        return fromStripeRefund(refund)
      }
      try {
        return await pastKeptFailures(`refund_${request.transactionId}`, make, () =>
          findByTransaction(connection, request.transactionId, request.processorPaymentId),
        )
      } catch (failure) {
        return refused(request, failure)
      }
    },
    async findRefund({ transactionId, processorId, processorPaymentId }) {
      try {
        const seen = processorId === null ? null : await retrieve(connection, processorId)
        return seen ?? (await findByTransaction(connection, transactionId, processorPaymentId))
      } catch (failure) {
        if (isMissing(failure)) return null
        throw isStripeError(failure) ? faultOf('find refund', failure) : failure
      }
    },
  }
}
