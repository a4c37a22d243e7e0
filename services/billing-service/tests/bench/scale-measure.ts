// What is measured at each size, by turns: the billing run, per invoice, and the reads that users make.
import { openDue, runJobs } from './billing-run.ts'
import type { Ground } from './ground.ts'
import { sendAll } from './load.ts'
import { seconds } from './measure.ts'
import { largeTenant, ordinaryAmong, type Sizes, subscriptionOf, tenantOf } from './scale-rows.ts'

/** A loaded service. */
export interface Place {
  readonly ground: Ground
  readonly sizes: Sizes
}

/** What one round gave of one kind, size by size. */
export interface Taken {
  /** Medians, ms. */
  readonly p50Ms: number
  /** Null for what is no read. */
  readonly p99Ms: number | null
}

/** One kind of work at all sizes. */
export interface Figure {
  readonly name: string
  /** How often its time may be that of the smallest size. */
  readonly must: number
  /** Reads of tenants whom nobody has asked for yet, size by size; null for what is no read. */
  readonly first: readonly Taken[] | null
  /** Round by round, size by size. */
  readonly rounds: readonly (readonly Taken[])[]
}

let opened = 0

/** Time per invoice where so many subscriptions of as many tenants are due among all others. */
async function billing({ ground }: Place, due: number): Promise<Taken> {
  opened += 1
  await openDue(ground.world.service.deps.store, `due-${opened}`, { tenants: due, each: 1 })
  let issued = 0
  const took = await seconds(async () => {
    issued = await runJobs(ground)
  })
  if (issued !== due) throw new Error(`${issued} invoices of ${due}`)
  return { p50Ms: (took * 1_000) / due, p99Ms: null }
}

interface Read {
  readonly name: string
  readonly tenant: (place: Place, n: number) => string
  readonly path: (place: Place, n: number) => string
}

const pick = ({ sizes }: Place, n: number): number => ordinaryAmong(sizes.subscriptions, n)

const own = (name: string, path: Read['path']): Read => ({
  name,
  tenant: (place, n) => tenantOf(pick(place, n)),
  path,
})

const big = (name: string, path: string): Read => ({
  name: `${name}, large tenant`,
  tenant: () => largeTenant,
  path: () => path,
})

const usage = (place: Place, n: number) => `/subscriptions/${subscriptionOf(pick(place, n))}/usage`
const year = new Date().getUTCFullYear()

/** Ordinary tenants have as many rows at each size; the large one has more each time. */
const reads: readonly Read[] = [
  own('page of subscriptions', () => '/subscriptions?limit=50'),
  own('page of invoices', () => '/invoices?limit=50'),
  own('page of transactions', () => '/transactions?limit=50'),
  own('entitlements', () => '/entitlements'),
  own('summary of a year', () => `/transactions/summary/${year}`),
  own('usage so far', usage),
  own('page of usage events', (place, n) => `${usage(place, n)}/events?limit=50`),
  big('page of subscriptions', '/subscriptions?limit=50'),
  big('page of invoices', '/invoices?limit=50'),
  big('page of transactions', '/transactions?limit=50'),
  big('summary of a year', `/transactions/summary/${year}`),
]

/** A kind of read, two at a time, of so many tenants from the n-th on. */
async function reading(place: Place, read: Read, count: number, from: number): Promise<Taken> {
  const { world } = place.ground
  return await sendAll(count, 2, at => ({
    method: 'GET',
    url: `${world.url}/api/v1/billing${read.path(place, from + at)}`,
    headers: { authorization: `Bearer ${world.admin(read.tenant(place, from + at))}` },
  }))
}

/** Sizes by turns, another one first each time. */
async function byTurns(
  places: readonly Place[],
  round: number,
  take: (place: Place) => Promise<Taken>,
): Promise<Taken[]> {
  const taken = new Map<Place, Taken>()
  for (let n = 0; n < places.length; n += 1) {
    const place = places[(n + round) % places.length]!
    const { p50Ms, p99Ms } = await take(place)
    taken.set(place, { p50Ms, p99Ms })
  }
  return places.map(place => taken.get(place)!)
}

export interface Amounts {
  readonly rounds: number
  /** Subscriptions billed in a round. */
  readonly due: number
  /** Requests of each kind in a round. */
  readonly reads: number
}

/**
 * All kinds at all sizes, round by round. Before the first round every way is gone once with tenants that are not
 * asked for again; then those of the rounds are asked for the first time, which is told apart.
 */
export async function measureAll(
  places: readonly Place[],
  amounts: Amounts,
  tell: (line: string) => void,
): Promise<Figure[]> {
  const { rounds, due, reads: count } = amounts
  const run = (place: Place) => billing(place, due)
  for (const place of places) {
    await run(place)
    for (const read of reads) await reading(place, read, count, count)
  }
  const readAll = async (round: number): Promise<Taken[][]> => {
    const all: Taken[][] = []
    for (const read of reads) {
      all.push(await byTurns(places, round, place => reading(place, read, count, 0)))
    }
    return all
  }
  tell('warm')
  const first = await readAll(0)
  const [runs, rest]: [Taken[][], Taken[][][]] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    runs.push(await byTurns(places, round, run))
    rest.push(await readAll(round))
    tell(`round ${round + 1} of ${rounds}`)
  }
  return [
    { name: 'billing run, an invoice', must: 1.1, first: null, rounds: runs },
    ...reads.map(({ name }, at) => ({
      name,
      must: 1.2,
      first: first[at]!,
      rounds: rest.map(round => round[at]!),
    })),
  ]
}
