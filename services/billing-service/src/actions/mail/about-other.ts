// The facts of mails about ways to pay, and of those to the issuer's staff.
import type { Mail } from '../../core/mail.ts'
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

/** For the issuer: in its language and zone, about a payment that its bank takes back for now. */
export async function aboutDispute(writing: Writing, mail: Mail): Promise<About | string> {
  const { deps, reads } = writing
  const dispute = await reads.get('disputes', mail.objectId)
  if (dispute.closedAt !== null) return overtaken
  const { amountMinor, currency, invoiceId } = dispute
  const invoice = invoiceId === null ? null : await reads.get('invoices', invoiceId)
  const reader = await readerOf(writing, dispute.customerId)
  const facts = {
    tenant: mail.tenantId,
    amount: { amountMinor, currency },
    number: invoice?.invoiceNumber ?? null,
    reason: dispute.reason.replaceAll('_', ' '),
    answerBy: dispute.evidenceDueAt,
    url: transactionsLink(deps),
  }
  const { language, zone } = deps.settings
  const staff = { ...reader, language, zone }
  return { reader: staff, subject: { kind: 'dispute_opened', facts }, pdf: null }
}
