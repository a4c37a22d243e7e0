// Chinese words of usage.
import type { usage as en } from '../en/usage.ts'

export const usage: Readonly<Record<keyof typeof en, string>> = {
  'usage.title': '用量',
  'usage.used': '{used} / {included}',
  'usage.usedUnlimited': '{used}，不限量',
  'usage.overage': '超额 {overage}',
  'usage.cost': '目前费用 {amount}',
  'usage.period': '账期 {period}',
  'usage.empty': '本账期暂无用量。收到首个事件后约一分钟显示。',
  'usage.none': '当前套餐没有计量项，因此没有用量可显示。',
}
