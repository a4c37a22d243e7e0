// The log of recurring revenue as facts.
import type { MrrMovement } from '../../core/reports/recurring.ts'
import type { Asked } from '../../core/reports/report.ts'
import type { ReportScope } from './sources.ts'

/** Every movement from the very first one, in the order of time. */
export async function* movementFacts(
  { reads, without }: ReportScope,
  { to }: Asked,
): AsyncGenerator<MrrMovement> {
  const found = reads.stream('mrrMovements', {
    range: { field: 'occurredAt', to },
    order: { field: 'occurredAt', direction: 'asc' },
  })
  for await (const movement of found) if (!without.has(movement.tenantId)) yield movement
}
