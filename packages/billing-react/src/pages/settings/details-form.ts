// The form of billing details: texts as they are typed, and what the API takes. An empty field is nothing.
import type { CustomerWire } from '../../data/wire.ts'

const textKeys = [
  'name',
  'line1',
  'line2',
  'city',
  'state',
  'postalCode',
  'country',
  'taxIdType',
  'taxIdValue',
  'purchaseOrder',
  'email',
  'phone',
  'invoiceEmails',
] as const

export type TextKey = (typeof textKeys)[number]
export type DetailsForm = Readonly<Record<TextKey, string>>

/** The shape of a mail address as the API takes it. */
export const isMail = (text: string): boolean => /^[^@\s]+@[^@\s]+$/.test(text)

export function formOf(customer: CustomerWire): DetailsForm {
  const { address } = customer
  const [taxId] = customer.taxIds
  return {
    name: customer.name ?? '',
    line1: address?.line1 ?? '',
    line2: address?.line2 ?? '',
    city: address?.city ?? '',
    state: address?.state ?? '',
    postalCode: address?.postalCode ?? '',
    country: address?.country ?? '',
    taxIdType: taxId?.type ?? '',
    taxIdValue: taxId?.value ?? '',
    purchaseOrder: customer.purchaseOrder ?? '',
    email: customer.email ?? '',
    phone: customer.phone ?? '',
    invoiceEmails: customer.invoiceEmails.join('\n'),
  }
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())

/** What the API takes, or null while an address of mail is none. Tax ids beyond the first are kept. */
export function detailsInput(form: DetailsForm, kept: CustomerWire['taxIds'] = []) {
  const invoiceEmails = form.invoiceEmails.split(/\s+/).filter(mail => mail !== '')
  const email = orNull(form.email)
  if (![...invoiceEmails, ...(email === null ? [] : [email])].every(isMail)) return null
  const value = orNull(form.taxIdValue)
  const address = {
    line1: orNull(form.line1),
    line2: orNull(form.line2),
    city: orNull(form.city),
    state: orNull(form.state),
    postalCode: orNull(form.postalCode),
    country: orNull(form.country)?.toUpperCase() ?? null,
  }
  const isEmpty = Object.values(address).every(part => part === null)
  return {
    name: orNull(form.name),
    address: isEmpty ? null : address,
    taxIds: [
      ...(value === null ? [] : [{ type: orNull(form.taxIdType) ?? 'other', value }]),
      ...kept.slice(1),
    ],
    purchaseOrder: orNull(form.purchaseOrder),
    email,
    phone: orNull(form.phone),
    invoiceEmails,
  }
}
