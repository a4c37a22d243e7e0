// Rows as a CSV file for spreadsheets: commas, CRLF, a byte order mark so that Chinese opens right.

export type CsvValue = string | number | null

/** A text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay. */
function field(value: CsvValue): string {
  if (value === null) return ''
  const text = String(value)
  const isFormula = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) && !isDecimal(text)
  const safe = isFormula ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const isDecimal = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text)

/** The whole file, its first line the headers. */
export function csvFile(
  headers: readonly string[],
  rows: readonly (readonly CsvValue[])[],
): string {
  const lines = [headers, ...rows].map(row => row.map(field).join(','))
  return `\uFEFF${lines.join('\r\n')}\r\n`
}
