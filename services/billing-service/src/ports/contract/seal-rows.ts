// Rows of the chains of seals, for the tests of stores.
import { chainStart, type Seal, type SealHead, type UnsealedRows } from '../../core/seal.ts'
import { newYear } from './rows.ts'

const hash = 'a'.repeat(64)

/** One row of each of the collections. */
export const sealRows = (
  tenantId: string,
): {
  readonly seals: Seal
  readonly sealHeads: SealHead
  readonly unsealedRows: UnsealedRows
} => ({
  seals: {
    tenantId,
    id: 'ledger:000000000001',
    stream: 'ledger',
    sequence: 1,
    previousHash: chainStart,
    rows: [{ id: 'le_1', digest: hash }],
    rowCount: 1,
    hash,
    sealedAt: newYear,
  },
  sealHeads: {
    tenantId,
    id: 'ledger',
    sequence: 1,
    hash,
    rowCount: 1,
    sealedAt: newYear,
    version: 1,
  },
  unsealedRows: {
    tenantId,
    id: 'le_2',
    stream: 'ledger',
    rowIds: ['le_2'],
    recordedAt: newYear,
  },
})
