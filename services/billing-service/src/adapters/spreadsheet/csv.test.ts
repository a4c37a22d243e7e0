import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { csvLines } from './csv.ts'

it('lines of any cells are those of the library, letter by letter', () => {
  const cell = fc.oneof(
    fc.string({ maxLength: 8, unit: 'grapheme' }),
    fc.constantFrom(
      '',
      ' ',
      'plain',
      '-12.50',
      '"',
      'a"b',
      'a,b',
      'a\r\nb',
      '\n',
      '\t',
      "'=1+1",
      '套餐，月付',
    ),
  )
  const rows = fc
    .integer({ min: 2, max: 6 })
    .chain(columns =>
      fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { maxLength: 5 }),
    )
  fc.assert(
    fc.property(rows, given => {
      expect(csvLines(given)).toBe(stringify(given, { record_delimiter: 'windows' }))
    }),
    { numRuns: 1_000 },
  )
})
