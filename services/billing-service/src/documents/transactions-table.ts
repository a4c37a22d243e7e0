// The list of transactions as a table for export: signed amounts, own words for type and state, sums of
// what succeeded. Used by every format alike.
import type { InvoiceId } from '../core/ids.ts'
import type { Transaction, TransactionStatus, TransactionType } from '../core/payment.ts'
import { tenantColumns } from './columns.ts'
import { methodName } from './method-name.ts'
import { frameOf, type TableContext, type TableView } from './table.ts'
import { type WordKey, wordsOf } from './words.ts'

/** What the columns read of a row. */
export const transactionFields = [
  'tenantId',
  'id',
  'createdAt',
  'processedAt',
  'type',
  'status',
  'methodType',
  'methodBrand',
  'methodLast4',
  'invoiceId',
  'currency',
  'amountMinor',
  'settlementCurrency',
  'feeMinor',
  'netMinor',
] as const satisfies readonly (keyof Transaction)[]

type Listed = Pick<Transaction, (typeof transactionFields)[number]>

export interface TransactionsContext extends TableContext {
  /** The number of an invoice, where it is known; else its id is printed. */
  readonly invoiceNumber?: (id: InvoiceId) => string | null
}

const types: Readonly<Record<TransactionType, WordKey>> = {
  payment: 'typePayment',
  refund: 'typeRefund',
  adjustment: 'typeAdjustment',
  fee: 'typeFee',
}

const statuses: Readonly<Record<TransactionStatus, WordKey>> = {
  pending: 'statusPending',
  processing: 'statusProcessing',
  requires_action: 'statusRequiresAction',
  succeeded: 'statusSucceeded',
  failed: 'statusFailed',
  canceled: 'statusCanceled',
}

const succeeded = (row: Listed): boolean => row.status === 'succeeded'

/** Money that goes out (refunds, fees) is negative, so that a column adds up to what came in. */
function signedMinor({ type, amountMinor }: Listed): number {
  return type === 'refund' || type === 'fee' ? -amountMinor : amountMinor
}

/** Declares the columns; the rows come from the store, newest first. */
export function transactionsTable(context: TransactionsContext): TableView<Listed> {
  const { language } = context
  const words = wordsOf(language)
  const invoiceOf = ({ invoiceId }: Listed): string | null =>
    invoiceId === null ? null : (context.invoiceNumber?.(invoiceId) ?? invoiceId)
  const methodOf = (row: Listed): string | null =>
    methodName({ type: row.methodType, brand: row.methodBrand, last4: row.methodLast4 }, language)
  return {
    title: words.transactions,
    ...frameOf(context),
    totalNote: words.succeededOnly,
    columns: [
      ...tenantColumns<Listed>(context),
      {
        kind: 'instant',
        label: words.time,
        width: 17,
        value: row => row.processedAt ?? row.createdAt,
      },
      { kind: 'text', label: words.type, width: 11, value: row => words[types[row.type]] },
      { kind: 'text', label: words.status, width: 11, value: row => words[statuses[row.status]] },
      { kind: 'text', label: words.method, width: 16, value: methodOf },
      { kind: 'text', label: words.invoice, width: 18, value: invoiceOf },
      {
        kind: 'text',
        label: words.currency,
        width: 9,
        sheetOnly: true,
        value: row => row.currency,
      },
      {
        kind: 'money',
        label: words.plainAmount,
        width: 15,
        currency: row => row.currency,
        total: succeeded,
        value: signedMinor,
      },
      {
        kind: 'text',
        label: words.settlementCurrency,
        width: 9,
        sheetOnly: true,
        value: row => row.settlementCurrency,
      },
      {
        kind: 'money',
        label: words.fee,
        width: 13,
        currency: row => row.settlementCurrency,
        total: succeeded,
        value: row => row.feeMinor,
      },
      {
        kind: 'money',
        label: words.net,
        width: 15,
        currency: row => row.settlementCurrency,
        total: succeeded,
        value: row => row.netMinor,
      },
      { kind: 'text', label: words.transaction, width: 31, value: row => row.id },
    ],
  }
}
