// Chinese words of the pages behind signed links.
import type { pay as en } from '../en/pay.ts'

export const pay: Readonly<Record<keyof typeof en, string>> = {
  'pay.fixTitle': '处理账单 {number} 的付款',
  'pay.sandbox': '沙箱：不涉及真实资金',
  'pay.from': '收款方',
  'pay.for': '付款方',
  'pay.number': '账单编号',
  'pay.failedWith': '上次扣款：{day}，{method}',
  'pay.failed': '上次扣款：{day}',
  'pay.keep': '以后的账单也使用此卡支付',
  'pay.other': '使用其他支付方式',
  'pay.otherHint': '电子钱包等其他方式将在支付机构的页面打开。',
  'pay.live': '您将在 Stripe 的页面完成支付，之后返回此处。卡信息仅提交给 Stripe，不经过本页面。',
  'pay.checkoutOpen':
    '付款页面已打开。如果您刚在那里完成支付，结果稍后会显示在此处，不会重复扣款。',
  'pay.confirm.title': '请在您的银行确认付款',
  'pay.confirm.body': '银行要求您确认 {amount} 的付款，确认之前不会扣款。',
  'pay.confirm.go': '前往银行确认 {amount}',
  'pay.pending.title': '正在向银行确认',
  'pay.pending.body': '需要一点时间，请勿重复支付。您可以关闭此页面。',
  'pay.processing.title': '扣款处理中',
  'pay.paid.title': '已支付',
  'pay.paid.body': '账单 {number} 已结清，无待付金额，您可以关闭此页面。',
  'pay.paid.on': '付款日期',
  'pay.receipt': '付款回执',
  'pay.withdrawn.title': '账单 {number} 无法再支付',
  'pay.withdrawn.body': '收款方已撤回此账单，无需支付。如仍需付款，请向{issuer}索取新的链接。',
  'pay.issuer': '收款方',
  'pay.dead.title': '此支付链接已失效',
  'pay.dead.body': '链接已过期或已被替换。请向发送方索取新的链接。未产生任何费用。',
}
