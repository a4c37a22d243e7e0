// Reports of the issuer, and what waits for somebody.
import { useRead } from '@quittance/billing-react/data/read'
import type { ReportWire } from './wire.ts'

export interface ReportAsked {
  /** As the API names spans: `month`, `2026`, `2026-Q4`, `2026-11`; without it the last twelve months. */
  readonly period?: string
  readonly currency?: string
}

/** The reports that there are, each with what it counts. */
export const useReports = () =>
  useRead(
    ['issuer', 'reports'],
    async (client, options) => (await client.listReports({}, options)).data,
  )

export const useReport = (code: string, asked: ReportAsked = {}) =>
  useRead<ReportWire>(['issuer', 'report', code, asked], (client, options) =>
    client.getReport(code, { ...asked }, options),
  )

/** Whether there is anything of a kind that waits: the first page of it. */
export const useWaiting = () =>
  useRead(['issuer', 'waiting'], async (client, options) => {
    const limit = 100
    const [drift, failed, dead, disputes, jobs, approvals] = await Promise.all([
      client.listDrift({ limit, status: 'open' }, options),
      client.listWebhookEvents({ limit, status: 'failed' }, options),
      client.listWebhookEvents({ limit, status: 'dead' }, options),
      client.listIssuerDisputes({ limit, status: 'needs_response' }, options),
      client.listJobs(options),
      client.listIssuerApprovals({ limit, status: 'waiting' }, options),
    ])
    return {
      drift: countOf(drift),
      failed: countOf(failed),
      dead: countOf(dead),
      disputes: countOf(disputes),
      approvals: countOf(approvals),
      dueNotBilled: { count: jobs.dueNotBilled, isMore: false },
      failedJobs: {
        count: jobs.data.filter(job => job.lastRun?.state === 'failed').length,
        isMore: false,
      },
    }
  })

export interface Waiting {
  readonly count: number
  /** There are more than were counted. */
  readonly isMore: boolean
}

const countOf = (page: {
  readonly data: readonly unknown[]
  readonly hasMore: boolean
}): Waiting => ({
  count: page.data.length,
  isMore: page.hasMore,
})
