// Closing the books of a month.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { Closing } from '../schemas/closing.ts'
import { listOf } from '../schemas/values.ts'
import { listQuery, strict } from './list-query.ts'

const whose = 'Of all tenants together, or with `X-Tenant-Id` of one.'

export const closingRoutes = {
  closePeriod: route({
    method: 'POST',
    path: '/close/:period',
    tag: 'Closing',
    summary: 'Close the books of a month such as 2026-11 and have its pack made',
    description: `${whose} From then on what comes for the month is booked at the beginning of the next open one. The pack is one ZIP: workbook, CSVs, statement and reconciliation, in both languages. Closing a month also closes those before it; closing it again answers the same.`,
    permission: 'operations.manage',
    tenant: false,
    status: 200,
    reply: Closing,
    refusals: ['invalid_period', 'period_not_over'],
  }),
  getClosing: route({
    method: 'GET',
    path: '/close/:period',
    tag: 'Closing',
    summary: 'A closed month, with a link to its pack',
    description: whose,
    permission: 'operations.manage',
    tenant: false,
    status: 200,
    reply: Closing,
    refusals: ['not_found'],
  }),
  listClosings: route({
    method: 'GET',
    path: '/close',
    tag: 'Closing',
    summary: 'Closed months, the latest first',
    description: whose,
    permission: 'operations.manage',
    tenant: false,
    query: Type.Object({ limit: listQuery.limit, cursor: listQuery.cursor }, strict),
    status: 200,
    reply: listOf(Closing),
    refusals: ['invalid_cursor'],
  }),
} as const
