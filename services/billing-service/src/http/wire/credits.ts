// Credit notes and credit balances on the wire.
import type { CreditBalanceWire, CreditNoteWire } from '@quittance/billing-contract/schemas/credit'
import type { BalanceWithEntries } from '../../actions/credits/credit-balance.ts'
import type { CreditNote } from '../../core/credit-note.ts'
import { explain } from '../../core/explanation.ts'
import { ppmToPercent } from '../../core/money.ts'
import { toIso } from '../../core/time.ts'
import { amount } from './money.ts'
import { taxSumToWire } from './tax.ts'

/** A credit note in the language of its reader. */
export function creditNoteToWire(note: CreditNote, language: 'en' | 'zh-CN'): CreditNoteWire {
  const money = (minor: number) => amount(minor, note.currency)
  return {
    id: note.id,
    tenantId: note.tenantId,
    creditNoteNumber: note.creditNoteNumber,
    invoiceId: note.invoiceId,
    invoiceNumber: note.invoiceNumber,
    customerId: note.customerId,
    currency: note.currency,
    lineItems: note.lines.map(line => ({
      invoiceLineId: line.invoiceLineId,
      description:
        language === 'zh-CN' && line.descriptionZh !== null ? line.descriptionZh : line.description,
      amount: money(line.amountMinor),
      discount: money(line.discountMinor),
      tax: money(line.taxMinor),
      taxRate: line.taxRatePpm === null ? null : ppmToPercent(line.taxRatePpm),
      explanation: explain(line.why, note.currency, language),
    })),
    subtotal: money(note.subtotalMinor),
    discount: money(note.discountMinor),
    tax: {
      amount: money(note.taxMinor),
      lines: note.taxLines.map(line => taxSumToWire(line, note.currency)),
    },
    total: money(note.totalMinor),
    lowersInvoice: money(note.lowersInvoiceMinor),
    refunded: money(note.refundedMinor),
    toBalance: money(note.toBalanceMinor),
    reason: note.reason,
    issuedAt: toIso(note.issuedAt),
    createdAt: toIso(note.createdAt),
  }
}

export const creditBalanceToWire = (
  tenantId: string,
  customerId: string,
  balances: readonly BalanceWithEntries[],
): CreditBalanceWire => ({
  tenantId,
  customerId,
  balances: balances.map(({ balance, entries }) => ({
    currency: balance.currency,
    balance: amount(balance.balanceMinor, balance.currency),
    entries: entries.map(entry => ({
      id: entry.id,
      kind: entry.kind,
      amount: amount(entry.amountMinor, entry.currency),
      reason: entry.reason,
      invoiceId: entry.invoiceId,
      transactionId: entry.transactionId,
      creditNoteId: entry.creditNoteId,
      createdAt: toIso(entry.createdAt),
    })),
  })),
})
