// Mails about a subscription: it starts, renews, changes, stops, comes back.
import {
  amountOf,
  beforeExtras,
  fact,
  type MailContent,
  planText,
  priceText,
  type Say,
  zh,
} from '../content.ts'
import type { MailFacts } from '../facts.ts'

const managePlan = (say: Say, url: string) => ({
  label: say.pick('Manage plan', '管理套餐'),
  url,
})

export function welcome(
  { plan, trialEnd, nextChargeAt, url }: MailFacts['welcome'],
  say: Say,
): MailContent {
  const trial = trialEnd !== null
  const nextAt = trialEnd ?? nextChargeAt
  const free = plan.price === null
  return {
    subject: trial
      ? say.pick(
          `${say.product}: your ${plan.name} trial has started`,
          zh`${say.product}：${plan.name}试用已开始`,
        )
      : say.pick(
          `${say.product}: your ${plan.name} plan is active`,
          zh`${say.product}：${plan.name}已开通`,
        ),
    headline: trial
      ? say.pick(`Your ${plan.name} trial has started`, zh`${plan.name}试用已开始`)
      : say.pick(`Your ${plan.name} plan is active`, zh`${plan.name}已开通`),
    paragraphs: [],
    facts: [
      ...fact(say, 'plan', planText(plan)),
      ...fact(say, 'price', priceText(say, plan)),
      ...fact(say, ['Trial until', '试用至'], trial ? say.date(trialEnd) : null),
      ...fact(say, ['Next charge', '下次扣款'], nextAt === null || free ? null : say.date(nextAt)),
    ],
    button: managePlan(say, url),
    next: free ? [] : [welcomeNext(say, plan, { trial, nextAt })],
  }
}

function welcomeNext(
  say: Say,
  plan: MailFacts['welcome']['plan'],
  { trial, nextAt }: { readonly trial: boolean; readonly nextAt: number | null },
): string {
  if (nextAt === null) return beforeExtras(say)
  const [amount, date] = [amountOf(say, plan), say.date(nextAt)]
  return trial
    ? say.pick(
        `On ${date} the first paid period begins and ${amount} is charged, plus tax and usage. Cancel before then and nothing is charged.`,
        zh`首个付费账期自 ${date}开始，届时扣款 ${amount}（另计税额和用量）。在此之前取消，不会扣款。`,
      )
    : say.pick(
        `The plan renews on ${date} for ${amount}, plus tax and usage, until you cancel it.`,
        zh`套餐将于 ${date}以 ${amount} 续费（另计税额和用量），直至您取消。`,
      )
}

export function trialEnding(
  { plan, endsAt, method, url }: MailFacts['trial_ending'],
  say: Say,
): MailContent {
  const price = priceText(say, plan)
  return {
    subject: say.pick(
      `Trial ends ${say.day(endsAt)}; then ${price}`,
      zh`试用将于 ${say.day(endsAt)}结束，之后 ${price}`,
    ),
    headline: say.pick(
      `Your trial ends on ${say.date(endsAt)}`,
      zh`您的试用将于 ${say.date(endsAt)}结束`,
    ),
    paragraphs: [],
    facts: [
      ...fact(say, 'plan', planText(plan)),
      ...fact(say, 'price', price),
      ...fact(say, ['Trial ends', '试用结束'], say.date(endsAt)),
      ...fact(say, 'method', method),
    ],
    button:
      method === null
        ? { label: say.pick('Add a payment method', '添加支付方式'), url }
        : managePlan(say, url),
    next: [
      method === null
        ? say.pick(
            'There is no payment method yet. Add one to keep the plan; without one nothing is charged and the plan stops.',
            '尚未添加支付方式。如需继续使用，请添加支付方式；否则不会扣款，套餐将停止。',
          )
        : say.pick(
            `On ${say.date(endsAt)} we charge ${amountOf(say, plan)} to ${method}, plus tax and usage. Cancel before then and nothing is charged.`,
            zh`我们将于 ${say.date(endsAt)}从${method}扣款 ${amountOf(say, plan)}（另计税额和用量）。在此之前取消，不会扣款。`,
          ),
    ],
  }
}

export function renewalReminder(
  { plan, renewsAt, method, url }: MailFacts['renewal_reminder'],
  say: Say,
): MailContent {
  return {
    subject: say.pick(
      `${plan.name} renews ${say.day(renewsAt)} for ${amountOf(say, plan)}`,
      zh`${plan.name}将于 ${say.day(renewsAt)}续费 ${amountOf(say, plan)}`,
    ),
    headline: say.pick(
      `${plan.name} renews on ${say.date(renewsAt)}`,
      zh`${plan.name}将于 ${say.date(renewsAt)}续费`,
    ),
    paragraphs: [],
    facts: [
      ...fact(say, 'plan', planText(plan)),
      ...fact(say, 'price', priceText(say, plan)),
      ...fact(say, ['Renewal date', '续费日'], say.date(renewsAt)),
      ...fact(say, 'method', method),
    ],
    button: managePlan(say, url),
    next: [
      beforeExtras(say),
      say.pick(
        'To change or cancel the plan, do so before the renewal date.',
        '如需变更或取消套餐，请在续费日之前操作。',
      ),
    ],
  }
}

export function planChanged(
  { plan, before, nextChargeAt, url }: MailFacts['plan_changed'],
  say: Say,
): MailContent {
  return {
    subject: say.pick(`Plan changed to ${planText(plan)}`, zh`套餐已变更为 ${planText(plan)}`),
    headline: say.pick(`You are on ${planText(plan)} now`, zh`您的套餐已变更为 ${planText(plan)}`),
    paragraphs: [],
    facts: [
      ...fact(say, ['Before', '变更前'], planText(before)),
      ...fact(say, ['Now', '变更后'], planText(plan)),
      ...fact(say, 'price', priceText(say, plan)),
      ...fact(say, ['Next renewal', '下次续费'], say.date(nextChargeAt)),
    ],
    button: managePlan(say, url),
    next: [
      say.pick(
        'What the change cost or gave back stands on your invoices, line by line.',
        '本次变更产生的费用或退回的金额，逐项列在账单中。',
      ),
    ],
  }
}

export function planChangeScheduled(
  { plan, before, effectiveAt, url }: MailFacts['plan_change_scheduled'],
  say: Say,
): MailContent {
  const date = say.date(effectiveAt)
  return {
    subject: say.pick(
      `Plan changes on ${say.day(effectiveAt)}`,
      zh`套餐将于 ${say.day(effectiveAt)}变更`,
    ),
    headline: say.pick(
      `Your plan changes to ${planText(plan)} on ${date}`,
      zh`您的套餐将于 ${date}变更为 ${planText(plan)}`,
    ),
    paragraphs: [],
    facts: [
      ...fact(say, ['Until then', '目前'], planText(before)),
      ...fact(say, ['From then on', '变更后'], planText(plan)),
      ...fact(say, 'price', priceText(say, plan)),
      ...fact(say, ['Takes effect', '生效日期'], date),
    ],
    button: managePlan(say, url),
    next: [
      say.pick(
        `${planText(before)} stays in force until ${date}. You can take the change back until then.`,
        zh`${planText(before)}在 ${date}前继续有效。在此之前，您可以撤销变更。`,
      ),
    ],
  }
}

export function subscriptionCanceled(
  { plan, endsAt, ended, cause, url }: MailFacts['subscription_canceled'],
  say: Say,
): MailContent {
  const date = say.date(endsAt)
  return {
    subject: ended
      ? say.pick(`${plan} has ended`, zh`${plan}已结束`)
      : say.pick(`${plan} ends ${say.day(endsAt)}`, zh`${plan}将于 ${say.day(endsAt)}结束`),
    headline: ended
      ? say.pick(`${plan} ended on ${date}`, zh`${plan}已于 ${date}结束`)
      : say.pick(`${plan} ends on ${date}`, zh`${plan}将于 ${date}结束`),
    paragraphs: [endCause(say, cause)],
    facts: [
      ...fact(say, 'plan', plan),
      ...fact(say, ended ? ['Ended', '结束日期'] : ['Ends', '结束日期'], date),
    ],
    button: ended
      ? { label: say.pick('See plans', '查看套餐'), url }
      : { label: say.pick('Reactivate subscription', '恢复订阅'), url },
    next: [
      ended
        ? say.pick('Your invoices stay available.', '您的账单仍可查看。')
        : say.pick(
            `Everything works until ${date}. There is no further renewal; usage of this period may still be invoiced.`,
            zh`服务在 ${date}前不受影响，之后不再续费；本账期的用量可能仍会出账。`,
          ),
    ],
  }
}

function endCause(say: Say, cause: MailFacts['subscription_canceled']['cause']): string {
  if (cause === 'unpaid') {
    return say.pick(
      'An invoice stayed unpaid after all attempts, so the subscription was cancelled.',
      '账单在多次扣款后仍未支付，订阅已取消。',
    )
  }
  if (cause === 'disputed') {
    return say.pick(
      'A payment was disputed with the bank, so the subscription was cancelled.',
      '一笔付款已向银行提出争议，订阅已取消。',
    )
  }
  if (cause === 'trial') {
    return say.pick(
      'The trial ended without a payment method. Nothing was charged.',
      '试用已结束，且未添加支付方式，未产生费用。',
    )
  }
  return say.pick('The subscription was cancelled as asked.', '订阅已按您的要求取消。')
}

export function serviceSuspended(
  { plan, cause, owed, url }: MailFacts['service_suspended'],
  say: Say,
): MailContent {
  const unpaid = cause === 'unpaid'
  const trial = say.pick(
    'The trial ended without a payment method. Nothing was charged; add one to go on.',
    '试用已结束，且未添加支付方式，未产生费用。添加支付方式后即可继续使用。',
  )
  const debt =
    owed === null
      ? say.pick('An invoice is unpaid after all attempts.', '账单在多次扣款后仍未支付。')
      : say.pick(
          `Invoice ${owed.number} over ${say.money(owed)} is unpaid after all attempts.`,
          zh`账单 ${owed.number} 在多次扣款后仍未支付，待付金额 ${say.money(owed)}。`,
        )
  const asked = say.pick('The subscription was paused as asked.', '订阅已按您的要求暂停。')
  return {
    subject: say.pick(`${plan}: service paused`, zh`${plan}：服务已暂停`),
    headline: say.pick('Service is paused', '服务已暂停'),
    paragraphs: [{ unpaid: debt, trial, asked }[cause]],
    facts: [
      ...fact(say, 'plan', plan),
      ...fact(say, 'invoice', owed?.number ?? null),
      ...fact(say, 'amountDue', owed && say.money(owed)),
    ],
    button: unpaid
      ? {
          label: owed
            ? say.pick(`Pay ${say.money(owed)}`, zh`支付 ${say.money(owed)}`)
            : say.pick('Fix payment', '处理付款'),
          url,
        }
      : managePlan(say, url),
    next: [
      unpaid
        ? say.pick(
            'Service comes back as soon as the payment succeeds. Your data is kept.',
            '付款成功后服务立即恢复，数据仍会保留。',
          )
        : say.pick(
            'Resume it on the plan page. Your data is kept.',
            '您可以在套餐页恢复订阅，数据仍会保留。',
          ),
    ],
  }
}

export function serviceRestored(
  { plan, url }: MailFacts['service_restored'],
  say: Say,
): MailContent {
  return {
    subject: say.pick(`${plan}: service is back`, zh`${plan}：服务已恢复`),
    headline: say.pick('Service is back', '服务已恢复'),
    paragraphs: [
      say.pick(
        `${plan} is active again. There is nothing to do.`,
        zh`${plan}已恢复，您无需进行任何操作。`,
      ),
    ],
    facts: fact(say, 'plan', plan),
    button: managePlan(say, url),
    next: [],
  }
}
