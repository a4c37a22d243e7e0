// Command (`npm run fuzz`): generated requests against a whole service, for some minutes; ends with 1 when an
// answer was not as the OpenAPI document says.
import { parseArgs } from 'node:util'
import { type RouteName, routes } from '@quittance/billing-contract/routes'
import { openWorld } from '../world.ts'
import { fuzz, fuzzSummary } from './fuzz.ts'

const help = `npm run fuzz -- [options]

Sends valid and hostile requests, generated from the contract, to every operation as every role.

  --minutes N   how long (default 2)
  --seed S      a whole number (default: drawn, and printed)
  --route NAME  one operation alone, by its name in the contract

Exit code 1 when an answer was not as the OpenAPI document says, 2 for a bad option.
`

function readArguments() {
  const options = {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string' },
    route: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  } as const
  const { values } = parseArgs({ options })
  const minutes = Number(values.minutes)
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
  const known = values.route === undefined || Object.hasOwn(routes, values.route)
  if (!(minutes > 0) || !Number.isInteger(seed) || !known) throw new Error('bad option')
  return { minutes, seed, only: values.route as RouteName | undefined, help: values.help }
}

async function main(): Promise<number> {
  let read: ReturnType<typeof readArguments>
  try {
    read = readArguments()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${help}`)
    return 2
  }
  if (read.help) {
    process.stdout.write(help)
    return 0
  }
  const say = (line: string) => process.stdout.write(`${line}\n`)
  say(`seed ${read.seed}`)
  const world = await openWorld({ jobs: 'off' })
  try {
    const result = await fuzz(world, { ...read, ms: read.minutes * 60_000, say })
    say(fuzzSummary(result))
    return result.findings.length === 0 ? 0 : 1
  } finally {
    await world.close()
  }
}

process.exitCode = await main()
