// How a bench is measured: product and floor by turns in one run, several rounds, medians and their spread. A
// floor that swings more than twofold makes the result "too noisy", never a pass.
import { cpus, totalmem } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export interface Result {
  readonly name: string
  /** What the two figures are, such as `invoices/s`. */
  readonly unit: string
  readonly value: number
  /** The floor's figure; null for a goal that is absolute. */
  readonly floor: number | null
  /** `value / floor`; the value itself where there is no floor. */
  readonly ratio: number
  readonly must: number | null
  readonly aim: number | null
  readonly pass: boolean | null
  readonly noisy: boolean
  /** Smallest and largest figure of the rounds. */
  readonly spread: readonly [number, number]
}

export interface Goal {
  readonly name: string
  readonly unit: string
  readonly must: number | null
  readonly aim: number | null
  /** Times and sizes are better when they are small. Default: large is better. */
  readonly small?: boolean
}

/** One round; the product's figure, and the floor's where there is one. */
export type Round = () => Promise<{ readonly value: number; readonly floor?: number }>

export interface Bench {
  readonly name: string
  readonly says: string
  run(tell: (line: string) => void): Promise<readonly Result[]>
}

export const rounds = 5

/** The middle of figures; the mean of two where there is no one. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[middle - 1] ?? 0, sorted[middle] ?? 0]
  return sorted.length % 2 === 1 ? high : (low + high) / 2
}

const swing = (figures: readonly number[]): number => Math.max(...figures) / Math.min(...figures)

/** The result of figures that were taken by turns. */
export function judged(
  goal: Goal,
  values: readonly number[],
  floors: readonly number[] = [],
): Result {
  const value = median(values)
  const floor = floors.length === 0 ? null : median(floors)
  // Each round has its own ratio: what slows the machine slows both of its halves.
  const ratio = floor === null ? value : median(values.map((each, at) => each / floors[at]!))
  const noisy = floors.length > 0 && swing(floors) > 2
  const reached = goal.must === null ? null : goal.small ? ratio <= goal.must : ratio >= goal.must
  return {
    name: goal.name,
    unit: goal.unit,
    value,
    floor,
    ratio,
    must: goal.must,
    aim: goal.aim,
    pass: noisy ? null : reached,
    noisy,
    spread: [Math.min(...values), Math.max(...values)],
  }
}

/** Five rounds of product and floor. */
export async function inRounds(goal: Goal, round: Round): Promise<Result> {
  const values: number[] = []
  const floors: number[] = []
  for (let n = 0; n < rounds; n += 1) {
    const { value, floor } = await round()
    values.push(value)
    if (floor !== undefined) floors.push(floor)
  }
  return judged(goal, values, floors)
}

setFlagsFromString('--expose-gc')
/** So that nobody pays for what was thrown away before. */
export const collectGarbage: () => void = runInNewContext('gc')

/** Seconds that some work takes. The garbage of what was prepared for it is collected before. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  collectGarbage()
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1_000
}

/** What the figures were taken on. */
export const machine = () => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
})
