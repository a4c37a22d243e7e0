// English words of the pages, one file a page: sentence case, no full stop on labels and buttons, verbs with
// their object.
import { common } from './en/common.ts'
import { invoices } from './en/invoices.ts'
import { methods } from './en/methods.ts'
import { overview } from './en/overview.ts'
import { pay } from './en/pay.ts'
import { plan } from './en/plan.ts'
import { settings } from './en/settings.ts'
import { states } from './en/states.ts'
import { transactions } from './en/transactions.ts'
import { usage } from './en/usage.ts'

export const en = {
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
} as const

export type En = typeof en
