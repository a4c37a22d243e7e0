// The certificate of a month: both sides counted and added up, and by what they differ. Issued by the
// timetable for the month before, or by a person for any.
import type { Certificate } from '../../core/comparison.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import { compareSpan } from './compare.ts'
import { recordDrift } from './drift-inbox.ts'

const differencesMax = 1_000

/** First and last instant of a month such as `2026-11`, in UTC. Refuses `invalid_period`. */
export function monthSpan(period: string): { readonly startsAt: number; readonly endsAt: number } {
  const found = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(period)
  if (!found) return refuse('invalid_period', { period })
  const [year, month] = [Number(found[1]), Number(found[2])]
  return { startsAt: Date.UTC(year, month - 1), endsAt: Date.UTC(year, month) }
}

/** The month before an instant. */
export function monthBefore(at: number): string {
  const date = new Date(at)
  const before = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1))
  return before.toISOString().slice(0, 7)
}

/** Compares a month on both sides and keeps the certificate; a later one replaces it. */
export async function certifyMonth(deps: Deps, period: string, by: string): Promise<Certificate> {
  const { startsAt, endsAt } = monthSpan(period)
  const comparison = await compareSpan(deps, startsAt, endsAt)
  await recordDrift(deps, comparison)
  const sums = comparison.tallies.every(
    ({ ours, theirs }) => ours.count === theirs.count && ours.sumMinor === theirs.sumMinor,
  )
  const certificate: Certificate = {
    id: period,
    startsAt,
    endsAt,
    agrees: sums && comparison.differences.length === 0,
    tallies: comparison.tallies,
    differences: comparison.differences.slice(0, differencesMax),
    differenceCount: comparison.differences.length,
    foreignCount: comparison.foreignCount,
    events: await eventsOf(deps, startsAt, endsAt),
    issuedAt: deps.clock.real(),
    issuedBy: by,
    version: 1,
  }
  return deps.store.system.transaction(async tx => {
    const former = await tx.find('certificates', period)
    if (former !== null)
      return tx.replace('certificates', { ...certificate, version: former.version })
    await tx.insert('certificates', certificate)
    return certificate
  })
}

async function eventsOf(deps: Deps, from: number, to: number): Promise<Certificate['events']> {
  const range = { field: 'receivedAt', from, to } as const
  const count = (where: Parameters<typeof deps.store.system.count<'inbox'>>[1]['where']) =>
    deps.store.system.count('inbox', { where: where ?? {}, range })
  const [delivered, found, dead] = await Promise.all([
    count({ source: 'webhook' }),
    count({ source: 'backfill' }),
    count({ state: 'dead' }),
  ])
  return { delivered, found, dead }
}
