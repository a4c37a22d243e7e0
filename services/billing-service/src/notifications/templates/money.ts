// Mails about money: invoices, payments, what failed and what follows, refunds and credit notes.
import { fact, type MailContent, type Say, zh } from '../content.ts'
import type { FailureFacts, MailFacts } from '../facts.ts'

const openInvoice = (say: Say, url: string) => ({
  label: say.pick('Open invoice', '查看账单'),
  url,
})

export function invoiceIssued(facts: MailFacts['invoice_issued'], say: Say): MailContent {
  const { number, total, due, dueAt, issuedAt, url } = facts
  const paid = due.amountMinor <= 0
  const automatic = facts.collection === 'automatic'
  return {
    subject: invoiceSubject(facts, say),
    headline: paid
      ? say.pick(`Invoice ${number} is paid`, zh`账单 ${number} 已支付`)
      : say.pick(`Invoice ${number} over ${say.money(due)}`, zh`账单 ${number}：${say.money(due)}`),
    paragraphs: [say.pick('The invoice is attached as a PDF.', '账单 PDF 见附件。')],
    facts: [
      ...fact(say, 'invoice', number),
      ...fact(say, 'issued', say.date(issuedAt)),
      ...fact(say, ['Total', '账单金额'], say.money(total)),
      ...fact(say, 'amountDue', say.money(due)),
      ...fact(say, 'due', paid || automatic || dueAt === null ? null : say.date(dueAt)),
      ...fact(say, 'method', paid || !automatic ? null : facts.method),
    ],
    button:
      paid || automatic
        ? openInvoice(say, url)
        : { label: say.pick(`Pay ${say.money(due)}`, zh`支付 ${say.money(due)}`), url },
    next: [invoiceNext(facts, say)],
  }
}

function invoiceSubject(
  { number, total, due, dueAt, collection }: MailFacts['invoice_issued'],
  say: Say,
) {
  if (due.amountMinor <= 0) {
    return say.pick(
      `Invoice ${number}: ${say.money(total)}, paid`,
      zh`账单 ${number}：${say.money(total)}，已支付`,
    )
  }
  if (collection === 'automatic' || dueAt === null) {
    return say.pick(`Invoice ${number}: ${say.money(due)}`, zh`账单 ${number}：${say.money(due)}`)
  }
  return say.pick(
    `Invoice ${number}: ${say.money(due)} due ${say.day(dueAt)}`,
    zh`账单 ${number}：${say.money(due)}，${say.day(dueAt)}前支付`,
  )
}

function invoiceNext({ due, dueAt, collection, method }: MailFacts['invoice_issued'], say: Say) {
  if (due.amountMinor <= 0) {
    return say.pick('It is paid. There is nothing to do.', '该账单已支付，您无需进行任何操作。')
  }
  if (collection === 'automatic') {
    return method === null
      ? say.pick(
          'There is no payment method to charge. Add one and we collect the amount.',
          '尚无可扣款的支付方式。添加后，我们将自动扣款。',
        )
      : say.pick(
          `We charge ${method}. There is nothing to do.`,
          zh`我们将从${method}自动扣款，您无需进行任何操作。`,
        )
  }
  return dueAt === null
    ? say.pick('Please pay on receipt.', '请于收到后支付。')
    : say.pick(
        `Please pay ${say.money(due)} by ${say.date(dueAt)}.`,
        zh`请于 ${say.date(dueAt)}前支付 ${say.money(due)}。`,
      )
}

export function invoiceOverdue(
  { number, due, dueAt, days, url }: MailFacts['invoice_overdue'],
  say: Say,
): MailContent {
  const late = days === 0 ? 'due today' : `${days} ${days === 1 ? 'day' : 'days'} overdue`
  return {
    subject: say.pick(
      `Invoice ${number}: ${say.money(due)} ${days === 0 ? 'due today' : 'overdue'}`,
      days === 0
        ? zh`账单 ${number}：${say.money(due)} 今日截止`
        : zh`账单 ${number}：${say.money(due)} 已逾期`,
    ),
    headline: say.pick(
      `${say.money(due)} for invoice ${number} is ${late}`,
      days === 0
        ? zh`账单 ${number} 待付金额 ${say.money(due)}，今日为付款截止日`
        : zh`账单 ${number} 待付金额 ${say.money(due)}，已逾期 ${days} 天`,
    ),
    paragraphs: [],
    facts: [
      ...fact(say, 'invoice', number),
      ...fact(say, 'amountDue', say.money(due)),
      ...fact(say, 'due', say.date(dueAt)),
    ],
    button: { label: say.pick(`Pay ${say.money(due)}`, zh`支付 ${say.money(due)}`), url },
    next: [
      say.pick(
        'If the payment is on its way, there is nothing more to do; it is applied when it arrives.',
        '如您已付款，无需再次操作；款项到账后将自动核销。',
      ),
    ],
  }
}

export function debitProcessing(
  { number, amount, method, url }: MailFacts['debit_processing'],
  say: Say,
): MailContent {
  return {
    subject: say.pick(
      `${say.money(amount)} bank debit is on its way`,
      zh`${say.money(amount)} 银行扣款处理中`,
    ),
    headline: say.pick(
      `We are collecting ${say.money(amount)}`,
      zh`${say.money(amount)} 银行扣款处理中`,
    ),
    paragraphs: [],
    facts: [
      ...fact(say, 'invoice', number),
      ...fact(say, 'amount', say.money(amount)),
      ...fact(say, 'method', method),
    ],
    button: openInvoice(say, url),
    next: [
      say.pick(
        'A bank takes a few business days and can still return the debit. Please do not pay again; we write when it has arrived.',
        '银行通常需要数个工作日，期间仍可能退回。请勿重复支付，到账后我们会通知您。',
      ),
    ],
  }
}

export function paymentSucceeded(
  { number, amount, paidAt, method, transactionId, remaining, url }: MailFacts['payment_succeeded'],
  say: Say,
): MailContent {
  return {
    subject:
      number === null
        ? say.pick(`Receipt: ${say.money(amount)}`, zh`付款回执：${say.money(amount)}`)
        : say.pick(
            `Receipt: ${say.money(amount)} for ${number}`,
            zh`付款回执：${number} ${say.money(amount)}`,
          ),
    headline: say.pick(`We received ${say.money(amount)}`, zh`已收到付款 ${say.money(amount)}`),
    paragraphs: [say.pick('The receipt is attached as a PDF.', '付款回执 PDF 见附件。')],
    facts: [
      ...fact(say, 'invoice', number),
      ...fact(say, ['Amount paid', '实付金额'], say.money(amount)),
      ...fact(say, ['Payment date', '付款日期'], say.date(paidAt)),
      ...fact(say, 'method', method),
      ...fact(say, 'transaction', transactionId),
      ...fact(say, ['Still due', '待付金额'], remaining && say.money(remaining)),
    ],
    button: openInvoice(say, url),
    next: [],
  }
}

const failureFacts = ({ number, due, method, retryAt }: FailureFacts, say: Say) => [
  ...fact(say, 'invoice', number),
  ...fact(say, 'amountDue', say.money(due)),
  ...fact(say, 'method', method),
  ...fact(say, 'nextAttempt', retryAt === null ? null : say.date(retryAt)),
]

const fixButton = (facts: FailureFacts, say: Say) => ({
  label: say.pick('Fix payment', '处理付款'),
  url: facts.fixUrl,
})

const reasonOf = ({ reason, method }: FailureFacts, say: Say): string[] => {
  if (reason !== null) return [reason]
  if (method !== null) return []
  return [
    say.pick(
      'There is no payment method to charge. Nothing was charged.',
      '尚无可扣款的支付方式，未产生费用。',
    ),
  ]
}

const retrySentence = ({ retryAt, method }: FailureFacts, say: Say): string[] => {
  if (retryAt === null) return []
  const date = say.date(retryAt)
  return [
    method === null
      ? say.pick(`We try again on ${date}.`, zh`我们将于 ${date}再次扣款。`)
      : say.pick(`We try ${method} again on ${date}.`, zh`我们将于 ${date}再次从${method}扣款。`),
  ]
}

/** Until when all works, and what happens then: the one thing a reader must not have to guess. */
function stopSentence(facts: FailureFacts, say: Say): string[] {
  const { stopsAt, plan } = facts
  if (stopsAt === null || plan === null) return []
  const date = say.date(stopsAt)
  return [
    facts.finally === 'cancel'
      ? say.pick(
          `${plan} works until ${date}. After that the subscription is cancelled unless the invoice is paid.`,
          zh`${plan}在 ${date}前可正常使用。届时账单仍未支付，订阅将取消。`,
        )
      : say.pick(
          `${plan} works until ${date}. After that service pauses until the invoice is paid; your data is kept.`,
          zh`${plan}在 ${date}前可正常使用。届时账单仍未支付，服务将暂停，付款后恢复，数据仍会保留。`,
        ),
  ]
}

export function paymentFailed(facts: MailFacts['payment_failed'], say: Say): MailContent {
  const { number, due } = facts
  return {
    subject: say.pick(
      `We could not collect ${say.money(due)} for ${number}`,
      zh`${number} ${say.money(due)} 扣款未成功`,
    ),
    headline: say.pick(`We could not collect ${say.money(due)}`, zh`${say.money(due)} 扣款未成功`),
    paragraphs: reasonOf(facts, say),
    facts: failureFacts(facts, say),
    button: fixButton(facts, say),
    next: [...retrySentence(facts, say), ...stopSentence(facts, say)],
  }
}

export function dunningReminder(facts: MailFacts['dunning_reminder'], say: Say): MailContent {
  const { due, retryAt } = facts
  const next = retryAt === null ? null : say.day(retryAt)
  return {
    subject:
      next === null
        ? say.pick(`${say.money(due)} still open`, zh`${say.money(due)} 待支付`)
        : say.pick(
            `${say.money(due)} still open; next try ${next}`,
            zh`${say.money(due)} 待支付，${next}再次扣款`,
          ),
    headline: say.pick(`${say.money(due)} is still open`, zh`${say.money(due)} 仍待支付`),
    paragraphs: reasonOf(facts, say),
    facts: failureFacts(facts, say),
    button: fixButton(facts, say),
    next: [...retrySentence(facts, say), ...stopSentence(facts, say)],
  }
}

export function dunningFinal(facts: MailFacts['dunning_final'], say: Say): MailContent {
  const { number, due, stopsAt } = facts
  const cancels = facts.finally === 'cancel'
  return {
    subject: finalSubject(facts, say),
    headline:
      stopsAt === null
        ? say.pick(`Invoice ${number} needs your payment`, zh`账单 ${number} 需要您支付`)
        : say.pick(
            `Service ${cancels ? 'ends' : 'pauses'} on ${say.date(stopsAt)} unless ${number} is paid`,
            zh`账单 ${number} 未支付，服务将于 ${say.date(stopsAt)}${cancels ? '结束' : '暂停'}`,
          ),
    paragraphs: reasonOf(facts, say),
    facts: failureFacts(facts, say),
    button: {
      label: say.pick(`Pay ${say.money(due)}`, zh`支付 ${say.money(due)}`),
      url: facts.fixUrl,
    },
    next: [
      say.pick(
        'We do not try again by ourselves: pay now, or add another payment method and we charge it at once.',
        '我们不会再自动扣款：您可以立即支付，或添加其他支付方式，添加后将立即扣款。',
      ),
      ...stopSentence(facts, say),
    ],
  }
}

function finalSubject({ number, due, stopsAt, finally: then }: FailureFacts, say: Say): string {
  if (stopsAt === null) {
    return say.pick(
      `Payment needed: ${say.money(due)} for ${number}`,
      zh`请支付账单 ${number}：${say.money(due)}`,
    )
  }
  const day = say.day(stopsAt)
  return say.pick(
    `Service ${then === 'cancel' ? 'ends' : 'pauses'} ${day}: ${say.money(due)} open`,
    zh`服务将于 ${day}${then === 'cancel' ? '结束' : '暂停'}：${say.money(due)} 未付`,
  )
}

export function refundSent(
  { amount, method, number, transactionId, url }: MailFacts['refund_sent'],
  say: Say,
): MailContent {
  return {
    subject: say.pick(
      `Refund of ${say.money(amount)} sent to ${method}`,
      zh`已退款 ${say.money(amount)} 至${method}`,
    ),
    headline: say.pick(`We refunded ${say.money(amount)}`, zh`已退款 ${say.money(amount)}`),
    paragraphs: [],
    facts: [
      ...fact(say, 'amount', say.money(amount)),
      ...fact(say, ['Refunded to', '退款至'], method),
      ...fact(say, 'invoice', number),
      ...fact(say, 'transaction', transactionId),
    ],
    button: { label: say.pick('See transactions', '查看收支明细'), url },
    next: [
      say.pick(
        'Banks take 5 to 10 business days to show it.',
        '银行通常需要 5 至 10 个工作日入账。',
      ),
    ],
  }
}

export function creditNoteIssued(facts: MailFacts['credit_note_issued'], say: Say): MailContent {
  const { number, invoiceNumber, total, lowersInvoice, refunded, toBalance, reason, url } = facts
  const part = (amount: typeof total) => (amount.amountMinor === 0 ? null : say.money(amount))
  return {
    subject: say.pick(
      `Credit note ${number}: ${say.money(total)}`,
      zh`贷记单 ${number}：${say.money(total)}`,
    ),
    headline: say.pick(
      `Credit note ${number} over ${say.money(total)}`,
      zh`贷记单 ${number}：${say.money(total)}`,
    ),
    paragraphs: [say.pick('The credit note is attached as a PDF.', '贷记单 PDF 见附件。')],
    facts: [
      ...fact(say, ['Credit note', '贷记单编号'], number),
      ...fact(say, ['For invoice', '对应原账单'], invoiceNumber),
      ...fact(say, 'amount', say.money(total)),
      ...fact(say, ['Lowers the invoice by', '冲减原账单'], part(lowersInvoice)),
      ...fact(say, ['Refunded', '已退款'], part(refunded)),
      ...fact(say, ['Added to the credit balance', '转入账户余额'], part(toBalance)),
      ...fact(say, ['Reason', '原因'], reason),
    ],
    button: openInvoice(say, url),
    next: [],
  }
}
