// What the console reads of the machinery: events of the processor, differences, jobs, mails, money at the bank.
import { usePages, useRead } from '@quittance/billing-react/data/read'
import type { Search } from '../address.ts'
import { spanOf } from '../parts/filters.tsx'
import type {
  AuditRow,
  DisputeRow,
  DriftRow,
  JobRunRow,
  MailRow,
  PayoutRow,
  WebhookRow,
} from './wire.ts'

const pageSize = 50

const after = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor })

const webhookStatuses = ['received', 'applied', 'ignored', 'failed', 'dead'] as const
const driftStatuses = ['open', 'resolved', 'vanished'] as const
const mailStatuses = ['queued', 'sent', 'kept', 'bounced', 'failed', 'skipped'] as const

function oneOf<T extends string>(names: readonly T[], text: string | undefined) {
  const status = names.find(name => name === text)
  return status === undefined ? {} : { status }
}

const tenantOf = ({ tenantId }: Search) => (tenantId ? { tenantId } : {})

/** The filter of the webhook inbox as the API takes it, also for a replay of all it finds. */
export const webhookFilter = (search: Search) => ({
  ...oneOf(webhookStatuses, search.status),
  ...(search.type ? { type: search.type } : {}),
  ...(search.objectId ? { objectId: search.objectId } : {}),
  ...tenantOf(search),
  ...spanOf(search),
})

export const useWebhookEvents = (search: Search) => {
  const query = webhookFilter(search)
  return usePages<WebhookRow>(['issuer', 'webhooks', query], (client, cursor, options) =>
    client.listWebhookEvents({ limit: pageSize, ...query, ...after(cursor) }, options),
  )
}

export const useWebhookEvent = (id: string) =>
  useRead(['issuer', 'webhook', id], (client, options) => client.getWebhookEvent(id, options))

export const useDrift = (search: Search) => {
  const query = {
    ...oneOf(driftStatuses, search.status ?? 'open'),
    ...tenantOf(search),
    ...spanOf(search),
  }
  return usePages<DriftRow>(['issuer', 'drift', query], (client, cursor, options) =>
    client.listDrift({ limit: pageSize, ...query, ...after(cursor) }, options),
  )
}

export const useJobs = () =>
  useRead(['issuer', 'jobs'], (client, options) => client.listJobs(options))

export const useJobRuns = (job: string | undefined) =>
  usePages<JobRunRow>(['issuer', 'job-runs', job ?? null], (client, cursor, options) =>
    client.listJobRuns({ limit: pageSize, ...(job ? { job } : {}), ...after(cursor) }, options),
  )

export const useMails = (search: Search) => {
  const query = { ...oneOf(mailStatuses, search.status), ...tenantOf(search), ...spanOf(search) }
  return usePages<MailRow>(['issuer', 'mails', query], (client, cursor, options) =>
    client.listMails({ limit: pageSize, ...query, ...after(cursor) }, options),
  )
}

export const useMail = (id: string) =>
  useRead(['issuer', 'mail', id], (client, options) => client.getMail(id, options))

export const useMailPreview = (kind: string, lang: 'en' | 'zh-CN') =>
  useRead(['issuer', 'mail-preview', kind, lang], (client, options) =>
    client.previewMail(kind, { lang }, options),
  )

export const useDisputes = (search: Search) => {
  const query = {
    ...(search.status ? { status: search.status } : {}),
    ...tenantOf(search),
    ...spanOf(search),
  }
  return usePages<DisputeRow>(['issuer', 'disputes', query], (client, cursor, options) =>
    client.listIssuerDisputes({ limit: pageSize, ...query, ...after(cursor) }, options),
  )
}

export const usePayouts = (search: Search) => {
  const query = { ...(search.status ? { status: search.status } : {}), ...spanOf(search) }
  return usePages<PayoutRow>(['issuer', 'payouts', query], (client, cursor, options) =>
    client.listPayouts({ limit: pageSize, ...query, ...after(cursor) }, options),
  )
}

export const usePaymentHealth = (search: Search) =>
  useRead(['issuer', 'payment-health', spanOf(search)], (client, options) =>
    client.getPaymentHealth(spanOf(search), options),
  )

/** The filter of the audit log as the API takes it, also for a file of all it finds. */
export const auditFilter = (search: Search) => ({
  ...(search.action ? { action: search.action } : {}),
  ...(search.actor ? { actor: search.actor } : {}),
  ...(search.objectId ? { objectId: search.objectId } : {}),
  ...(search.requestId ? { requestId: search.requestId } : {}),
  ...tenantOf(search),
  ...spanOf(search),
})

/** The audit log of all tenants and of the issuer itself. */
export const useAuditLog = (search: Search) => {
  const query = auditFilter(search)
  return usePages<AuditRow>(['issuer', 'audit', query], (client, cursor, options) =>
    client.listIssuerAuditLog({ limit: pageSize, ...query, ...after(cursor) }, options),
  )
}
