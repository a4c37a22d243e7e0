// The mail that brings an invoice: fact first, then what happens next.
import { amountDueMinor, type Invoice, type PartySnapshot } from '../core/invoice.ts'
import { toDecimalString } from '../core/money.ts'
import { localDate } from '../core/time.ts'

export interface MailText {
  readonly subject: string
  readonly text: string
  readonly html: string | null
}

interface Context {
  readonly language: 'en' | 'zh-CN'
  readonly zone: string
  readonly issuer: PartySnapshot
}

/** Subject and text of the mail, in the customer's language. */
export function invoiceIssuedMail(invoice: Invoice, { language, zone, issuer }: Context): MailText {
  const amount = `${invoice.currency} ${toDecimalString(invoice.totalMinor, invoice.currency)}`
  const due = `${invoice.currency} ${toDecimalString(amountDueMinor(invoice), invoice.currency)}`
  const by = localDate(invoice.dueAt ?? invoice.createdAt, zone)
  const paid = amountDueMinor(invoice) === 0
  const number = invoice.invoiceNumber ?? ''
  const from = issuer.name ?? ''
  return language === 'zh-CN'
    ? chinese({ number, amount, due, by, paid, from })
    : english({ number, amount, due, by, paid, from })
}

interface Facts {
  readonly number: string
  readonly amount: string
  readonly due: string
  readonly by: string
  readonly paid: boolean
  readonly from: string
}

const english = ({ number, amount, due, by, paid, from }: Facts): MailText => ({
  subject: paid ? `Invoice ${number}: ${amount}, paid` : `Invoice ${number}: ${due} due ${by}`,
  text: [
    `Invoice ${number} over ${amount} is attached.`,
    '',
    paid ? 'It is paid. There is nothing to do.' : `${due} is due by ${by}.`,
    '',
    from,
  ].join('\n'),
  html: null,
})

const chinese = ({ number, amount, due, by, paid, from }: Facts): MailText => ({
  subject: paid ? `账单 ${number}：${amount}，已支付` : `账单 ${number}：${due}，${by} 前支付`,
  text: [
    `附件为账单 ${number}，金额 ${amount}。`,
    '',
    paid ? '该账单已支付，您无需进行任何操作。' : `请于 ${by} 前支付 ${due}。`,
    '',
    from,
  ].join('\n'),
  html: null,
})
