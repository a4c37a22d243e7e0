// The outbox of mails.
import type { Mail } from '../../core/mail.ts'
import { declare, emptied, gone, noneLeft, stamps } from './declare.ts'

export const mailCollections = {
  mails: declare<Mail>({
    scope: 'tenant',
    table: 'mails',
    fields: {
      tenantId: 'text',
      id: 'text',
      eventId: 'text',
      kind: 'text',
      objectId: 'text',
      data: 'json',
      state: 'text',
      recipients: 'json',
      language: 'text?',
      subject: 'text?',
      text: 'text?',
      html: 'text?',
      attachments: 'json',
      attempts: 'integer',
      note: 'text?',
      dueAt: 'instant?',
      sentAt: 'instant?',
      occurredAt: 'instant',
      ...stamps,
    },
    key: ['id'],
    unique: [['eventId', 'kind']],
    indexes: [
      ['createdAt', 'id'],
      ['state', 'createdAt', 'id'],
      ['objectId', 'createdAt', 'id'],
    ],
    systemIndexes: [
      ['dueAt', 'tenantId', 'id'],
      ['id', 'tenantId'],
      ['createdAt', 'tenantId', 'id'],
      ['state', 'createdAt', 'tenantId', 'id'],
    ],
    references: { eventId: 'events' },
    personal: {
      data: emptied,
      recipients: noneLeft,
      subject: gone,
      text: gone,
      html: gone,
      note: gone,
    },
  }),
} as const
