// Cuts a span of time into whole UTC days, whose sums are kept, and the parts of days at its two ends, whose
// rows are read.
import type { Instant } from '../time.ts'
import { utcDay } from './roll-ups.ts'

const dayMs = 86_400_000

export interface Edge {
  readonly from: Instant
  readonly to: Instant
}

export interface SplitSpan {
  /** Half-open, `YYYY-MM-DD`; null when the span holds no whole day. */
  readonly days: { readonly from: string; readonly to: string } | null
  readonly edges: readonly Edge[]
}

/** The days and edges of a half-open span; together they are the span, and nothing twice. */
export function splitSpan(from: Instant, to: Instant): SplitSpan {
  const [first, last] = [Math.ceil(from / dayMs) * dayMs, Math.floor(to / dayMs) * dayMs]
  if (first >= last) return { days: null, edges: [{ from, to }] }
  const edges = [
    { from, to: first },
    { from: last, to },
  ]
  return {
    days: { from: utcDay(first), to: utcDay(last) },
    edges: edges.filter(edge => edge.from < edge.to),
  }
}
