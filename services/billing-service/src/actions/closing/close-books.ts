// Closing a period: it is locked for each tenant, written down, and its file is ordered. Closing it again
// changes nothing and answers the same.
import { type Closing, closablePeriod, restMs } from '../../core/closing.ts'
import { type FileExport, issuerOwner } from '../../core/file-export.ts'
import { refuse } from '../../core/refusal.ts'
import type { Tenant } from '../../core/tenant.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import { billingTime } from '../../ports/clock.ts'
import type { Page } from '../../ports/store.ts'
import { enter } from '../enter.ts'
import { type ExportSeen, seen } from '../exports/file-exports.ts'

export interface CloseInput {
  /** Null: the books of all tenants. */
  readonly tenantId: string | null
  /** A month such as `2026-11`. */
  readonly period: string
  readonly by: string
  readonly language: 'en' | 'zh-CN'
}

export interface ClosingSeen {
  readonly closing: Closing
  readonly pack: ExportSeen
}

/** Closes the books of a month. Refuses `invalid_period`, `period_not_over`. */
export async function closeBooks(deps: Deps, input: CloseInput): Promise<ClosingSeen> {
  const { period, tenantId } = input
  const id = idOf(tenantId, period)
  const known = await deps.store.system.find('closings', id)
  if (known !== null) return withPack(deps, known)
  const { zone, now } = await zoneAndTime(deps, tenantId)
  const { start: startsAt, end: endsAt } = closablePeriod(period, zone, now)
  // First nothing more comes in, then it is counted.
  await lock(deps, tenantId, endsAt)
  const closing: Closing = {
    id,
    owner: tenantId ?? issuerOwner,
    period,
    zone,
    startsAt,
    endsAt,
    exportId: deps.ids.next('export'),
    closedAt: deps.clock.real(),
    closedBy: input.by,
  }
  const stored = await deps.store.system.transaction(async tx => {
    if ((await tx.insertMany('closings', [closing], { onConflict: 'skip' })) === 0) {
      return tx.get('closings', id)
    }
    await tx.insert('exports', packOrder(closing, input))
    return closing
  })
  // A tenant that was opened meanwhile has read the closings before this one was among them.
  await lock(deps, tenantId, endsAt)
  return withPack(deps, stored)
}

const idOf = (tenantId: string | null, period: string): string =>
  `${tenantId ?? issuerOwner}:${period}`

async function zoneAndTime(deps: Deps, tenantId: string | null) {
  if (tenantId === null) return { zone: deps.settings.zone, now: deps.clock.real() }
  const { settings, at } = await enter(deps, { tenantId })
  return { zone: settings.zone, now: at }
}

async function lock(deps: Deps, tenantId: string | null, endsAt: Instant): Promise<void> {
  if (tenantId !== null) return lockTenant(deps, tenantId, endsAt)
  for await (const tenant of deps.store.system.stream('tenants', {})) {
    if (closesWithAll(deps, tenant, endsAt)) await lockTenant(deps, tenant.tenantId, endsAt)
  }
}

/**
 * Live tenants close together. A test tenant has a time of its own: it closes along where test tenants count
 * at all, and only when the period is over for it as well.
 */
function closesWithAll(deps: Deps, tenant: Tenant, endsAt: Instant): boolean {
  if (tenant.closedUntil !== null && tenant.closedUntil >= endsAt) return false
  if (tenant.kind === 'live') return true
  return deps.sandbox && billingTime(deps.clock, tenant) >= endsAt + restMs
}

/** Waits for postings in hand that are dated long ago, and stands before those to come. */
function lockTenant(deps: Deps, tenantId: string, endsAt: Instant): Promise<void> {
  return deps.store.transaction(tenantId, async tx => {
    const tenant = await tx.lock('tenants', tenantId)
    if (tenant.closedUntil !== null && tenant.closedUntil >= endsAt) return
    await tx.replace('tenants', { ...tenant, closedUntil: endsAt })
  })
}

const packOrder = (closing: Closing, { language }: CloseInput): FileExport => ({
  tenantId: closing.owner,
  id: closing.exportId,
  noun: 'close-pack',
  format: 'zip',
  language,
  filters: {
    where: { period: closing.period, zone: closing.zone },
    from: closing.startsAt,
    to: closing.endsAt,
  },
  state: 'queued',
  requestedBy: closing.closedBy,
  attempts: 0,
  rowsDone: 0,
  rowsTotal: null,
  bytes: 0,
  parts: 0,
  contentType: null,
  filename: null,
  failure: null,
  dueAt: closing.closedAt,
  expiresAt: null,
  createdAt: closing.closedAt,
  updatedAt: closing.closedAt,
  version: 1,
})

async function withPack(deps: Deps, closing: Closing): Promise<ClosingSeen> {
  const key = { tenantId: closing.owner, id: closing.exportId }
  return { closing, pack: seen(deps, await deps.store.system.get('exports', key)) }
}

/** A closed period with its file. Refuses `not_found`. */
export async function readClosing(
  deps: Deps,
  tenantId: string | null,
  period: string,
): Promise<ClosingSeen> {
  const closing = await deps.store.system.find('closings', idOf(tenantId, period))
  if (closing === null)
    return refuse('not_found', { noun: 'closed period', nounZh: '已关账的账期' })
  return withPack(deps, closing)
}

/** The closed periods of one owner, the latest first. Refuses `invalid_cursor`. */
export async function listClosings(
  deps: Deps,
  tenantId: string | null,
  { limit, cursor }: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
): Promise<Page<ClosingSeen>> {
  const { rows, nextCursor } = await deps.store.system.list('closings', {
    where: { owner: tenantId ?? issuerOwner },
    order: { field: 'endsAt', direction: 'desc' },
    limit: limit ?? 20,
    cursor: cursor ?? null,
  })
  return { rows: await Promise.all(rows.map(row => withPack(deps, row))), nextCursor }
}
