import { expect, test } from 'vitest'
import { collectionNames, shapeOf } from '../../ports/shape.ts'
import { indexesOf } from './schema.ts'

test('every unique index of a tenant’s collection begins with tenantId, so that it can be the shard key', () => {
  const tenants = collectionNames.map(shapeOf).filter(({ scope }) => scope === 'tenant')
  expect(tenants.length).toBeGreaterThan(30)
  const firsts = tenants.flatMap(shape =>
    indexesOf(shape)
      .filter(({ unique }) => unique)
      .map(({ fields }) => fields[0]),
  )
  expect(new Set(firsts)).toEqual(new Set(['tenantId']))
})
