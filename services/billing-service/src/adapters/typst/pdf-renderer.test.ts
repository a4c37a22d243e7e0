import { afterAll, expect, test } from 'vitest'
import {
  exampleCreditNote,
  exampleInvoice,
  exampleLine,
  exampleReceipt,
  exampleStatement,
} from '../../documents/examples.ts'
import type { TableView } from '../../documents/table.ts'
import { openPdfRenderer } from './pdf-renderer.ts'

const renderer = openPdfRenderer({ run: 'in-process' })
afterAll(() => renderer.close())

const latin = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1')
const pagesOf = (pdf: Uint8Array): number => {
  const counts = [...latin(pdf).matchAll(/\/Type\s*\/Pages[\s\S]*?\/Count (\d+)/g)]
  return Math.max(...counts.map(count => Number(count[1])))
}

test('one invoice gives the same bytes twice, marked as PDF/UA-1, under 60 KB', async () => {
  const [one, two] = [
    await renderer.invoicePdf(exampleInvoice()),
    await renderer.invoicePdf(exampleInvoice()),
  ]
  expect(Buffer.compare(one, two)).toBe(0)
  expect(latin(one).slice(0, 5)).toBe('%PDF-')
  expect(latin(one)).toContain('<pdfuaid:part>1</pdfuaid:part>')
  expect(latin(one)).toContain('2026-11-01T00:00:00')
  expect(one.byteLength).toBeLessThan(60_000)
  expect(pagesOf(one)).toBe(1)
})

test('another amount gives other bytes', async () => {
  const one = await renderer.invoicePdf(exampleInvoice())
  const other = await renderer.invoicePdf(exampleInvoice({ totalMinor: 29_701 }))
  expect(Buffer.compare(one, other)).not.toBe(0)
})

test('80 lines take 5 pages, no line 1', async () => {
  const lines = Array.from({ length: 80 }, () => exampleLine())
  expect(pagesOf(await renderer.invoicePdf(exampleInvoice({ lines })))).toBe(5)
  expect(pagesOf(await renderer.invoicePdf(exampleInvoice({ lines: [] })))).toBe(1)
})

test('credit note, receipt and statement are one page each', async () => {
  expect(pagesOf(await renderer.creditNotePdf(exampleCreditNote()))).toBe(1)
  expect(pagesOf(await renderer.receiptPdf(exampleReceipt()))).toBe(1)
  expect(pagesOf(await renderer.statementPdf(exampleStatement()))).toBe(1)
})

test('a name that no font can draw still gives an invoice', async () => {
  const buyer = { name: '𞤀𞤣𞤤𞤢𞤥 Ltd 🙂', addressLines: [], facts: [] }
  expect(pagesOf(await renderer.invoicePdf(exampleInvoice({ buyer })))).toBe(1)
})

test('a logo is drawn, a broken one gives way to the name of the issuer', async () => {
  const drawing =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 1"><path d="M0 0h3v1z"/></svg>'
  const bytes = new TextEncoder().encode(drawing)
  const [plain, drawn, broken] = [
    await renderer.invoicePdf(exampleInvoice()),
    await renderer.invoicePdf(exampleInvoice({ logo: { format: 'svg', bytes } })),
    await renderer.invoicePdf(exampleInvoice({ logo: { format: 'png', bytes } })),
  ]
  expect(Buffer.compare(plain, drawn)).not.toBe(0)
  expect(Buffer.compare(plain, broken)).toBe(0)
})

test('markup in a name is printed, not run', async () => {
  const name = '#read("/etc/passwd") *bold* $x$ "\\u{0}" `code` <label> @ref // off'
  const pdf = await renderer.invoicePdf(
    exampleInvoice({ buyer: { name, addressLines: [name], facts: [] }, notes: name }),
  )
  expect(pagesOf(pdf)).toBe(1)
})

const table: TableView<{ at: number; amountMinor: number }> = {
  title: 'Transactions',
  language: 'en',
  zone: 'UTC',
  filters: 'Nov 1 – 30, 2026',
  issuerName: 'Harbour Software Ltd',
  generatedAt: Date.parse('2026-12-01T00:00:00Z'),
  paper: 'a4',
  columns: [
    { kind: 'instant', label: 'Time', width: 16, value: row => row.at },
    {
      kind: 'money',
      label: 'Amount',
      width: 12,
      currency: 'USD',
      total: () => true,
      value: row => row.amountMinor,
    },
  ],
}

test('a table of 100 rows has a heading on each of its 3 pages, and 2,001 rows are refused', async () => {
  const rows = Array.from({ length: 100 }, (_, index) => ({ at: index, amountMinor: index }))
  expect(pagesOf(await renderer.tablePdf(table, rows))).toBe(3)
  const many = Array.from({ length: 2_001 }, () => ({ at: 0, amountMinor: 1 }))
  await expect(renderer.tablePdf(table, many)).rejects.toMatchObject({
    code: 'invalid_request',
    details: { rowsMax: 2_000 },
  })
})
