// A whole deployment in one process with a clock that stands until it is moved: the real actions and jobs,
// a store, the real Stripe adapter over a sandbox in memory.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeSandbox, type SandboxCore } from '@quittance/stripe-sandbox/sandbox'
import { drawIdsFrom } from '@quittance/stripe-sandbox/state'
import { enter } from '../../actions/enter.ts'
import { openMemoryStore } from '../../adapters/memory/store.ts'
import { makeStripeProcessor } from '../../adapters/stripe/processor.ts'
import { loadConfig } from '../../config.ts'
import { type Caller, systemCaller } from '../../core/caller.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps, Log } from '../../deps.ts'
import { makeDeps, type ServiceOptions } from '../../main.ts'
import type { Store } from '../../ports/store.ts'
import { type Written, watchedStore } from './around.ts'
import { simulatedPlans } from './catalogue.ts'
import { openOffers } from './offers.ts'
import type { Plant } from './plants.ts'
import { type Random, randomFrom } from './random.ts'
import { seededIds } from './seeded-ids.ts'
import { drawSettings } from './settings.ts'
import { inProcess } from './transport.ts'

export const webhookSecret = 'whsec_simulator'
const dayMs = 86_400_000

/** Banks take days. */
const timings = { debitSettlesMs: 4 * dayMs, refundSettlesMs: dayMs, disputeOpensMs: 20 * dayMs }

export interface SimulatedTenant {
  readonly tenantId: string
  readonly random: Random
  /** When it next does something. */
  nextActAt: Instant
}

/** What was seen or done, newest last; the tail of it is printed when something is wrong. */
export type Diary = string[]

export interface SimulatedWorld {
  readonly seed: string
  readonly random: Random
  readonly startedAt: Instant
  readonly now: () => Instant
  moveTo(at: Instant): void
  /** Time goes on while nothing runs; `runningSince` is when that last ended. */
  standStill(ms: number): void
  readonly runningSince: Instant
  readonly store: Store
  readonly sandbox: SandboxCore
  readonly deps: Deps
  readonly tenants: readonly SimulatedTenant[]
  readonly diary: Diary
  /** What transactions have written since it was last emptied. */
  readonly written: Written[]
  /** Complaints of jobs and adapters since it was last emptied. */
  readonly complaints: { message: string; reason: string }[]
  close(): Promise<void>
}

export interface WorldOptions {
  readonly seed: string
  readonly store?: Store
  readonly plant?: Plant | null
}

/** Whose series numbers are of, and when they begin again. */
const numberings = [
  { series: 'tenant', reset: 'never' },
  { series: 'tenant', reset: 'yearly' },
  { series: 'issuer', reset: 'never' },
  { series: 'issuer', reset: 'yearly' },
] as const

const issuerAddress = {
  line1: '1 Main Street',
  line2: null,
  city: 'Paris',
  state: null,
  postalCode: null,
  country: 'FR',
}

/** The issuer's staff, acting for a tenant. */
export const operatorOf = (
  tenantId: string,
  requestKey: string | null = null,
  requestId = 'simulator',
): Caller => ({
  ...systemCaller(tenantId, 'simulator', requestId),
  role: 'operator',
  requestKey,
})

/** Seeds begin on different days, among them the ends of months and the days around a leap day. */
function firstDay(random: Random): Instant {
  const start = Date.UTC(2027, 0, 1) + random.whole(0, 364) * dayMs + random.whole(0, 86_399) * 1000
  return random.chance(0.3)
    ? Date.UTC(2027, random.whole(0, 11), 31, 10, random.whole(0, 59))
    : start
}

/** Opens the world of a seed; its tenants exist, nothing has happened. */
export async function openWorld(options: WorldOptions): Promise<SimulatedWorld> {
  const random = randomFrom(options.seed)
  const startedAt = firstDay(random.fork('start'))
  let time = startedAt
  let runningSince = startedAt
  const now = () => time
  const sandboxIds = random.fork('sandbox')
  drawIdsFrom(length => Array.from({ length }, () => sandboxIds.whole(0, 255)))
  const sandbox = makeSandbox({ now, timings })
  sandbox.open('http://sandbox.invalid')
  sandbox.state.faults.reseed(random.whole(0, 1_000_000))
  const complaints: { message: string; reason: string }[] = []
  const complain = (facts: Record<string, unknown>, message: string) =>
    void complaints.push({
      message: [facts.job, facts.tenantId, facts.id ?? facts.transactionId, message].join(' '),
      reason: String(facts.reason ?? ''),
    })
  const log: Log = { info: () => undefined, warn: complain, error: complain }
  const written: Written[] = []
  const base = options.store ?? openMemoryStore()
  const watched = watchedStore(base, rows => void written.push(...rows))
  const processor = makeStripeProcessor({
    secretKey: sandbox.secretKey,
    webhookSecrets: [webhookSecret],
    apiBase: 'http://127.0.0.1:1',
    backoffMs: 0,
    httpClient: inProcess(sandbox),
  })
  const stripe = {
    secretKey: sandbox.secretKey,
    publishableKey: null,
    webhookSecrets: [webhookSecret],
    apiBase: null,
  }
  const service: ServiceOptions = {
    config: loadConfig({}),
    stripe,
    sandbox: true,
    token: {},
    mailDir: join(tmpdir(), 'quittance-simulator-mails'),
    jobs: 'off',
  }
  const plain: Deps = {
    ...makeDeps(service, watched, processor, log),
    clock: { real: now, steady: now },
    ids: seededIds(random.fork('ids'), now),
    numbering: random.fork('numbering').pick(numberings),
    issuer: { ...service.config.issuer, address: issuerAddress },
  }
  const deps = options.plant?.grow(plain) ?? plain
  await base.system.transaction(tx => tx.insertMany('plans', simulatedPlans))
  await stamp(base, startedAt)
  await openOffers(deps)
  const tenants = await openTenants(deps, random, startedAt)
  return {
    seed: options.seed,
    random,
    startedAt,
    now,
    moveTo(at) {
      time = Math.max(time, at)
    },
    get runningSince() {
      return runningSince
    },
    standStill(ms) {
      time += ms
      runningSince = time
    },
    store: watched,
    sandbox,
    deps,
    tenants,
    diary: [],
    written,
    complaints,
    async close() {
      await plain.renderer.close()
      await base.close()
      await sandbox.close()
    },
  }
}

/** As at a first start: lost webhooks are looked for from here on. */
const stamp = (store: Store, createdAt: Instant): Promise<number> =>
  store.system.transaction(tx =>
    tx.insertMany('deployment', [
      { id: 'deployment', processor: 'stripe', account: 'simulator', mode: 'sandbox', createdAt },
    ]),
  )

async function openTenants(deps: Deps, random: Random, at: Instant): Promise<SimulatedTenant[]> {
  const tenants: SimulatedTenant[] = []
  for (let i = 1; i <= random.whole(2, 3); i += 1) {
    const tenantId = `tenant-${i}`
    await enter(deps, { tenantId })
    const own = random.fork(tenantId)
    await deps.store.transaction(tenantId, async tx => {
      const tenant = await tx.lock('tenants', tenantId)
      await tx.replace('tenants', { ...tenant, settings: drawSettings(own) })
    })
    tenants.push({ tenantId, random: own, nextActAt: at + own.whole(0, 20) * 3_600_000 })
  }
  return tenants
}
