// Why a line has its amount, as a sentence and its sum, in the reader's language.

import type { InvoiceLine } from './invoice.ts'
import { mulDiv, ppmToPercent, toDecimalString } from './money.ts'
import type { Why } from './why.ts'

type Language = 'en' | 'zh-CN'
type Inputs = Why['inputs']

function prorated(inputs: Inputs, currency: string, language: Language): string {
  const full = toDecimalString(Number(inputs.amountMinor), currency)
  const sharePpm = mulDiv(1_000_000, Number(inputs.part), Number(inputs.whole), 'half_away')
  const share = ppmToPercent(sharePpm)
  return language === 'zh-CN'
    ? `按实际剩余时间折算：${full} × ${share}%，四舍五入一次。`
    : `Counted for the time that is left: ${full} × ${share} %, rounded once.`
}

const sentences: Readonly<
  Record<string, (inputs: Inputs, currency: string, language: Language) => string>
> = {
  full_period: ({ unitMinor, quantity }, currency, language) => {
    const unit = toDecimalString(Number(unitMinor), currency)
    return language === 'zh-CN'
      ? `完整账期：${unit} × ${quantity}。`
      : `One full period: ${unit} × ${quantity}.`
  },
  quantity_times_unit: ({ unitAmount, quantity }, _currency, language) =>
    language === 'zh-CN'
      ? `数量乘以单价：${quantity} × ${unitAmount}，四舍五入一次。`
      : `Quantity times unit price: ${quantity} × ${unitAmount}, rounded once.`,
  balance_transfer: (_inputs, _currency, language) =>
    language === 'zh-CN'
      ? '未使用时长超过新费用的部分（含税），记入余额。'
      : 'What the unused time exceeds the new costs by, tax included; it is kept as credit.',
  usage_overage: ({ used, included, overage, unitAmount }, _currency, language) =>
    language === 'zh-CN'
      ? `已用 ${used}，套餐含 ${included}，超出 ${overage} × ${unitAmount}，四舍五入一次。`
      : `${used} used, ${included} included: ${overage} × ${unitAmount}, rounded once.`,
  'proration.second': prorated,
  'proration.day': prorated,
  'proration.fixed_month': prorated,
  'proration.none': prorated,
}

/** Null when the rule has no words yet. */
function explain(why: Why, currency: string, language: Language): string | null {
  return sentences[why.rule]?.(why.inputs, currency, language) ?? null
}

type Discounted = NonNullable<InvoiceLine['discounts']>[number]

/** Which coupon took how much of a line, and in which order. */
function explainDiscount(entry: Discounted, currency: string, language: Language): string {
  const { order, of, eligibleMinor, ratePpm, amountMinor } = entry.why.inputs
  const taken = toDecimalString(entry.amountMinor, currency)
  const base = toDecimalString(Number(eligibleMinor), currency)
  const isShare = entry.why.rule === 'discount.percent'
  const worth = isShare
    ? `${ppmToPercent(Number(ratePpm))}%`
    : toDecimalString(Number(amountMinor), currency)
  if (language === 'zh-CN') {
    const place = Number(of) > 1 ? `（第 ${order}/${of} 项）` : ''
    const from = isShare ? `${base} × ${worth}` : `${worth}，可抵扣基数 ${base}`
    return `优惠券 ${entry.coupon}${place}：${from}，此明细减 ${taken}。`
  }
  const place = Number(of) > 1 ? ` (${order} of ${of})` : ''
  const from = isShare ? `${worth} of ${base}` : `${worth} off ${base}`
  return `Coupon ${entry.coupon}${place}: ${from}, ${taken} of it on this line.`
}

/** Why a line has its amount and its discount. Null when the rule has no words yet and nothing was taken. */
export function explainLine(
  line: Pick<InvoiceLine, 'why' | 'discounts'>,
  currency: string,
  language: Language,
): string | null {
  const amount = line.why === null ? null : explain(line.why, currency, language)
  const taken = (line.discounts ?? []).map(entry => explainDiscount(entry, currency, language))
  const parts = amount === null ? taken : [amount, ...taken]
  return parts.length === 0 ? null : parts.join(language === 'zh-CN' ? '' : ' ')
}
