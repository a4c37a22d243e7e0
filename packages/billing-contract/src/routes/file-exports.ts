// Files made in the background: for lists too long to wait for, and for everything that a tenant owns.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { FileExport, FileExportFormat, FileExportNoun } from '../schemas/file-export.ts'
import { listOf } from '../schemas/values.ts'
import { listQuery, strict } from './list-query.ts'

const text = Type.Optional(Type.String({ minLength: 1, maxLength: 128 }))
const { limit, cursor, from, to, status } = listQuery

const whose = 'The operator works on files over all tenants, or with `X-Tenant-Id` on those of one.'

export const fileExportRoutes = {
  createExport: route({
    method: 'POST',
    path: '/exports',
    tag: 'Exports',
    summary: 'Have a file made: a list with the filters of its list, or everything a tenant owns',
    description: `${whose} \`everything\` is JSON Lines, a line for each row of each collection, without secrets.`,
    permission: 'exports.manage',
    tenant: false,
    body: Type.Object(
      {
        noun: FileExportNoun,
        format: FileExportFormat,
        lang: Type.Optional(Type.Union([Type.Literal('en'), Type.Literal('zh-CN')])),
        filters: Type.Optional(
          Type.Object(
            {
              from,
              to,
              status: text,
              type: text,
              customerId: text,
              invoiceId: text,
              invoiceNumber: text,
              subscriptionId: text,
              metric: text,
              tenantId: text,
            },
            strict,
          ),
        ),
      },
      strict,
    ),
    status: 202,
    reply: FileExport,
    refusals: ['operator_only', 'invalid_timestamp', 'too_many_exports'],
  }),
  listExports: route({
    method: 'GET',
    path: '/exports',
    tag: 'Exports',
    summary: 'Files made in the background, newest first',
    description: whose,
    permission: 'exports.manage',
    tenant: false,
    query: Type.Object({ limit, cursor, from, to, status }, strict),
    status: 200,
    reply: listOf(FileExport),
    refusals: ['operator_only', 'invalid_cursor'],
  }),
  getExport: route({
    method: 'GET',
    path: '/exports/:id',
    tag: 'Exports',
    summary: 'How far a file is, and a link to fetch it when it is done',
    description: whose,
    permission: 'exports.manage',
    tenant: false,
    status: 200,
    reply: FileExport,
    refusals: ['operator_only', 'not_found'],
  }),
  fetchExport: route({
    method: 'GET',
    path: '/public/exports/:token',
    tag: 'Exports',
    summary: 'The bytes of a file, by its link',
    description: 'The link is the permission; a link that is wrong, old or forged is a plain 404.',
    permission: null,
    tenant: false,
    status: 200,
    reply: null,
    media: 'application/octet-stream',
    refusals: ['not_found', 'rate_limited'],
  }),
} as const
