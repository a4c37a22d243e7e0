import { expect, it } from 'vitest'
import { isTooDeep } from './json-depth.ts'

it('32 levels are read, 33 are not, however many stand side by side', () => {
  const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`
  expect(isTooDeep(nested(32))).toBe(false)
  expect(isTooDeep(nested(34))).toBe(true)
  expect(isTooDeep(`[${'[1],'.repeat(100)}[1]]`)).toBe(false)
  expect(isTooDeep('['.repeat(1_000_000))).toBe(true)
})

it('brackets within a text do not count, also after an escaped quote', () => {
  expect(isTooDeep(JSON.stringify({ a: `\\"${'['.repeat(50)}`, b: '\\' }))).toBe(false)
  expect(isTooDeep(`{"a":"\\\\",${'"b":['.repeat(40)}`)).toBe(true)
})
