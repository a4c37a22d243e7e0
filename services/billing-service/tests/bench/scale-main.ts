// `npm run scale`: whether a billing run costs the same per invoice, and reads take as long, when there is ten and a
// hundred times as much. On a server of its own, which is gone afterwards.
import { parseArgs } from 'node:util'
import { openGround } from './ground.ts'
import { machine } from './measure.ts'
import { Loader, type Sizes } from './scale-load.ts'
import { billing, type Figure, reading, warmUp } from './scale-measure.ts'

const help = `Usage: npm run scale [-- OPTIONS]

  --subscriptions N  default 20000; one a tenant, but for one large tenant with a hundredth of all
  --transactions N   default 100000, each with its paid invoice
  --usage N          usage events, default 500000
  --due N            subscriptions billed at each size, default 600
  --reads N          requests of each kind, three times at each size, default 100
  --json             {machine, sizes, verdicts} alone on stdout

Loads a hundredth, a tenth and all of it into a server of its own, and measures at each. Progress goes to
stderr. Exit code 0 when it ran, whatever it measured.`

const number = (byDefault: number) => ({ type: 'string', default: String(byDefault) }) as const

const { values } = parseArgs({
  options: {
    subscriptions: number(20_000),
    transactions: number(100_000),
    usage: number(500_000),
    due: number(600),
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
const [due, reads] = [Number(values.due), Number(values.reads)]

interface Measured {
  readonly sizes: Sizes
  readonly loadSeconds: number
  readonly figures: readonly Figure[]
}

interface Verdict {
  readonly name: string
  /** The largest size by the smallest. */
  readonly ratio: number
  readonly must: number
  /** How far its figures of one size lie apart, at worst. */
  readonly noise: number
  /** Null: it swings by itself more than it may grow. */
  readonly pass: boolean | null
}

const mayGrow = (figure: Figure): number => (figure.p99Ms === null ? 1.1 : 1.2)

function judge(measured: readonly Measured[]): Verdict[] {
  const [first, last] = [measured[0]!, measured.at(-1)!]
  return first.figures.map((figure, at) => {
    const ratio = last.figures[at]!.p50Ms / figure.p50Ms
    const noise = Math.max(
      ...measured.map(({ figures }) => figures[at]!.spread[1] / figures[at]!.spread[0]),
    )
    const must = mayGrow(figure)
    return { name: figure.name, ratio, must, noise, pass: noise > must ? null : ratio <= must }
  })
}

const ms = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

function table(measured: readonly Measured[], verdicts: readonly Verdict[]): string {
  const heads = measured.map(({ sizes }) =>
    [sizes.subscriptions, sizes.transactions, sizes.usage]
      .map(n => n.toLocaleString('en'))
      .join(' / '),
  )
  const rows = verdicts.map(({ name, ratio, noise, pass, must }, at) => [
    name,
    ...measured.map(({ figures }) => {
      const { p50Ms, p99Ms, spread } = figures[at]!
      return p99Ms === null
        ? `${ms(p50Ms)} [${spread.map(ms).join(' to ')}]`
        : `${ms(p50Ms)} / ${ms(p99Ms)}`
    }),
    `${ratio.toFixed(2)} (${must})`,
    noise.toFixed(2),
    pass === null ? 'too noisy' : pass ? 'holds' : 'grows',
  ])
  const all = [
    ['ms: p50 / p99, or time [spread]', ...heads, 'ratio (may)', 'noise', 'verdict'],
    ...rows,
  ]
  const widths = all[0]!.map((_, column) => Math.max(...all.map(row => row[column]!.length)))
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

async function measureAll(): Promise<Measured[]> {
  const ground = await openGround({ BILLING_DRAFT_HOURS: '0', BILLING_USAGE_DRAFT_HOURS: '0' })
  const loader = new Loader(ground)
  const leave = () => {
    loader.close()
    void ground.close().finally(() => process.exit(130))
  }
  process.once('SIGINT', leave).once('SIGTERM', leave)
  try {
    const measured: Measured[] = []
    let before: Sizes = { subscriptions: 0, transactions: 0, usage: 0 }
    for (const share of [100, 10, 1]) {
      const sizes: Sizes = {
        subscriptions: Math.ceil(full.subscriptions / share),
        transactions: Math.ceil(full.transactions / share),
        usage: Math.ceil(full.usage / share),
      }
      const began = performance.now()
      await loader.load(before, sizes, tell)
      const loadSeconds = (performance.now() - began) / 1_000
      tell(`loaded in ${loadSeconds.toFixed(0)} s`)
      if (share === 100) await warmUp(ground, sizes)
      const run = await billing(ground, due)
      tell(`billing run: ${ms(run.p50Ms)} ms an invoice`)
      measured.push({
        sizes,
        loadSeconds,
        figures: [run, ...(await reading(ground, sizes, reads))],
      })
      before = sizes
    }
    return measured
  } finally {
    loader.close()
    await ground.close()
  }
}

async function main(): Promise<number> {
  const counts = [...Object.values(full), due, reads]
  const sound = counts.every(Number.isSafeInteger) && full.subscriptions >= 10_000
  if (values.help || !sound || counts.some(count => count < 100)) {
    process.stderr.write(`${help}\n`)
    if (!values.help)
      process.stderr.write('\nWhole numbers: 10,000 subscriptions or more, 100 of the rest.\n')
    return values.help ? 0 : 2
  }
  const measured = await measureAll()
  const verdicts = judge(measured)
  const said = values.json
    ? JSON.stringify({ machine: machine(), sizes: measured, verdicts })
    : table(measured, verdicts)
  process.stdout.write(`${said}\n`)
  return 0
}

process.exitCode = await main()
