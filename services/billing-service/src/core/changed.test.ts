import { describe, expect, it } from 'vitest'
import { changedFields, type Telling } from './changed.ts'

const telling: Telling = {
  hides: field => field === 'name' || field === 'secret',
  skips: field => field === 'version',
}

describe('what changed of a record', () => {
  it('is said from and to, by field, without what stayed as it was', () => {
    const before = { language: 'en', seats: 3, version: 1 }
    const after = { language: 'zh-CN', seats: 3, version: 2 }
    expect(changedFields(before, after, telling)).toEqual({
      language: { from: 'en', to: 'zh-CN' },
    })
  })

  it('is said without the value where it says something of a person', () => {
    const changed = changedFields({ name: 'before' }, { name: 'after' }, telling)
    expect(changed).toEqual({ name: { hidden: true } })
  })

  it('does not depend on the order of members, and holds nothing and null for the same', () => {
    const before = { terms: { a: 1, b: [2] } }
    const after = { terms: { b: [2], a: 1 }, note: null }
    expect(changedFields(before, after, telling)).toEqual({})
  })

  it('counts from null for a record that was made, and to null for one that is gone', () => {
    const record = { code: 'SPRING', redemptionsMax: null, secret: 's' }
    expect(changedFields(null, record, telling)).toEqual({
      code: { from: null, to: 'SPRING' },
      secret: { hidden: true },
    })
    expect(changedFields(record, null, telling).code).toEqual({ from: 'SPRING', to: null })
  })

  it('tells the first 500 characters of a long text, and that one changed beyond them', () => {
    const long = 'x'.repeat(500)
    const changed = changedFields(
      { a: 'y', b: `${long}1` },
      { a: `${long}1`, b: `${long}2` },
      telling,
    )
    expect(changed.a).toEqual({ from: 'y', to: `${long}…` })
    expect(changed.b).toEqual({ hidden: true })
  })

  it('shows a value in another form where one is given', () => {
    const counting = {
      ...telling,
      shows: (_: string, value: unknown) => (value as string[]).length,
    }
    expect(changedFields({ to: ['a'] }, { to: ['b', 'c'] }, counting)).toEqual({
      to: { from: 1, to: 2 },
    })
    expect(changedFields({ to: ['a'] }, { to: ['b'] }, counting)).toEqual({ to: { hidden: true } })
  })
})
