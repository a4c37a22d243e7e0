import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { permissions } from './permissions.ts'
import { permissionsPage } from './permissions-page.ts'
import type { Route } from './route.ts'
import { routes } from './routes.ts'

const file = new URL('../../../docs/permissions.md', import.meta.url)
const all = Object.entries(routes) as [string, Route][]

it('docs/permissions.md says what the contract says', () => {
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, permissionsPage())
  expect(readFileSync(file, 'utf8')).toBe(permissionsPage())
})

it('every operation has a permission of the matrix, but for signed links and signed bodies', () => {
  for (const [name, { permission }] of all) {
    if (permission !== null) expect(permissions, name).toHaveProperty([permission])
  }
  const open = all.filter(([, route]) => route.permission === null)
  const unsigned = open.filter(([, { path }]) => !/^\/(?:public|webhooks)\//.test(path))
  expect(unsigned.map(([name]) => name)).toEqual([])
})

it('every permission is asked for by an operation, or by a field', () => {
  const asked = new Set(all.map(([, route]) => route.permission))
  expect(Object.keys(permissions).filter(name => !asked.has(name as never))).toEqual([])
})
