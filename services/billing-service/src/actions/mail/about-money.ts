// The facts of mails about money, read when the mail is written, so that they equal the document.
import { systemCaller } from '../../core/caller.ts'
import { declineOf } from '../../core/declines.ts'
import { amountDueMinor, type Invoice } from '../../core/invoice.ts'
import type { Mail } from '../../core/mail.ts'
import type { Transaction } from '../../core/payment.ts'
import { fromIso, type Instant } from '../../core/time.ts'
import { wordsOf } from '../../documents/words.ts'
import type { FailureFacts } from '../../notifications/facts.ts'
import { creditNotePdf } from '../credits/render-credit-note.ts'
import { invoicePdf } from '../invoices/render-invoice.ts'
import { receiptPdf } from '../transactions/render-receipt.ts'
import { type About, attached, overtaken } from './about.ts'
import { fixLink, invoiceLink, payLink, transactionsLink } from './links.ts'
import { methodToChargeText, paidWith, type Reader, readerOf, type Writing } from './reader.ts'

const callerFor = (mail: Mail) => systemCaller(mail.tenantId, 'send-mail', mail.id)

const dueOf = (invoice: Invoice) => ({
  amountMinor: amountDueMinor(invoice),
  currency: invoice.currency,
})

export async function aboutInvoice(writing: Writing, mail: Mail): Promise<About | string> {
  const { deps, reads } = writing
  const invoice = await reads.get('invoices', mail.objectId)
  const { invoiceNumber: number, issuedAt } = invoice
  if (invoice.status === 'void' || number === null || issuedAt === null) return overtaken
  const reader = await readerOf(writing, invoice.customerId)
  const automatic = invoice.collection === 'automatic'
  const facts = {
    number,
    total: { amountMinor: invoice.totalMinor, currency: invoice.currency },
    due: dueOf(invoice),
    dueAt: invoice.dueAt,
    issuedAt,
    collection: invoice.collection,
    method: automatic ? await methodToChargeText(writing, reader, invoice.paymentMethodId) : null,
    url: automatic ? invoiceLink(deps, invoice.id) : payLink(deps, invoice.id),
  }
  const pdf = async () =>
    attached(await invoicePdf(deps, callerFor(mail), invoice.id, reader.language))
  return { reader, subject: { kind: 'invoice_issued', facts }, pdf }
}

export async function aboutOverdue(writing: Writing, mail: Mail): Promise<About | string> {
  const { deps, reads } = writing
  const invoice = await reads.get('invoices', mail.objectId)
  const { invoiceNumber: number, dueAt } = invoice
  if (invoice.status !== 'open' || number === null || dueAt === null) return overtaken
  // Where charges failed, the steps of dunning are told instead.
  if (invoice.firstFailedAt !== null) return 'dunning says it'
  const reader = await readerOf(writing, invoice.customerId)
  const days = typeof mail.data.days === 'number' ? mail.data.days : 0
  const facts = { number, due: dueOf(invoice), dueAt, days, url: payLink(deps, invoice.id) }
  return { reader, subject: { kind: 'invoice_overdue', facts }, pdf: null }
}

interface Moved {
  readonly transaction: Transaction
  readonly invoice: Invoice | null
  readonly reader: Reader
  readonly method: string
  readonly amount: { readonly amountMinor: number; readonly currency: string }
}

async function moved(writing: Writing, mail: Mail): Promise<Moved> {
  const transaction = await writing.reads.get('transactions', mail.objectId)
  const { invoiceId, amountMinor, currency } = transaction
  const invoice = invoiceId === null ? null : await writing.reads.get('invoices', invoiceId)
  const reader = await readerOf(writing, transaction.customerId)
  const method = paidWith(transaction, reader.language) ?? wordsOf(reader.language).paymentMethod
  return { transaction, invoice, reader, method, amount: { amountMinor, currency } }
}

const urlOf = ({ deps }: Writing, invoice: Invoice | null): string =>
  invoice === null ? transactionsLink(deps) : invoiceLink(deps, invoice.id)

export async function aboutProcessing(writing: Writing, mail: Mail): Promise<About | string> {
  const { transaction, invoice, reader, method, amount } = await moved(writing, mail)
  if (transaction.status !== 'processing') return overtaken
  const number = invoice?.invoiceNumber ?? null
  const facts = { number, amount, method, url: urlOf(writing, invoice) }
  return { reader, subject: { kind: 'debit_processing', facts }, pdf: null }
}

export async function aboutPayment(writing: Writing, mail: Mail): Promise<About | string> {
  const { transaction, invoice, reader, method, amount } = await moved(writing, mail)
  const remaining = invoice !== null && amountDueMinor(invoice) > 0 ? dueOf(invoice) : null
  const facts = {
    number: invoice?.invoiceNumber ?? null,
    amount,
    paidAt: transaction.processedAt ?? transaction.createdAt,
    method,
    transactionId: transaction.id,
    remaining: invoice?.status === 'open' ? remaining : null,
    url: urlOf(writing, invoice),
  }
  const pdf = async () =>
    attached(await receiptPdf(writing.deps, callerFor(mail), transaction.id, reader.language))
  return {
    reader,
    subject: { kind: 'payment_succeeded', facts },
    pdf: invoice === null ? null : pdf,
  }
}

export async function aboutRefund(writing: Writing, mail: Mail): Promise<About | string> {
  const { transaction, invoice, reader, method, amount } = await moved(writing, mail)
  if (transaction.status !== 'succeeded') return overtaken
  const facts = {
    amount,
    method,
    number: invoice?.invoiceNumber ?? null,
    transactionId: transaction.id,
    url: transactionsLink(writing.deps),
  }
  return { reader, subject: { kind: 'refund_sent', facts }, pdf: null }
}

export async function aboutCreditNote(writing: Writing, mail: Mail): Promise<About | string> {
  const { deps, reads } = writing
  const note = await reads.get('creditNotes', mail.objectId)
  const reader = await readerOf(writing, note.customerId)
  const money = (amountMinor: number) => ({ amountMinor, currency: note.currency })
  const facts = {
    number: note.creditNoteNumber,
    invoiceNumber: note.invoiceNumber,
    total: money(note.totalMinor),
    lowersInvoice: money(note.lowersInvoiceMinor),
    refunded: money(note.refundedMinor),
    toBalance: money(note.toBalanceMinor),
    reason: note.reason,
    url: invoiceLink(deps, note.invoiceId),
  }
  const pdf = async () =>
    attached(await creditNotePdf(deps, callerFor(mail), note.id, reader.language))
  return { reader, subject: { kind: 'credit_note_issued', facts }, pdf }
}

const instantIn = (value: unknown): Instant | null =>
  typeof value === 'string' ? fromIso(value) : null

/** A debt that a charge could not settle; `dunning.scheduled` names the invoice, `payment.failed` the try. */
export async function aboutFailure(writing: Writing, mail: Mail): Promise<About | string> {
  const { deps, reads, entered } = writing
  const told = mail.objectId.startsWith('inv_') ? mail.data.transactionId : mail.objectId
  const failed = typeof told === 'string' ? await reads.get('transactions', told) : null
  const invoiceId = failed?.invoiceId ?? mail.objectId
  const invoice = await reads.get('invoices', invoiceId)
  const { invoiceNumber: number, subscriptionId, status } = invoice
  if (status !== 'open' || number === null) return overtaken
  const subscription =
    subscriptionId === null ? null : await reads.get('subscriptions', subscriptionId)
  const plan = subscription === null ? null : await reads.get('plans', subscription.planId)
  const reader = await readerOf(writing, invoice.customerId)
  const graceEndsAt = instantIn(mail.data.graceEndsAt)
  const facts: FailureFacts = {
    number,
    due: dueOf(invoice),
    method: failed === null ? null : paidWith(failed, reader.language),
    reason: failed === null ? null : declineOf(failed).sentence[reader.language],
    retryAt: instantIn(mail.data.retryAt),
    stopsAt: graceEndsAt !== null && graceEndsAt > mail.occurredAt ? graceEndsAt : null,
    plan: plan?.name ?? null,
    finally: entered.settings.dunningFinalAction,
    fixUrl: await fixLink(deps, { tenantId: mail.tenantId, invoiceId: invoice.id }),
  }
  const kind = mail.kind as 'payment_failed' | 'dunning_reminder' | 'dunning_final'
  return { reader, subject: { kind, facts }, pdf: null }
}
