// 10,000 webhooks shuffled, each delivered 1 to 3 times, 2 % lost and found by the back-fill: the final
// state equals that of the run in order, row by row.
import { statesOf, storm } from '@quittance/billing-service/test/webhook-storm'
import { openWorld, type World } from '@quittance/billing-service/test/world'
import { afterAll, beforeAll, expect, it } from 'vitest'

const tenants = Number(process.env.STORM_TENANTS ?? 1_250)
const seed = Number(process.env.STORM_SEED ?? 1)
const say = (line: string) => process.stdout.write(`${line}\n`)
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

it('10,000 webhooks in any order, repeated and lost, end as in order', async () => {
  const inOrder = await storm(orderly, { tenants, shuffled: false, seed })
  const shuffled = await storm(stormy, { tenants, shuffled: true, seed })
  const [here, there] = [await statesOf(stormy, tenants), await statesOf(orderly, tenants)]
  const rows = there.reduce((sum, lines) => sum + lines.length, 0)
  say(`in order: ${JSON.stringify(inOrder)}`)
  say(`shuffled with seed ${seed}: ${JSON.stringify(shuffled)}`)
  say(`${rows} rows of ${tenants} tenants compared`)
  expect(shuffled.found).toBe(shuffled.lost)
  expect(here).toEqual(there)
}, 3_600_000)
