// Lives through seeds and holds every report of the ledger against the lines themselves, read one by one and
// added up here: for all tenants together and each alone, over the whole time and over each quarter.
import { runReport } from '../../actions/reports/run-report.ts'
import type { LedgerEntry } from '../../core/ledger.ts'
import { reports } from '../../core/reports/index.ts'
import type { AnyReport } from '../../core/reports/report.ts'
import type { Instant } from '../../core/time.ts'
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

async function compareWorld(world: SimulatedWorld): Promise<Reported> {
  const lines = await linesOf(world)
  const differences: string[] = []
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
