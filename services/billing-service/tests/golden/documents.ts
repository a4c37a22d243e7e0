// The documents that are kept as pictures and text: each shows what one kind of invoice looks like.
import {
  exampleCreditNote,
  exampleInvoice,
  exampleLine,
  exampleZhInvoice,
} from '../../src/documents/examples.ts'
import type { PdfRenderer } from '../../src/ports/renderer.ts'

export interface GoldenDocument {
  readonly name: string
  readonly pdf: (renderer: PdfRenderer) => Promise<Uint8Array>
}

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`)

type InvoiceParts = Parameters<typeof exampleInvoice>[0]

const invoice = (name: string, more: InvoiceParts = {}): GoldenDocument => ({
  name,
  pdf: renderer => renderer.invoicePdf(exampleInvoice(more)),
})

/** Eighty seats on eighty days: five pages, each with its heading, totals never alone. */
const eightyLines = Array.from({ length: 80 }, (_, index) => {
  const seats = (index % 7) + 1
  return exampleLine({
    description: `Team ${index + 1}, ${seats} seats`,
    quantity: String(seats),
    unitAmount: '12.5',
    amountMinor: seats * 1_250,
  })
})
const eightyMinor = eightyLines.reduce((sum, line) => sum + line.amountMinor, 0)

const reverseCharge = 'Reverse charge: VAT is owed by the customer (Art. 196, 2006/112/EC)'

const longName =
  'Gesellschaft für nachhaltige Infrastrukturentwicklung und Donaudampfschifffahrtsverwaltung mbH & Co. KG'

const anchor =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><path fill="#1F5FA8" ' +
  'd="M12 3h6v20h8l-11 6-11-6h8zM36 10h54v3H36zM36 17h40v3H36z"/></svg>'

export const goldenDocuments: readonly GoldenDocument[] = [
  invoice('one-line'),
  invoice('eighty-lines', {
    lines: eightyLines,
    paper: 'us-letter',
    subtotalMinor: eightyMinor,
    totalMinor: eightyMinor,
    amountDueMinor: eightyMinor,
  }),
  { name: 'credit-note', pdf: renderer => renderer.creditNotePdf(exampleCreditNote()) },
  invoice('yen', {
    currency: 'JPY',
    lines: [exampleLine({ unitAmount: '14850', amountMinor: 44_550 })],
    taxes: [
      {
        name: 'Consumption tax',
        ratePpm: 100_000,
        baseMinor: 44_550,
        amountMinor: 4_455,
        included: false,
        reason: null,
      },
    ],
    subtotalMinor: 44_550,
    totalMinor: 49_005,
    amountDueMinor: 49_005,
  }),
  invoice('dinar', {
    currency: 'KWD',
    lines: [exampleLine({ unitAmount: '30.125', amountMinor: 90_375 })],
    subtotalMinor: 90_375,
    totalMinor: 90_375,
    amountDueMinor: 90_375,
  }),
  {
    name: 'chinese',
    pdf: renderer => renderer.invoicePdf(exampleZhInvoice()),
  },
  invoice('reverse-charge', {
    currency: 'EUR',
    taxes: [
      {
        name: 'VAT',
        ratePpm: 0,
        baseMinor: 29_700,
        amountMinor: 0,
        included: false,
        reason: 'Reverse charge',
      },
    ],
    legal: [reverseCharge, 'Steuerschuldnerschaft des Leistungsempfängers'],
  }),
  invoice('tax-included', {
    currency: 'EUR',
    lines: [
      exampleLine({ taxRatePpm: 190_000 }),
      exampleLine({
        description: 'Printed handbook',
        period: null,
        quantity: '2',
        unitAmount: '24.9',
        taxRatePpm: 70_000,
        amountMinor: 4_980,
      }),
    ],
    taxes: [
      {
        name: 'VAT',
        ratePpm: 190_000,
        baseMinor: 24_958,
        amountMinor: 4_742,
        included: true,
        reason: null,
      },
      {
        name: 'VAT',
        ratePpm: 70_000,
        baseMinor: 4_654,
        amountMinor: 326,
        included: true,
        reason: null,
      },
    ],
    localTax: {
      name: 'VAT',
      currency: 'GBP',
      amountMinor: 4_421,
      rate: '0.8723',
      source: 'ECB',
      at: day('2026-10-30'),
    },
    subtotalMinor: 34_680,
    totalMinor: 34_680,
    amountDueMinor: 34_680,
  }),
  invoice('partly-paid', {
    state: 'partly_paid',
    settlements: [
      {
        kind: 'credit_note',
        amountMinor: 4_900,
        at: day('2026-11-02'),
        label: 'HARB-CN-000003',
      },
      { kind: 'balance', amountMinor: 1_200, at: null, label: null },
      { kind: 'payment', amountMinor: 10_000, at: day('2026-11-03'), label: 'Visa 4242' },
    ],
    amountDueMinor: 13_600,
    bankTransfer: {
      rows: [
        { label: 'Account holder', value: 'Harbour Software Ltd' },
        { label: 'IBAN', value: 'IE29 AIBK 9311 5212 3456 78' },
        { label: 'BIC', value: 'AIBKIE2D' },
      ],
      reference: 'HARB-000042',
    },
    notes: 'Please name the invoice number with your transfer.',
  }),
  invoice('discounts', {
    lines: [
      exampleLine(),
      exampleLine({
        description: 'Unused time of Starter plan, 2 seats',
        period: { start: day('2026-11-11'), end: day('2026-12-01') },
        quantity: '2',
        unitAmount: null,
        amountMinor: -3_867,
      }),
    ],
    discounts: [
      { name: 'SPRING10', ratePpm: 100_000, amountMinor: 2_970 },
      { name: 'Partner credit', ratePpm: null, amountMinor: 5_000 },
    ],
    taxes: [
      {
        name: 'Sales tax',
        ratePpm: 88_750,
        baseMinor: 17_863,
        amountMinor: 1_585,
        included: false,
        reason: null,
      },
    ],
    subtotalMinor: 25_833,
    totalMinor: 19_448,
    amountDueMinor: 19_448,
  }),
  invoice('long-names', {
    issuer: {
      name: longName,
      addressLines: ['Am Ende der sehr langen Hafenstraße 1234, Hinterhof, 4. Stock', 'Österreich'],
      facts: [{ label: 'vatNumber', value: 'ATU12345678' }],
    },
    buyer: {
      name: '北京某某智能科技发展（集团）有限责任公司上海分公司 & Sons Ltd',
      addressLines: [
        '中国上海市浦东新区世纪大道一百号环球金融中心八十八层',
        'https://a-host-name-that-never-ends.example/with/a/path/that/does/not/break',
      ],
      facts: [
        { label: 'creditCode', value: '91310000MA1FL0000X' },
        { label: 'email', value: 'accounts.payable.department.of.the.branch@subsidiary.example' },
      ],
    },
    purchaseOrder: 'PO-2026-11-0000000000000000000042/REV-B',
    lines: [
      exampleLine({
        description:
          'Professional plan for the research, development, operations and support teams of all branches, 3 seats',
      }),
      exampleLine({
        description: `Key ${'a1b2c3d4'.repeat(12)}`,
        quantity: '123456789.123456',
        unitAmount: '0.000000000123',
        amountMinor: 0,
      }),
    ],
    amountDueMinor: 29_700,
  }),
  invoice('branded', {
    logo: { format: 'svg', bytes: new TextEncoder().encode(anchor) },
    accent: '#1F5FA8',
    footer: 'Registered in Dublin, no. 624913',
    terms: 'Payable without deduction within 14 days.',
  }),
  invoice('usage-tiers', {
    lines: [
      exampleLine({
        description: 'API calls',
        quantity: '1250000',
        unitAmount: null,
        amountMinor: 149_500,
        tiers: [
          {
            from: '0',
            upTo: '10000',
            quantity: '10000',
            unitAmount: '0',
            amountMinor: 0,
          },
          {
            from: '10001',
            upTo: '1000000',
            quantity: '990000',
            unitAmount: '0.00125',
            amountMinor: 123_750,
          },
          {
            from: '1000001',
            upTo: null,
            quantity: '250000',
            unitAmount: '0.00103',
            amountMinor: 25_750,
          },
        ],
        explanation: '1,250,000 calls: each step of the price counts for the calls within it.',
      }),
    ],
    explained: true,
    subtotalMinor: 149_500,
    totalMinor: 149_500,
    amountDueMinor: 149_500,
  }),
]
