// One seed from its first day to its last: tenants act, time moves to what is due, jobs work, things go
// wrong, and after every step the books are looked at.
import { Refusal } from '../../core/refusal.ts'
import { toIso } from '../../core/time.ts'
import { jobs } from '../../jobs/registry.ts'
import { type Around, aroundDeps } from './around.ts'
import { simulatedPlans } from './catalogue.ts'
import { problemsAtRest, problemsNow, unproved } from './checks.ts'
import { watchPeriods } from './coverage.ts'
import { type DueTimes, trackDue } from './due.ts'
import {
  type Counts,
  Crash,
  count,
  crashAt,
  isInjected,
  isInjectedReason,
  openPost,
  type Post,
  troubleProcessor,
} from './faults.ts'
import { invoiceFigures } from './invariants.ts'
import type { Act, Scene } from './operations/scene.ts'
import { operations } from './operations.ts'
import { truthOf } from './processor-match.ts'
import type { Random } from './random.ts'
import { statementOf } from './statement.ts'
import { readBooks, readTenant } from './tenant-state.ts'
import { sideBySide } from './turns.ts'
import { operatorOf, type SimulatedTenant, type SimulatedWorld } from './world.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** Work at one instant that leads to more work must come to an end. */
const roundsMax = 60
const diaryKept = 40
const daysBetweenChecks = 31

/** What does not hold, where, and what had just been done. */
export class Violation extends Error {
  override readonly name = 'Violation'
  readonly step: number
  readonly problems: readonly string[]
  readonly diary: readonly string[]
  constructor(step: number, problems: readonly string[], diary: readonly string[]) {
    super(problems.join('\n'))
    this.step = step
    this.problems = problems
    this.diary = diary
  }
}

export interface RunResult {
  readonly statement: string
  readonly steps: number
  readonly simulatedMs: number
  readonly operations: Counts
  readonly refusals: Counts
  readonly faults: Counts
  readonly invoices: number
  readonly charges: number
}

interface Running {
  readonly world: SimulatedWorld
  readonly random: Random
  readonly due: DueTimes
  readonly post: Post
  readonly coverage: ReturnType<typeof watchPeriods>
  readonly statuses: Map<string, string>
  readonly done: Counts
  readonly refused: Counts
  readonly faults: Counts
  steps: number
  nextFullCheckAt: number
}

const tell = (running: Running, text: string): void => {
  const { diary, now } = running.world
  diary.push(`${toIso(now()).slice(0, 19)} ${text}`)
  if (diary.length > 2 * diaryKept) diary.splice(0, diary.length - diaryKept)
}

function assertNothing(running: Running, problems: readonly string[]): void {
  if (problems.length === 0) return
  throw new Violation(running.steps, problems, running.world.diary.slice(-diaryKept))
}

/** Takes note of what was written, and checks what can be said of it at once. */
function takeNote(running: Running): string[] {
  const { world, due, coverage, statuses } = running
  const written = world.written.splice(0)
  due.note(written)
  const problems: string[] = []
  for (const { collection, row, removed } of written) {
    if (removed) continue
    if (collection === 'invoices') problems.push(...invoiceFigures(row))
    if (collection === 'tenants') coverage.know(row)
    if (collection === 'subscriptions') problems.push(...coverage.see(row))
    if (collection === 'transactions' && statuses.get(row.id) !== row.status) {
      statuses.set(row.id, row.status)
      problems.push(...truthOf(world, row))
    }
  }
  for (const { message, reason } of world.complaints.splice(0)) {
    if (!isInjectedReason(reason) && reason !== '') problems.push(`${message}: ${reason}`)
  }
  return problems
}

/** What an act came to. A refusal is an answer; anything else must be the doing of a fault. */
function outcomeOf(running: Running, name: string, result: PromiseSettledResult<unknown>): string {
  if (result.status === 'fulfilled') {
    count(running.done, name)
    return 'done'
  }
  const { reason } = result
  if (reason instanceof Refusal && reason.code !== 'version_conflict') {
    count(running.refused, reason.code)
    return `refused: ${reason.code}`
  }
  if (isInjected(reason)) {
    count(running.faults, reason instanceof Crash ? 'crash' : 'processor_unavailable')
    return `cut off: ${reason.message}`
  }
  const text = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)
  assertNothing(running, [`${name} ended in a fault: ${text}`])
  return 'fault'
}

async function sceneOf(running: Running, tenant: SimulatedTenant): Promise<Scene> {
  const state = await readTenant(running.world, tenant.tenantId)
  return { ...state, world: running.world, random: tenant.random }
}

interface Chosen {
  readonly name: string
  readonly act: Act
}

function choose(scene: Scene): Chosen | null {
  const weights = Object.fromEntries(
    Object.entries(operations).map(([name, { weight }]) => [name, weight]),
  )
  for (let tries = 0; tries < 8; tries += 1) {
    const name = scene.random.weighted(weights)
    const act = operations[name]!.operation(scene)
    if (act !== null) return { name, act }
  }
  return null
}

/** One act, at times in a process that dies on the way; whoever asked may ask again. */
async function actAlone(running: Running, tenantId: string, { name, act }: Chosen): Promise<void> {
  const { world, random } = running
  const requestKey = random.chance(0.5) ? world.deps.ids.next('request') : null
  const caller = operatorOf(tenantId, requestKey, world.deps.ids.next('request'))
  const crashes = random.chance(0.05)
  const deps = crashes
    ? aroundDeps(world.deps, crashAt(random.whole(1, 30), random.chance(0.7)))
    : world.deps
  const [first] = await Promise.allSettled([act.run(deps, caller)])
  tell(running, `${tenantId} ${act.says}: ${outcomeOf(running, name, first)}`)
  const cut = first.status === 'rejected' && isInjected(first.reason)
  if (!cut || !random.chance(0.5)) return
  const [second] = await Promise.allSettled([act.run(world.deps, caller)])
  tell(running, `${tenantId} asks again: ${outcomeOf(running, name, second)}`)
}

/** Several acts of one tenant at the same moment, jobs among them. */
async function actTogether(running: Running, scene: Scene, first: Chosen): Promise<void> {
  const { world, random } = running
  const { tenantId } = scene.tenant
  const other = random.chance(0.5) ? first : (choose(scene) ?? first)
  const together = random.chance(0.3) ? [first, other, other] : [first, other]
  const results = await sideBySide(
    random,
    together.map(({ name, act }, at) => pass => {
      const deps = aroundDeps(world.deps, (where, _name, call) =>
        where === 'port' ? pass(call) : call(),
      )
      return act.run(deps, operatorOf(tenantId, null, `${name}-${at}-${running.steps}`))
    }),
  )
  count(running.faults, 'side_by_side')
  results.forEach((result, at) => {
    const { name, act } = together[at]!
    tell(running, `${tenantId} at once: ${act.says}: ${outcomeOf(running, name, result)}`)
  })
}

async function actOf(running: Running, tenant: SimulatedTenant): Promise<void> {
  const { world, random, faults } = running
  const days = tenant.random.weighted({ now: 2, soon: 4, later: 4 })
  const wait = { now: tenant.random.whole(1, 600) * 1000, soon: dayMs, later: 6 * dayMs }[days]
  tenant.nextActAt = world.now() + Math.floor(wait * (0.3 + tenant.random.next()))
  const scene = await sceneOf(running, tenant)
  const chosen = choose(scene)
  if (chosen === null) return
  // Who has seen a price comes back while the quote holds, or does not.
  if (chosen.name === 'askPrice')
    tenant.nextActAt = world.now() + tenant.random.whole(1, 900) * 1000
  const moves = chosen.name === 'refund' || chosen.name === 'pay'
  if (random.chance(moves ? 0.25 : 0.08)) troubleProcessor(world, random, faults)
  if (random.chance(0.08)) await actTogether(running, scene, chosen)
  else await actAlone(running, tenant.tenantId, chosen)
}

const jobNamed = (name: string) => jobs.find(job => job.name === name)!

/** A process that lives: calls are carried out as they come. */
const alive: Around = (_where, _name, call) => call()

/** A job by itself; what it does side by side stands in an order that can be had again. */
async function runJob(running: Running, name: string, around: Around): Promise<void> {
  const { world, random } = running
  const [result] = await sideBySide(random, [
    pass => {
      const deps = aroundDeps(world.deps, (where, call, work) =>
        where === 'port' ? pass(() => around(where, call, work)) : around(where, call, work),
      )
      return jobNamed(name).run(deps)
    },
  ])
  if (result?.status === 'rejected' && !isInjected(result.reason)) {
    assertNothing(running, [`the job ${name} ended in a fault: ${result.reason?.stack}`])
  }
}

async function runJobs(running: Running, names: readonly string[]): Promise<void> {
  const { random, faults } = running
  for (const name of names) {
    const crashes = random.chance(0.01)
    if (crashes) count(faults, 'crash_in_job')
    await runJob(running, name, crashes ? crashAt(random.whole(1, 40), random.chance(0.7)) : alive)
    if (crashes) tell(running, `${name}: the process dies`)
  }
}

/** Two instances at work at the same moment. */
async function runJobsTwice(running: Running, names: readonly string[]): Promise<void> {
  const { world, random } = running
  count(running.faults, 'two_instances')
  const results = await sideBySide(
    random,
    [...names, ...names].map(name => pass => {
      const deps = aroundDeps(world.deps, (where, _name, call) =>
        where === 'port' ? pass(call) : call(),
      )
      return jobNamed(name).run(deps)
    }),
  )
  for (const result of results) {
    if (result.status === 'rejected' && !isInjected(result.reason)) {
      assertNothing(running, [`two instances: ended in a fault: ${result.reason?.stack}`])
    }
  }
}

/** Jobs run beside each other: any of them may come first. */
function shuffled(random: Random, names: readonly string[]): string[] {
  const left = [...names]
  return names.map(() => left.splice(random.whole(0, left.length - 1), 1)[0]!)
}

/** Everything that is due at this instant, until nothing is. */
async function workThrough(running: Running): Promise<void> {
  const { world, post, due, random } = running
  for (let round = 0; round < roundsMax; round += 1) {
    world.sandbox.tick()
    post.collect()
    await post.deliver()
    assertNothing(running, takeNote(running))
    const names = shuffled(random, due.jobsBy(world.now()))
    if (names.length === 0) return
    if (random.chance(0.04)) await runJobsTwice(running, names)
    else await runJobs(running, names)
    assertNothing(running, takeNote(running))
  }
  assertNothing(running, [`work does not come to an end: ${due.jobsBy(world.now()).join(', ')}`])
}

const earliest = (...times: (number | null)[]): number =>
  times.reduce<number>((a, b) => Math.min(a, b ?? Number.POSITIVE_INFINITY), Infinity)

/** Lets what is under way come to rest: nothing goes wrong any more, and half an hour passes. */
async function comeToRest(running: Running): Promise<void> {
  const { world, due, post } = running
  world.sandbox.state.faults.clear()
  const until = world.now() + 30 * minuteMs
  await runJob(running, 'backfill-events', alive)
  for (;;) {
    await workThrough(running)
    const next = earliest(due.next(), post.nextDueAt())
    if (next > until) break
    world.moveTo(next)
  }
  world.moveTo(until)
  await workThrough(running)
}

async function fullCheck(running: Running): Promise<void> {
  const { world } = running
  await comeToRest(running)
  assertNothing(running, await problemsAtRest(world, running.coverage))
  assertNothing(running, await unproved(world, daysBetweenChecks + 10))
  running.nextFullCheckAt = world.now() + daysBetweenChecks * dayMs
}

/** Everything stands still for a while, as when a deployment is down. */
function outage(running: Running): void {
  const { world, random, faults } = running
  const days = random.whole(1, 5)
  count(faults, 'outage')
  // What was just written is held against the processor as it is now, not days later.
  assertNothing(running, takeNote(running))
  tell(running, `nothing runs for ${days} days`)
  world.standStill(days * dayMs)
}

async function remind(running: Running): Promise<void> {
  await runJobs(running, ['remind-renewals', 'remind-expiring-methods', 'remind-overdue'])
}

async function step(running: Running, endsAt: number): Promise<void> {
  const { world, due, post, random } = running
  running.steps += 1
  const acting = [...world.tenants].sort((a, b) => a.nextActAt - b.nextActAt)[0]!
  const next = earliest(acting.nextActAt, due.next(), post.nextDueAt(), running.nextFullCheckAt)
  world.moveTo(Math.min(next, endsAt))
  if (random.chance(0.004)) outage(running)
  if (world.now() >= acting.nextActAt) await actOf(running, acting)
  if (random.chance(0.004)) outage(running)
  if (random.chance(0.02)) await remind(running)
  if (random.chance(0.01)) await runJobs(running, ['backfill-events'])
  await workThrough(running)
  if (world.now() >= running.nextFullCheckAt) await fullCheck(running)
  else if (random.chance(0.05)) assertNothing(running, await problemsNow(world))
}

/** Lives through the years of a seed. Throws `Violation` at the first thing that does not hold. */
export async function runSeed(world: SimulatedWorld, years: number): Promise<RunResult> {
  const faults: Counts = {}
  const random = world.random.fork('driver')
  const running: Running = {
    world,
    random,
    due: trackDue(),
    post: openPost(world, random.fork('post'), faults),
    coverage: watchPeriods(id => simulatedPlans.find(plan => plan.id === id)!),
    statuses: new Map(),
    done: {},
    refused: {},
    faults,
    steps: 0,
    nextFullCheckAt: world.startedAt + daysBetweenChecks * dayMs,
  }
  const endsAt = world.startedAt + Math.round(years * 365.25 * dayMs)
  while (world.now() < endsAt) await step(running, endsAt)
  await fullCheck(running)
  return resultOf(running)
}

async function resultOf(running: Running): Promise<RunResult> {
  const { world } = running
  const statements: string[] = []
  let invoices = 0
  let charges = 0
  for (const { tenantId } of world.tenants) {
    const books = await readBooks(world, tenantId)
    statements.push(statementOf(books))
    invoices += books.invoices.length
    charges += books.transactions.filter(each => each.type === 'payment').length
  }
  return {
    statement: statements.join('\n'),
    steps: running.steps,
    simulatedMs: world.now() - world.startedAt,
    operations: running.done,
    refusals: running.refused,
    faults: running.faults,
    invoices,
    charges,
  }
}
