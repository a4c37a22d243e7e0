// Why a line has its amount, as a sentence and its sum, in the reader's language.
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
export function explain(why: Why, currency: string, language: Language): string | null {
  return sentences[why.rule]?.(why.inputs, currency, language) ?? null
}
