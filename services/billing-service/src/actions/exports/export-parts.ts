// The bytes of a file that was made, let go of.
import type { FileExport } from '../../core/file-export.ts'
import type { Deps } from '../../deps.ts'

/** Pieces removed in one transaction. */
const removedAtOnce = 100

/** Removes all pieces of a file. It may be repeated at any time. */
export async function removeParts(
  { store }: Pick<Deps, 'store'>,
  { tenantId, id: exportId }: Pick<FileExport, 'tenantId' | 'id'>,
): Promise<void> {
  const removeSome = () =>
    store.system.transaction(async tx => {
      const { rows } = await tx.list('exportParts', {
        where: { tenantId, exportId },
        limit: removedAtOnce,
      })
      for (const { sequence } of rows) {
        await tx.remove('exportParts', { tenantId, exportId, sequence })
      }
      return rows.length === removedAtOnce
    })
  while (await removeSome());
}
