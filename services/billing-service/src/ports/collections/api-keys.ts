// Keys by which machines call.
import type { ApiKey } from '../../core/api-key.ts'
import { declare, erasedText } from './declare.ts'

export const apiKeyCollections = {
  apiKeys: declare<ApiKey>({
    scope: 'tenant',
    table: 'api_keys',
    fields: {
      tenantId: 'text',
      id: 'text',
      name: 'text',
      role: 'text',
      hint: 'text',
      secretHash: 'text',
      expiresAt: 'instant?',
      revokedAt: 'instant?',
      lastUsedAt: 'instant?',
      createdBy: 'text',
      createdAt: 'instant',
      updatedAt: 'instant',
      version: 'integer',
    },
    key: ['id'],
    indexes: [['createdAt', 'id']],
    systemIndexes: [['secretHash', 'createdAt', 'tenantId', 'id']],
    personal: { name: erasedText, createdBy: erasedText },
  }),
}
