// `npm run faults`: money under every fault of the sandbox, with the service killed again and again. At the
// end ledger, transactions and sandbox must agree to the cent.
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Transaction } from '../../src/core/payment.ts'
import { type Caller, callerOf } from './caller.ts'
import { type Chance, chanceFrom } from './chance.ts'
import {
  compareInvoices,
  compareLedger,
  comparePayments,
  compareRefunds,
  readOurs,
  readTheirs,
} from './compare.ts'
import { beginMischief, endMischief, type Struck } from './mischief.ts'
import { type Parts, type Service, startParts } from './parts.ts'
import { settle } from './settle.ts'
import { summaryOf } from './summary.ts'
import { openTenants } from './tenants.ts'
import { makeWork, type Work } from './work.ts'

const help = `Usage: npm run faults [-- --payments N] [--kills N] [--seed S]

  --payments N  payments to try, default 2000
  --kills N     times the service is killed with SIGKILL, default 50
  --seed S      the choices of a former run, default from the clock

Exit code 1 on any difference between ledger, transactions and sandbox.`

const concurrency = 10
const shownMax = 40

interface Plan {
  readonly payments: number
  readonly kills: number
  readonly seed: number
}

const say = (line: string) => process.stdout.write(`${line}\n`)

type Tell = (line: string) => void

function progress(): Tell {
  const began = performance.now()
  return line => {
    const seconds = ((performance.now() - began) / 1000).toFixed(0).padStart(4)
    process.stderr.write(`${seconds} s  ${line}\n`)
  }
}

/** Kills the service at random points of the work, so many times. */
async function killAlong(
  service: Service,
  work: Work,
  { payments, kills }: Plan,
  chance: Chance,
): Promise<void> {
  const points = Array.from({ length: kills }, () => chance.next() * payments * 0.98)
  for (const point of points.toSorted((a, b) => a - b)) {
    while (work.done() < point) await wait(20)
    await wait(chance.whole(0, 400))
    await service.killAndRestart()
  }
}

/** Lost webhooks are looked for every 10 minutes; here once more, so that nobody waits for the next slot. */
async function findLost(service: Service): Promise<void> {
  const { code, said } = await service.command(['jobs', 'run', 'backfill-events'])
  if (code !== 0) throw new Error(`backfill-events: ${said}`)
}

/** Payments that the processor never saw were called off: whoever owes them pays after all. */
function calledOff(ours: readonly Transaction[]) {
  const payments = ours.filter(({ type }) => type === 'payment')
  const latest = new Map(payments.map(payment => [payment.invoiceId, payment]))
  return [...latest.values()].flatMap(({ tenantId, invoiceId, status }) =>
    status === 'canceled' && invoiceId !== null ? [{ tenantId, invoiceId }] : [],
  )
}

async function differences(parts: Parts, work: Work, caller: Caller): Promise<string[]> {
  const theirs = await readTheirs(parts.sandbox.stripe)
  const ours = await readOurs(parts.store)
  const verified = await parts.service.command(['verify'])
  return [
    ...comparePayments(ours, theirs),
    ...compareRefunds(ours, theirs),
    ...(await compareInvoices(parts.store, ours, work.told.paid)),
    ...(await compareLedger(parts.store, theirs)),
    ...[...work.told.refunded]
      .filter(id => !ours.some(each => each.id === id))
      .map(id => `lost: refund ${id} was promised and is gone`),
    ...(verified.code === 0 ? [] : [`quittance verify: ${verified.said}`]),
    ...caller.unexpected,
  ]
}

/** The work itself, with everything going wrong. */
async function disturbed(
  { sandbox, service }: Parts,
  plan: Plan,
  tell: Tell,
): Promise<{ work: Work; caller: Caller; struck: Struck }> {
  const chance = chanceFrom(plan.seed)
  const caller = callerOf(service.url)
  const tenantCount = Math.max(4, Math.min(40, Math.floor(plan.payments / 25)))
  tell(`everything runs; opening ${tenantCount} tenants`)
  const tenants = await openTenants(caller, sandbox, tenantCount)
  await beginMischief(sandbox, chance, plan.seed)
  const work = makeWork(caller, tenants, chanceFrom(plan.seed + 1))
  const ticking = setInterval(() => {
    tell(`${work.done()} of ${plan.payments} payments, ${service.restarts()} kills`)
  }, 10_000)
  try {
    await Promise.all([
      work.run(plan.payments, concurrency),
      killAlong(service, work, plan, chance),
    ])
  } finally {
    clearInterval(ticking)
  }
  return { work, caller, struck: await endMischief(sandbox) }
}

async function run(plan: Plan): Promise<boolean> {
  const began = performance.now()
  const tell = progress()
  const parts = await startParts()
  const interrupted = () => void parts.close().finally(() => process.exit(1))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted)
  try {
    const { sandbox, store, service } = parts
    const { work, caller, struck } = await disturbed(parts, plan, tell)
    tell('the work is done; nothing goes wrong any more')
    await work.repeatUnheard()
    await findLost(service)
    await settle(sandbox, store, tell)
    const again = calledOff(await readOurs(store))
    tell(`${again.length} payments never began and are paid after all`)
    await work.payAgain(again)
    await findLost(service)
    await settle(sandbox, store, tell)
    const broken = await differences(parts, work, caller)
    const seconds = Math.round((performance.now() - began) / 1000)
    const facts = { ...plan, restarts: service.restarts(), again: again.length, struck, seconds }
    for (const line of await summaryOf(store, work.told, facts)) say(line)
    for (const line of broken.slice(0, shownMax)) say(`DIFFERS  ${line}`)
    if (broken.length > shownMax) say(`DIFFERS  and ${broken.length - shownMax} more`)
    const agreed = broken.length === 0 && service.restarts() === plan.kills
    if (agreed) say('0 lost, 0 doubled: ledger, transactions and sandbox agree to the cent')
    return agreed
  } finally {
    await parts.close()
  }
}

const whole = (name: string, given: string, from: number): number => {
  const value = Number(given)
  if (Number.isSafeInteger(value) && value >= from) return value
  throw new Error(`--${name} takes a whole number from ${from}, not "${given}"`)
}

/** Null asks for the help. */
function planOf(args: readonly string[]): Plan | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      payments: { type: 'string', default: '2000' },
      kills: { type: 'string', default: '50' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  return {
    payments: whole('payments', values.payments, 1),
    kills: whole('kills', values.kills, 0),
    seed: whole('seed', values.seed, 0),
  }
}

try {
  const plan = planOf(process.argv.slice(2))
  if (plan === null) say(help)
  else process.exitCode = (await run(plan)) ? 0 : 1
} catch (error) {
  process.stderr.write(`faults: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
