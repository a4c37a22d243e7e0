// The drift inbox: each difference between our records and the processor's once, until it is gone or a
// person has dealt with it.
import { type Difference, type Drift, driftKey } from '../../core/comparison.ts'
import { issuerTenant } from '../../core/webhook.ts'
import type { Deps } from '../../deps.ts'
import type { SystemTransaction } from '../../ports/store.ts'
import { type Comparison, compareSpan } from './compare.ts'
import { compareMirroredAll } from './compare-mirrored.ts'

const dayMs = 86_400_000
const nightlyDays = 3
const openMax = 1_000

export interface Recorded {
  readonly compared: number
  readonly found: number
  readonly vanished: number
}

/** Compares the money of the last days and every mirrored subscription, and writes the differences down. */
export async function compareNightly(deps: Deps): Promise<Recorded> {
  const now = deps.clock.real()
  const money = await compareSpan(deps, now - nightlyDays * dayMs, now)
  const mirrored = await compareMirroredAll(deps)
  return recordDrift(deps, {
    differences: [...money.differences, ...mirrored.differences],
    compared: new Set([...money.compared, ...mirrored.compared]),
  })
}

/** Compares a span and writes the differences down. */
export async function compareAndRecord(deps: Deps, from: number, to: number): Promise<Recorded> {
  return recordDrift(deps, await compareSpan(deps, from, to))
}

/** Writes differences down, each once, and lets those go that were compared and are no more. */
export async function recordDrift(
  deps: Deps,
  comparison: Pick<Comparison, 'differences' | 'compared'>,
): Promise<Recorded> {
  const { differences, compared } = comparison
  const keys = new Set(differences.map(driftKey))
  for (const difference of differences) {
    await deps.store.system.transaction(tx => writeDrift(deps, tx, difference))
  }
  const vanished = await letGo(deps, compared, keys)
  if (differences.length > 0) {
    deps.log.warn({ differences: differences.length }, 'our records differ from the processor’s')
  }
  return { compared: compared.size, found: differences.length, vanished }
}

async function writeDrift(
  deps: Deps,
  tx: SystemTransaction,
  difference: Difference,
): Promise<void> {
  const now = deps.clock.real()
  const fresh: Drift = {
    ...difference,
    id: deps.ids.next('drift'),
    key: driftKey(difference),
    state: 'open',
    resolution: null,
    note: null,
    resolvedBy: null,
    resolvedAt: null,
    detectedAt: now,
    lastSeenAt: now,
    version: 1,
  }
  if ((await tx.insertMany('drifts', [fresh], { onConflict: 'skip' })) === 1) {
    return tellOf(deps, tx, fresh)
  }
  const known = await tx.get('drifts', { key: fresh.key })
  const same = known.ours === fresh.ours && known.theirs === fresh.theirs
  // What was explained stays so while nothing changes; anything else is open again.
  const stays = known.state === 'open' || (same && known.resolution === 'explain')
  const { id, version, detectedAt } = known
  const next = stays
    ? { ...known, ...difference, lastSeenAt: now }
    : { ...fresh, id, version, detectedAt }
  await tx.replace('drifts', next)
  if (!stays) await tellOf(deps, tx, next)
}

/** The issuer's event: a difference is the issuer's business until it is explained, whoever's money it is. */
async function tellOf(deps: Deps, tx: SystemTransaction, drift: Drift): Promise<void> {
  const { id, tenantId, objectType, processorId, field, ours, theirs, detectedAt } = drift
  await tx.insert('events', {
    tenantId: issuerTenant,
    id: deps.ids.next('event'),
    type: 'drift.found',
    objectId: id,
    data: { driftId: id, tenantId, objectType, processorId, field, ours, theirs },
    occurredAt: detectedAt,
    recordedAt: detectedAt,
  })
}

async function letGo(
  deps: Deps,
  compared: ReadonlySet<string>,
  found: ReadonlySet<string>,
): Promise<number> {
  const { rows } = await deps.store.system.list('drifts', {
    where: { state: 'open' },
    order: { field: 'detectedAt', direction: 'asc' },
    limit: openMax,
  })
  const gone = rows.filter(
    ({ objectType, processorId, key }) =>
      compared.has(`${objectType}:${processorId}`) && !found.has(key),
  )
  const lastSeenAt = deps.clock.real()
  await deps.store.system.transaction(async tx => {
    for (const { id } of gone) {
      const current = await tx.lock('drifts', id)
      if (current.state !== 'open') continue
      await tx.replace('drifts', { ...current, state: 'vanished', lastSeenAt })
    }
  })
  return gone.length
}
