import { Decimal128, ObjectId } from 'mongodb'
import { expect, test } from 'vitest'
import { shapeOf } from '../../ports/shape.ts'
import { fromStored, plainDecimal, toStored } from './rows.ts'

const bson = { Decimal128, ObjectId }
const customers = shapeOf('customers')

test('a tenant of 24 lower-case hex digits is an ObjectId; in upper case or with 23 it stays text', () => {
  const lower = '64f0c2a1b3d4e5f601234567'
  const stored = toStored(bson, customers, 'tenantId', lower)
  expect(stored).toBeInstanceOf(ObjectId)
  expect(fromStored(customers, 'tenantId', stored)).toBe(lower)
  for (const other of [lower.toUpperCase(), lower.slice(1), `${lower}0`]) {
    expect(toStored(bson, customers, 'tenantId', other)).toBe(other)
  }
  expect(toStored(bson, customers, 'name', lower)).toBe(lower)
})

test('money is a 64-bit whole number, a time a date', () => {
  const invoices = shapeOf('invoices')
  const most = Number.MAX_SAFE_INTEGER
  expect(toStored(bson, invoices, 'totalMinor', most)).toBe(9_007_199_254_740_991n)
  expect(fromStored(invoices, 'totalMinor', 9_007_199_254_740_991n)).toBe(most)
  expect(toStored(bson, invoices, 'createdAt', -1)).toEqual(new Date(-1))
  expect(() => toStored(bson, invoices, 'totalMinor', 1.5)).toThrow('whole number')
  expect(() => fromStored(invoices, 'totalMinor', 2n ** 60n)).toThrow('safe integer')
})

test('a decimal is read without the exponent that the database may write', () => {
  expect(['1E-12', '-2.50', '1.20E+3', '0E-12', '7E+2'].map(plainDecimal)).toEqual([
    '0.000000000001',
    '-2.5',
    '1200',
    '0',
    '700',
  ])
})

test('nested keys that mean something to the driver are only keys', () => {
  const metadata = { _bsontype: 'ObjectId', $ref: 'a', $id: 'b', 'a.b': '' }
  const stored = toStored(bson, customers, 'metadata', metadata)
  expect(stored).toBeInstanceOf(Map)
  expect(Object.fromEntries(stored as Map<string, unknown>)).toEqual(metadata)
})
