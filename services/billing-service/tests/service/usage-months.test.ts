// Usage kept by month, through the API: a key that is used again when its window is over is a new event, and is held
// to caps and rights like one.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { withClient } from '../../src/adapters/postgres/server-process.ts'
import { partitionUsage } from '../../src/adapters/postgres/usage-months.ts'
import { jobs } from '../../src/jobs/registry.ts'
import { openWorld, type World } from '../../src/test/world.ts'

const dayMs = 86_400_000
let ahead = 0
let world: World
beforeAll(async () => {
  const clock = { real: () => Date.now() + ahead, steady: () => performance.now() }
  world = await openWorld({ jobs: 'off', clock })
  // MongoDB keeps keys for ever, and is held to the same.
  if (process.env.WORLD_STORE === 'mongo') return
  await withClient(world.ownerUrl, client => partitionUsage(client, Date.now()))
})
afterAll(() => world?.close())

const use = (id: string, body: Record<string, unknown>) =>
  world.call('POST', `/subscriptions/${id}/usage`, {
    as: world.admin('reused'),
    body: { metric: 'messages', ...body },
  })

it('1,000 of 1,000 are used: a key of 70 days ago is refused like a new one, one of today is a duplicate', async () => {
  const body = { plan: 'free', trialDays: 0 }
  const made = await world.call('POST', '/subscriptions', { as: world.admin('reused'), body })
  expect(made.status).toBe(201)
  const { id } = made.body
  expect((await use(id, { quantity: 1, idempotencyKey: 'old' })).body.accepted).toBe(true)
  ahead = 70 * dayMs
  await jobs.find(({ name }) => name === 'renew-due')?.run(world.service.deps)
  const full = await use(id, { quantity: 1_000, idempotencyKey: 'new' })
  expect(full.body).toMatchObject({ accepted: true, total: 1_000 })
  const again = await use(id, { quantity: 1_000, idempotencyKey: 'new' })
  expect(again.body).toMatchObject({ duplicate: true, total: 1_000 })
  const old = await use(id, { quantity: 5, idempotencyKey: 'old' })
  expect(old.body).toMatchObject({ code: 'quota_exceeded' })
  const lower = await use(id, { quantity: -5, idempotencyKey: 'old' })
  expect(lower.status).toBeGreaterThanOrEqual(400)
})
