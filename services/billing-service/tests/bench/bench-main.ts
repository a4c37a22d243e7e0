// `npm run bench [-- NAMES] [--json] [--size N]`: what the product does in a second, beside what the machine can
// do at most in the same run.
import { parseArgs } from 'node:util'
import { billingRun } from './billing-run.ts'
import { csv, pdf, xlsx } from './files.ts'
import { usage, usageSingle, webhooks } from './intake.ts'
import { type Bench, machine, type Result } from './measure.ts'
import { gateway, reads } from './reading.ts'
import { memory, startup } from './standing.ts'
import { reports } from './summing.ts'

const help = `Usage: npm run bench [-- NAMES...] [--json] [--size N]

  NAMES     which benches; all by default
  --json    {machine, results} alone on stdout
  --size N  how much work a round has, for benches that take a size; default 2000. Files have 50 rows
            for each: 100,000 by default, a million with --size 20000; the billing run bills 10, 100,000 with
            --size 10000

Progress goes to stderr. Exit code 0 when every bench ran, whatever it measured.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    size: { type: 'string', default: '2000' },
    help: { type: 'boolean', default: false },
  },
})

const size = Number(values.size)
const benches: readonly Bench[] = [
  billingRun(size * 10),
  usage(Math.ceil(size / 100)),
  usageSingle(size),
  webhooks(size),
  reads(size * 2),
  gateway(size * 2),
  csv(size * 50),
  xlsx(size * 50),
  pdf,
  reports(size * 100),
  startup,
  memory,
]

const round = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)

function line({ name, unit, value, floor, ratio, must, aim, pass, noisy, spread }: Result): string {
  const verdict = noisy ? 'too noisy' : pass === null ? '' : pass ? 'reached' : 'missed'
  const goal = must === null ? '' : `must ${must}, aim ${aim}`
  return [
    name.padEnd(40),
    `${round(value)} ${unit} [${round(spread[0])} to ${round(spread[1])}]`.padEnd(44),
    (floor === null ? '' : `floor ${round(floor)}, ratio ${ratio.toPrecision(3)}`).padEnd(34),
    goal.padEnd(22),
    verdict,
  ].join(' ')
}

async function main(): Promise<number> {
  if (values.help || !Number.isInteger(size) || size < 10) {
    process.stderr.write(`${help}\n`)
    return values.help ? 0 : 2
  }
  const unknown = positionals.filter(name => !benches.some(bench => bench.name === name))
  if (unknown.length > 0) {
    const names = benches.map(({ name }) => name).join(', ')
    process.stderr.write(`There is no bench ${unknown.join(', ')}. There are: ${names}.\n`)
    return 2
  }
  const results: Result[] = []
  for (const bench of benches) {
    if (positionals.length > 0 && !positionals.includes(bench.name)) continue
    process.stderr.write(`${bench.name}: ${bench.says}\n`)
    results.push(...(await bench.run(said => process.stderr.write(`  ${said}\n`))))
  }
  const said = values.json
    ? JSON.stringify({ machine: machine(), results })
    : results.map(line).join('\n')
  process.stdout.write(`${said}\n`)
  return 0
}

process.exitCode = await main()
