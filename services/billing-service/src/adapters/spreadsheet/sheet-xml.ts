// The rows of a sheet as text, cell by cell as the workbook library writes them (the test holds them against it),
// without an object for each cell. What stands around them is sheet-frame.ts.
import type { CellValue } from 'hucre'

const dayMs = 86_400_000
/** Workbooks count days from here; the day after February 28, 1900, which never was, is counted too. */
const dayNone = Date.UTC(1899, 11, 31)
const dayThatNeverWas = 60

/** A date as workbooks count it; the date is what a clock in UTC shows. */
function serialOf(date: Date): number {
  const days = (date.getTime() - dayNone) / dayMs
  const serial = days >= dayThatNeverWas ? days + 1 : days
  return Math.round(serial * 1e10) / 1e10
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these may not stand in XML
const special = /[&<>\u0000-\u0008\u000b\u000c\u000d-\u001f]/g
const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const escaped = (text: string): string =>
  text.replace(
    special,
    found =>
      named[found] ?? `_x${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
  )

const spaced = /^ | $|[\n\t]/

function textOf(value: string): string {
  if (value === '') return '<is><t/></is>'
  const space = spaced.test(value) ? ' xml:space="preserve"' : ''
  return `<is><t${space}>${escaped(value)}</t></is>`
}

const letters = (index: number): string =>
  index < 26
    ? String.fromCharCode(65 + index)
    : letters(Math.floor(index / 26) - 1) + letters(index % 26)

/** Writes rows of so many columns. */
export function rowWriter(columns: number) {
  const names = Array.from({ length: columns }, (_, at) => letters(at))
  return (row: number, values: readonly CellValue[], looks: readonly number[]): string => {
    let cells = ''
    for (let at = 0; at < values.length; at += 1) {
      const value = values[at]
      const look = looks[at] ? ` s="${looks[at]}"` : ''
      const place = `<c r="${names[at]}${row}"`
      if (value === null || value === undefined) {
        if (look !== '') cells += `${place}${look}/>`
      } else if (typeof value === 'string') {
        cells += `${place} t="inlineStr"${look}>${textOf(value)}</c>`
      } else {
        const number = value instanceof Date ? serialOf(value) : Number(value)
        cells += `${place}${look}><v>${number}</v></c>`
      }
    }
    return cells === '' ? '' : `<row r="${row}">${cells}</row>`
  }
}
