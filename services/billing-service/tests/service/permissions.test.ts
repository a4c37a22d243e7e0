// Every cell of docs/permissions.md, asked of the running service: each operation as each role.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

interface Row {
  readonly method: string
  readonly path: string
  readonly tenant: boolean
  /** By role: `yes`, `issuer` or nothing. */
  readonly cells: Readonly<Record<string, string>>
}

const page = readFileSync(new URL('../../../../docs/permissions.md', import.meta.url), 'utf8')
const roles = ['member', 'admin', 'service', 'operator'] as const

const rows: Row[] = page
  .split('\n')
  .map(line => line.split('|').map(cell => cell.trim().replaceAll('`', '')))
  .filter(cells => cells.length === 9)
  .slice(2)
  .map(([, operation, , tenant, ...cells]) => ({
    method: operation!.split(' ')[0]!,
    path: operation!.split(' ')[1]!,
    tenant: tenant === 'one',
    cells: Object.fromEntries(roles.map((role, at) => [role, cells[at]!])),
  }))

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
})
afterAll(() => world.close())

const ask = async ({ method, path }: Row, as: string | null, headers = {}) => {
  const body = method === 'GET' || method === 'DELETE' ? {} : { body: {} }
  const call = { as, headers, ...body }
  const answer = await world.call(method, path.replace(/:\w+/g, 'nothing'), call)
  return [answer.status, answer.body?.code] as const
}
const denied = (status: number, code: unknown) =>
  status === 401 || (status === 403 && ['forbidden', 'operator_only'].includes(String(code)))

describe('every operation', () => {
  it('stands on the page: more than 100 rows', () => {
    expect(rows.length).toBeGreaterThan(100)
  })

  it('without a token, and with one that names no role, is 401 and 403', async () => {
    const roleless = world.token({ tenantId: 'acme', roles: ['gardener'] })
    for (const row of rows) {
      expect([row.path, ...(await ask(row, null))]).toEqual([row.path, 401, 'unauthenticated'])
      expect([row.path, (await ask(row, roleless))[0]]).toEqual([row.path, 403])
    }
  })

  it.each(roles)('as %s is let in or refused as the page says', async role => {
    const operator = role === 'operator'
    const as = world.token(operator ? { roles: [role] } : { tenantId: 'acme', roles: [role] })
    for (const row of rows) {
      const headers: Record<string, string> =
        operator && row.tenant ? { 'x-tenant-id': 'acme' } : {}
      const [status, code] = await ask(row, as, headers)
      const said = `${role} ${row.method} ${row.path}: ${status} ${code}`
      expect(denied(status, code), said).toBe(row.cells[role] === '')
      if (row.cells[role] !== '') continue
      const issuers = row.cells.operator === 'issuer'
      expect(code, said).toBe(issuers ? 'operator_only' : 'forbidden')
    }
  })

  it('of one tenant is 400 tenant_required for an operator who names none', async () => {
    for (const row of rows.filter(each => each.tenant)) {
      const answer = await ask(row, world.operator())
      expect([row.path, ...answer]).toEqual([row.path, 400, 'tenant_required'])
    }
  })
})
