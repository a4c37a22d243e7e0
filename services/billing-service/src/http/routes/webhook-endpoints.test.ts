import { readdirSync, readFileSync } from 'node:fs'
import { isEventFilter } from '@quittance/billing-contract/schemas/event-catalogue'
import { expect, it } from 'vitest'

const actions = new URL('../../actions/', import.meta.url)

it('every event that an action names stands in the catalogue', () => {
  const files = readdirSync(actions, { recursive: true, encoding: 'utf8' }).filter(
    file => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  )
  const types = files.flatMap(file => {
    const text = readFileSync(new URL(file, actions), 'utf8')
    return [...text.matchAll(/type(?:: | = )'([a-z_]+\.[a-z_]+)'/g)].map(([, type]) => type!)
  })
  expect(types.length).toBeGreaterThan(60)
  expect(types.filter(type => !isEventFilter(type))).toEqual([])
})

it('filters that never match are none: 5 of 8 are', () => {
  const filters = ['*', 'invoice.*', 'invoice.paid', 'payment.*', 'drift.found']
  const wrong = ['invoice', 'invoice.eaten', 'inv*']
  expect([...filters, ...wrong].filter(isEventFilter)).toEqual(filters)
})
