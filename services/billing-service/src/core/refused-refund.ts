// A refund that the processor turns down because the payment is disputed. The bank may give the payer the same
// money, so what was promised waits for the end of the dispute. Not the dispute itself.
import { type Dispute, isClosed } from './dispute.ts'

/** Stripe's words for it; the last one stops a refund that was on its way already. */
const stoppedByDispute: ReadonlySet<string> = new Set([
  'charge_disputed',
  'refund_disputed_payment',
  'charge_for_pending_refund_disputed',
])

/** Whether a refund failed because its payment is disputed. */
export const isStoppedByDispute = (failureCode: string | null): boolean =>
  failureCode !== null && stoppedByDispute.has(failureCode)

/**
 * What the lost disputes of a payment have given its payer besides `usedMinor`, which earlier refused refunds
 * took up, in the currency of the payment. Null while one of the disputes runs, or as long as none is known.
 */
export function paidByDisputesMinor(
  disputes: readonly Pick<Dispute, 'status' | 'amountMinor'>[],
  usedMinor: number,
): number | null {
  if (disputes.length === 0 || disputes.some(({ status }) => !isClosed(status))) return null
  const lost = disputes.filter(({ status }) => status === 'lost')
  return Math.max(0, lost.reduce((sum, { amountMinor }) => sum + amountMinor, 0) - usedMinor)
}
