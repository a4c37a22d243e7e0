// English words of transactions.
export const transactions = {
  'transactions.title': 'Transactions',
  'transactions.empty': 'No transaction yet.',
  'transactions.emptyHint':
    'An invoice says what is owed; a transaction is money that moved: a payment, a refund, a fee.',
  'transactions.emptyFilter': 'No transaction matches these filters.',
  'transactions.clearFilter': 'Show all transactions',
  'transactions.time': 'Time',
  'transactions.type': 'Type',
  'transactions.status': 'Status',
  'transactions.method': 'Method',
  'transactions.invoice': 'Invoice',
  'transactions.seeInvoice': 'See invoice',
  'transactions.export': 'Export',
  'transactions.exportAs': 'Export {format}',
  'transactions.exported': '{format} file saved.',
  'transactions.anyStatus': 'Any status',
} as const
