import { describe, expect, it } from 'vitest'
import { makeTurns, runAgain } from './turns.ts'

/** A row of which the database ends the second of two transactions that meet, as it reports it. */
function contested() {
  let version = 0
  let tries = 0
  return {
    tries: () => tries,
    version: () => version,
    async transaction(): Promise<number> {
      tries += 1
      const read = version
      await new Promise(resolve => setTimeout(resolve, 20))
      if (version !== read) throw Object.assign(new Error('WriteConflict'), { code: 112 })
      version += 1
      return version
    },
  }
}

describe('transactions that meet on one row', () => {
  it('of 50 tenants all get through, in at most 4 tries each on average', async () => {
    const row = contested()
    const turns = makeTurns()
    const tenants = Array.from({ length: 50 }, (_, at) => `tenant-${at}`)
    const took = await Promise.all(
      tenants.map(tenantId => runAgain(turns, tenantId, () => row.transaction())),
    )
    expect(took.sort((a, b) => a - b)).toEqual(tenants.map((_, at) => at + 1))
    expect(row.version()).toBe(50)
    expect(row.tries()).toBeLessThanOrEqual(50 * 4)
  })

  it('of one tenant all get through one after the other, in at most 2 tries each on average', async () => {
    const row = contested()
    const turns = makeTurns()
    await Promise.all(
      Array.from({ length: 50 }, () => runAgain(turns, 'one', () => row.transaction())),
    )
    expect(row.version()).toBe(50)
    expect(row.tries()).toBeLessThanOrEqual(50 * 2)
  })

  it('a refusal of the body is final', async () => {
    const refused = new Error('no')
    const body = () => Promise.reject(refused)
    await expect(runAgain(makeTurns(), 'one', body)).rejects.toBe(refused)
  })
})
