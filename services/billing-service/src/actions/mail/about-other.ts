// The facts of mails about ways to pay, and of those to the issuer's staff.
import type { Mail } from '../../core/mail.ts'
import { fromIso } from '../../core/time.ts'
import { methodName } from '../../documents/method-name.ts'
import { type About, overtaken } from './about.ts'
import { methodsLink, transactionsLink } from './links.ts'
import { methodText, readerOf, type Writing } from './reader.ts'

export async function aboutExpiry(writing: Writing, mail: Mail): Promise<About | string> {
  const method = await writing.reads.get('paymentMethods', mail.objectId)
  if (method.status !== 'active' || method.card === null) return overtaken
  const reader = await readerOf(writing, method.customerId)
  const { brand, last4, expMonth, expYear } = method.card
  const named = methodName({ type: method.type, brand, last4 }, 'en') ?? brand
  const facts = {
    brand: named.replace(` ${last4}`, ''),
    last4,
    month: expMonth,
    year: expYear,
    url: methodsLink(writing.deps),
  }
  return { reader, subject: { kind: 'card_expiring', facts }, pdf: null }
}

export async function aboutVerification(writing: Writing, mail: Mail): Promise<About | string> {
  const method = await writing.reads.get('paymentMethods', mail.objectId)
  if (method.status !== 'pending_verification') return overtaken
  const reader = await readerOf(writing, method.customerId)
  const facts = {
    method: methodText(method, reader.language),
    by: method.verification?.expiresAt ?? null,
    url: methodsLink(writing.deps),
  }
  return { reader, subject: { kind: 'bank_verification', facts }, pdf: null }
}

const textIn = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** For the issuer: in its language and zone, about a payment that its bank takes back for now. */
export async function aboutDispute(writing: Writing, mail: Mail): Promise<About | string> {
  const { deps, reads } = writing
  const { transactionId, amountMinor, currency, reason, evidenceDueAt } = mail.data
  const payment = await reads.find('transactions', textIn(transactionId) ?? mail.objectId)
  if (payment === null) return overtaken
  const invoice = payment.invoiceId === null ? null : await reads.get('invoices', payment.invoiceId)
  const reader = await readerOf(writing, payment.customerId)
  const answerBy = textIn(evidenceDueAt)
  const facts = {
    tenant: mail.tenantId,
    amount: {
      amountMinor: typeof amountMinor === 'number' ? amountMinor : payment.amountMinor,
      currency: textIn(currency) ?? payment.currency,
    },
    number: invoice?.invoiceNumber ?? null,
    reason: textIn(reason),
    answerBy: answerBy === null ? null : fromIso(answerBy),
    url: transactionsLink(deps),
  }
  const { language, zone } = deps.settings
  const staff = { ...reader, language, zone }
  return { reader: staff, subject: { kind: 'dispute_opened', facts }, pdf: null }
}
