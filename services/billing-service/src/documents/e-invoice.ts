// Invoices and credit notes as UBL 2.1 after EN 16931, the electronic invoice of the European Union. A tree of
// elements, in the order of the schema; writing it down as XML is an adapter's. Terms of the norm (BT-n, BG-n)
// stand beside what carries them.
import type { CreditNote } from '../core/credit-note.ts'
import { decimal, multiplyDecimal } from '../core/decimal.ts'
import type { Invoice, LineTax, PartySnapshot, TaxLine } from '../core/invoice.ts'
import {
  type Currency,
  parseUnitAmount,
  ppmToPercent,
  roundToMinor,
  sumMinor,
  toDecimalString,
  unitAmountText,
} from '../core/money.ts'
import { type Instant, localDate } from '../core/time.ts'

/** An element's children in order; `@_name` is an attribute, `#text` the text beside attributes. */
export interface Element {
  readonly [name: string]: string | Element | readonly Element[] | undefined
}

export interface EInvoiceContext {
  readonly zone: string
  /** Where the document names none of its own. */
  readonly issuer: PartySnapshot
  readonly buyer: PartySnapshot
}

/** The specification that the document follows (BT-24). */
const customization = 'urn:cen.eu:en16931:2017'
const namespace = 'urn:oasis:names:specification:ubl:schema:xsd'

/** A unit that is counted (UN/ECE recommendation 20). */
const unitCode = 'C62'

interface Line {
  readonly id: string
  readonly description: string
  readonly quantity: string
  readonly unitAmount: string
  /** Before and after its discounts, without tax. */
  readonly amountMinor: number
  readonly discountMinor: number
  readonly tax: Pick<LineTax, 'kind' | 'ratePpm'> | null
  readonly period: { readonly start: Instant; readonly end: Instant } | null
}

type Kind = TaxLine['kind'] | 'none'

const categories: Readonly<
  Record<NonNullable<Kind>, { code: string; reason?: string; vatex?: string }>
> = {
  standard: { code: 'S' },
  exempt: { code: 'E', reason: 'Exempt from VAT' },
  reverse_charge: { code: 'AE', reason: 'Reverse charge', vatex: 'VATEX-EU-AE' },
  none: { code: 'O', reason: 'Not subject to VAT', vatex: 'VATEX-EU-O' },
  surcharge: { code: 'S' },
  withheld: { code: 'S' },
}

const vatIdOf = ({ taxIds }: PartySnapshot): string | null =>
  taxIds.find(({ type }) => type === 'vat' || type.endsWith('_vat'))?.value ?? null

/** What the norm demands of the parties and this document has not; empty: it can be written. */
export function missingTerms(
  lines: readonly { readonly kind: string; readonly taxes?: readonly LineTax[] }[],
  { issuer, buyer }: Pick<EInvoiceContext, 'issuer' | 'buyer'>,
): string[] {
  const kinds = new Set(lines.flatMap(line => line.taxes?.map(tax => tax.kind) ?? []))
  const taxed = kinds.has('standard') || kinds.has('reverse_charge')
  const demands: readonly [boolean, string][] = [
    [issuer.name !== null, 'BT-27 seller name'],
    [issuer.address?.country != null, 'BT-40 seller country'],
    [!taxed || vatIdOf(issuer) !== null, 'BT-31 seller VAT identifier'],
    [buyer.name !== null, 'BT-44 buyer name'],
    [buyer.address?.country != null, 'BT-55 buyer country'],
    [!kinds.has('reverse_charge') || vatIdOf(buyer) !== null, 'BT-48 buyer VAT identifier'],
    [lines.every(line => (line.taxes?.length ?? 0) <= 1), 'BT-151 one VAT category for each line'],
    [lines.every(line => line.kind !== 'balance_transfer'), 'BG-25 lines that sell something'],
  ]
  return demands.filter(([met]) => !met).map(([, term]) => term)
}

const money = (amountMinor: number, currency: Currency): Element => ({
  '@_currencyID': currency,
  '#text': toDecimalString(amountMinor, currency),
})

function partyOf(party: PartySnapshot): Element {
  const { address, name, email } = party
  const vatId = vatIdOf(party)
  const taxId = party.taxIds.find(({ value }) => value !== vatId)?.value
  return {
    'cac:Party': {
      'cac:PostalAddress': {
        'cbc:StreetName': address?.line1 ?? undefined,
        'cbc:AdditionalStreetName': address?.line2 ?? undefined,
        'cbc:CityName': address?.city ?? undefined,
        'cbc:PostalZone': address?.postalCode ?? undefined,
        'cbc:CountrySubentity': address?.state ?? undefined,
        'cac:Country': { 'cbc:IdentificationCode': address?.country ?? '' },
      },
      'cac:PartyTaxScheme':
        vatId === null
          ? undefined
          : { 'cbc:CompanyID': vatId, 'cac:TaxScheme': { 'cbc:ID': 'VAT' } },
      'cac:PartyLegalEntity': { 'cbc:RegistrationName': name ?? '', 'cbc:CompanyID': taxId },
      'cac:Contact': email === null ? undefined : { 'cbc:ElectronicMail': email },
    },
  }
}

const taxCategory = (tax: Line['tax'], withReason: boolean): Element => {
  const { code, reason, vatex } = categories[tax?.kind ?? 'none']
  return {
    'cbc:ID': code,
    // What is not subject to VAT has no rate at all.
    'cbc:Percent': code === 'O' ? undefined : String(ppmToPercent(tax?.ratePpm ?? 0)),
    'cbc:TaxExemptionReasonCode': withReason ? vatex : undefined,
    'cbc:TaxExemptionReason': withReason ? reason : undefined,
    'cac:TaxScheme': { 'cbc:ID': 'VAT' },
  }
}

/** BG-23: one for each category and rate; their bases are the nets of the lines (BT-116). */
function taxTotal(
  lines: readonly Line[],
  taxLines: readonly TaxLine[],
  currency: Currency,
): Element {
  const taxed = taxLines.map(line => ({
    tax: { kind: line.kind ?? ('standard' as const), ratePpm: line.ratePpm },
    baseMinor: line.taxableMinor,
    taxMinor: line.taxMinor,
  }))
  const rest = lines.filter(({ tax }) => tax === null)
  const restMinor = sumMinor(rest.map(line => line.amountMinor - line.discountMinor))
  const groups =
    rest.length === 0 ? taxed : [...taxed, { tax: null, baseMinor: restMinor, taxMinor: 0 }]
  return {
    'cbc:TaxAmount': money(sumMinor(groups.map(group => group.taxMinor)), currency),
    'cac:TaxSubtotal': groups.map(({ tax, baseMinor, taxMinor }) => ({
      'cbc:TaxableAmount': money(baseMinor, currency),
      'cbc:TaxAmount': money(taxMinor, currency),
      'cac:TaxCategory': taxCategory(tax, true),
    })),
  }
}

/**
 * Quantity (BT-129) and net price (BT-146) of a line: the price is never negative, so a credit has a negative
 * quantity; where both do not multiply to the amount (tiers, prices with tax), it is one of the amount.
 */
function priced({ quantity, unitAmount, amountMinor }: Line, currency: Currency) {
  const unit = unitAmountText(parseUnitAmount(unitAmount))
  const product = roundToMinor(decimal(multiplyDecimal(quantity, unit)), currency, 'half_away')
  const exact = product === amountMinor
  const price = exact ? unit : toDecimalString(amountMinor, currency)
  const count = exact ? quantity : '1'
  if (!price.startsWith('-')) return { count, price }
  return { count: count.startsWith('-') ? count.slice(1) : `-${count}`, price: price.slice(1) }
}

function lineOf(line: Line, currency: Currency, zone: string, quantityName: string): Element {
  const { count, price } = priced(line, currency)
  const { discountMinor, period } = line
  return {
    'cbc:ID': line.id,
    [quantityName]: { '@_unitCode': unitCode, '#text': count },
    'cbc:LineExtensionAmount': money(line.amountMinor - discountMinor, currency),
    'cac:InvoicePeriod': period === null ? undefined : periodOf(period, zone),
    'cac:AllowanceCharge':
      discountMinor === 0
        ? undefined
        : {
            'cbc:ChargeIndicator': discountMinor > 0 ? 'false' : 'true',
            'cbc:AllowanceChargeReason': 'Discount',
            'cbc:Amount': money(Math.abs(discountMinor), currency),
          },
    'cac:Item': {
      'cbc:Name': line.description,
      'cac:ClassifiedTaxCategory': taxCategory(line.tax, false),
    },
    'cac:Price': { 'cbc:PriceAmount': { '@_currencyID': currency, '#text': price } },
  }
}

/** Both days count (BT-73, BT-74), so the last is the one before the period's open end. */
const periodOf = ({ start, end }: NonNullable<Line['period']>, zone: string): Element => ({
  'cbc:StartDate': localDate(start, zone),
  'cbc:EndDate': localDate(Math.max(start, end - 1), zone),
})

interface Totals {
  readonly netMinor: number
  readonly totalMinor: number
  readonly prepaidMinor: number
}

/** BG-22; due is the total less what is paid already (BR-CO-16). */
const monetaryTotal = (
  { netMinor, totalMinor, prepaidMinor }: Totals,
  currency: Currency,
): Element => ({
  'cbc:LineExtensionAmount': money(netMinor, currency),
  'cbc:TaxExclusiveAmount': money(netMinor, currency),
  'cbc:TaxInclusiveAmount': money(totalMinor, currency),
  'cbc:PrepaidAmount': prepaidMinor === 0 ? undefined : money(prepaidMinor, currency),
  'cbc:PayableAmount': money(totalMinor - prepaidMinor, currency),
})

const rootOf = (name: 'Invoice' | 'CreditNote', children: Element): Element => ({
  [name]: {
    '@_xmlns': `${namespace}:${name}-2`,
    '@_xmlns:cac': `${namespace}:CommonAggregateComponents-2`,
    '@_xmlns:cbc': `${namespace}:CommonBasicComponents-2`,
    'cbc:CustomizationID': customization,
    ...children,
  },
})

interface Taxed {
  readonly taxes?: readonly LineTax[]
  readonly taxRatePpm: number | null
}

/** The tax of a line; lines of older versions of the product know their rate alone. */
function firstTax({ taxes, taxRatePpm }: Taxed): Line['tax'] {
  if (taxes !== undefined) return taxes[0] ?? null
  return taxRatePpm === null || taxRatePpm === 0 ? null : { kind: 'standard', ratePpm: taxRatePpm }
}

/** An issued invoice. What it took of the credit balance counts as paid (BT-113). */
export function invoiceTree(invoice: Invoice, context: EInvoiceContext): Element {
  const { currency, issuedAt, dueAt, invoiceNumber } = invoice
  const { zone, issuer, buyer } = context
  const lines = invoice.lines.map(
    ({ periodStart: start, periodEnd: end, ...line }, index): Line => ({
      ...line,
      id: String(index + 1),
      tax: firstTax(line),
      period: start === null || end === null ? null : { start, end },
    }),
  )
  const netMinor = invoice.subtotalMinor - invoice.discountMinor
  const order = buyer.purchaseOrder
  return rootOf('Invoice', {
    'cbc:ID': invoiceNumber ?? '',
    'cbc:IssueDate': localDate(issuedAt ?? invoice.createdAt, zone),
    'cbc:DueDate': dueAt === null ? undefined : localDate(dueAt, zone),
    'cbc:InvoiceTypeCode': '380',
    'cbc:DocumentCurrencyCode': currency,
    'cac:OrderReference': order === null ? undefined : { 'cbc:ID': order },
    'cac:AccountingSupplierParty': partyOf(issuer),
    'cac:AccountingCustomerParty': partyOf(buyer),
    'cac:PaymentTerms': dueAt === null ? { 'cbc:Note': 'Due on receipt' } : undefined,
    'cac:TaxTotal': taxTotal(lines, invoice.taxLines, currency),
    'cac:LegalMonetaryTotal': monetaryTotal(
      { netMinor, totalMinor: invoice.totalMinor, prepaidMinor: invoice.amountFromBalanceMinor },
      currency,
    ),
    'cac:InvoiceLine': lines.map(line => lineOf(line, currency, zone, 'cbc:InvoicedQuantity')),
  })
}

/** A credit note, in positive figures, with the invoice it corrects (BG-3). */
export function creditNoteTree(note: CreditNote, context: EInvoiceContext): Element {
  const { currency, issuedAt, totalMinor } = note
  const { zone, issuer, buyer } = context
  const lines = note.lines.map(
    (line, index): Line => ({
      ...line,
      id: String(index + 1),
      quantity: '1',
      unitAmount: toDecimalString(line.amountMinor, currency),
      tax: firstTax(line),
      period: null,
    }),
  )
  return rootOf('CreditNote', {
    'cbc:ID': note.creditNoteNumber,
    'cbc:IssueDate': localDate(issuedAt, zone),
    'cbc:CreditNoteTypeCode': '381',
    'cbc:Note': note.reason ?? undefined,
    'cbc:DocumentCurrencyCode': currency,
    'cac:BillingReference': {
      'cac:InvoiceDocumentReference': {
        'cbc:ID': note.invoiceNumber,
        'cbc:IssueDate': localDate(note.invoiceIssuedAt, zone),
      },
    },
    'cac:AccountingSupplierParty': partyOf(issuer),
    'cac:AccountingCustomerParty': partyOf(buyer),
    'cac:PaymentTerms': { 'cbc:Note': 'Credited' },
    'cac:TaxTotal': taxTotal(lines, note.taxLines, currency),
    'cac:LegalMonetaryTotal': monetaryTotal(
      { netMinor: note.subtotalMinor - note.discountMinor, totalMinor, prepaidMinor: 0 },
      currency,
    ),
    'cac:CreditNoteLine': lines.map(line => lineOf(line, currency, zone, 'cbc:CreditedQuantity')),
  })
}
