// The account of a tenant as text: what it was billed, paid, was given back and still owes, and what the
// books say. Nothing of it depends on where the rows are kept.
import { amountDueMinor, type Invoice } from '../../core/invoice.ts'
import { toDecimalString } from '../../core/money.ts'
import type { Transaction } from '../../core/payment.ts'
import { toIso } from '../../core/time.ts'
import type { TenantBooks } from './tenant-state.ts'

const minute = (at: number | null): string =>
  at === null ? '-' : toIso(at).slice(0, 19).replace('T', ' ')

function invoiceText(invoice: Invoice): string {
  const money = (minor: number) => toDecimalString(minor, invoice.currency)
  const lines = invoice.lines.map(
    line =>
      `    ${line.kind} ${line.quantity} x ${line.unitAmount} = ${money(line.amountMinor)} ` +
      `discount ${money(line.discountMinor)} tax ${money(line.taxMinor)} ` +
      `[${minute(line.periodStart)}, ${minute(line.periodEnd)}) ${line.planCode ?? ''}`,
  )
  const head =
    `${invoice.invoiceNumber ?? 'draft'} ${invoice.billingReason} ${invoice.status} ` +
    `issued ${minute(invoice.issuedAt)} paid ${minute(invoice.paidAt)} tries ${invoice.attemptCount}`
  const sums =
    `    total ${money(invoice.totalMinor)} ${invoice.currency} paid ${money(invoice.amountPaidMinor)} ` +
    `balance ${money(invoice.amountFromBalanceMinor)} credited ${money(invoice.amountCreditedMinor)} ` +
    `refunded ${money(invoice.amountRefundedMinor)} due ${money(amountDueMinor(invoice))}`
  return [head, ...lines, sums].join('\n')
}

function transactionText(transaction: Transaction, invoices: readonly Invoice[]): string {
  const { currency, amountMinor, feeMinor, type, status } = transaction
  const invoice = invoices.find(({ id }) => id === transaction.invoiceId)
  return (
    `${minute(transaction.createdAt)} ${type} ${status} ${toDecimalString(amountMinor, currency)} ` +
    `${currency} fee ${feeMinor ?? '-'} of ${invoice?.invoiceNumber ?? '-'} ` +
    `back ${transaction.amountRefundedMinor} ${transaction.failureCode ?? ''}`
  ).trimEnd()
}

function ledgerText(books: TenantBooks): string[] {
  const sums = new Map<string, number>()
  for (const { account, currency, amountMinor } of books.ledger) {
    const name = `${account} ${currency}`
    sums.set(name, (sums.get(name) ?? 0) + amountMinor)
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, sum]) => `${name} ${sum}`)
}

/** Rows made at the same instant stand in the order of making, which their ids keep. */
const byTime = <R extends { readonly createdAt: number; readonly id: string }>(
  rows: readonly R[],
) => [...rows].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))

/** The whole account. */
export function statementOf(books: TenantBooks): string {
  const subscriptions = byTime(books.subscriptions).map(
    each =>
      `${each.planCode} ${each.billingCycle} x ${each.quantity} ${each.status} ` +
      `[${minute(each.currentPeriodStart)}, ${minute(each.currentPeriodEnd)})`,
  )
  const notes = books.creditNotes.map(
    note =>
      `${note.creditNoteNumber} of ${note.invoiceNumber} ${note.totalMinor} ${note.currency} ` +
      `lowers ${note.lowersInvoiceMinor} refunds ${note.refundedMinor} keeps ${note.toBalanceMinor}`,
  )
  const balances = books.balances.map(each => `${each.balanceMinor} ${each.currency}`)
  return [
    `== ${books.tenant.tenantId}`,
    '-- subscriptions',
    ...subscriptions,
    '-- invoices',
    ...byTime(books.invoices).map(invoiceText),
    '-- transactions',
    ...byTime(books.transactions).map(each => transactionText(each, books.invoices)),
    '-- credit notes',
    ...notes.sort(),
    '-- balances',
    ...balances.sort(),
    '-- ledger',
    ...ledgerText(books),
    '',
  ].join('\n')
}
