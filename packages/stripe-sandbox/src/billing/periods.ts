// Billing periods: computed from the anchor, so that a 31st returns to the 31st after a short
// month. All times are UTC.

export type Interval = 'day' | 'week' | 'month' | 'year'
type Rhythm = { interval: Interval; interval_count: number }

const daySeconds = 86_400

function addMonths(anchor: number, months: number): number {
  const from = new Date(anchor * 1000)
  const first = new Date(anchor * 1000)
  first.setUTCDate(1)
  first.setUTCMonth(first.getUTCMonth() + months)
  const lastDay = new Date(
    Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0),
  ).getUTCDate()
  first.setUTCDate(Math.min(from.getUTCDate(), lastDay))
  return Math.floor(first.getTime() / 1000)
}

/** The start of the n-th period after the anchor, in epoch seconds (UTC). */
export function periodStart(anchor: number, { interval, interval_count }: Rhythm, n: number) {
  const steps = interval_count * n
  switch (interval) {
    case 'day':
      return anchor + steps * daySeconds
    case 'week':
      return anchor + steps * 7 * daySeconds
    case 'month':
      return addMonths(anchor, steps)
    case 'year':
      return addMonths(anchor, steps * 12)
  }
}

/** The first period boundary after an instant. */
export function nextBoundary(anchor: number, rhythm: Rhythm, after: number): number {
  let n = 1
  while (periodStart(anchor, rhythm, n) <= after) n += 1
  return periodStart(anchor, rhythm, n)
}
