// Whether what was measured by turns has grown. Each round has its own ratio, because what slows the machine slows all
// sizes; what the rounds leave open stays open.
import { median } from './measure.ts'
import type { Figure } from './scale-measure.ts'

export interface Verdict {
  readonly name: string
  readonly must: number
  /** The largest size by the smallest, median of the rounds. */
  readonly ratio: number
  /** Between these the true ratio lies, with at least 95 % certainty. */
  readonly between: readonly [number, number]
  /** Null: the rounds do not tell. */
  readonly pass: boolean | null
}

const sorted = (figures: readonly number[]): number[] => [...figures].sort((a, b) => a - b)

/**
 * How many figures may be left out at each end so that the rest still holds the true median with at least 95 %
 * certainty, whatever their distribution: each lies below it with a chance of a half. -1 if there are too few.
 */
export function leftOut(count: number): number {
  let [ways, below, out] = [1, 0, -1]
  for (let n = 0; n < count / 2; n += 1) {
    below += ways / 2 ** count
    if (below > 0.025) break
    out = n
    ways = (ways * (count - n)) / (n + 1)
  }
  return out
}

export function judge({ name, must, rounds }: Figure): Verdict {
  const ratios = sorted(rounds.map(sizes => sizes.at(-1)!.p50Ms / sizes[0]!.p50Ms))
  const out = leftOut(ratios.length)
  const between: [number, number] =
    out < 0 ? [0, Number.POSITIVE_INFINITY] : [ratios[out]!, ratios.at(-1 - out)!]
  const [low, high] = between
  const pass = high <= must ? true : low > must ? false : null
  return { name, must, ratio: median(ratios), between, pass }
}
