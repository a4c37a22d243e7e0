// Command (`npm run sim`): runs seeds, prints what was lived through, and ends with 1 when anything did not
// hold, with the command that replays it. `--plants` shows that every planted bug is found.
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { mongoUri } from '../mongo-database.ts'
import { memoryStores, mongoStores, postgresStores, type Stores } from './databases.ts'
import { operations } from './operations.ts'
import { type Plant, plants } from './plants.ts'
import { addResult, failureText, neverDone, noTotals, summaryText, type Totals } from './report.ts'
import { catchPlant, differenceOf, liveSeed, type SeedOutcome } from './seed.ts'

const options = {
  seeds: { type: 'string' },
  seed: { type: 'string' },
  years: { type: 'string' },
  store: { type: 'string', default: 'memory' },
  plant: { type: 'string' },
  plants: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  /** Processes that share the seeds. */
  workers: { type: 'string' },
  /** Set by the parent for each of them: its own number. */
  share: { type: 'string' },
} as const

const help = `npm run sim -- [options]

Lets seeded tenants live through years of billing with faults, and checks the books at every step.

  --seeds N       seeds 1 to N (default 20); --seed S runs one, as a failure asks for
  --years Y       simulated years a seed (default 3; with --plants 1), at most 50
  --store NAME    memory (default), postgres, or mongo (the server of
                  MONGODB_URI): then on memory too, with equal statements
  --plant NAME    with this planted bug: ${plants.map(each => each.name).join(', ')}
  --plants        runs each planted bug until it is caught
  --workers N     processes that share the seeds (default: one a core)
  --json          the figures as JSON

Exit code 1 when anything did not hold, 2 for a bad option.
`

class UsageProblem extends Error {
  override readonly name = 'UsageProblem'
}

function parsed() {
  try {
    return parseArgs({ options })
  } catch (error) {
    throw new UsageProblem(`${error instanceof Error ? error.message : error}\n\n${help}`)
  }
}

function readArguments() {
  const { values } = parsed()
  const seeds = Number(values.seeds ?? (values.plants ? 60 : 20))
  const years = Number(values.years ?? (values.plants ? 1 : 3))
  if (!Number.isInteger(seeds) || seeds < 1) throw new UsageProblem('--seeds takes a whole number')
  if (!(years > 0 && years <= 50)) throw new UsageProblem('--years takes a number up to 50')
  if (!['memory', 'postgres', 'mongo'].includes(values.store)) {
    throw new UsageProblem('--store takes memory, postgres or mongo')
  }
  const named = plants.find(each => each.name === values.plant)
  if (values.plant !== undefined && named === undefined) {
    throw new UsageProblem(`--plant takes one of ${plants.map(each => each.name).join(', ')}`)
  }
  const all = Array.from({ length: seeds }, (_, at) => String(at + 1))
  const workers = Number(values.workers ?? availableParallelism())
  if (!Number.isInteger(workers) || workers < 1) {
    throw new UsageProblem('--workers takes a whole number')
  }
  return {
    ...values,
    workers,
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

/** What a worker tells of a seed. */
type Told = SeedOutcome & { readonly replay: string }

interface OtherStores extends Stores {
  readonly name: string
}

async function openOther(name: string): Promise<OtherStores | null> {
  if (name === 'memory') return null
  if (name === 'postgres') return { name, ...(await postgresStores()) }
  if (mongoUri === null) throw new UsageProblem('--store mongo needs MONGODB_URI')
  return { name, ...mongoStores(mongoUri) }
}

/** One seed on memory, and again on the other store if there is one: both statements must be the same. */
async function runOne(asked: Asked, memory: Stores, other: OtherStores | null): Promise<Told> {
  const { seed, years, plant } = asked
  const replay =
    `npm run sim -- --seed ${seed} --years ${years}` +
    `${plant === null ? '' : ` --plant ${plant.name}`}${other === null ? '' : ` --store ${other.name}`}`
  const here = await liveSeed({ ...asked, stores: memory })
  if (other === null || !('result' in here)) return { ...here, replay }
  const there = await liveSeed({ ...asked, stores: other })
  if (!('result' in there)) return { ...there, replay }
  const difference = differenceOf(here.result.statement, there.result.statement, other.name)
  if (difference === null) return { ...here, replay }
  return { seed, step: here.result.steps, problems: [difference], diary: [], replay }
}

function note(totals: Totals, told: Told): void {
  if (!('result' in told)) {
    totals.failed += 1
    process.stdout.write(failureText(told, told.replay))
    return
  }
  addResult(totals, told.result)
  const { steps, invoices } = told.result
  process.stderr.write(`seed ${told.seed}: ${steps} steps, ${invoices} invoices\n`)
}

/** Runs every nth seed and tells what became of each. */
async function runShare(
  asked: ReturnType<typeof readArguments>,
  of: number,
  tell: (told: Told) => void,
): Promise<void> {
  const { years, plant, store, named, share } = asked
  const own = named.filter((_, at) => at % of === Number(share ?? 0))
  const other = await openOther(store)
  try {
    for (const seed of own) tell(await runOne({ seed, years, plant }, memoryStores(), other))
  } finally {
    await other?.close()
  }
}

/** Shares the seeds among processes; what they tell is noted as it comes. */
async function runShared(workers: number, totals: Totals): Promise<void> {
  const runs = Array.from({ length: workers }, (_, share) => {
    const more = ['--workers', String(workers), '--share', String(share)]
    const child = fork(process.argv[1]!, [...process.argv.slice(2), ...more])
    child.on('message', told => note(totals, told as Told))
    return new Promise<void>((resolve, reject) => {
      child.on('exit', code =>
        code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`)),
      )
    })
  })
  await Promise.all(runs)
}

async function runPlants(wanted: readonly Plant[], seedsMax: number, years: number): Promise<void> {
  let missed = 0
  for (const plant of wanted) {
    const caught = await catchPlant(plant, { seedsMax, years, stores: memoryStores() })
    if (caught === null) missed += 1
    process.stdout.write(
      caught === null
        ? `MISSED  ${plant.name}: ${plant.says}\n`
        : `caught  ${plant.name} at seed ${caught.seed} step ${caught.step}: ${caught.problem}\n`,
    )
  }
  process.stdout.write(`${wanted.length - missed} of ${wanted.length} planted bugs caught\n`)
  process.exitCode = missed > 0 ? 1 : 0
}

async function main(): Promise<void> {
  const asked = readArguments()
  if (asked.help) {
    process.stdout.write(help)
    return
  }
  const { named, json, workers, share } = asked
  if (asked.plants) {
    const wanted = asked.plant === null ? plants : [asked.plant]
    return runPlants(wanted, asked.seedsMax, asked.years)
  }
  if (share !== undefined) return runShare(asked, workers, told => process.send!(told))
  const startedAt = Date.now()
  const totals = noTotals()
  if (named.length > 1 && workers > 1) await runShared(workers, totals)
  else await runShare(asked, 1, told => note(totals, told))
  const seconds = (Date.now() - startedAt) / 1000
  process.stdout.write(
    json ? `${JSON.stringify({ ...totals, seconds })}\n` : summaryText(totals, seconds),
  )
  const missing = totals.failed > 0 ? [] : neverDone(totals, Object.keys(operations))
  if (missing.length > 0) process.stdout.write(`never done: ${missing.join(', ')}\n`)
  process.exitCode = totals.failed > 0 || missing.length > 0 ? 1 : 0
}

try {
  await main()
} catch (error) {
  if (!(error instanceof UsageProblem)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
