// The list of billing accounts as a table for export.
import type { Customer } from '../core/customer.ts'
import { instant, sheetOnly, tenantColumns, text } from './columns.ts'
import { frameOf, type TableContext, type TableView } from './table.ts'
import { tableWords } from './table-words.ts'
import { wordsOf } from './words.ts'

/** What the columns read of a row. */
export const customerFields = [
  'tenantId',
  'id',
  'createdAt',
  'name',
  'email',
  'phone',
  'address',
  'taxIds',
  'taxExempt',
  'purchaseOrder',
  'language',
] as const satisfies readonly (keyof Customer)[]

type Listed = Pick<Customer, (typeof customerFields)[number]>

/** The address in one line, from street to postal code; the country has a column of its own. */
function addressLine({ address }: Listed): string | null {
  if (address === null) return null
  const { line1, line2, city, state, postalCode } = address
  const parts = [line1, line2, city, state, postalCode].filter(part => part !== null && part !== '')
  return parts.length === 0 ? null : parts.join(', ')
}

const taxIdsLine = ({ taxIds }: Listed): string | null =>
  taxIds.length === 0 ? null : taxIds.map(({ value }) => value).join(', ')

/** Declares the columns; the rows come from the store, newest first. */
export function customersTable(context: TableContext): TableView<Listed> {
  const words = tableWords(context.language)
  const printed = wordsOf(context.language)
  return {
    title: words.customers,
    ...frameOf(context),
    columns: [
      ...tenantColumns<Listed>(context),
      text(words.name, 24, row => row.name),
      text(printed.email, 26, row => row.email),
      sheetOnly(text(printed.phone, 16, row => row.phone)),
      text(words.address, 36, addressLine),
      text(words.country, 9, row => row.address?.country ?? null),
      text(words.taxIds, 18, taxIdsLine),
      sheetOnly(text(words.taxExempt, 10, row => (row.taxExempt ? words.yes : words.no))),
      sheetOnly(text(printed.purchaseOrder, 18, row => row.purchaseOrder)),
      sheetOnly(text(words.languageOf, 9, row => row.language)),
      instant(words.created, row => row.createdAt),
      text(words.customerId, 31, row => row.id),
    ],
  }
}
