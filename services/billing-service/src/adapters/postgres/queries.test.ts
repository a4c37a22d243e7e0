import { describe, expect, it } from 'vitest'
import { cursorAfter, planFilter, planKey, planQuery } from '../../ports/query.ts'
import {
  type Asking,
  countStatement,
  keyStatement,
  keysStatement,
  pageStatement,
  sumStatement,
} from './queries.ts'
import { tableOf } from './rows.ts'

const asking: Asking = { scope: 'tenant', tenantId: 'acme', mode: 'alone' }
const table = tableOf('invoices')
const open = {
  where: { status: 'open' },
  order: { field: 'createdAt', direction: 'desc' },
  limit: 50,
} as const
const plan = planQuery(asking, 'invoices', open)
const filter = planFilter(asking, 'invoices', { where: { status: 'open' } })

describe('a read of a tenant by itself sets the tenant in the one statement that reads', () => {
  it.each([
    ['one row', keyStatement(asking, table, planKey(asking, 'invoices', 'inv_1'))],
    ['some rows', keysStatement(asking, table, ['tenantId', 'id'], [['acme', 'inv_1']])],
    ['a page', pageStatement(asking, table, plan)],
    ['a count', countStatement(asking, table, filter)],
    ['a sum', sumStatement(asking, table, { ...filter, sum: ['totalMinor'], groupBy: [] })],
  ])('%s', (_, { text, values }) => {
    const [, place] =
      /^with t as materialized \(select set_config\('app\.tenant_id', \$(\d+)::text, true\) as v\) select /.exec(
        text,
      ) ?? []
    expect(values[Number(place) - 1]).toBe('acme')
    expect(text).toContain('r.tenant_id = t.v')
    expect(text).not.toContain(';')
  })
})

it('the second page begins behind the last row of the first, by its key: no rows are counted off', () => {
  const last = { createdAt: 1_700_000_000_000, id: 'inv_9' }
  const cursor = cursorAfter(plan, last)
  const second = planQuery(asking, 'invoices', { ...open, cursor })
  const { text } = pageStatement(asking, table, second)
  expect(text).toMatch(/\(r\.created_at, r\.id\) [<>] \(\$\d+::timestamptz, \$\d+::text\)/)
  // `offset 0` keeps the planner from reading the table before the tenant is set.
  expect(text.match(/offset \d+/g)).toEqual(['offset 0'])
})
