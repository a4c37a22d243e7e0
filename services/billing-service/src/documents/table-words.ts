// The words of exported tables in both languages, column by column. Words that printed documents use as well
// stand in words.ts.
import type { Language } from './words.ts'

const both = {
  invoices: ['Invoices', '账单'],
  creditNotes: ['Credit notes', '贷记单'],
  customers: ['Customers', '客户'],
  usage: ['Usage', '用量'],
  tenant: ['Tenant', '租户'],
  customerId: ['Customer ID', '客户 ID'],
  invoiceId: ['Invoice ID', '账单 ID'],
  creditNoteId: ['Credit note ID', '贷记单 ID'],
  subscriptionId: ['Subscription ID', '订阅 ID'],
  customer: ['Customer', '客户'],
  name: ['Name', '名称'],
  created: ['Created', '创建时间'],
  issued: ['Issued', '出账时间'],
  due: ['Due', '付款截止时间'],
  paidAt: ['Paid at', '支付时间'],
  periodStart: ['Period from', '账期开始'],
  periodEnd: ['Period to', '账期结束'],
  plan: ['Plan', '套餐'],
  country: ['Country', '国家或地区'],
  address: ['Address', '地址'],
  languageOf: ['Language', '语言'],
  taxIds: ['Tax IDs', '税号'],
  taxExempt: ['Tax exempt', '免税'],
  yes: ['Yes', '是'],
  no: ['No', '否'],
  reason: ['Reason', '原因'],
  billingReason: ['Billing reason', '出账原因'],
  subtotal: ['Subtotal', '小计'],
  discount: ['Discount', '优惠'],
  tax: ['Tax', '税额'],
  total: ['Total', '金额'],
  paid: ['Paid', '已付金额'],
  credited: ['Credited', '已贷记金额'],
  refunded: ['Refunded', '已退款金额'],
  fromBalance: ['From balance', '余额抵扣'],
  amountDue: ['Amount due', '待付金额'],
  lowersInvoice: ['Lowers the invoice', '冲减原账单'],
  toBalance: ['To the balance', '转入余额'],
  metric: ['Metric', '计量项'],
  quantity: ['Quantity', '数量'],
  occurred: ['Occurred', '发生时间'],
  recorded: ['Recorded', '入库时间'],
  usagePeriod: ['Billing period from', '账期开始'],
  late: ['Late', '迟到用量'],
  corrects: ['Corrects', '更正'],
  eventKey: ['Event key', '事件键'],
  draft: ['Draft', '草稿'],
  open: ['Open', '待支付'],
  paidStatus: ['Paid', '已支付'],
  void: ['Void', '已作废'],
  uncollectible: ['Uncollectible', '坏账'],
  subscriptionCreate: ['New subscription', '新开通'],
  subscriptionCycle: ['Renewal', '续费'],
  subscriptionUpdate: ['Plan change', '变更'],
  subscriptionCancel: ['Final invoice', '订阅结束'],
  manual: ['Manual', '手工'],
  issuedOnly: ['issued and not void', '已出账且未作废'],
  from: ['From', '起'],
  to: ['Before', '止'],
} as const

type TableWord = keyof typeof both

/** The words of tables in one language. */
export function tableWords(language: Language): Readonly<Record<TableWord, string>> {
  const place = language === 'en' ? 0 : 1
  return Object.fromEntries(
    Object.entries(both).map(([key, pair]) => [key, pair[place]]),
  ) as Record<TableWord, string>
}
