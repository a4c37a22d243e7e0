// Rows for the store's contract: what belongs to no tenant.
import type { InboxEvent } from '../../core/inbox.ts'
import type { Plan } from '../../core/plan.ts'
import type { JobRun } from '../../core/records.ts'
import { newYear, serial } from './rows.ts'

export const planRow = (more: Partial<Plan> = {}): Plan => {
  const code = `plan-${serial()}`
  return {
    id: `${code}@1`,
    code,
    version: 1,
    family: 'standard',
    name: 'Starter',
    prices: [],
    trialDays: null,
    metrics: {},
    overageCurrency: 'USD',
    features: [],
    limits: {},
    seats: null,
    addOnTo: [],
    onOffer: true,
    rank: 1,
    createdAt: newYear,
    createdBy: 'ada',
    ...more,
  }
}

export const inboxRow = (more: Partial<InboxEvent> = {}): InboxEvent => ({
  id: `stripe:evt_${serial()}`,
  processor: 'stripe',
  type: 'charge.succeeded',
  objectId: `ch_${serial()}`,
  subject: `charge:${serial()}`,
  apiVersion: null,
  payload: { id: 'evt', zulu: 1, alpha: 2 },
  source: 'webhook',
  state: 'received',
  attempts: 0,
  reason: null,
  tenantId: null,
  occurredAt: newYear,
  receivedAt: newYear,
  dueAt: newYear,
  processedAt: null,
  replays: 0,
  replayedBy: null,
  version: 1,
  ...more,
})

export const jobRunRow = (more: Partial<JobRun> = {}): JobRun => ({
  id: `renew-due:${serial()}`,
  job: 'renew-due',
  slot: '2026-01-01T00:00',
  state: 'running',
  counts: {},
  error: null,
  startedAt: newYear,
  endedAt: null,
  version: 1,
  ...more,
})
