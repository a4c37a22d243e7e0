// A few short lives of the simulator, so that a broken rule of money is found before the long runs.
import { describe, expect, it } from 'vitest'
import { runSeed } from '../../src/test/simulator/run.ts'
import { openWorld } from '../../src/test/simulator/world.ts'

const live = async (seed: string) => {
  const world = await openWorld({ seed })
  try {
    return await runSeed(world, 0.5)
  } finally {
    await world.close()
  }
}

describe('half a year of two or three tenants, with faults', () => {
  it.each(['1', '2', '3', '4'])('the books of seed %s hold at every step', async seed => {
    const { steps, invoices } = await live(seed)
    expect(steps).toBeGreaterThan(50)
    expect(invoices).toBeGreaterThan(5)
  })

  it('the same seed gives the same statement, byte for byte', async () => {
    const [first, second] = [await live('5'), await live('5')]
    expect(second.statement).toBe(first.statement)
  })
})
