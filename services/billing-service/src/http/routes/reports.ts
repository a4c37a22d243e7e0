import { exportReport } from '../../actions/reports/export-report.ts'
import { listMovements } from '../../actions/reports/list-movements.ts'
import { type ReportInput, runReport } from '../../actions/reports/run-report.ts'
import { reportOf, reports } from '../../core/reports/index.ts'
import type { MrrMovement } from '../../core/reports/recurring.ts'
import type { AnyReport } from '../../core/reports/report.ts'
import { assertMay, type Bearer } from '../caller.ts'
import { listInput, pageToWire, whereOf } from '../list-input.ts'
import { sendFile } from '../send-file.ts'
import { serve, serveFile } from '../serve.ts'
import type { Server } from '../server.ts'
import { movementToWire, reportDefinitionToWire, reportToWire } from '../wire/report.ts'

interface ReportQuery {
  readonly from?: string
  readonly to?: string
  readonly period?: string
  readonly currency?: string
  readonly tenants?: 'live' | 'all'
}

export function reportRoutes(server: Server): void {
  const { deps } = server

  /** A report of the whole business, and one over all tenants, is the issuer's alone. */
  const assertReads = (bearer: Bearer, report: AnyReport) => {
    if (report.scope === 'issuer' || bearer.tenantId === null) {
      assertMay(server, bearer, 'issuer.read')
    }
  }
  const inputOf = (bearer: Bearer, query: ReportQuery): ReportInput => {
    const { from, to } = listInput(query)
    const { period, currency, tenants } = query
    return { tenantId: bearer.tenantId, from, to, period, currency, tenants }
  }

  serve(server, 'listReports', async ({ bearer, query }) => {
    const language = query.lang ?? bearer.language
    return { data: reports.map(report => reportDefinitionToWire(report, language)) }
  })
  serve(server, 'listMrrMovements', async ({ bearer, query }) => {
    const filters = ['kind', 'currency', 'planCode', 'customerId', 'subscriptionId'] as const
    const where = whereOf(query, filters) as Partial<MrrMovement>
    const page = await listMovements(deps, bearer.tenantId, where, listInput(query))
    return pageToWire(page, movementToWire)
  })
  serve(server, 'getReport', async ({ bearer, params, query }) => {
    const report = reportOf(params.code)
    assertReads(bearer, report)
    const result = await runReport(deps, report, inputOf(bearer, query))
    return reportToWire(result, query.lang ?? bearer.language)
  })
  serveFile(server, 'exportReport', async ({ bearer, params, query, reply }) => {
    const report = reportOf(params.code)
    assertReads(bearer, report)
    const language = query.lang ?? bearer.language
    const input = { ...inputOf(bearer, query), language }
    return sendFile(reply, await exportReport(deps, report, params.format, input))
  })
}
