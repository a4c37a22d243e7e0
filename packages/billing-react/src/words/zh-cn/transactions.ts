// Chinese words of transactions.
import type { transactions as en } from '../en/transactions.ts'

export const transactions: Readonly<Record<keyof typeof en, string>> = {
  'transactions.title': '收支明细',
  'transactions.empty': '尚无收支记录。',
  'transactions.emptyHint': '账单说明应付多少，收支明细记录实际发生的款项：支付、退款、手续费。',
  'transactions.emptyFilter': '没有符合筛选条件的记录。',
  'transactions.clearFilter': '显示全部记录',
  'transactions.time': '时间',
  'transactions.type': '类型',
  'transactions.status': '状态',
  'transactions.method': '支付方式',
  'transactions.invoice': '账单',
  'transactions.seeInvoice': '查看账单',
  'transactions.export': '导出',
  'transactions.exportAs': '导出 {format}',
  'transactions.exported': '{format} 文件已保存。',
  'transactions.anyStatus': '全部状态',
}
