import { expect, it } from 'vitest'
import { csvOf, fileDay } from './shown-rows.ts'

it('quotes commas, quotes and line ends, and leaves figures alone', () => {
  const text = csvOf([
    ['Name', 'Amount'],
    ['Acme, "Inc."', -49.5],
    [null, 0],
  ])
  expect(text).toBe('\uFEFFName,Amount\r\n"Acme, ""Inc.""",-49.5\r\n,0\r\n')
})

it.each(['=1+1', '+1', '-1', '@sum', '\tx'])('hands no formula to a spreadsheet: %s', text => {
  expect(csvOf([[text]])).toBe(`\uFEFF'${text}\r\n`)
})

it('names files by the day in UTC', () => {
  expect(fileDay(Date.parse('2026-11-28T23:59:59Z'))).toBe('2026-11-28')
})
