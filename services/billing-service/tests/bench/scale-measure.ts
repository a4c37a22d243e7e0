// What is measured at each size: the billing run, per invoice, and the reads that users make.
import { openDue, runJobs } from './billing-run.ts'
import type { Ground } from './ground.ts'
import { sendAll } from './load.ts'
import { seconds } from './measure.ts'
import { largeTenant, ordinaryAmong, type Sizes, subscriptionOf, tenantOf } from './scale-load.ts'

/** One figure of a size, taken several times. */
export interface Figure {
  readonly name: string
  /** Median, ms. */
  readonly p50Ms: number
  /** Null for what is no read. */
  readonly p99Ms: number | null
  /** Smallest and largest median of the times it was taken. */
  readonly spread: readonly [number, number]
}

const middle = (figures: readonly number[]): number =>
  [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0

const runsPerSize = 3
let opened = 0

/** Time per invoice where so many subscriptions of as many tenants are due among all others. */
export async function billing(ground: Ground, due: number): Promise<Figure> {
  const times: number[] = []
  const each = Math.max(1, Math.floor(due / runsPerSize))
  for (let n = 0; n < runsPerSize; n += 1) {
    opened += 1
    await openDue(ground.world.service.deps.store, `due-${opened}`, { tenants: each, each: 1 })
    let issued = 0
    const took = await seconds(async () => {
      issued = await runJobs(ground)
    })
    if (issued !== each) throw new Error(`${issued} invoices of ${each}`)
    times.push((took * 1_000) / each)
  }
  return {
    name: 'billing run, an invoice',
    p50Ms: middle(times),
    p99Ms: null,
    spread: [Math.min(...times), Math.max(...times)],
  }
}

interface Read {
  readonly name: string
  readonly tenant: (n: number) => string
  readonly path: (n: number) => string
}

/** Ordinary tenants have as many rows at each size; the large one has more each time. */
function readsOf({ subscriptions }: Sizes): Read[] {
  const pick = (n: number) => ordinaryAmong(subscriptions, n)
  const ordinary = (n: number) => tenantOf(pick(n))
  const large = () => largeTenant
  const year = new Date().getUTCFullYear()
  const own = (name: string, path: (n: number) => string): Read => ({
    name,
    tenant: ordinary,
    path,
  })
  const big = (name: string, path: string): Read => ({
    name: `${name}, large tenant`,
    tenant: large,
    path: () => path,
  })
  return [
    own('page of subscriptions', () => '/subscriptions?limit=50'),
    own('page of invoices', () => '/invoices?limit=50'),
    own('page of transactions', () => '/transactions?limit=50'),
    own('entitlements', () => '/entitlements'),
    own('summary of a year', () => `/transactions/summary/${year}`),
    own('usage so far', n => `/subscriptions/${subscriptionOf(pick(n))}/usage`),
    own(
      'page of usage events',
      n => `/subscriptions/${subscriptionOf(pick(n))}/usage/events?limit=50`,
    ),
    big('page of subscriptions', '/subscriptions?limit=50'),
    big('page of invoices', '/invoices?limit=50'),
    big('page of transactions', '/transactions?limit=50'),
    big('summary of a year', `/transactions/summary/${year}`),
  ]
}

const passes = 3

/** The reads by turns, several times over, two at a time. */
export async function reading({ world }: Ground, sizes: Sizes, count: number): Promise<Figure[]> {
  const reads = readsOf(sizes)
  const taken = reads.map((): { p50: number[]; p99: number[] } => ({ p50: [], p99: [] }))
  for (let pass = 0; pass < passes; pass += 1) {
    for (const [at, { tenant, path }] of reads.entries()) {
      const { p50Ms, p99Ms } = await sendAll(count, 2, n => ({
        method: 'GET',
        url: `${world.url}/api/v1/billing${path(pass * count + n)}`,
        headers: { authorization: `Bearer ${world.admin(tenant(pass * count + n))}` },
      }))
      taken[at]!.p50.push(p50Ms)
      taken[at]!.p99.push(p99Ms)
    }
  }
  return reads.map(({ name }, at) => ({
    name,
    p50Ms: middle(taken[at]!.p50),
    p99Ms: middle(taken[at]!.p99),
    spread: [Math.min(...taken[at]!.p50), Math.max(...taken[at]!.p50)],
  }))
}

/** Every way once, so that no size pays for the first use of code and connections. */
export async function warmUp(ground: Ground, sizes: Sizes): Promise<void> {
  await billing(ground, 600)
  await reading(ground, sizes, 200)
}
