// `npm run scale`: whether a billing run costs the same per invoice, and reads take as long, when there is ten and a
// hundred times as much. Each size has a server of its own, which is gone afterwards.
import { parseArgs } from 'node:util'
import { openGround } from './ground.ts'
import { machine, median, seconds } from './measure.ts'
import { judge, leftOut, type Verdict } from './scale-judge.ts'
import { load } from './scale-load.ts'
import { type Figure, measureAll, type Place, type Taken } from './scale-measure.ts'
import type { Sizes } from './scale-rows.ts'

const help = `Usage: npm run scale [-- OPTIONS]

  --subscriptions N  default 20000; one a tenant, but for one large tenant with a hundredth of all
  --transactions N   default 100000, each with its paid invoice
  --usage N          usage events, default 500000
  --rounds N         default 9; the more, the narrower what is said
  --due N            subscriptions billed in each round, default 200
  --reads N          requests of each kind in each round, default 100
  --json             {machine, places, figures, verdicts} alone on stdout

Loads a hundredth, a tenth and all of it into servers of their own, and measures them by turns. Progress goes to
stderr. 1000000, 10000000 and 50000000 take 60 GB of disk and an hour or more on two cores. Exit code 0 when it ran,
whatever it measured.`

const number = (byDefault: number) => ({ type: 'string', default: String(byDefault) }) as const

const { values } = parseArgs({
  options: {
    subscriptions: number(20_000),
    transactions: number(100_000),
    usage: number(500_000),
    rounds: number(9),
    due: number(200),
    reads: number(100),
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const full: Sizes = {
  subscriptions: Number(values.subscriptions),
  transactions: Number(values.transactions),
  usage: Number(values.usage),
}
const amounts = {
  rounds: Number(values.rounds),
  due: Number(values.due),
  reads: Number(values.reads),
}

const part = (share: number): Sizes => ({
  subscriptions: Math.ceil(full.subscriptions / share),
  transactions: Math.ceil(full.transactions / share),
  usage: Math.ceil(full.usage / share),
})

const ms = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

const said = ({ p50Ms, p99Ms }: Taken): string =>
  p99Ms === null ? ms(p50Ms) : `${ms(p50Ms)} / ${ms(p99Ms)}`

const named = (sizes: Sizes): string =>
  [sizes.subscriptions, sizes.transactions, sizes.usage]
    .map(n => n.toLocaleString('en'))
    .join(' / ')

/** Of one kind at one size, the middle of all rounds. */
const middle = ({ rounds }: Figure, size: number): Taken => {
  const taken = rounds.map(sizes => sizes[size]!)
  const p99 = taken.flatMap(({ p99Ms }) => p99Ms ?? [])
  return {
    p50Ms: median(taken.map(({ p50Ms }) => p50Ms)),
    p99Ms: p99.length === 0 ? null : median(p99),
  }
}

function table(sizes: readonly Sizes[], figures: readonly Figure[], verdicts: readonly Verdict[]) {
  const rows = verdicts.map(({ name, ratio, between, pass, must }, at) => [
    name,
    ...sizes.map((_, size) => said(middle(figures[at]!, size))),
    `${ratio.toFixed(2)} [${between.map(each => each.toFixed(2)).join(' to ')}]`,
    `${must}`,
    pass === null ? 'too noisy' : pass ? 'holds' : 'grows',
    figures[at]!.first?.map(({ p50Ms }) => ms(p50Ms)).join(' / ') ?? '',
  ])
  const heads = [
    'ms: p50 / p99, or time',
    ...sizes.map(named),
    'ratio [95 %]',
    'may',
    'verdict',
    'asked for the first time, p50',
  ]
  const all = [heads, ...rows]
  const widths = heads.map((_, column) => Math.max(...all.map(row => row[column]!.length)))
  return all
    .map(row =>
      row
        .map((each, at) => each.padEnd(widths[at]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const tell = (line: string) => process.stderr.write(`  ${line}\n`)

async function run(): Promise<string> {
  const places: (Place & { loadSeconds: number })[] = []
  try {
    for (const share of [100, 10, 1]) {
      const sizes = part(share)
      tell(named(sizes))
      const ground = await openGround({ BILLING_DRAFT_HOURS: '0', BILLING_USAGE_DRAFT_HOURS: '0' })
      const place = { ground, sizes, loadSeconds: 0 }
      places.push(place)
      place.loadSeconds = await seconds(() => load(ground.world.ownerUrl, sizes, tell))
      tell(`loaded in ${place.loadSeconds.toFixed(0)} s`)
    }
    const figures = await measureAll(places, amounts, tell)
    const verdicts = figures.map(judge)
    if (!values.json) {
      return table(
        places.map(({ sizes }) => sizes),
        figures,
        verdicts,
      )
    }
    const loaded = places.map(({ sizes, loadSeconds }) => ({ sizes, loadSeconds }))
    return JSON.stringify({ machine: machine(), places: loaded, figures, verdicts })
  } finally {
    for (const { ground } of places) await ground.close()
  }
}

async function main(): Promise<number> {
  const counts = [...Object.values(full), amounts.due, amounts.reads]
  const sound =
    counts.every(count => Number.isSafeInteger(count) && count >= 100) &&
    full.subscriptions >= 10_000 &&
    Number.isSafeInteger(amounts.rounds) &&
    leftOut(amounts.rounds) >= 0
  if (values.help || !sound) {
    process.stderr.write(`${help}\n`)
    if (!values.help) {
      process.stderr.write(
        '\nWhole numbers: 10,000 subscriptions or more, 100 of the rest, 6 rounds.\n',
      )
    }
    return values.help ? 0 : 2
  }
  process.stdout.write(`${await run()}\n`)
  return 0
}

process.exitCode = await main()
