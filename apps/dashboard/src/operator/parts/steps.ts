// The steps of a way through time: by days where it is short, by months where it is long, so that there is
// something to see.

export const spans = ['day', 'month', 'fourteenMonths'] as const
export type Span = (typeof spans)[number]

const dayMs = 86_400_000

/** So many months later, on the last day of a month that is shorter. */
function monthsLater(from: Date, count: number): Date {
  const last = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + count + 1, 0))
  const next = new Date(from)
  next.setUTCFullYear(
    last.getUTCFullYear(),
    last.getUTCMonth(),
    Math.min(from.getUTCDate(), last.getUTCDate()),
  )
  return next
}

const months = (now: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => monthsLater(new Date(now), index + 1).toISOString())

/** The instants to stop at, the last of them the goal. */
export function stepsFrom(now: string, span: Span): readonly string[] {
  if (span === 'day') return [new Date(Date.parse(now) + dayMs).toISOString()]
  return months(now, span === 'month' ? 1 : 14)
}

const stepsMax = 240

/** By months up to an instant; a goal in the past is left to the API to refuse. */
export function stepsTo(now: string, to: string): readonly string[] {
  const before = months(now, stepsMax).filter(each => each < to)
  return [...before, to]
}
