// What a caller is told about the charge that its request caused. A decline is data, not an error.
import { declineOf } from '../../core/declines.ts'
import type { Transaction } from '../../core/payment.ts'
import { refuse } from '../../core/refusal.ts'

export interface PaymentResult {
  readonly status: string
  readonly transactionId: string | null
  readonly declineCode: string | null
  readonly message: { readonly en: string; readonly 'zh-CN': string } | null
  readonly nextActionUrl: string | null
}

/** Null when nothing was charged. */
export function paymentResult(transaction: Transaction | null): PaymentResult | null {
  if (transaction === null) return null
  const failed = transaction.status === 'failed'
  return {
    status: transaction.status,
    transactionId: transaction.id,
    declineCode: failed ? (transaction.declineCode ?? transaction.failureCode) : null,
    message: failed ? declineOf(transaction).sentence : null,
    nextActionUrl: transaction.nextActionUrl,
  }
}

/** Turns a decline into the refusal 402 `payment_declined` with its sentence in both languages. */
export function refuseDecline(decline: {
  readonly failureCode: string | null
  readonly declineCode: string | null
  readonly adviceCode: string | null
}): never {
  const { sentence, advice } = declineOf(decline)
  return refuse('payment_declined', {
    declineCode: decline.declineCode ?? decline.failureCode,
    advice,
    sentence: sentence.en,
    sentenceZh: sentence['zh-CN'],
  })
}
