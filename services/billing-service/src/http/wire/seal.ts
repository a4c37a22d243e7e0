import type { NewestSealWire, SealWire } from '@quittance/billing-contract/schemas/seal'
import type { Seal, SealHead } from '../../core/seal.ts'
import { toIso } from '../../core/time.ts'

export const sealToWire = (seal: Seal): SealWire => ({
  tenantId: seal.tenantId,
  stream: seal.stream,
  sequence: seal.sequence,
  previousHash: seal.previousHash,
  hash: seal.hash,
  rowCount: seal.rowCount,
  sealedAt: toIso(seal.sealedAt),
})

export const newestSealToWire = (head: SealHead): NewestSealWire => ({
  tenantId: head.tenantId,
  stream: head.id,
  sequence: head.sequence,
  hash: head.hash,
  rowCount: head.rowCount,
  sealedAt: toIso(head.sealedAt),
})
