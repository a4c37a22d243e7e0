// From a kind and its facts to the finished mail: subject, text part and HTML part.
import { isLocked } from '../core/mail.ts'
import { type MailContent, type Say, sayIn } from './content.ts'
import type { MailFrame, MailSubject } from './facts.ts'
import { htmlOf } from './html.ts'
import {
  creditNoteIssued,
  debitProcessing,
  dunningFinal,
  dunningReminder,
  invoiceIssued,
  invoiceOverdue,
  paymentFailed,
  paymentSucceeded,
  refundSent,
} from './templates/money.ts'
import { bankVerification, cardExpiring, disputeOpened, usageAlert } from './templates/other.ts'
import {
  planChanged,
  planChangeScheduled,
  renewalReminder,
  serviceRestored,
  serviceSuspended,
  subscriptionCanceled,
  trialEnding,
  welcome,
} from './templates/subscription.ts'
import { textOf } from './text.ts'

export interface WrittenMail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Around the content: who writes, why it comes, where to choose. */
export interface MailFooter {
  readonly lines: readonly string[]
  readonly settings: { readonly label: string; readonly url: string } | null
  /** Said above everything of a test tenant's mail. */
  readonly warning: string | null
}

/** Writes a mail. What a payer cannot switch off says why instead of offering it. */
export function writeMail(subject: MailSubject, frame: MailFrame): WrittenMail {
  const say = sayIn(frame)
  const content = oneLine(contentOf(subject, say))
  const footer = footerOf(subject, frame, say)
  return {
    subject: frame.test ? `${say.pick('[Test] ', '【测试】')}${content.subject}` : content.subject,
    text: textOf(content, footer, frame),
    html: htmlOf(content, footer, frame),
  }
}

/** Names come from outside: no subject or headline may carry a line break into a header. */
const oneLine = (content: MailContent): MailContent => ({
  ...content,
  subject: content.subject.replace(/\s+/g, ' ').trim(),
  headline: content.headline.replace(/\s+/g, ' ').trim(),
})

function footerOf({ kind }: MailSubject, frame: MailFrame, say: Say): MailFooter {
  const { issuer, settingsUrl } = frame
  const forIssuer = kind === 'dispute_opened'
  const reason = forIssuer
    ? say.pick('You receive this as the issuer.', '您作为收款方收到此邮件。')
    : isLocked(kind)
      ? say.pick(
          'You receive this as a billing contact; mails of this kind are part of the contract.',
          '您作为账务联系人收到此邮件；此类邮件属于合同通知。',
        )
      : say.pick('You receive this as a billing contact.', '您作为账务联系人收到此邮件。')
  const contact =
    issuer.email === null || forIssuer
      ? []
      : [
          say.pick(
            `Questions? Answer this mail or write to ${issuer.email}.`,
            `如有疑问，请直接回复本邮件或联系 ${issuer.email}。`,
          ),
        ]
  return {
    lines: [...contact, [issuer.name, ...issuer.addressLines].join(' · '), reason],
    settings: forIssuer
      ? null
      : { label: say.pick('Notification settings', '通知设置'), url: settingsUrl },
    warning: frame.test ? say.pick('TEST: nothing here is a claim.', '测试邮件，不作结算。') : null,
  }
}

function contentOf(subject: MailSubject, say: Say): MailContent {
  switch (subject.kind) {
    case 'welcome':
      return welcome(subject.facts, say)
    case 'trial_ending':
      return trialEnding(subject.facts, say)
    case 'renewal_reminder':
      return renewalReminder(subject.facts, say)
    case 'plan_changed':
      return planChanged(subject.facts, say)
    case 'plan_change_scheduled':
      return planChangeScheduled(subject.facts, say)
    case 'subscription_canceled':
      return subscriptionCanceled(subject.facts, say)
    case 'service_suspended':
      return serviceSuspended(subject.facts, say)
    case 'service_restored':
      return serviceRestored(subject.facts, say)
    case 'usage_alert':
      return usageAlert(subject.facts, say)
    case 'invoice_issued':
      return invoiceIssued(subject.facts, say)
    case 'invoice_overdue':
      return invoiceOverdue(subject.facts, say)
    case 'debit_processing':
      return debitProcessing(subject.facts, say)
    case 'payment_succeeded':
      return paymentSucceeded(subject.facts, say)
    case 'payment_failed':
      return paymentFailed(subject.facts, say)
    case 'dunning_reminder':
      return dunningReminder(subject.facts, say)
    case 'dunning_final':
      return dunningFinal(subject.facts, say)
    case 'refund_sent':
      return refundSent(subject.facts, say)
    case 'credit_note_issued':
      return creditNoteIssued(subject.facts, say)
    case 'card_expiring':
      return cardExpiring(subject.facts, say)
    case 'bank_verification':
      return bankVerification(subject.facts, say)
    case 'dispute_opened':
      return disputeOpened(subject.facts, say)
  }
}
