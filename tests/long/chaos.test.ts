// What goes wrong at 3 a.m., under load: the database is restarted, connections are killed, the disk is
// full. Every answer is one of the interface, nothing is lost
// or done twice, and all is well again without anybody's help. Counts are printed.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyBooks } from '@quittance/billing-service/actions/verify/verify-books'
import {
  type EmbeddedServer,
  startEmbedded,
} from '@quittance/billing-service/adapters/postgres/embedded'
import { withClient } from '@quittance/billing-service/adapters/postgres/server-process'
import { type Answer, openWorld, type World } from '@quittance/billing-service/test/world'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const say = (line: string) => process.stdout.write(`${line}\n`)
const settings = { fsync: 'off', full_page_writes: 'off' }
let world: World
let folder: string
let database: EmbeddedServer

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quittance-chaos-'))
  chmodSync(folder, 0o755)
  database = await startEmbedded({ dataDir: join(folder, 'postgres'), settings })
  world = await openWorld({ jobs: 'on', databaseUrl: database.ownerUrl })
})
afterAll(async () => {
  await world?.close()
  await database?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/**
 * An attempt whose answer was lost is asked about after a minute, and whoever asks holds it for another; one that
 * never began is looked for during three more. What is well again by itself is so by then.
 */
const wellAgainMs = 7 * 60_000

async function eventually<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const end = performance.now() + wellAgainMs
  for (;;) {
    const value = await read().catch(() => undefined)
    if (value !== undefined && holds(value)) return value
    if (performance.now() > end) throw new Error(`never so: ${JSON.stringify(value)}`)
    await pause(100)
  }
}

/** Made; a repetition of what a try made whose answer was lost with the database hears the same. */
const isDone = ({ status }: Answer): boolean => status === 201

interface Written {
  readonly key: string
  readonly as: string
  readonly body: object
  answer: Answer
}

/** Tenants that subscribe and pay while `trouble` goes on; each write is repeated until it is answered. */
async function underLoad(name: string, count: number, trouble: () => Promise<void>) {
  const statuses: Record<number, number> = {}
  const written: Written[] = []
  let next = 0
  const ask = async (write: Omit<Written, 'answer'>): Promise<Answer> => {
    const answer = await world.call('POST', '/subscriptions', {
      as: write.as,
      body: write.body,
      headers: { 'idempotency-key': write.key },
    })
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
    return answer
  }
  const client = async () => {
    while (next < count) {
      next += 1
      const tenantId = `${name}-${next}`
      const as = world.admin(tenantId)
      const body = { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa' }
      const write = { key: `${name}-${next}`, as, body }
      const end = performance.now() + 180_000
      let answer = await ask(write)
      while (!isDone(answer) && performance.now() < end) {
        expect([409, 503], JSON.stringify(answer.body)).toContain(answer.status)
        await pause(200)
        answer = await ask(write)
      }
      written.push({ ...write, answer })
    }
  }
  const clients = Array.from({ length: 6 }, client)
  await trouble()
  await Promise.all(clients)
  return { statuses, written }
}

const paymentsOf = async (as: string) => world.call('GET', '/transactions?type=payment', { as })

/**
 * Waits until a tenant's charge has a result. One that never reached the processor is called off: no money moves
 * until somebody asks again, and that is done here. Answers whether it was.
 */
async function paysInTheEnd(as: string): Promise<boolean> {
  const { body } = await eventually(
    () => paymentsOf(as),
    ({ status, body: { data } }) =>
      status === 200 && data.every((each: { status: string }) => each.status !== 'pending'),
  )
  const [charge] = body.data
  if (charge?.status !== 'canceled') return false
  const paid = await world.call('POST', `/invoices/${charge.invoiceId}/pay`, { as, body: {} })
  expect(paid.status, JSON.stringify(paid.body)).toBe(200)
  return true
}

/** Each tenant has one subscription, one paid invoice, one payment, here and at the processor. */
async function nothingLost(name: string, written: readonly Written[]): Promise<void> {
  let calledOff = 0
  for (const { as, answer } of written) {
    expect(isDone(answer), JSON.stringify(answer.body)).toBe(true)
    if (await paysInTheEnd(as)) calledOff += 1
    const payments: { status: string }[] = (await paymentsOf(as)).body.data
    const moved = payments.map(({ status }) => status).filter(status => status !== 'canceled')
    expect(moved).toEqual(['succeeded'])
    const invoices = await world.call('GET', '/invoices', { as })
    expect(invoices.body.data.map((each: { status: string }) => each.status)).toEqual(['paid'])
    const subscriptions = await world.call('GET', '/subscriptions', { as })
    expect(subscriptions.body.data).toHaveLength(1)
  }
  const proofs = await verifyBooks(world.service.deps, { days: 30, kept: [] })
  expect(proofs.flatMap(({ broken }) => broken)).toEqual([])
  say(
    `${name}: ${written.length} tenants, each paid once (${calledOff} called off first); ${proofs.length} proofs hold`,
  )
}

const ready = async () => (await fetch(`${world.url}/readyz`)).status

describe('the database', () => {
  it('restarted twice under load: 503 meanwhile, nothing lost, nothing twice', async () => {
    const { port } = database
    const { statuses, written } = await underLoad('restart', 40, async () => {
      for (let times = 0; times < 2; times += 1) {
        await pause(700)
        await database.stop()
        expect(await ready()).toBe(503)
        database = await startEmbedded({ dataDir: join(folder, 'postgres'), port, settings })
      }
    })
    await eventually(ready, status => status === 200)
    say(`database restarted twice: answers ${JSON.stringify(statuses)}`)
    await nothingLost('database restarted twice', written)
  })

  it('whose connections are killed 20 times: nothing lost, nothing twice', async () => {
    let killed = 0
    const { statuses, written } = await underLoad('killed', 40, async () => {
      for (let times = 0; times < 20; times += 1) {
        await pause(100)
        const { rowCount } = await withClient(database.ownerUrl, client =>
          client.query(
            `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'quittance %'`,
          ),
        )
        killed += rowCount ?? 0
      }
    })
    say(`${killed} connections killed: answers ${JSON.stringify(statuses)}`)
    await nothingLost('connections killed', written)
  })

  it('on a full disk refuses writes with 503, still reads, and goes on when there is room', async () => {
    // What PostgreSQL says of a full disk (53100), said at every write of an attempt to pay.
    const fill = (full: boolean) =>
      withClient(database.ownerUrl, client =>
        client.query(
          full
            ? `create function quittance.no_room() returns trigger language plpgsql as
               $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
               create trigger no_room before insert on quittance.invoices
               for each row execute function quittance.no_room()`
            : `drop trigger no_room on quittance.invoices; drop function quittance.no_room()`,
        ),
      )
    const reader = world.admin('killed-1')
    let reads = 0
    const { statuses, written } = await underLoad('full', 20, async () => {
      await fill(true)
      for (let times = 0; times < 10; times += 1) {
        const { status } = await world.call('GET', '/invoices', { as: reader })
        expect(status).toBe(200)
        reads += 1
        await pause(100)
      }
      await fill(false)
    })
    say(`disk full: ${reads} reads answered, answers to writes ${JSON.stringify(statuses)}`)
    expect(statuses[503]).toBeGreaterThan(0)
    await nothingLost('disk full', written)
  })
})
