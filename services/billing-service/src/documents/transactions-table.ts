// Transactions as a declared table: one definition for CSV, workbook and PDF.
import type { Transaction } from '../core/payment.ts'
import type { TableView } from './table.ts'
import type { Language } from './words.ts'

interface Context {
  readonly language: Language
  readonly zone: string
  readonly issuerName: string
  readonly generatedAt: number
}

const labels = {
  en: {
    title: 'Transactions',
    time: 'Time',
    type: 'Type',
    status: 'Status',
    currency: 'Currency',
    amount: 'Amount',
    fee: 'Fee',
    net: 'Net',
    method: 'Method',
    invoice: 'Invoice ID',
    related: 'Related',
    reason: 'Reason',
    id: 'Transaction ID',
  },
  'zh-CN': {
    title: '收支明细',
    time: '时间',
    type: '类型',
    status: '状态',
    currency: '币种',
    amount: '金额',
    fee: '手续费',
    net: '净额',
    method: '支付方式',
    invoice: '账单标识',
    related: '关联交易',
    reason: '原因',
    id: '交易标识',
  },
} as const

const types: Readonly<Record<Language, Record<Transaction['type'], string>>> = {
  en: { payment: 'Payment', refund: 'Refund', adjustment: 'Adjustment', fee: 'Fee' },
  'zh-CN': { payment: '付款', refund: '退款', adjustment: '调账', fee: '手续费' },
}

const statuses: Readonly<Record<Language, Record<Transaction['status'], string>>> = {
  en: {
    pending: 'Pending',
    processing: 'Processing',
    requires_action: 'Action needed',
    succeeded: 'Succeeded',
    failed: 'Failed',
    canceled: 'Cancelled',
  },
  'zh-CN': {
    pending: '待处理',
    processing: '处理中',
    requires_action: '需要操作',
    succeeded: '成功',
    failed: '失败',
    canceled: '已取消',
  },
}

/** Money in and out with its sign: refunds and fees are negative here, as on a bank statement. */
const signedAmount = (t: Transaction): number =>
  t.type === 'refund' || t.type === 'fee' ? -t.amountMinor : t.amountMinor

const methodOf = (t: Transaction): string | null =>
  t.methodLast4 === null ? null : `${t.methodBrand ?? t.methodType ?? ''} ${t.methodLast4}`.trim()

/** The table of transactions in a reader's language and zone. */
export function transactionsTable(context: Context): TableView<Transaction> {
  const { language } = context
  const l = labels[language]
  const settled = (t: Transaction) => t.settlementCurrency ?? t.currency
  return {
    ...context,
    title: l.title,
    filters: null,
    paper: 'a4',
    columns: [
      { kind: 'instant', label: l.time, width: 17, value: t => t.createdAt },
      { kind: 'text', label: l.type, width: 11, value: t => types[language][t.type] },
      { kind: 'text', label: l.status, width: 11, value: t => statuses[language][t.status] },
      { kind: 'text', label: l.currency, width: 9, value: t => t.currency },
      { kind: 'money', label: l.amount, width: 12, currency: t => t.currency, value: signedAmount },
      { kind: 'money', label: l.fee, width: 10, currency: settled, value: t => t.feeMinor },
      { kind: 'money', label: l.net, width: 12, currency: settled, value: t => t.netMinor },
      { kind: 'text', label: l.method, width: 16, value: methodOf },
      { kind: 'text', label: l.invoice, width: 30, value: t => t.invoiceId },
      { kind: 'text', label: l.related, width: 30, value: t => t.relatedTransactionId },
      { kind: 'text', label: l.reason, width: 24, value: t => t.reason ?? t.declineCode },
      { kind: 'text', label: l.id, width: 30, value: t => t.id },
    ],
  }
}
