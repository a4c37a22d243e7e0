import { describe, expect, it } from 'vitest'
import { csvFile } from './csv.ts'

describe('the CSV file of what is shown', () => {
  it('begins with a byte order mark, quotes commas and quotes, and ends each line with CRLF', () => {
    expect(csvFile(['Name', 'Amount USD'], [['Quay, "12"', -49.5]])).toBe(
      '\uFEFFName,Amount USD\r\n"Quay, ""12""",-49.5\r\n',
    )
  })

  it('keeps a negative decimal and disarms a name that begins like a formula', () => {
    expect(csvFile(['a', 'b'], [['-12.50', '=cmd()']])).toBe("\uFEFFa,b\r\n-12.50,'=cmd()\r\n")
  })
})
