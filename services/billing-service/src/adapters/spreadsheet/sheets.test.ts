import { buffer } from 'node:stream/consumers'
import { inflateRawSync } from 'node:zlib'
import { unzipSync } from 'fflate'
import { expect, test, vi } from 'vitest'
import type { TableView } from '../../documents/table.ts'
import { sheets } from './sheets.ts'
import { writeXlsx } from './xlsx.ts'

interface Row {
  readonly at: number
  readonly who: string
  readonly currency: string
  readonly amountMinor: number | null
}

const table: TableView<Row> = {
  title: 'Transactions',
  language: 'en',
  zone: 'Asia/Shanghai',
  filters: null,
  issuerName: 'Harbour Software Ltd',
  generatedAt: 0,
  paper: 'a4',
  columns: [
    { kind: 'instant', label: 'Time', width: 20, value: row => row.at },
    { kind: 'text', label: 'Customer', width: 30, value: row => row.who },
    { kind: 'text', label: 'Currency', width: 8, value: row => row.currency },
    {
      kind: 'money',
      label: 'Amount',
      width: 14,
      currency: row => row.currency,
      total: () => true,
      value: row => row.amountMinor,
    },
  ],
}

const at = Date.parse('2026-10-31T16:05:09Z')
const rows: Row[] = [
  { at, who: '=HYPERLINK("http://x")', currency: 'USD', amountMinor: -4_950 },
  { at, who: '@SUM(A1), "quoted"\nsecond line', currency: 'JPY', amountMinor: 1_235 },
  { at, who: '  +1 & <b>', currency: 'KWD', amountMinor: 1_234 },
  { at, who: '清讫', currency: 'USD', amountMinor: null },
]

/** Reads one part of a ZIP whose sizes stand in the central directory. */
function partOf(zip: Buffer, name: string): string {
  let offset = zip.readUInt32LE(zip.lastIndexOf('PK\u0005\u0006', undefined, 'latin1') + 16)
  while (zip.readUInt32LE(offset) === 0x02014b50) {
    const nameLength = zip.readUInt16LE(offset + 28)
    const found = zip.toString('utf8', offset + 46, offset + 46 + nameLength)
    if (found === name) {
      const local = zip.readUInt32LE(offset + 42)
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
      const packed = zip.subarray(start, start + zip.readUInt32LE(offset + 20))
      return (zip.readUInt16LE(offset + 10) === 8 ? inflateRawSync(packed) : packed).toString()
    }
    offset += 46 + nameLength + zip.readUInt16LE(offset + 30) + zip.readUInt16LE(offset + 32)
  }
  throw new Error(`no ${name}`)
}

test('CSV keeps amounts plain and turns what looks like a formula into text', async () => {
  expect((await buffer(sheets.csv(table, rows))).toString()).toBe(
    [
      '\uFEFFTime (Asia/Shanghai),Customer,Currency,Amount',
      '2026-11-01 00:05:09,"\'=HYPERLINK(""http://x"")",USD,-49.50',
      '2026-11-01 00:05:09,"\'@SUM(A1), ""quoted""\nsecond line",JPY,1235',
      "2026-11-01 00:05:09,'  +1 & <b>,KWD,1.234",
      '2026-11-01 00:05:09,清讫,USD,',
      '',
    ].join('\r\n'),
  )
})

test('an empty CSV still has its heading', async () => {
  expect((await buffer(sheets.csv(table, []))).toString()).toBe(
    '\uFEFFTime (Asia/Shanghai),Customer,Currency,Amount\r\n',
  )
})

test('a workbook has typed cells, decimals by currency and one sum per currency', async () => {
  const zip = await buffer(sheets.xlsx(table, rows))
  const sheet = partOf(zip, 'xl/worksheets/sheet1.xml')
  expect(sheet).toContain('<pane ySplit="1"')
  expect(sheet).toMatch(/<c r="D2" s="\d+"><v>-49.5<\/v><\/c>/)
  expect(sheet).toMatch(/<c r="D3" s="\d+"><v>1235<\/v><\/c>/)
  expect(sheet).toMatch(/<c r="D4" s="\d+"><v>1.234<\/v><\/c>/)
  expect(sheet).toMatch(/<c r="B2" t="inlineStr" s="\d+"><is><t>=HYPERLINK/)
  expect(sheet).not.toContain('<f>')
  expect([...sheet.matchAll(/Total (\w+)/g)].map(found => found[1])).toEqual(['JPY', 'KWD', 'USD'])
  const styles = partOf(zip, 'xl/styles.xml')
  for (const format of ['#,##0.000', 'yyyy-mm-dd hh:mm:ss']) expect(styles).toContain(format)
})

test.each(['csv', 'xlsx'] as const)(
  'when the reader of %s goes away, the rows are closed',
  async kind => {
    let outcome = 'open'
    async function* endless() {
      try {
        for (;;) yield rows[0] as Row
      } finally {
        outcome = 'closed'
      }
    }
    for await (const _bytes of sheets[kind](table, endless())) break
    await vi.waitFor(() => expect(outcome).toBe('closed'))
  },
)

test.each(['csv', 'xlsx'] as const)('when the rows fail, %s fails', async kind => {
  async function* failing() {
    yield rows[0] as Row
    throw new Error('the store went away')
  }
  await expect(buffer(sheets[kind](table, failing()))).rejects.toThrow('the store went away')
})

test('rows that a sheet does not take go on in another, with the heading again', async () => {
  const numbers: TableView<number> = {
    ...table,
    columns: [{ kind: 'integer', label: 'Number', width: 10, value: n => n }],
  }
  const files = unzipSync(await buffer(writeXlsx(numbers, [11, 12, 13, 14, 15], 3)))
  const textOf = (name: string) => Buffer.from(files[name]!).toString()
  const rowsOf = (sheet: number) =>
    [
      ...textOf(`xl/worksheets/sheet${sheet}.xml`).matchAll(/<row r="(\d)">.*?>([\w ]+)<\/[tv]>/g),
    ].map(([, row, value]) => [row, value])
  const heading = ['1', 'Number']
  expect(rowsOf(1)).toEqual([heading, ['2', '11'], ['3', '12']])
  expect(rowsOf(2)).toEqual([heading, ['2', '13'], ['3', '14']])
  expect(rowsOf(3)).toEqual([heading, ['2', '15']])
  const names = [...textOf('xl/workbook.xml').matchAll(/name="(\w+)"/g)].map(([, name]) => name)
  expect(names).toEqual(['Transactions', 'Transactions_2', 'Transactions_3'])
  expect(textOf('[Content_Types].xml')).toContain('/xl/worksheets/sheet3.xml')
})

test('the same table gives the same bytes', async () => {
  const [one, other] = [
    await buffer(sheets.xlsx(table, rows)),
    await buffer(sheets.xlsx(table, rows)),
  ]
  expect(one.equals(other)).toBe(true)
})
