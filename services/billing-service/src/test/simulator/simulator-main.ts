// Command (`npm run sim`): runs seeds, prints what was lived through, and ends with 1 when anything did not
// hold, with the command that replays it. `--plants` shows that every planted bug is found.
import { parseArgs } from 'node:util'
import { memoryStores, postgresStores, type Stores } from './databases.ts'
import { type Plant, plants } from './plants.ts'
import { addResult, failureText, noTotals, summaryText, type Totals } from './report.ts'
import { catchPlant, differenceOf, liveSeed } from './seed.ts'

const options = {
  seeds: { type: 'string' },
  seed: { type: 'string' },
  years: { type: 'string' },
  store: { type: 'string', default: 'memory' },
  plant: { type: 'string' },
  plants: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

class UsageProblem extends Error {
  override readonly name = 'UsageProblem'
}

function readArguments() {
  const { values } = parseArgs({ options })
  const seeds = Number(values.seeds ?? (values.plants ? 60 : 20))
  const years = Number(values.years ?? (values.plants ? 1 : 3))
  if (!Number.isInteger(seeds) || seeds < 1) throw new UsageProblem('--seeds takes a whole number')
  if (!(years > 0 && years <= 50)) throw new UsageProblem('--years takes a number up to 50')
  if (!['memory', 'postgres'].includes(values.store)) {
    throw new UsageProblem('--store takes memory or postgres')
  }
  const named = plants.find(each => each.name === values.plant)
  if (values.plant !== undefined && named === undefined) {
    throw new UsageProblem(`--plant takes one of ${plants.map(each => each.name).join(', ')}`)
  }
  const all = Array.from({ length: seeds }, (_, at) => String(at + 1))
  return {
    ...values,
    years,
    seedsMax: seeds,
    named: values.seed === undefined ? all : [values.seed],
    plant: named ?? null,
  }
}

interface Asked {
  readonly seed: string
  readonly years: number
  readonly plant: Plant | null
}

/** One seed on memory, and again on the other store if there is one: both statements must be the same. */
async function runOne(asked: Asked, memory: Stores, other: Stores | null, totals: Totals) {
  const { seed, years, plant } = asked
  const replay =
    `npm run sim -- --seed ${seed} --years ${years}` +
    `${plant === null ? '' : ` --plant ${plant.name}`}${other === null ? '' : ' --store postgres'}`
  const fail = (step: number, problems: readonly string[], diary: readonly string[]) => {
    totals.failed += 1
    process.stdout.write(failureText({ seed, step, problems, diary }, replay))
  }
  const outcome = await liveSeed({ ...asked, stores: memory })
  if (!('result' in outcome)) return fail(outcome.step, outcome.problems, outcome.diary)
  const { result } = outcome
  if (other !== null) {
    const there = await liveSeed({ ...asked, stores: other })
    if (!('result' in there)) return fail(there.step, there.problems, there.diary)
    const difference = differenceOf(result.statement, there.result.statement)
    if (difference !== null) return fail(result.steps, [difference], [])
  }
  addResult(totals, result)
  process.stderr.write(`seed ${seed}: ${result.steps} steps, ${result.invoices} invoices\n`)
}

async function runPlants(seedsMax: number, years: number): Promise<void> {
  let missed = 0
  for (const plant of plants) {
    const caught = await catchPlant(plant, { seedsMax, years, stores: memoryStores() })
    if (caught === null) missed += 1
    process.stdout.write(
      caught === null
        ? `MISSED  ${plant.name}: ${plant.says}\n`
        : `caught  ${plant.name} at seed ${caught.seed} step ${caught.step}: ${caught.problem}\n`,
    )
  }
  process.stdout.write(`${plants.length - missed} of ${plants.length} planted bugs caught\n`)
  process.exitCode = missed > 0 ? 1 : 0
}

async function main(): Promise<void> {
  const { named, years, plant, store, json, plants: allPlants, seedsMax } = readArguments()
  if (allPlants) return runPlants(seedsMax, years)
  const startedAt = Date.now()
  const totals = noTotals()
  const other = store === 'postgres' ? await postgresStores() : null
  try {
    for (const seed of named) await runOne({ seed, years, plant }, memoryStores(), other, totals)
  } finally {
    await other?.close()
  }
  const seconds = (Date.now() - startedAt) / 1000
  process.stdout.write(
    json ? `${JSON.stringify({ ...totals, seconds })}\n` : summaryText(totals, seconds),
  )
  process.exitCode = totals.failed > 0 ? 1 : 0
}

try {
  await main()
} catch (error) {
  if (!(error instanceof UsageProblem)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
