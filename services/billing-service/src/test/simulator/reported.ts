// Lives through seeds and holds every report of the ledger against the lines themselves, read one by one and
// added up here: for all tenants together and each alone, over the whole time and over each quarter.
import { runReport } from '../../actions/reports/run-report.ts'
import type { LedgerEntry } from '../../core/ledger.ts'
import { deferredRevenue } from '../../core/reports/deferred.ts'
import { forecastBacktest } from '../../core/reports/forecast-reports.ts'
import { reports } from '../../core/reports/index.ts'
import { mrrReport } from '../../core/reports/recurring-reports.ts'
import type { AnyReport, ReportRow } from '../../core/reports/report.ts'
import type { Instant } from '../../core/time.ts'
import type { Stores } from './databases.ts'
import { runSeed } from './run.ts'
import { openWorld, type SimulatedWorld } from './world.ts'

export interface Reported {
  readonly currencies: readonly string[]
  /** How many sums were held against the ledger. */
  readonly compared: number
  readonly differences: readonly string[]
}

const quarterMs = 91 * 86_400_000

function spansOf(world: SimulatedWorld): { from: Instant; to: Instant }[] {
  const [start, end] = [world.startedAt, world.now() + 1]
  const spans = [{ from: start, to: end }]
  for (let from = start; from < end; from += quarterMs) {
    spans.push({ from, to: Math.min(from + quarterMs, end) })
  }
  return spans
}

/** What the lines of a report's accounts add up to, by currency. */
function booked(
  { ledger, time }: AnyReport,
  lines: readonly LedgerEntry[],
  { from, to }: { from: Instant; to: Instant },
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  const { accounts, kinds, sign } = ledger!
  for (const { account, kind, currency, amountMinor, bookedAt } of lines) {
    if (!accounts.includes(account) || (kinds && !kinds.includes(kind))) continue
    if (bookedAt >= to || (time === 'period' && bookedAt < from)) continue
    sums.set(currency, (sums.get(currency) ?? 0) + sign * amountMinor)
  }
  return sums
}

async function linesOf(world: SimulatedWorld): Promise<LedgerEntry[]> {
  const lines: LedgerEntry[] = []
  for await (const line of world.store.system.stream('ledgerEntries', {})) lines.push(line)
  return lines
}

/** Months of recurring revenue follow from each other, and the last one is what customers are worth. */
async function recurringProblems(world: SimulatedWorld): Promise<string[]> {
  const span = { from: world.startedAt, to: world.now() + 1 }
  const { rows } = await runReport(world.deps, mrrReport, { tenantId: null, ...span })
  const standing = new Map<string, number>()
  const problems: string[] = []
  for (const row of rows) {
    const currency = String(row.currency)
    const moved = [row.newBusiness, row.expansion, row.contraction, row.churn, row.reactivation]
    const closing = moved.reduce((sum: number, each) => sum + Number(each), Number(row.opening))
    if (row.opening !== (standing.get(currency) ?? 0) || row.closing !== closing) {
      problems.push(`seed ${world.seed} ${currency} ${row.month} does not follow`)
    }
    standing.set(currency, closing)
  }
  const worth = await world.store.system.sum('recurringRevenues', {
    sum: ['mrrMinor'],
    groupBy: ['currency'],
  })
  for (const { group, sums } of worth) {
    const last = standing.get(String(group.currency))
    if (last !== Number(sums.mrrMinor)) {
      problems.push(`seed ${world.seed} ${group.currency}: ${last} by month, ${sums.mrrMinor} now`)
    }
  }
  return problems
}

/** Whatever was charged in advance is earned in some month. */
async function deferredProblems(world: SimulatedWorld): Promise<string[]> {
  const { totals } = await runReport(world.deps, deferredRevenue, {
    tenantId: null,
    to: world.now() + 1,
  })
  return totals
    .filter(({ sums }) => sums.billed !== sums.earned)
    .map(({ currency }) => `seed ${world.seed} ${currency}: not all that was billed is earned`)
}

/** What a forecast of the past is said to have been never changes: it saw nothing of what came later. */
async function forecastProblems(world: SimulatedWorld): Promise<string[]> {
  const end = world.now() + 1
  const rowsAt = async (to: Instant) => {
    const { rows } = await runReport(world.deps, forecastBacktest, { tenantId: null, to })
    return new Map(rows.map(row => [`${row.madeAfter} ${row.month} ${row.currency}`, row]))
  }
  const problems: string[] = []
  let later = await rowsAt(end)
  for (let to = end - quarterMs; to > world.startedAt; to -= quarterMs) {
    const earlier = await rowsAt(to)
    for (const [name, row] of earlier) {
      const again = later.get(name)
      if (again === undefined || JSON.stringify(again) === JSON.stringify(row)) continue
      problems.push(`seed ${world.seed} forecast ${name} changed to ${JSON.stringify(again)}`)
    }
    later = earlier
  }
  return problems
}

async function compareWorld(world: SimulatedWorld): Promise<Reported> {
  const lines = await linesOf(world)
  const differences = [
    ...(await recurringProblems(world)),
    ...(await deferredProblems(world)),
    ...(await forecastProblems(world)),
  ]
  let compared = 0
  for (const tenantId of [null, ...world.tenants.map(tenant => tenant.tenantId)]) {
    const own = lines.filter(line => tenantId === null || line.tenantId === tenantId)
    for (const span of spansOf(world)) {
      for (const report of reports.filter(each => each.ledger !== undefined)) {
        const sums = booked(report, own, span)
        const result = await runReport(world.deps, report, { tenantId, ...span })
        for (const currency of new Set([...sums.keys(), ...result.ledger.map(l => l.currency)])) {
          const said = result.ledger.find(each => each.currency === currency)
          const expected = sums.get(currency) ?? 0
          compared += 1
          if (said?.reportMinor === expected && said.ledgerMinor === expected) continue
          differences.push(
            `seed ${world.seed} ${tenantId ?? 'all'} ${report.code} ${currency} from ${span.from}: ` +
              `${said?.reportMinor} reported, ${said?.ledgerMinor} compared, ${expected} booked`,
          )
        }
      }
    }
  }
  return { currencies: [...new Set(lines.map(line => line.currency))], compared, differences }
}

/** All seeds, one after the other, each on a store in memory. */
export async function reportsAgainstLedger(options: {
  readonly seeds: readonly string[]
  readonly years: number
}): Promise<Reported> {
  const results: Reported[] = []
  for (const seed of options.seeds) {
    const world = await openWorld({ seed })
    try {
      await runSeed(world, options.years)
      results.push(await compareWorld(world))
    } finally {
      await world.close()
    }
  }
  return {
    currencies: [...new Set(results.flatMap(({ currencies }) => currencies))].sort(),
    compared: results.reduce((sum, { compared }) => sum + compared, 0),
    differences: results.flatMap(({ differences }) => differences),
  }
}

/** What every report says of a seed's life, by its code, on a store of that kind. */
export async function reportsOf(
  seed: string,
  years: number,
  stores: Stores,
): Promise<Readonly<Record<string, readonly ReportRow[]>>> {
  const world = await openWorld({ seed, store: await stores.fresh() })
  try {
    await runSeed(world, years)
    const asked = { tenantId: null, from: world.startedAt, to: world.now() + 1 }
    const said: Record<string, readonly ReportRow[]> = {}
    for (const report of reports) {
      said[report.code] = (await runReport(world.deps, report, asked)).rows
    }
    return said
  } finally {
    await world.close()
  }
}
