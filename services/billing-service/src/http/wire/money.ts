// The parts that all objects on the wire share.

import type { PaymentResult } from '../../actions/payments/payment-result.ts'
import { toWire } from '../../core/money.ts'
import { toIso } from '../../core/time.ts'

export const time = (at: number | null): string | null => (at === null ? null : toIso(at))

export const amount = (minor: number, currency: string): number => toWire(minor, currency)

export const paymentToWire = (payment: PaymentResult | null, language: 'en' | 'zh-CN') =>
  payment === null
    ? {}
    : {
        payment: {
          status: payment.status,
          transactionId: payment.transactionId,
          declineCode: payment.declineCode,
          message: payment.message?.[language] ?? null,
          nextActionUrl: payment.nextActionUrl,
        },
      }
