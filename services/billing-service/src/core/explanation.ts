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

const used = ({ quantity, used: older, included }: Inputs, language: Language): string => {
  const total = quantity ?? older
  if (language === 'zh-CN')
    return included === null ? `已用 ${total}` : `已用 ${total}，套餐含 ${included}`
  return included === null ? `${total} used` : `${total} used, ${included} included`
}

/** Units above the included ones at one price, or by the tiers that they fell into. */
function metered(inputs: Inputs, currency: string, language: Language): string {
  const chinese = language === 'zh-CN'
  const { unitAmount, parts, minimumMinor, maximumMinor } = inputs
  const over = inputs.billableQuantity ?? inputs.overage
  const bounds = [
    ['at least', '最低', minimumMinor],
    ['at most', '最高', maximumMinor],
  ].flatMap(([en, zh, minor]) => {
    if (minor === null || minor === undefined) return []
    const money = toDecimalString(Number(minor), currency)
    return [chinese ? `，${zh} ${money}` : `, ${en} ${money}`]
  })
  const sum =
    unitAmount === null || unitAmount === undefined
      ? `${over}${parts ? (chinese ? `（${parts}）` : ` (${parts})`) : ''}`
      : `${over} × ${unitAmount}`
  return chinese
    ? `${used(inputs, language)}，超出 ${sum}${bounds.join('')}，四舍五入一次。`
    : `${used(inputs, language)}: ${sum}${bounds.join('')}, rounded once.`
}

function late(inputs: Inputs, currency: string, language: Language): string {
  const billed = toDecimalString(Number(inputs.billedMinor), currency)
  return language === 'zh-CN'
    ? `结算后补报 ${inputs.lateQuantity}：按 ${inputs.quantity} 重新计价为 ${inputs.exactAmount}，减去已计 ${billed}。`
    : `${inputs.lateQuantity} came after the period was billed: all ${inputs.quantity} rated again at ${inputs.exactAmount}, less ${billed} billed.`
}

function minimumSpend(inputs: Inputs, currency: string, language: Language): string {
  const minimum = toDecimalString(Number(inputs.minimumMinor), currency)
  const charged = toDecimalString(Number(inputs.chargedMinor), currency)
  return language === 'zh-CN'
    ? `本期最低消费 ${minimum}，减去本期费用 ${charged}。`
    : `The least for this period is ${minimum}, less ${charged} charged for it.`
}

function minimumSpendLate(inputs: Inputs, currency: string, language: Language): string {
  const now = toDecimalString(Number(inputs.topUpMinor), currency)
  const before = toDecimalString(Number(inputs.toppedUpMinor), currency)
  return language === 'zh-CN'
    ? `补计用量后，最低消费补足为 ${now}，减去已计 ${before}。`
    : `With the late usage the top-up to the minimum is ${now}, less ${before} charged.`
}

function remainingTax(inputs: Inputs, currency: string, language: Language): string {
  const credit = toDecimalString(Number(inputs.creditMinor), currency)
  const net = toDecimalString(Number(inputs.netMinor), currency)
  return language === 'zh-CN'
    ? `冲减此明细 ${credit}（不含税金额 ${net}），并按剩余税额冲减税款。`
    : `${credit} of this line’s ${net}, with the tax that remains of it.`
}

function proRata(inputs: Inputs, currency: string, language: Language): string {
  const gross = toDecimalString(Number(inputs.grossMinor), currency)
  const left = toDecimalString(Number(inputs.leftMinor), currency)
  return language === 'zh-CN'
    ? `将 ${gross} 按比例分摊到账单剩余的 ${left}（明细与税款）。`
    : `${gross} spread over the ${left} that is left of the invoice, lines and taxes.`
}

function creditTakenBack(inputs: Inputs, currency: string, language: Language): string {
  const back = toDecimalString(Number(inputs.takenBackMinor), currency)
  return language === 'zh-CN'
    ? `撤回本账单中的抵扣 ${back}，改在原账单上冲减。`
    : `${back} of a credit of this invoice is taken back: it is given on the older invoice instead.`
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
  usage_overage: metered,
  'usage.standard': metered,
  'usage.graduated': metered,
  'usage.volume': metered,
  'usage.package': metered,
  'usage.blocks': metered,
  'usage.percentage': metered,
  'usage.graduated_percentage': metered,
  'usage.late': late,
  minimum_spend: minimumSpend,
  'minimum_spend.late': minimumSpendLate,
  'proration.second': prorated,
  'proration.day': prorated,
  'proration.fixed_month': prorated,
  'credit_note.remaining_tax': remainingTax,
  'credit_note.pro_rata': proRata,
  'credit_note.credit_taken_back': creditTakenBack,
}

/** Null when the rule has no words yet. */
export function explain(why: Why, currency: string, language: Language): string | null {
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
