// Payments that their payer confirms at the bank: the browser leaves for the bank's page and comes back by itself.
import type { UseMutationResult } from '@tanstack/react-query'
import type { InvoiceWire, PaymentResultWire, TransactionWire } from './wire.ts'
import { useWrite } from './write.ts'

/** Leaves for the bank where a charge asks for that; false where nothing is to be confirmed. */
export function leaveToConfirm(payment: PaymentResultWire | null | undefined): boolean {
  if (payment?.status !== 'requires_action' || payment.nextActionUrl === null) return false
  location.assign(payment.nextActionUrl)
  return true
}

/** Whether one of these tries still waits for its payer. */
export const waitsForPayer = (tries: readonly TransactionWire[] | undefined): boolean =>
  tries?.some(row => row.type === 'payment' && row.status === 'requires_action') ?? false

/** Opens the signed page of the invoice, which knows where its waiting try is confirmed. */
export const useConfirmation = (
  invoice: Pick<InvoiceWire, 'id'>,
): UseMutationResult<{ url: string }, Error, Record<never, never>> =>
  useWrite(
    (client, _: Record<never, never>, options) =>
      client.createPayLink(invoice.id, { purpose: 'pay', days: 1 }, options),
    ({ url }) => location.assign(url),
  )
