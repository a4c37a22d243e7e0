// The log of recurring revenue as a list: what stands behind each figure.
import type { MrrMovement } from '../../core/reports/recurring.ts'
import type { Deps } from '../../deps.ts'
import type { Page, Where } from '../../ports/store.ts'
import type { ListInput } from '../read-list.ts'

const limitDefault = 20

/** A page of movements of one tenant or of all, newest first. Refuses `invalid_cursor`. */
export function listMovements(
  deps: Pick<Deps, 'store'>,
  tenantId: string | null,
  where: Where<'mrrMovements'>,
  { from, to, limit, cursor }: ListInput,
): Promise<Page<MrrMovement>> {
  const reads = tenantId === null ? deps.store.system : deps.store.of(tenantId)
  const edges = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  return reads.list('mrrMovements', {
    where,
    ...(from === undefined && to === undefined ? {} : { range: { field: 'occurredAt', ...edges } }),
    order: { field: 'occurredAt', direction: 'desc' },
    limit: limit ?? limitDefault,
    cursor: cursor ?? null,
  })
}
