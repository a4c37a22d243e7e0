// What belongs to the deployment and to no tenant.
import type { Plan } from '../../core/plan.ts'
import type { DeploymentStamp, InboxEvent, JobRun } from '../../core/records.ts'
import { declare } from './declare.ts'

export const systemCollections = {
  plans: declare<Plan>({
    scope: 'system',
    table: 'plans',
    fields: {
      id: 'text',
      code: 'text',
      version: 'integer',
      family: 'text',
      name: 'text',
      prices: 'json',
      trialDays: 'integer?',
      metrics: 'json',
      overageCurrency: 'text',
      features: 'json',
      limits: 'json',
      seats: 'json?',
      addOnTo: 'json',
      onOffer: 'boolean',
      rank: 'integer',
      createdAt: 'instant?',
      createdBy: 'text?',
    },
    key: ['id'],
    indexes: [
      ['rank', 'id'],
      ['onOffer', 'rank', 'id'],
      ['code', 'version'],
    ],
    unique: [['code', 'version']],
  }),
  inbox: declare<InboxEvent>({
    scope: 'system',
    table: 'inbox',
    fields: {
      id: 'text',
      processor: 'text',
      type: 'text',
      objectId: 'text',
      apiVersion: 'text?',
      payload: 'json',
      state: 'text',
      attempts: 'integer',
      lastError: 'text?',
      receivedAt: 'instant',
      dueAt: 'instant?',
      processedAt: 'instant?',
      version: 'integer',
    },
    key: ['id'],
    indexes: [
      ['dueAt', 'id'],
      ['receivedAt', 'id'],
      ['state', 'receivedAt', 'id'],
      ['objectId', 'receivedAt', 'id'],
    ],
  }),
  jobRuns: declare<JobRun>({
    scope: 'system',
    table: 'job_runs',
    fields: {
      id: 'text',
      job: 'text',
      slot: 'text',
      state: 'text',
      counts: 'json',
      error: 'text?',
      startedAt: 'instant',
      endedAt: 'instant?',
      version: 'integer',
    },
    key: ['id'],
    indexes: [
      ['job', 'startedAt', 'id'],
      ['startedAt', 'id'],
    ],
  }),
  deployment: declare<DeploymentStamp>({
    scope: 'system',
    table: 'deployment',
    fields: { id: 'text', processor: 'text', account: 'text', mode: 'text', createdAt: 'instant' },
    key: ['id'],
  }),
} as const
