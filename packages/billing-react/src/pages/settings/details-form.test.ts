import { expect, it } from 'vitest'
import { type DetailsForm, detailsInput } from './details-form.ts'

const empty: DetailsForm = {
  name: '',
  line1: '',
  line2: '',
  city: '',
  state: '',
  postalCode: '',
  country: '',
  taxIdType: '',
  taxIdValue: '',
  purchaseOrder: '',
  email: '',
  phone: '',
  invoiceEmails: '',
}

it('sends nothing for empty fields', () => {
  expect(detailsInput(empty)).toMatchObject({ name: null, address: null, taxIds: [] })
})

it('sends two recipients, a country in capitals and keeps further tax ids', () => {
  const form = {
    ...empty,
    country: 'de',
    city: ' Berlin ',
    taxIdType: 'eu_vat',
    taxIdValue: 'DE123456789',
    invoiceEmails: 'a@example.com\nb@example.com\n',
  }
  const second = { type: 'de_stn', value: '12/345/67890' }
  expect(detailsInput(form, [{ type: 'eu_vat', value: 'old' }, second])).toMatchObject({
    address: { city: 'Berlin', country: 'DE', line1: null },
    taxIds: [{ type: 'eu_vat', value: 'DE123456789' }, second],
    invoiceEmails: ['a@example.com', 'b@example.com'],
  })
})

it('sends nothing while an address of mail is none', () => {
  expect(detailsInput({ ...empty, email: 'nobody' })).toBeNull()
  expect(detailsInput({ ...empty, invoiceEmails: 'a@example.com nobody' })).toBeNull()
})
