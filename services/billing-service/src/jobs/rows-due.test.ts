import { expect, it } from 'vitest'
import type { Deps } from '../deps.ts'
import { inLanes, lanesOf } from './rows-due.ts'

const rowsOf = (tenantId: string, length: number) =>
  Array.from({ length }, (_, at) => ({ tenantId, id: `${tenantId}-${at}` }))

it('99 rows have one lane, 100 of 100 tenants have two of 50', () => {
  const rows = Array.from({ length: 100 }, (_, at) => ({ tenantId: `t${at}`, id: 'a' }))
  expect(lanesOf(rows.slice(1)).map(lane => lane.length)).toEqual([99])
  expect(lanesOf(rows).map(lane => lane.length)).toEqual([50, 50])
})

it('keeps the rows of a tenant in one lane and in their order', () => {
  const rows = [...rowsOf('small', 10), ...rowsOf('large', 200), ...rowsOf('other', 30)]
  const shuffled = rows.filter((_, at) => at % 2 === 0).concat(rows.filter((_, at) => at % 2 === 1))
  const lanes = lanesOf(shuffled)
  expect(lanes.map(lane => new Set(lane.map(row => row.tenantId)))).toEqual([
    new Set(['small', 'other']),
    new Set(['large']),
  ])
  expect(lanes[1]).toEqual(shuffled.filter(row => row.tenantId === 'large'))
})

it('has one lane for 1,000 rows of one tenant', () => {
  expect(lanesOf(rowsOf('alone', 1_000)).map(lane => lane.length)).toEqual([1_000])
})

it('takes 1,000 rows of one tenant in steps of 500, and answers for all of them', async () => {
  const steps: number[] = []
  const taken = await inLanes({} as Deps, 'renew-due', rowsOf('alone', 1_000), async step => {
    steps.push(step.length)
    return step.map(() => ({ status: 'fulfilled', value: 'renewed' }))
  })
  expect(steps).toEqual([500, 500])
  expect(taken).toEqual({ taken: 1_000, renewed: 1_000 })
})
