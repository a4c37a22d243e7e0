// Electronic invoices: the business terms that EN 16931 demands, read out of the XML, and what is refused.
import { XMLParser } from 'fast-xml-parser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({
    jobs: 'off',
    environment: {
      ISSUER_NAME: 'Harbour Software Ltd',
      ISSUER_ADDRESS_LINE1: '12 Harbour Street',
      ISSUER_CITY: 'Dublin',
      ISSUER_COUNTRY: 'IE',
      ISSUER_TAX_ID: 'IE3628739X',
      ISSUER_TAX_ID_TYPE: 'eu_vat',
    },
  })
})
afterAll(() => world.close())

const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false })

const operate = (tenant: string, method: string, path: string, body?: unknown) =>
  world.call(method, path, {
    as: world.operator(),
    headers: { 'x-tenant-id': tenant },
    ...(body === undefined ? {} : { body }),
  })

async function payer(tenant: string, name: string | null): Promise<string> {
  const as = world.admin(tenant)
  const { data } = (await world.call('GET', '/customers', { as })).body
  const { id } = data[0]
  const address = { line1: 'Hafenstraße 7', city: 'Hamburg', postalCode: '20459', country: 'DE' }
  if (name === null) return id
  const body = {
    name,
    address,
    taxIds: [{ type: 'eu_vat', value: 'DE811907980' }],
    purchaseOrder: 'PO & 7',
    zone: 'Europe/Berlin',
  }
  expect((await world.call('PATCH', `/customers/${id}`, { as, body })).status).toBe(200)
  return id
}

async function invoiced(tenant: string, lineItems: unknown[]): Promise<string> {
  const made = await operate(tenant, 'POST', '/invoices', { lineItems, currency: 'EUR' })
  expect(made.status).toBe(201)
  return made.body.id
}

async function ubl(tenant: string, path: string) {
  const answer = await world.call('GET', path, { as: world.admin(tenant) })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toContain('application/xml')
  return parser.parse(answer.body)
}

const text = (amount: { '#text': string }): string => amount['#text']

describe('an invoice with 19 % VAT', () => {
  // biome-ignore lint/suspicious/noExplicitAny: XML is read as whoever receives it would
  let invoice: any
  let invoiceId: string
  beforeAll(async () => {
    await payer('brueckner', 'Brückner & Söhne <GmbH>')
    invoiceId = await invoiced('brueckner', [
      { description: 'Consulting', quantity: 3, unitAmount: 99.5, taxRate: 19 },
      { description: 'Credits “A”', quantity: '0.5', unitAmount: '0.1234', taxRate: 19 },
      { description: 'Travel, exempt', quantity: 1, unitAmount: 10, taxRate: 0 },
    ])
    invoice = (await ubl('brueckner', `/invoices/${invoiceId}/ubl`)).Invoice
  })

  it('says what it follows, its number, dates, currency and order', () => {
    expect(invoice['cbc:CustomizationID']).toBe('urn:cen.eu:en16931:2017')
    expect(invoice['cbc:ID']).toMatch(/-0001$/)
    expect(invoice['cbc:IssueDate']).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(invoice['cbc:InvoiceTypeCode']).toBe('380')
    expect(invoice['cbc:DocumentCurrencyCode']).toBe('EUR')
    expect(invoice['cbc:DueDate'] ?? invoice['cac:PaymentTerms']).toBeDefined()
    expect(invoice['cac:OrderReference']['cbc:ID']).toBe('PO & 7')
  })

  it('names both parties with country and VAT identifier, markup and all', () => {
    const seller = invoice['cac:AccountingSupplierParty']['cac:Party']
    const buyer = invoice['cac:AccountingCustomerParty']['cac:Party']
    const terms = (party: typeof seller) => [
      party['cac:PartyLegalEntity']['cbc:RegistrationName'],
      party['cac:PostalAddress']['cac:Country']['cbc:IdentificationCode'],
      party['cac:PartyTaxScheme']['cbc:CompanyID'],
    ]
    expect(terms(seller)).toEqual(['Harbour Software Ltd', 'IE', 'IE3628739X'])
    expect(terms(buyer)).toEqual(['Brückner & Söhne <GmbH>', 'DE', 'DE811907980'])
  })

  it('adds up: 298.50 + 0.06 + 10.00, 56.73 VAT on 298.56, 365.29 due', () => {
    const total = invoice['cac:LegalMonetaryTotal']
    expect(text(total['cbc:LineExtensionAmount'])).toBe('308.56')
    expect(text(total['cbc:TaxInclusiveAmount'])).toBe('365.29')
    expect(text(total['cbc:PayableAmount'])).toBe('365.29')
    const tax = invoice['cac:TaxTotal']
    expect(text(tax['cbc:TaxAmount'])).toBe('56.73')
    const groups = tax['cac:TaxSubtotal'].map((group: Record<string, never>) => [
      group['cac:TaxCategory']!['cbc:ID'],
      group['cac:TaxCategory']!['cbc:Percent'],
      text(group['cbc:TaxableAmount']!),
      text(group['cbc:TaxAmount']!),
    ])
    expect(groups).toEqual([
      ['S', '19', '298.56', '56.73'],
      ['O', undefined, '10.00', '0.00'],
    ])
  })

  it('has each line with quantity, price and category', () => {
    const lines = invoice['cac:InvoiceLine']
    expect(
      // biome-ignore lint/suspicious/noExplicitAny: as above
      lines.map((line: any) => [
        line['cbc:ID'],
        text(line['cbc:InvoicedQuantity']),
        text(line['cac:Price']['cbc:PriceAmount']),
        text(line['cbc:LineExtensionAmount']),
        line['cac:Item']['cac:ClassifiedTaxCategory']['cbc:ID'],
      ]),
    ).toEqual([
      ['1', '3', '99.5', '298.50', 'S'],
      ['2', '0.5', '0.1234', '0.06', 'S'],
      ['3', '1', '10', '10.00', 'O'],
    ])
  })

  it('its credit note over 100.00 net names it and takes 19.00 VAT back', async () => {
    const { body } = await world.call('GET', `/invoices/${invoiceId}`, {
      as: world.admin('brueckner'),
    })
    const made = await operate('brueckner', 'POST', `/invoices/${invoiceId}/credit-notes`, {
      lines: [{ lineId: body.lineItems[0].id, amount: 100 }],
      reason: 'Not delivered',
    })
    const { CreditNote: note } = await ubl('brueckner', `/credit-notes/${made.body.id}/ubl`)
    expect(note['cbc:CreditNoteTypeCode']).toBe('381')
    const of = note['cac:BillingReference']['cac:InvoiceDocumentReference']
    expect(of['cbc:ID']).toBe(invoice['cbc:ID'])
    expect(text(note['cac:TaxTotal']['cbc:TaxAmount'])).toBe('19.00')
    expect(text(note['cac:LegalMonetaryTotal']['cbc:PayableAmount'])).toBe('119.00')
    expect(text(note['cac:CreditNoteLine']['cbc:CreditedQuantity'])).toBe('1')
  })
})

describe('a buyer of another country who proved its VAT identifier', () => {
  it('gets category AE without VAT, with the reason and its code', async () => {
    const id = await payer('proved', 'Brückner GmbH')
    const proof = { vatId: 'DE811907980', country: 'DE', source: 'vies', reference: 'WAPI-1' }
    expect((await operate('proved', 'POST', `/customers/${id}/tax`, { proof })).status).toBe(200)
    const made = await invoiced('proved', [{ description: 'Licence', quantity: 1, unitAmount: 50 }])
    const { Invoice: invoice } = await ubl('proved', `/invoices/${made}/ubl`)
    const { 'cac:TaxCategory': category } = invoice['cac:TaxTotal']['cac:TaxSubtotal']
    expect(category).toMatchObject({
      'cbc:ID': 'AE',
      'cbc:Percent': '0',
      'cbc:TaxExemptionReasonCode': 'VATEX-EU-AE',
      'cbc:TaxExemptionReason': 'Reverse charge',
    })
    expect(text(invoice['cac:LegalMonetaryTotal']['cbc:PayableAmount'])).toBe('50.00')
  })
})

describe('what is no electronic invoice', () => {
  it('names the terms that are missing', async () => {
    await payer('nameless', null)
    const id = await invoiced('nameless', [{ description: 'x', quantity: 1, unitAmount: 5 }])
    const answer = await world.call('GET', `/invoices/${id}/ubl`, { as: world.admin('nameless') })
    expect(answer.status).toBe(409)
    expect(answer.body.code).toBe('e_invoice_incomplete')
    expect(answer.body.detail).toContain('BT-44 buyer name; BT-55 buyer country')
  })

  it('a draft has no number yet, and a neighbour’s invoice is not found', async () => {
    const lineItems = [{ description: 'x', quantity: 1, unitAmount: 5 }]
    const body = { lineItems, currency: 'EUR', autoFinalize: false }
    const draft = await operate('brueckner', 'POST', '/invoices', body)
    const path = `/invoices/${draft.body.id}/ubl`
    const seen = await world.call('GET', path, { as: world.admin('brueckner') })
    expect(seen.body.code).toBe('invoice_not_open')
    expect((await world.call('GET', path, { as: world.admin('nameless') })).status).toBe(404)
    expect((await world.call('GET', path, { as: world.member('brueckner') })).status).toBe(403)
  })
})
