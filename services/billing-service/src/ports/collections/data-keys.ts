// Keys of tenants' personal fields, wrapped.
import type { DataKey } from '../../core/data-key.ts'
import { declare } from './declare.ts'

export const dataKeyCollections = {
  dataKeys: declare<DataKey>({
    scope: 'tenant',
    table: 'data_keys',
    fields: {
      tenantId: 'text',
      id: 'text',
      purpose: 'text',
      masterId: 'text?',
      wrapped: 'text?',
      createdAt: 'instant',
      destroyedAt: 'instant?',
      version: 'integer',
    },
    key: ['id'],
    indexes: [['createdAt', 'id']],
    systemIndexes: [['masterId', 'tenantId', 'id']],
  }),
} as const
