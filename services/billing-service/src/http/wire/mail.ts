import type {
  MailDetailWire,
  MailWire,
  NotificationWire,
} from '@quittance/billing-contract/schemas/mail'
import { isLocked, isWanted, type Mail, type MailChoices, mailKinds } from '../../core/mail.ts'
import { toIso } from '../../core/time.ts'
import { time } from './money.ts'

export const mailToWire = (mail: Mail): MailWire => ({
  id: mail.id,
  tenantId: mail.tenantId,
  kind: mail.kind,
  status: mail.state,
  objectId: mail.objectId,
  eventId: mail.eventId,
  recipients: mail.recipients.map(({ address, state, reply }) => ({
    address,
    status: state,
    reply,
  })),
  language: mail.language,
  subject: mail.subject,
  attachments: [...mail.attachments],
  attempts: mail.attempts,
  note: mail.note,
  nextAttempt: time(mail.dueAt),
  sentAt: time(mail.sentAt),
  occurredAt: toIso(mail.occurredAt),
  createdAt: toIso(mail.createdAt),
})

export const mailDetailToWire = (mail: Mail): MailDetailWire => ({
  ...mailToWire(mail),
  text: mail.text,
  html: mail.html,
})

/** Every kind with what is so for it, whether chosen or usual. */
export const notificationsToWire = (choices: MailChoices): Record<string, NotificationWire> =>
  Object.fromEntries(
    mailKinds.map(kind => [
      kind,
      {
        enabled: isWanted(kind, choices),
        locked: isLocked(kind),
        recipients: [...(choices[kind]?.recipients ?? [])],
      },
    ]),
  )
