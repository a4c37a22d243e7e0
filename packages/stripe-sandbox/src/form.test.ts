// Form decoding: nesting, lists, and names that must not reach a prototype.

import { describe, expect, it } from 'vitest'
import { decodeForm } from './form.ts'

describe('decodeForm', () => {
  it('nests records and orders lists', () => {
    expect(decodeForm('a[b][0]=x&a[b][1]=y+z&c=%26&d[]=1&d[]=2')).toEqual({
      a: { b: ['x', 'y z'] },
      c: '&',
      d: ['1', '2'],
    })
  })

  it('orders a list by its numbers, not by arrival', () => {
    expect(decodeForm('a[1]=second&a[0]=first')).toEqual({ a: ['first', 'second'] })
  })

  it('drops names that reach a prototype', () => {
    expect(decodeForm('__proto__[x]=1&a[constructor][y]=2&b=3')).toEqual({ b: '3' })
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })
})
