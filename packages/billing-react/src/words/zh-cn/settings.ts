// Chinese words of the settings.
import type { settings as en } from '../en/settings.ts'

export const settings: Readonly<Record<keyof typeof en, string>> = {
  'settings.title': '设置',
  'settings.details': '账单资料',
  'settings.detailsHint': '显示在您的账单上。',
  'settings.name': '公司全称',
  'settings.email': '账务邮箱',
  'settings.invoiceEmails': '账单收件人',
  'settings.phone': '电话',
  'settings.address': '账单地址',
  'settings.taxIds': '税号',
  'settings.purchaseOrder': '采购单号',
  'settings.missing': '未填写',
  'settings.language': '语言与时区',
  'settings.documentLanguage': '单据语言',
  'settings.zone': '时区',
  'settings.policy': '计费条款',
  'settings.policyHint': '由收款方设定。',
  'settings.currency': '币种',
  'settings.taxRate': '税率',
  'settings.terms': '付款期限',
  'settings.trial': '试用',
  'settings.grace': '宽限期',
  'settings.retries': '扣款失败后的重试',
  'settings.days': '{count} 天',
  'settings.everyDays': '{tries} 次，每 {count} 天一次',
}
