// What a series of seeds came to, in words: how long was lived through, what was done, what went wrong on
// purpose, and for a seed that failed where, why and how to see it again.
import { type Counts, count } from './faults.ts'
import type { RunResult } from './run.ts'

const yearMs = 365.25 * 86_400_000

export interface Totals {
  seeds: number
  failed: number
  steps: number
  simulatedMs: number
  invoices: number
  charges: number
  readonly operations: Counts
  readonly refusals: Counts
  readonly faults: Counts
}

export const noTotals = (): Totals => ({
  seeds: 0,
  failed: 0,
  steps: 0,
  simulatedMs: 0,
  invoices: 0,
  charges: 0,
  operations: {},
  refusals: {},
  faults: {},
})

/** Adds one seed's result. */
export function addResult(totals: Totals, result: RunResult): void {
  totals.seeds += 1
  for (const name of ['steps', 'simulatedMs', 'invoices', 'charges'] as const) {
    totals[name] += result[name]
  }
  for (const name of ['operations', 'refusals', 'faults'] as const) {
    for (const [what, times] of Object.entries(result[name])) count(totals[name], what, times)
  }
}

/** A failure as another process can tell it. */
export interface SeedFailure {
  readonly seed: string
  readonly step: number
  readonly problems: readonly string[]
  readonly diary: readonly string[]
}

const problemsShown = 8

/** A failed seed: the broken rules, what had been done, and the command that replays it. */
export function failureText(failure: SeedFailure, replay: string): string {
  const { seed, step, problems, diary } = failure
  const more = problems.length - problemsShown
  return [
    `seed ${seed} fails at step ${step}:`,
    ...problems.slice(0, problemsShown).map(problem => `  ${problem}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    'what had been done:',
    ...diary.map(line => `  ${line}`),
    `replay: ${replay}`,
    '',
  ].join('\n')
}

const sumOf = (counts: Counts): number => Object.values(counts).reduce((a, b) => a + b, 0)

const listed = (counts: Counts): string =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, times]) => `${name} ${times}`)
    .join(', ')

/** Simulated years in all from which everything that can be done must have been done. */
const enoughYears = 20

/** What enough of a life must have shown and has not; a simulator that does nothing finds nothing. */
export function neverDone({ operations, simulatedMs }: Totals, names: readonly string[]): string[] {
  return simulatedMs < enoughYears * yearMs * 0.99
    ? []
    : names.filter(name => (operations[name] ?? 0) === 0)
}

/** The last words of a run. */
export function summaryText(totals: Totals, seconds: number): string {
  const { operations, refusals, faults } = totals
  const years = (totals.simulatedMs / yearMs).toFixed(1)
  return [
    `${totals.seeds} seeds passed, ${totals.failed} failed; ${years} years simulated in ` +
      `${totals.steps} steps and ${seconds.toFixed(0)} s`,
    `${totals.invoices} invoices, ${totals.charges} tries to charge`,
    `operations ${sumOf(operations)}: ${listed(operations)}`,
    `refused ${sumOf(refusals)}: ${listed(refusals)}`,
    `faults ${sumOf(faults)}: ${listed(faults)}`,
    '',
  ].join('\n')
}
