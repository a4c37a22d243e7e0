// Chinese words of the pages. The glossary is law: an invoice is 账单 and never 发票, void is 作废.

import type { En } from './en.ts'
import { common } from './zh-cn/common.ts'
import { invoices } from './zh-cn/invoices.ts'
import { methods } from './zh-cn/methods.ts'
import { overview } from './zh-cn/overview.ts'
import { pay } from './zh-cn/pay.ts'
import { plan } from './zh-cn/plan.ts'
import { settings } from './zh-cn/settings.ts'
import { states } from './zh-cn/states.ts'
import { transactions } from './zh-cn/transactions.ts'
import { usage } from './zh-cn/usage.ts'

export const zhCn: Readonly<Record<keyof En, string>> = {
  ...common,
  ...states,
  ...overview,
  ...usage,
  ...plan,
  ...methods,
  ...invoices,
  ...pay,
  ...transactions,
  ...settings,
}
