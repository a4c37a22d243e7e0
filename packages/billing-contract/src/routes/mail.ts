// The outbox of mails: what was written to whom, what became of it, and how each kind looks.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { Mail, MailDetail, MailPreview, MailStatus } from '../schemas/mail.ts'
import { listOf } from '../schemas/values.ts'
import { listQuery, strict } from './list-query.ts'

export const mailRoutes = {
  listMails: route({
    method: 'GET',
    path: '/mail',
    tag: 'Mail',
    summary: 'The outbox, newest first, over all tenants or one',
    permission: 'issuer.read',
    tenant: false,
    query: Type.Object(
      {
        limit: listQuery.limit,
        cursor: listQuery.cursor,
        from: listQuery.from,
        to: listQuery.to,
        status: Type.Optional(MailStatus),
        tenantId: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
      },
      strict,
    ),
    status: 200,
    reply: listOf(Mail),
    refusals: ['invalid_cursor', 'invalid_timestamp'],
  }),
  getMail: route({
    method: 'GET',
    path: '/mail/:id',
    tag: 'Mail',
    summary: 'One mail with both its parts',
    permission: 'issuer.read',
    tenant: false,
    status: 200,
    reply: MailDetail,
    refusals: ['not_found'],
  }),
  resendMail: route({
    method: 'POST',
    path: '/mail/:id/resend',
    tag: 'Mail',
    summary: 'Try a mail again that bounced, failed, was kept or skipped',
    description: 'It is written afresh; recipients that have it already do not get it twice.',
    permission: 'operations.manage',
    tenant: false,
    status: 200,
    reply: Mail,
    refusals: ['not_found'],
  }),
  previewMail: route({
    method: 'GET',
    path: '/mail/preview/:kind',
    tag: 'Mail',
    summary: 'How a kind of mail looks, with example facts',
    permission: 'issuer.read',
    tenant: false,
    query: Type.Object(
      { lang: Type.Optional(Type.Union([Type.Literal('en'), Type.Literal('zh-CN')])) },
      strict,
    ),
    status: 200,
    reply: MailPreview,
    refusals: ['not_found'],
  }),
} as const
