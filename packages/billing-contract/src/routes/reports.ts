// Reports: each is defined once, and read as JSON or taken away as a file.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { MrrMovement, Report, ReportDefinition } from '../schemas/report.ts'
import { Currency, listOf } from '../schemas/values.ts'
import { listQuery, strict } from './list-query.ts'

const lang = Type.Optional(Type.Union([Type.Literal('en'), Type.Literal('zh-CN')]))
const time = (description: string) => Type.Optional(Type.String({ maxLength: 40, description }))

const asked = {
  from: time('ISO-8601; default: the month eleven months ago'),
  to: time('ISO-8601, not included; default: now'),
  period: time('Instead of both: `month`, `2026`, `2026-Q4`, `2026-11` ...'),
  currency: Type.Optional(Currency),
  tenants: Type.Optional(
    Type.Union([Type.Literal('live'), Type.Literal('all')], {
      description: 'Whether test tenants count; default: only while the sandbox is on',
    }),
  ),
  lang,
}

const whose =
  'The operator reads all tenants together, or one with `X-Tenant-Id`; an admin its own tenant, where ' +
  'the report has the scope `tenant`.'

export const reportRoutes = {
  listReports: route({
    method: 'GET',
    path: '/reports',
    tag: 'Reports',
    summary: 'The reports that there are, with what each of them counts',
    permission: 'reports.read',
    tenant: false,
    query: Type.Object({ lang }, strict),
    status: 200,
    reply: Type.Object({ data: Type.Array(ReportDefinition) }),
    refusals: [],
  }),
  listMrrMovements: route({
    method: 'GET',
    path: '/reports/mrr/movements',
    tag: 'Reports',
    summary: 'The rows behind every figure of recurring revenue, newest first',
    description: 'Of all tenants, or of one with `X-Tenant-Id`.',
    permission: 'issuer.read',
    tenant: false,
    query: Type.Object(
      {
        limit: listQuery.limit,
        cursor: listQuery.cursor,
        from: time('ISO-8601: happened at or after'),
        to: time('ISO-8601: happened before'),
        kind: Type.Optional(Type.String({ maxLength: 20 })),
        currency: Type.Optional(Currency),
        planCode: Type.Optional(Type.String({ maxLength: 64 })),
        customerId: listQuery.customerId,
        subscriptionId: Type.Optional(Type.String({ maxLength: 64 })),
      },
      strict,
    ),
    status: 200,
    reply: listOf(MrrMovement),
    refusals: ['invalid_cursor', 'invalid_timestamp'],
  }),
  getReport: route({
    method: 'GET',
    path: '/reports/:code',
    tag: 'Reports',
    summary: 'A report with its definition, its rows and their sums',
    description: whose,
    permission: 'reports.read',
    tenant: false,
    query: Type.Object(asked, strict),
    status: 200,
    reply: Report,
    refusals: ['not_found', 'operator_only', 'invalid_period', 'invalid_timestamp'],
  }),
  exportReport: route({
    method: 'GET',
    path: '/reports/:code/export/:format',
    tag: 'Reports',
    summary: 'A report as csv, xlsx (or excel) or pdf',
    description: whose,
    permission: 'reports.read',
    tenant: false,
    query: Type.Object(asked, strict),
    status: 200,
    reply: null,
    media: 'text/csv',
    refusals: ['not_found', 'operator_only', 'invalid_period', 'invalid_timestamp'],
  }),
} as const
