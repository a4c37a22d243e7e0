// Some 300 webhooks shuffled, repeated and lost leave the rows that they leave in order. The long version is
// tests/long/webhooks.test.ts.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { statesOf, storm } from '../../src/test/webhook-storm.ts'
import { openWorld, type World } from '../../src/test/world.ts'

const tenants = 38
let orderly: World
let stormy: World
beforeAll(async () => {
  orderly = await openWorld({ jobs: 'off' })
  stormy = await openWorld({ jobs: 'off' })
})
afterAll(async () => {
  await orderly?.close()
  await stormy?.close()
})

it('300 webhooks, each 1 to 3 times in any order and 2 % of them lost, end as in order', async () => {
  const inOrder = await storm(orderly, { tenants, shuffled: false, seed: 1 })
  const shuffled = await storm(stormy, { tenants, shuffled: true, seed: 1 })
  expect(shuffled.events).toBe(inOrder.events)
  expect(inOrder.events).toBeGreaterThanOrEqual(300)
  expect(inOrder).toMatchObject({ lost: 0, found: 0 })
  expect(shuffled.lost).toBeGreaterThan(0)
  expect(shuffled.found).toBe(shuffled.lost)
  expect(await statesOf(stormy, tenants)).toEqual(await statesOf(orderly, tenants))
}, 120_000)
