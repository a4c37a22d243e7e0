// What is known of a tenant's persons: handed out, and erased.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { FileExport } from '../schemas/file-export.ts'
import { Erasure } from '../schemas/privacy.ts'
import { strict } from './list-query.ts'

const language = Type.Union([Type.Literal('en'), Type.Literal('zh-CN')])

export const privacyRoutes = {
  exportPersonalData: route({
    method: 'POST',
    path: '/privacy/export',
    tag: 'Privacy',
    summary: 'Have a file made of all that is kept about the persons of a tenant',
    description:
      'JSON Lines, a line for each row with personal fields; `GET /exports/:id` answers how far it is and where it can be fetched.',
    permission: 'exports.manage',
    tenant: true,
    body: Type.Object({ lang: Type.Optional(language) }, strict),
    status: 202,
    reply: FileExport,
    refusals: ['too_many_exports'],
  }),
  erasePersonalData: route({
    method: 'POST',
    path: '/privacy/erase',
    tag: 'Privacy',
    summary: 'Erase what is kept about the persons of a tenant',
    description:
      'Issued documents, the books and the sealed audit log stay as the law demands; everything else is emptied or removed, payment methods are detached, keys and webhook endpoints end. It needs no live subscription and no open money. There is no way back. Repeating it changes nothing.',
    permission: 'privacy.erase',
    tenant: true,
    unkept: true,
    body: Type.Object(
      {
        confirm: Type.String({ maxLength: 128, description: 'The id of the tenant, once more' }),
        reason: Type.Optional(Type.String({ maxLength: 500 })),
      },
      strict,
    ),
    status: 200,
    reply: Erasure,
    refusals: ['not_found', 'operator_only', 'erasure_blocked'],
  }),
} as const
