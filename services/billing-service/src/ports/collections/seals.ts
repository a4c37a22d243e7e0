// The chains of seals over ledger and audit log, and the rows that wait for theirs.
import type { Seal, SealHead, UnsealedRows } from '../../core/seal.ts'
import { declare } from './declare.ts'

export const sealsCollections = {
  seals: declare<Seal>({
    scope: 'tenant',
    table: 'seals',
    fields: {
      tenantId: 'text',
      id: 'text',
      stream: 'text',
      sequence: 'integer',
      previousHash: 'text',
      rows: 'json',
      rowCount: 'integer',
      hash: 'text',
      sealedAt: 'instant',
    },
    key: ['id'],
    unique: [['stream', 'sequence']],
    appendOnly: true,
  }),
  sealHeads: declare<SealHead>({
    scope: 'tenant',
    table: 'seal_heads',
    fields: {
      tenantId: 'text',
      id: 'text',
      sequence: 'integer',
      hash: 'text',
      rowCount: 'integer',
      sealedAt: 'instant',
      version: 'integer',
    },
    key: ['id'],
  }),
  unsealedRows: declare<UnsealedRows>({
    scope: 'tenant',
    table: 'unsealed_rows',
    fields: {
      tenantId: 'text',
      id: 'text',
      stream: 'text',
      rowIds: 'json',
      recordedAt: 'instant',
    },
    key: ['id'],
    systemIndexes: [['recordedAt', 'tenantId', 'id']],
  }),
} as const
