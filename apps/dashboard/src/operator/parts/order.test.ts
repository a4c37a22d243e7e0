import { describe, expect, it } from 'vitest'
import { orderOf, sorted } from './order.ts'

const columns = [
  { key: 'number', plain: (row: Row) => row.number },
  { key: 'amount', plain: (row: Row) => row.amount },
]
interface Row {
  readonly number: string | null
  readonly amount: number
}
const rows: Row[] = [
  { number: 'INV-10', amount: 5 },
  { number: null, amount: 49.5 },
  { number: 'INV-9', amount: -3 },
]
const numbers = (text: string) =>
  sorted(rows, orderOf(text, columns), columns, 'en').map(row => row.number)

describe('the order of rows', () => {
  it('counts INV-9 before INV-10 and puts a missing number last', () => {
    expect(numbers('number')).toEqual(['INV-9', 'INV-10', null])
  })

  it('takes amounts by size, the largest first with a minus', () => {
    expect(numbers('-amount')).toEqual([null, 'INV-10', 'INV-9'])
  })

  it('stays as it was read when the address names no column', () => {
    expect(orderOf('constructor', columns)).toBeNull()
    expect(numbers('other')).toEqual(['INV-10', null, 'INV-9'])
  })
})
