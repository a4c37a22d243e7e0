// What waits for a second person.
import type { Approval } from '../../core/approval.ts'
import { declare, stamps } from './declare.ts'

export const approvalsCollections = {
  approvals: declare<Approval>({
    scope: 'tenant',
    table: 'approvals',
    fields: {
      tenantId: 'text',
      id: 'text',
      kind: 'text',
      state: 'text',
      objectId: 'text',
      customerId: 'text',
      currency: 'text',
      amountMinor: 'integer',
      input: 'json',
      requestedBy: 'text',
      reason: 'text?',
      requestKey: 'text?',
      decidedBy: 'text?',
      decisionReason: 'text?',
      decidedAt: 'instant?',
      resultId: 'text?',
      refusal: 'text?',
      expiresAt: 'instant',
      ...stamps,
    },
    key: ['id'],
    unique: [['requestKey']],
    indexes: [
      ['createdAt', 'id'],
      ['state', 'createdAt', 'id'],
    ],
    systemIndexes: [
      ['createdAt', 'tenantId', 'id'],
      ['state', 'createdAt', 'tenantId', 'id'],
      ['state', 'expiresAt', 'tenantId', 'id'],
    ],
    references: { customerId: 'customers' },
    inClear: {
      requestedBy: 'the database holds it against whoever decides',
      decidedBy: 'the database holds it against whoever asked',
    },
    retained: {
      fields: ['input', 'requestedBy', 'reason', 'decidedBy', 'decisionReason'],
      basis: 'accountability',
    },
  }),
} as const
