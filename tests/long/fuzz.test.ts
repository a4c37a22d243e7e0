// Two minutes of generated requests: no answer of 500, and every answer as the OpenAPI document says.
import { fuzz, fuzzSummary } from '@quittance/billing-service/test/fuzz/fuzz'
import { openWorld, type World } from '@quittance/billing-service/test/world'
import { afterAll, beforeAll, expect, it } from 'vitest'

const minutes = Number(process.env.FUZZ_MINUTES ?? 2)
// The same requests each time, so that a red run can be repeated; `npm run fuzz` draws others.
const seed = Number(process.env.FUZZ_SEED ?? 1_865_276_787)
let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
})
afterAll(() => world?.close())

it(
  'requests of every role, valid and hostile, get 0 answers of 500 and none that the document does not know',
  async () => {
    const result = await fuzz(world, { seed, ms: minutes * 60_000 })
    process.stdout.write(`${fuzzSummary(result)}\n`)
    expect(result.findings).toEqual([])
    expect(result.byStatus).not.toHaveProperty('500')
    expect(result.requests).toBeGreaterThan(500)
  },
  (minutes + 8) * 60_000,
)
