// One seed as the command and the tests run it: on memory, on a database as well, or with a bug put in.
import type { Stores } from './databases.ts'
import type { Plant } from './plants.ts'
import { type RunResult, runSeed, Violation } from './run.ts'
import { openWorld } from './world.ts'

export type SeedOutcome =
  | { readonly seed: string; readonly result: RunResult }
  | {
      readonly seed: string
      readonly step: number
      readonly problems: readonly string[]
      readonly diary: readonly string[]
    }

export interface SeedOptions {
  readonly seed: string
  readonly years: number
  readonly stores: Stores
  readonly plant?: Plant | null
}

/** Lives through a seed; what did not hold is an answer, not an error. */
export async function liveSeed({ seed, years, stores, plant }: SeedOptions): Promise<SeedOutcome> {
  const world = await openWorld({ seed, store: await stores.fresh(), plant: plant ?? null })
  try {
    return { seed, result: await runSeed(world, years) }
  } catch (error) {
    if (!(error instanceof Violation)) throw error
    const { step, problems, diary } = error
    return { seed, step, problems, diary }
  } finally {
    await world.close()
  }
}

/** The first lines in which two statements differ; null when they are the same, byte for byte. */
export function differenceOf(one: string, other: string, name = 'postgres'): string | null {
  if (one === other) return null
  const [left, right] = [one.split('\n'), other.split('\n')]
  const at = left.findIndex((line, index) => line !== right[index])
  const line = at < 0 ? left.length : at
  return `line ${line + 1}: "${left[line] ?? ''}" on memory, "${right[line] ?? ''}" on ${name}`
}

export interface Caught {
  readonly plant: Plant
  readonly seed: string
  readonly step: number
  readonly problem: string
}

/** Looks for a planted bug through seeds; null when none of them shows it. */
export async function catchPlant(
  plant: Plant,
  { seedsMax, years, stores }: { seedsMax: number; years: number; stores: Stores },
): Promise<Caught | null> {
  for (let at = 1; at <= seedsMax; at += 1) {
    const outcome = await liveSeed({ seed: String(at), years, stores, plant })
    if ('result' in outcome) continue
    // What fails without the plant as well shows nothing of it.
    const bare = await liveSeed({ seed: String(at), years, stores })
    if (!('result' in bare)) continue
    const { seed, step, problems } = outcome
    return { plant, seed, step, problem: problems[0]!.split('\n')[0]! }
  }
  return null
}
