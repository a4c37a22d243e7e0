// What stands around the rows of a streamed workbook, as the workbook library writes it: looks, headings, widths,
// the list of sheets. Taken from a small workbook that holds each look once; the rows themselves are sheet-xml.ts.
import { unzipSync } from 'fflate'
import type { CellStyle, ColumnDef } from 'hucre'
import { writeXlsxStream } from 'hucre/xlsx'

export interface SheetFrame {
  /** Of each sheet: all before its second row, and all after its last. */
  readonly opening: string
  readonly closing: string
  /** The number of each look, in the order in which they were given. */
  readonly lookNumbers: readonly number[]
  /** The other parts of the workbook by their names. */
  readonly parts: ReadonlyMap<string, Uint8Array>
}

export interface FrameOptions {
  readonly name: string
  readonly columns: readonly Pick<ColumnDef, 'header' | 'width'>[]
  readonly headings: readonly CellStyle[]
  readonly looks: readonly CellStyle[]
  readonly sheets: number
}

async function workbookOf({ name, columns, headings, looks, sheets }: FrameOptions) {
  let styles: readonly (CellStyle | undefined)[] = headings
  function* rows() {
    for (let sheet = 0; sheet < sheets; sheet += 1) {
      for (const look of looks) {
        styles = columns.map((_, at) => (at === 0 ? look : undefined))
        yield ['']
      }
    }
  }
  const defined = columns.map(
    (column, at): ColumnDef => ({
      ...column,
      // The library asks a column for its style at each row.
      get style() {
        return styles[at]
      },
    }),
  )
  const freezePane = { rows: 1 }
  const options = { name, columns: defined, freezePane, maxRowsPerSheet: looks.length + 1 }
  const pieces: Uint8Array[] = []
  for await (const piece of writeXlsxStream(rows(), options)) pieces.push(piece)
  return unzipSync(Buffer.concat(pieces))
}

const sheetPath = /^xl\/worksheets\/sheet\d+\.xml$/
const lookOf = /<c r="A\d+"(?: t="inlineStr")?(?: s="(\d+)")?/

/** The frame of a workbook of so many sheets; looks have the same numbers however many there are. */
export async function sheetFrame(options: FrameOptions): Promise<SheetFrame> {
  const files = Object.entries(await workbookOf(options))
  const first = files.find(([name]) => name === 'xl/worksheets/sheet1.xml')
  const [heading = '', ...rows] = Buffer.from(first?.[1] ?? [])
    .toString()
    .split(/(?=<row )/)
    .flatMap((part, at) => (at === 0 ? [] : [part]))
  const text = Buffer.from(first?.[1] ?? []).toString()
  return {
    opening: text.slice(0, text.indexOf(heading) + heading.length),
    closing: text.slice(text.indexOf('</sheetData>')),
    lookNumbers: rows.map(row => Number(lookOf.exec(row)?.[1] ?? 0)),
    parts: new Map(files.filter(([name]) => !sheetPath.test(name))),
  }
}
