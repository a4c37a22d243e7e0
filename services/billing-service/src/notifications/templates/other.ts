// Mails about ways to pay and usage, and what the issuer's own staff is told.
import { fact, type MailContent, type Say, zh } from '../content.ts'
import type { MailFacts } from '../facts.ts'

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

export function cardExpiring(
  { brand, last4, month, year, url }: MailFacts['card_expiring'],
  say: Say,
): MailContent {
  const until = say.pick(`${months[month - 1]} ${year}`, `${year}年${month}月`)
  return {
    subject: say.pick(`Card ${last4} expires ${until}`, zh`尾号 ${last4} 的银行卡 ${until}到期`),
    headline: say.pick(
      `${brand} ${last4} expires at the end of ${until}`,
      zh`尾号 ${last4} 的 ${brand} 将于 ${until}底到期`,
    ),
    paragraphs: [],
    facts: [
      ...fact(say, 'method', say.pick(`${brand} ${last4}`, zh`${brand} 尾号 ${last4}`)),
      ...fact(say, ['Expires', '有效期至'], until),
    ],
    button: { label: say.pick('Update card', '更新银行卡'), url },
    next: [
      say.pick(
        'Many banks pass new card details on by themselves. Add the new card to be sure that the next charge succeeds.',
        '许多银行会自动更新卡信息。为确保下次扣款成功，建议您添加新卡。',
      ),
    ],
  }
}

export function bankVerification(
  { method, by, url }: MailFacts['bank_verification'],
  say: Say,
): MailContent {
  return {
    subject:
      by === null
        ? say.pick('Confirm your bank account', '请验证您的银行账户')
        : say.pick(
            `Confirm your bank account by ${say.day(by)}`,
            zh`请于 ${say.day(by)}前验证银行账户`,
          ),
    headline: say.pick('Confirm your bank account', '请验证您的银行账户'),
    paragraphs: [
      say.pick(
        'A small deposit arrives within 1 to 2 business days. Its statement line carries a code that starts with SM, or there are two small amounts: enter what you see.',
        '1 至 2 个工作日内会有一笔小额验证款到账。银行流水摘要中含有以 SM 开头的代码，或为两笔小额款项，请按所见填写。',
      ),
    ],
    facts: [
      ...fact(say, ['Bank account', '银行账户'], method),
      ...fact(say, ['Verify by', '验证截止'], by === null ? null : say.date(by)),
    ],
    button: { label: say.pick('Verify bank account', '验证银行账户'), url },
    next: [
      say.pick(
        'The account can pay once it is verified. Until then nothing is charged to it.',
        '验证后该账户方可付款，在此之前不会从该账户扣款。',
      ),
    ],
  }
}

export function usageAlert(facts: MailFacts['usage_alert'], say: Say): MailContent {
  const { plan, metric, percent, used, included, resetsAt, url } = facts
  const quota = say.quantity(included)
  return {
    subject: say.pick(
      `${metric}: ${percent}% of ${quota} used`,
      zh`${metric}：${quota} 已用 ${percent}%`,
    ),
    headline: say.pick(
      `${percent}% of the included ${metric} is used`,
      zh`套餐内 ${metric} 已用 ${percent}%`,
    ),
    paragraphs: [],
    facts: [
      ...fact(say, 'plan', plan),
      ...fact(say, ['Used', '用量'], say.quantity(used)),
      ...fact(say, ['Included', '套餐内用量'], quota),
      ...fact(say, ['Next period starts', '下个账期开始'], say.date(resetsAt)),
    ],
    button: { label: say.pick('See usage', '查看用量'), url },
    next: [
      facts.capped
        ? say.pick(
            'At the limit further usage is refused; a larger plan lifts it.',
            '达到上限后，新增用量将被拒绝；升级套餐可提高上限。',
          )
        : say.pick(
            'Usage beyond the included quota is charged as overage on the next invoice.',
            '超出套餐内用量的部分，按超额费用计入下期账单。',
          ),
    ],
  }
}

export function disputeOpened(
  { tenant, amount, number, reason, answerBy, url }: MailFacts['dispute_opened'],
  say: Say,
): MailContent {
  return {
    subject:
      answerBy === null
        ? say.pick(`Dispute of ${say.money(amount)}`, zh`拒付争议 ${say.money(amount)}`)
        : say.pick(
            `Dispute of ${say.money(amount)}: answer by ${say.day(answerBy)}`,
            zh`拒付争议 ${say.money(amount)}：${say.day(answerBy)}前举证`,
          ),
    headline: say.pick(
      `A payment of ${say.money(amount)} is disputed`,
      zh`一笔 ${say.money(amount)} 的付款发生争议`,
    ),
    paragraphs: [],
    facts: [
      ...fact(say, ['Tenant', '租户'], tenant),
      ...fact(say, 'invoice', number),
      ...fact(say, 'amount', say.money(amount)),
      ...fact(say, ['Reason', '原因'], reason),
      ...fact(say, ['Answer by', '举证截止'], answerBy === null ? null : say.date(answerBy)),
    ],
    button: { label: say.pick('See dispute', '查看争议'), url },
    next: [
      say.pick(
        'Do not refund it meanwhile: the amount would leave twice.',
        '在此期间请勿退款，否则该金额会支出两次。',
      ),
    ],
  }
}
