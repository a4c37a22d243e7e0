import { expect, it } from 'vitest'
import type { Deps } from '../deps.ts'
import { inLanes, Lanes } from './rows-due.ts'

const deps = {} as Deps
const rowsOf = (tenantId: string, length: number) =>
  Array.from({ length }, (_, at) => ({ tenantId, id: `${tenantId}-${at}` }))
const ofTenants = (length: number) =>
  Array.from({ length }, (_, at) => ({ tenantId: `t${at}`, id: 'a' }))
const renewed = (rows: readonly unknown[]) =>
  rows.map(() => ({ status: 'fulfilled', value: 'renewed' }) as const)
const nextTurn = () => new Promise(resolve => setImmediate(resolve))

/** Rows that are due, claimed from the front. */
const claimFrom =
  (due: { tenantId: string; id: string }[], claims: number[] = []) =>
  async (limit: number) => {
    const rows = due.splice(0, limit)
    claims.push(rows.length)
    return rows
  }

function lanesOf<R extends { tenantId: string; id: string }>(...added: readonly R[][]) {
  const lanes = new Lanes<R>()
  for (const rows of added) lanes.add(rows)
  return lanes.waiting
}

it('99 rows have one lane, 100 of 100 tenants have two of 50', () => {
  expect(lanesOf(ofTenants(99)).map(lane => lane.length)).toEqual([99, 0])
  expect(lanesOf(ofTenants(100)).map(lane => lane.length)).toEqual([50, 50])
})

it('keeps the rows of a tenant in one lane and in their order, also those that are claimed later', () => {
  const rows = [...rowsOf('small', 10), ...rowsOf('large', 200), ...rowsOf('other', 30)]
  const shuffled = rows.filter((_, at) => at % 2 === 0).concat(rows.filter((_, at) => at % 2 === 1))
  const lanes = lanesOf(shuffled, rowsOf('large', 3))
  expect(lanes.map(lane => new Set(lane.map(row => row.tenantId)))).toEqual([
    new Set(['small', 'other']),
    new Set(['large']),
  ])
  expect(lanes[1]).toEqual([
    ...shuffled.filter(row => row.tenantId === 'large'),
    ...rowsOf('large', 3),
  ])
})

it('takes 1,700 rows of one tenant in steps of 500, and answers for all of them', async () => {
  const steps: number[] = []
  const taken = await inLanes(deps, 'renew-due', claimFrom(rowsOf('alone', 1_700)), async step => {
    steps.push(step.length)
    return renewed(step)
  })
  expect(steps).toEqual([500, 500, 500, 200])
  expect(taken).toEqual({ taken: 1_700, renewed: 1_700 })
})

it('claims the next 1,000 while the first are worked on, and 4,000 in a run', async () => {
  const claims: number[] = []
  const claimedAtStep: number[] = []
  const claim = claimFrom(ofTenants(10_000), claims)
  const taken = await inLanes(deps, 'renew-due', claim, async step => {
    await nextTurn()
    claimedAtStep.push(claims.length)
    return renewed(step)
  })
  expect(claimedAtStep[0]).toBe(2)
  expect(claims).toEqual([1_000, 1_000, 1_000, 1_000])
  expect(taken).toEqual({ taken: 4_000, renewed: 4_000 })
})

it('answers that nothing is due after one claim', async () => {
  const claims: number[] = []
  const taken = await inLanes(deps, 'renew-due', claimFrom([], claims), async () => {
    throw new Error('no work')
  })
  expect(taken).toEqual({ taken: 0 })
  expect(claims).toEqual([0])
})

it('fails as a claim or a step fails, once the other lane has done its step, and claims no more', async () => {
  const away = () => Promise.reject(new Error('away'))
  await expect(inLanes(deps, 'renew-due', away, async () => [])).rejects.toThrow('away')

  const claims: number[] = []
  let done = 0
  const failing = inLanes(deps, 'renew-due', claimFrom(ofTenants(10_000), claims), async step => {
    if (step[0]?.tenantId === 't0') throw new Error('away')
    for (let turns = 0; turns < 5; turns += 1) await nextTurn()
    done += step.length
    return renewed(step)
  })
  await expect(failing).rejects.toThrow('away')
  expect(done).toBe(1_000)
  expect(claims).toEqual([1_000, 1_000])
})
