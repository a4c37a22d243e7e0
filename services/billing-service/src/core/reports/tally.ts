// Sums by what rows have in common: the fold that most reports are.
import type { Fold, ReportRow, ReportValue } from './report.ts'

/** What a fact adds to the row with these values. */
export interface Part {
  readonly key: Readonly<Record<string, ReportValue>>
  readonly add: Readonly<Record<string, number>>
}

function compareValues(a: ReportValue | undefined, b: ReportValue | undefined): number {
  if (a === b) return 0
  if (a == null || b == null) return a == null ? 1 : -1
  return a < b ? -1 : 1
}

function compareKeys(a: ReportRow, b: ReportRow, fields: readonly string[]): number {
  for (const field of fields) {
    const order = compareValues(a[field], b[field])
    if (order !== 0) return order
  }
  return 0
}

/**
 * Adds parts up by their keys. Rows come in the order of their keys, what is unknown last; `finish` adds
 * figures that are made of the sums.
 */
export function tally<F>(
  partsOf: (fact: F) => Iterable<Part>,
  finish: (row: ReportRow) => ReportRow = row => row,
): Fold<F> {
  const byKey = new Map<string, { key: Part['key']; sums: Record<string, number> }>()
  return {
    add(fact) {
      for (const { key, add } of partsOf(fact)) {
        const name = JSON.stringify(Object.values(key))
        const known = byKey.get(name) ?? { key, sums: {} }
        byKey.set(name, known)
        for (const [column, amount] of Object.entries(add)) {
          known.sums[column] = (known.sums[column] ?? 0) + amount
        }
      }
    },
    rows() {
      const found = [...byKey.values()]
      const fields = Object.keys(found[0]?.key ?? {})
      return found
        .map(({ key, sums }): ReportRow => ({ ...key, ...sums }))
        .sort((a, b) => compareKeys(a, b, fields))
        .map(finish)
    },
  }
}
