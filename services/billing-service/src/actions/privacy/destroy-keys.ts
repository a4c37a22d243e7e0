// The end of an erasure: the keys that opened what was erased go, so that no old copy of the database can be read.
import { destroyedKey } from '../../core/data-key.ts'
import type { Deps } from '../../deps.ts'

/** Keys read in one go; a tenant has a few. */
const pageMax = 1_000

/**
 * Destroys the keys of a tenant's erasable fields. Whatever it writes afterwards gets a new one. Nothing happens
 * where personal fields are not encrypted.
 */
export async function destroyKeys(
  deps: Pick<Deps, 'store' | 'clock'>,
  tenantId: string,
): Promise<void> {
  const at = deps.clock.real()
  await deps.store.transaction(tenantId, async tx => {
    const { rows } = await tx.list('dataKeys', {
      order: { field: 'createdAt', direction: 'desc' },
      limit: pageMax,
    })
    for (const { id, purpose, wrapped } of rows) {
      if (purpose !== 'erasable' || wrapped === null) continue
      await tx.replace('dataKeys', destroyedKey(await tx.lock('dataKeys', id), at))
    }
  })
}
