// Over capacity: a table that is locked, a statement that never ends, more requests than are worked on at once.
// Every request is answered within its bound by a refusal that may be repeated, who only asks whether the process
// lives is answered, and all is well afterwards.
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withClient } from '../../src/adapters/postgres/server-process.ts'
import { type Answer, openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({
    jobs: 'off',
    environment: {
      REQUESTS_AT_ONCE: '20',
      DATABASE_POOL_SIZE: '4',
      DATABASE_POOL_WAIT_SECONDS: '4',
      DATABASE_LOCK_SECONDS: '4',
      DATABASE_STATEMENT_SECONDS: '5',
    },
  })
})
afterAll(() => world?.close())

const subscribe = (tenantId: string, language = 'en') =>
  world.call('POST', '/subscriptions', {
    as: world.admin(tenantId),
    body: { plan: 'starter', trialDays: 14 },
    headers: { 'idempotency-key': `subscribe-${tenantId}`, 'accept-language': language },
  })

const list = (language = 'en') =>
  world.call('GET', '/subscriptions', {
    as: world.admin('reader'),
    headers: { 'accept-language': language },
  })

/** Runs `during` while the owner of the database holds the table against everybody. */
const whileLocked = <T>(table: string, during: () => Promise<T>): Promise<T> =>
  withClient(world.ownerUrl, async client => {
    await client.query('begin')
    await client.query(`lock table quittance.${table} in access exclusive mode`)
    const result = await during()
    await client.query('rollback')
    return result
  })

const told = ({ status, headers, body }: Answer) =>
  `${status} ${body.code} ${headers.get('retry-after')}`

function counts(values: readonly string[]): Record<string, number> {
  const all: Record<string, number> = {}
  for (const value of values) all[value] = (all[value] ?? 0) + 1
  return all
}

describe('a table that somebody holds', () => {
  it('20 requests wait and are told that the database is busy, 40 more are told at once', async () => {
    expect((await subscribe('reader')).status).toBe(201)
    const inOrder: string[] = []
    const health: number[] = []
    await whileLocked('subscriptions', async () => {
      const ask = async () => inOrder.push(told(await list()))
      const asked = Array.from({ length: 20 }, ask)
      await wait(1_000)
      asked.push(...Array.from({ length: 40 }, ask))
      health.push((await fetch(`${world.url}/healthz`)).status)
      // All are answered while the table is held still.
      await Promise.all(asked)
    })
    expect(counts(inOrder)).toEqual({ '503 overloaded 1': 40, '503 unavailable 5': 20 })
    expect(new Set(inOrder.slice(0, 40))).toEqual(new Set(['503 overloaded 1']))
    expect(health).toEqual([200])
    const after = await Promise.all(Array.from({ length: 20 }, () => list()))
    expect(counts(after.map(({ status }) => String(status)))).toEqual({ 200: 20 })
  })

  it('both refusals are said in the language of the caller', async () => {
    const answers = await whileLocked('subscriptions', () =>
      Promise.all(Array.from({ length: 30 }, () => list('zh-CN'))),
    )
    const words = new Set(answers.map(({ body }) => body.detail))
    expect([...words].sort()).toEqual([
      '所需组件暂时无法访问（数据库）。数据未丢失，请稍后重试。',
      '服务器正在处理的请求已达上限。本次请求未执行，请在 1 秒后重试。',
    ])
  })

  it('a write that was refused meanwhile is carried out once when it comes again with its key', async () => {
    const refused = await whileLocked('subscriptions', () => subscribe('writer'))
    expect(told(refused)).toBe('503 unavailable 5')
    expect((await subscribe('writer')).status).toBe(201)
    const { body } = await world.call('GET', '/subscriptions', { as: world.admin('writer') })
    expect(body.data).toHaveLength(1)
  })

  it('webhooks of the processor are refused too, so that they are sent again', async () => {
    const refused = await whileLocked('inbox', async () => {
      const payload = JSON.stringify({
        id: 'evt_1',
        object: 'event',
        type: 'charge.succeeded',
        created: Math.floor(Date.now() / 1_000),
        api_version: null,
        data: { object: { id: 'ch_1', object: 'charge' } },
      })
      const signature = await world.stripe.webhooks.generateTestHeaderStringAsync({
        payload,
        secret: 'whsec_world',
      })
      return world.call('POST', '/webhooks/stripe', {
        raw: payload,
        headers: { 'stripe-signature': signature },
      })
    })
    expect(told(refused)).toBe('503 unavailable 5')
  })
})

it('a statement that takes longer than 5 s is given up, and its connection serves on', async () => {
  const slow = (on: boolean) =>
    withClient(world.ownerUrl, client =>
      client.query(
        on
          ? `create function quittance.slow() returns trigger language plpgsql as
             $$ begin perform pg_sleep(60); return new; end $$;
             create trigger slow before insert on quittance.subscriptions
             for each row execute function quittance.slow()`
          : 'drop trigger slow on quittance.subscriptions; drop function quittance.slow()',
      ),
    )
  await slow(true)
  const refused = await subscribe('patient')
  await slow(false)
  expect(told(refused)).toBe('503 unavailable 5')
  expect((await subscribe('patient')).status).toBe(201)
})

it('a place is free again when its caller goes away: 100 that hang up leave 20 places', async () => {
  await whileLocked('subscriptions', async () => {
    for (let round = 0; round < 5; round += 1) {
      const leaving = new AbortController()
      const asked = Array.from({ length: 20 }, () =>
        fetch(`${world.url}/api/v1/billing/subscriptions`, {
          headers: { authorization: `Bearer ${world.admin('reader')}` },
          signal: leaving.signal,
        }).catch(() => null),
      )
      await wait(50)
      leaving.abort()
      await Promise.all(asked)
    }
  })
  const after = await Promise.all(Array.from({ length: 20 }, () => list()))
  expect(counts(after.map(({ status }) => String(status)))).toEqual({ 200: 20 })
})
