// Names the rows that a transaction adds to the chains of its tenants. Nobody waits for the sealing itself.
import { unsealedOf } from '../../core/seal.ts'
import type { TenantCollection } from '../../ports/collections.ts'
import type { Writes } from '../../ports/store.ts'
import type { Changes } from './changes.ts'

export async function awaitSeals(
  tx: Pick<Writes<TenantCollection>, 'insertMany'>,
  { entries, auditLines }: Pick<Changes, 'entries' | 'auditLines'>,
): Promise<void> {
  const waiting = [...unsealedOf('ledger', entries), ...unsealedOf('audit', auditLines)]
  if (waiting.length > 0) await tx.insertMany('unsealedRows', waiting)
}
