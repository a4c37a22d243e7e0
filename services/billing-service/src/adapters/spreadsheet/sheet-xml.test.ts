import { unzipSync } from 'fflate'
import type { CellValue } from 'hucre'
import { writeXlsxStream } from 'hucre/xlsx'
import { expect, it } from 'vitest'
import { randomFrom } from '../../test/simulator/random.ts'
import { rowWriter } from './sheet-xml.ts'

const random = randomFrom('cells')
const pieces = [
  '清讫',
  '=1+1',
  ' ',
  '\n',
  '\t',
  '\r',
  '<b>&"\'',
  '\u0001',
  '😀',
  '_x000D_',
  'a',
  '0',
]

/** Dates stand in columns that have a look, as all of ours have. */
function cell(column: number): CellValue {
  switch (random.whole(0, 5)) {
    case 0:
      return null
    case 1:
      return random.whole(-1_000_000, 1_000_000) / 100
    case 2:
      if (column % 2 === 0) return column
      return new Date(Date.UTC(1900, 0, 1) + random.whole(0, 60_000_000_000) * 100)
    case 3:
      return ''
    default:
      return Array.from({ length: random.whole(1, 4) }, () => random.pick(pieces)).join('')
  }
}

it('200 rows of 30 cells are written as the workbook library writes them', async () => {
  const rows = Array.from({ length: 200 }, () => Array.from({ length: 30 }, (_, at) => cell(at)))
  const style = { numFmt: '0.00' }
  const columns = rows[0]!.map((_, at) => (at % 2 === 0 ? {} : { style }))
  const bytes: Uint8Array[] = []
  for await (const piece of writeXlsxStream(rows, { name: 'S', columns })) bytes.push(piece)
  const sheet = Buffer.from(unzipSync(Buffer.concat(bytes))['xl/worksheets/sheet1.xml']!).toString()
  const written = rowWriter(30)
  const looks = columns.map((_, at) => at % 2)
  const ours = rows.map((row, at) => written(at + 1, row, looks)).join('')
  const theirs = sheet.slice(sheet.indexOf('<sheetData>') + 11, sheet.indexOf('</sheetData>'))
  expect(ours.split('<row')).toEqual(theirs.split('<row'))
})
