// Rows of the outbox for the store's contract.
import { type Mail, queuedMail } from '../../core/mail.ts'
import type { DomainEvent } from '../../core/records.ts'
import { newYear, serial } from './rows.ts'

/** A mail that waits, brought by an event. */
export const mailRow = (event: DomainEvent, more: Partial<Mail> = {}): Mail => ({
  ...queuedMail(
    {
      tenantId: event.tenantId,
      id: `mail_${serial()}`,
      eventId: event.id,
      kind: 'invoice_issued',
      objectId: event.objectId,
      data: {},
      occurredAt: newYear,
    },
    newYear,
  ),
  ...more,
})
