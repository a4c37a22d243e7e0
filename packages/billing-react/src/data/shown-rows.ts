// Rows that a page shows, as a file for spreadsheets.

/** A day for file names, in UTC: names must not depend on who reads them. */
export const fileDay = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** Spreadsheets run text that starts like a formula. */
const isFormula = (text: string): boolean => /^[=+\-@\t\r]/.test(text)

function field(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = isFormula(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Comma-separated text as RFC 4180 has it, with the mark by which Excel knows UTF-8. */
export const csvOf = (rows: readonly (readonly (string | number | null)[])[]): string =>
  `\uFEFF${rows.map(row => row.map(field).join(',')).join('\r\n')}\r\n`
