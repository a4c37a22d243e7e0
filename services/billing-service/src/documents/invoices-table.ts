// The list of invoices as a table for export: amounts as they stand, sums of what was issued.
import {
  amountDueMinor,
  type BillingReason,
  type Invoice,
  type InvoiceStatus,
} from '../core/invoice.ts'
import { instant, money, sheetOnly, tenantColumns, text } from './columns.ts'
import { frameOf, type TableContext, type TableView } from './table.ts'
import { tableWords } from './table-words.ts'
import { wordsOf } from './words.ts'

/** What the columns read of a row. */
export const invoiceFields = [
  'tenantId',
  'id',
  'createdAt',
  'issuedAt',
  'invoiceNumber',
  'status',
  'buyer',
  'customerId',
  'billingReason',
  'planCode',
  'country',
  'periodStart',
  'periodEnd',
  'currency',
  'subtotalMinor',
  'discountMinor',
  'taxMinor',
  'totalMinor',
  'amountPaidMinor',
  'amountCreditedMinor',
  'amountForgivenMinor',
  'amountRefundedMinor',
  'amountFromBalanceMinor',
  'dueAt',
  'paidAt',
  'subscriptionId',
] as const satisfies readonly (keyof Invoice)[]

type Listed = Pick<Invoice, (typeof invoiceFields)[number]>

const statuses = {
  draft: 'draft',
  open: 'open',
  paid: 'paidStatus',
  void: 'void',
  uncollectible: 'uncollectible',
} as const satisfies Record<InvoiceStatus, string>

const reasons = {
  subscription_create: 'subscriptionCreate',
  subscription_cycle: 'subscriptionCycle',
  subscription_update: 'subscriptionUpdate',
  subscription_cancel: 'subscriptionCancel',
  manual: 'manual',
} as const satisfies Record<BillingReason, string>

const issued = ({ status }: Listed): boolean => status !== 'draft' && status !== 'void'

/** Declares the columns; the rows come from the store, newest first. */
export function invoicesTable(context: TableContext): TableView<Listed> {
  const words = tableWords(context.language)
  const printed = wordsOf(context.language)
  const sum = (label: string, value: (row: Listed) => number) => money(label, value, issued)
  return {
    title: words.invoices,
    ...frameOf(context),
    totalNote: words.issuedOnly,
    columns: [
      ...tenantColumns<Listed>(context),
      instant(words.issued, row => row.issuedAt),
      text(printed.invoiceNumber, 16, row => row.invoiceNumber),
      text(printed.status, 11, row => words[statuses[row.status]]),
      text(words.customer, 22, row => row.buyer?.name ?? null),
      sheetOnly(text(words.customerId, 31, row => row.customerId)),
      sheetOnly(text(words.billingReason, 16, row => words[reasons[row.billingReason]])),
      sheetOnly(text(words.plan, 14, row => row.planCode)),
      sheetOnly(text(words.country, 9, row => row.country)),
      sheetOnly(instant(words.periodStart, row => row.periodStart)),
      sheetOnly(instant(words.periodEnd, row => row.periodEnd)),
      sheetOnly(text(printed.currency, 9, row => row.currency)),
      sheetOnly(sum(words.subtotal, row => row.subtotalMinor)),
      sheetOnly(sum(words.discount, row => row.discountMinor)),
      sum(words.tax, row => row.taxMinor),
      sum(words.total, row => row.totalMinor),
      sum(words.paid, row => row.amountPaidMinor),
      sum(words.credited, row => row.amountCreditedMinor),
      sheetOnly(sum(words.refunded, row => row.amountRefundedMinor)),
      sheetOnly(sum(words.fromBalance, row => row.amountFromBalanceMinor)),
      sum(words.amountDue, amountDueMinor),
      sheetOnly(instant(words.due, row => row.dueAt)),
      sheetOnly(instant(words.paidAt, row => row.paidAt)),
      sheetOnly(text(words.subscriptionId, 31, row => row.subscriptionId)),
      sheetOnly(text(words.invoiceId, 31, row => row.id)),
    ],
  }
}
