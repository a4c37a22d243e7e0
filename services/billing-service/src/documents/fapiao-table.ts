// The file for issuing fapiao: the columns of the tax bureau's batch form, one row for each line, with our own number
// as 发票流水号.
import type { FapiaoLine } from '../core/fapiao.ts'
import { decimal, instant, money, tenantColumns, text } from './columns.ts'
import { frameOf, type TableContext, type TableView } from './table.ts'

const labels = {
  title: ['Fapiao to issue', '待开发票'],
  serial: ['Our number', '发票流水号'],
  issued: ['Document issued', '出账时间'],
  kind: ['Blue or red', '蓝字/红字'],
  type: ['Fapiao type', '发票类型'],
  taxIncluded: ['Tax included', '是否含税'],
  buyer: ['Buyer', '购买方名称'],
  taxNumber: ['Tax number', '购买方纳税人识别号'],
  address: ['Buyer address', '购买方地址'],
  phone: ['Buyer phone', '购买方电话'],
  bankName: ['Buyer bank', '购买方开户银行'],
  bankAccount: ['Buyer bank account', '购买方银行账号'],
  email: ['Buyer email', '购买方邮箱'],
  remarks: ['Remarks', '备注'],
  item: ['Item', '项目名称'],
  quantity: ['Quantity', '数量'],
  unitAmount: ['Unit price', '单价'],
  currency: ['Currency', '币种'],
  amount: ['Amount', '金额'],
  discount: ['Discount', '折扣金额'],
  rate: ['Tax rate', '税率'],
  tax: ['Tax', '税额'],
  blueNumber: ['Blue fapiao number', '对应蓝字发票号码'],
} as const

const types = {
  general: ['General fapiao', '普通发票'],
  special: ['Special fapiao', '增值税专用发票'],
} as const

const kinds = { blue: ['Blue', '蓝字'], red: ['Red', '红字'] } as const

/** Declares the columns; amounts stand without tax, those of red ones are negative. */
export function fapiaoTable(context: TableContext): TableView<FapiaoLine> {
  const at = context.language === 'en' ? 0 : 1
  const label = (name: keyof typeof labels): string => labels[name][at]
  const all = () => true
  return {
    title: label('title'),
    ...frameOf(context),
    columns: [
      ...tenantColumns<FapiaoLine>(context),
      text(label('serial'), 16, row => row.serial),
      instant(label('issued'), row => row.issuedAt),
      text(label('kind'), 8, row => kinds[row.kind][at]),
      text(label('type'), 14, row => types[row.buyer.type][at]),
      text(label('taxIncluded'), 8, () => ['No', '否'][at]!),
      text(label('buyer'), 22, row => row.buyer.title),
      text(label('taxNumber'), 20, row => row.buyer.taxNumber),
      text(label('address'), 22, row => row.buyer.address),
      text(label('phone'), 14, row => row.buyer.phone),
      text(label('bankName'), 18, row => row.buyer.bankName),
      text(label('bankAccount'), 20, row => row.buyer.bankAccount),
      text(label('email'), 18, row => row.buyer.email),
      text(label('remarks'), 18, row => row.buyer.remarks),
      text(label('item'), 24, row => row.item),
      decimal(label('quantity'), row => row.quantity),
      decimal(label('unitAmount'), row => row.unitAmount),
      text(label('currency'), 8, row => row.currency),
      money(label('amount'), row => row.amountMinor, all),
      money(label('discount'), row => row.discountMinor, all),
      { kind: 'percent', label: label('rate'), width: 8, value: row => row.taxRatePpm },
      money(label('tax'), row => row.taxMinor, all),
      text(label('blueNumber'), 22, row => row.blueNumber),
    ],
  }
}
