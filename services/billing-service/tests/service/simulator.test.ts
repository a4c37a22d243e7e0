// A few short lives of the simulator, so that a broken rule of money is found before the long runs.
import { describe, expect, it } from 'vitest'
import { runSeed } from '../../src/test/simulator/run.ts'
import { openWorld } from '../../src/test/simulator/world.ts'

const live = async (seed: string, years: number) => {
  const world = await openWorld({ seed })
  try {
    return await runSeed(world, years)
  } finally {
    await world.close()
  }
}

describe('half a year of two or three tenants, with faults', () => {
  it.each(['1', '2', '3'])('the books of seed %s hold at every step', async seed => {
    const { steps, invoices } = await live(seed, 0.5)
    expect(steps).toBeGreaterThan(50)
    expect(invoices).toBeGreaterThan(5)
  })

  it('the same seed gives the same statement, byte for byte', async () => {
    const [first, second] = [await live('5', 0.2), await live('5', 0.2)]
    expect(second.statement).toBe(first.statement)
  })
})
