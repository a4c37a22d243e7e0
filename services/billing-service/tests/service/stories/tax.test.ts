// Tax from the catalogue to the document: a German issuer, prices with and without tax, several rates at once,
// an exemption, a reverse charge with its proof, credit notes, and the books.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyBooks } from '../../../src/actions/verify/verify-books.ts'
import { invoiceView } from '../../../src/documents/invoice-view.ts'
import { printInvoice } from '../../../src/documents/print-invoice.ts'
import { openStory, type Story } from '../../../src/test/story.ts'
import { openWorld, type World } from '../../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({
    jobs: 'off',
    environment: {
      ISSUER_NAME: 'Muster GmbH',
      ISSUER_COUNTRY: 'DE',
      ISSUER_TAX_ID: 'DE123456789',
      ISSUER_TAX_ID_TYPE: 'eu_vat',
    },
  })
  const as = world.operator()
  const rate = (body: Record<string, unknown>) => world.call('POST', '/tax-rates', { as, body })
  for (const body of [
    {
      country: 'DE',
      name: 'USt',
      rate: 19,
      validFrom: '2007-01-01T00:00:00Z',
      validTo: '2026-04-01T00:00:00Z',
    },
    { country: 'DE', name: 'USt', rate: 20, validFrom: '2026-04-01T00:00:00Z' },
    { country: 'FR', name: 'TVA', rate: 20, validFrom: '2014-01-01T00:00:00Z' },
    { country: 'US', region: 'NY', name: 'State', rate: 4, validFrom: '2005-06-01T00:00:00Z' },
    { country: 'US', region: 'NY', name: 'City', rate: 4.5, validFrom: '2009-08-01T00:00:00Z' },
    {
      country: 'US',
      region: 'NY',
      name: 'MCTD',
      kind: 'surcharge',
      rate: 0.375,
      validFrom: '2005-06-01T00:00:00Z',
    },
  ]) {
    const answer = await rate(body)
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  }
  const plan = {
    code: 'gross',
    name: 'Gross',
    family: 'gross',
    prices: [
      { currency: 'EUR', billingCycle: 'monthly', amount: 29, taxBehavior: 'inclusive' },
      { currency: 'USD', billingCycle: 'monthly', amount: 29 },
    ],
  }
  const bigger = {
    ...plan,
    code: 'gross-plus',
    name: 'Gross Plus',
    prices: [{ currency: 'EUR', billingCycle: 'monthly', amount: 59, taxBehavior: 'inclusive' }],
  }
  const pushed = await world.call('POST', '/plans', { as, body: { plans: [plan, bigger] } })
  expect(pushed.status, JSON.stringify(pushed.body)).toBe(200)
})
afterAll(() => world.close())

// biome-ignore lint/suspicious/noExplicitAny: tests read answers as callers in JavaScript do
type Body = any

/** A tenant at a place, with a card, at 2026-03-01. */
async function tenantIn(
  name: string,
  address: Record<string, string>,
  settings: Record<string, unknown> = {},
): Promise<{ story: Story; customerId: string }> {
  const story = await openStory(world, name, '2026-03-01T00:00:00Z', {
    currency: 'EUR',
    ...settings,
  })
  const customerId = (await story.ask('GET', '/customers')).data[0].id
  await story.ask('PATCH', `/customers/${customerId}`, { name, address })
  return { story, customerId }
}

const subscribe = (story: Story, plan = 'gross') =>
  story.ask('POST', '/subscriptions', { plan, trialDays: 0, paymentMethodId: 'pm_card_visa' })
const newest = async (story: Story): Promise<Body> =>
  (await story.ask('GET', '/invoices?limit=1')).data[0]
const figures = ({ subtotal, discount, tax, total }: Body) => [
  subtotal,
  discount,
  tax.amount,
  total,
]

/** The words of the totals as they are printed. */
async function printed(story: Story, id: string, language: 'en' | 'zh-CN') {
  const { deps } = world.service
  const invoice = await deps.store.of(story.tenantId).get('invoices', id)
  const view = invoiceView(invoice, {
    language,
    zone: 'UTC',
    test: false,
    issuer: deps.issuer,
    customer: invoice.buyer ?? deps.issuer,
  })
  const document = printInvoice(view)
  return JSON.stringify(document)
}

async function provedBooks(): Promise<void> {
  const proofs = await verifyBooks(world.service.deps, { days: 0 })
  expect(proofs.flatMap(proof => proof.broken)).toEqual([])
}

describe('a price that contains its tax', () => {
  it('29.00 with 19 % stands as 24.37 + 4.63; from 1 April the new rate makes it 24.17 + 4.83', async () => {
    const { story } = await tenantIn('berlin', { country: 'DE' })
    await subscribe(story)
    const first = await newest(story)
    expect(figures(first)).toEqual([24.37, 0, 4.63, 29])
    expect(first.tax).toMatchObject({
      rate: 19,
      lines: [{ kind: 'standard', name: 'USt', rate: 19 }],
    })
    expect(first.lineItems[0]).toMatchObject({
      taxBehavior: 'inclusive',
      priceWithTax: 29,
      tax: 4.63,
    })
    await story.until('2026-04-02T00:00:00Z')
    const second = await newest(story)
    expect(figures(second)).toEqual([24.17, 0, 4.83, 29])
    expect(second.status).toBe('paid')
    const text = await printed(story, second.id, 'en')
    expect(text).toContain('Includes USt 20%')
    await provedBooks()
  })

  it('unused time comes back with the tax it was charged with: 29.00 full credit on the same second', async () => {
    const { story } = await tenantIn('koeln', { country: 'DE' })
    const { id } = await subscribe(story)
    await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'gross-plus' })
    const change = await newest(story)
    expect(change.total).toBe(30)
    const credit = change.lineItems.find((line: Body) => line.kind === 'proration_credit')
    expect([credit.amount, credit.tax]).toEqual([-24.37, -4.63])
    await provedBooks()
  })

  it('credit notes of 10.00, 10.00 and the rest take back exactly 24.37 and 4.63', async () => {
    const { story } = await tenantIn('hamburg', { country: 'DE' })
    await subscribe(story)
    const { id } = await newest(story)
    for (const body of [{ amount: 10 }, { amount: 10 }, {}]) {
      await story.operate('POST', `/invoices/${id}/credit-notes`, body)
    }
    const { data } = await story.ask('GET', '/credit-notes')
    const sum = (of: (note: Body) => number) =>
      Math.round(data.reduce((total: number, note: Body) => total + of(note), 0) * 100) / 100
    expect([sum(note => note.subtotal), sum(note => note.tax.amount)]).toEqual([24.37, 4.63])
    expect(data[0].tax.lines[0]).toMatchObject({ name: 'USt', rate: 19 })
    await provedBooks()
  })
})

describe('several rates at once', () => {
  it('New York: 29.00 bears 4 %, 4.5 % and 0.375 %, each rounded for itself: 1.16 + 1.31 + 0.11', async () => {
    const { story } = await tenantIn('ny', { country: 'US', state: 'NY' }, { currency: 'USD' })
    await subscribe(story)
    const invoice = await newest(story)
    expect(figures(invoice)).toEqual([29, 0, 2.58, 31.58])
    expect(invoice.tax.lines.map((line: Body) => [line.name, line.kind, line.amount])).toEqual([
      ['State', 'standard', 1.16],
      ['City', 'standard', 1.31],
      ['MCTD', 'surcharge', 0.11],
    ])
    expect(invoice.lineItems[0].taxRate).toBe(8.875)
    await story.operate('POST', `/invoices/${invoice.id}/credit-notes`, {})
    const [note] = (await story.ask('GET', '/credit-notes')).data
    expect(note.tax.lines.map((line: Body) => line.amount)).toEqual([1.16, 1.31, 0.11])
    await provedBooks()
  })

  it('rounded once for the sum it is 2.57; half-even rounds an exact half down', async () => {
    const { story } = await tenantIn(
      'ny-sum',
      { country: 'US', state: 'NY' },
      { currency: 'USD', taxRoundingLevel: 'invoice', taxRounding: 'half_even' },
    )
    await subscribe(story)
    expect(figures(await newest(story))).toEqual([29, 0, 2.57, 31.57])
    await story.operate('POST', '/invoices', {
      lineItems: [{ description: 'Half', quantity: 1, unitAmount: 2.5, taxRate: 5 }],
    })
    expect((await newest(story)).tax.amount).toBe(0.12)
  })
})

describe('who bears no tax', () => {
  it('a proved VAT id of another country: no tax, both VAT numbers, the words in both languages', async () => {
    const { story, customerId } = await tenantIn('paris', { country: 'FR' })
    await subscribe(story)
    expect((await newest(story)).tax.rate).toBe(20)
    const proof = { vatId: 'FR40303265045', country: 'FR', source: 'vies', reference: 'WAPIAAAA' }
    const denied = await world.call('POST', `/customers/${customerId}/tax`, {
      as: story.admin,
      body: { proof },
    })
    expect(denied.status).toBe(403)
    const decided = await story.operate('POST', `/customers/${customerId}/tax`, { proof })
    expect(decided.taxProof).toMatchObject({ ...proof, recordedBy: 'tester' })
    expect(decided.taxIds).toEqual([{ type: 'vat', value: 'FR40303265045' }])
    await story.until('2026-04-02T00:00:00Z')
    const invoice = await newest(story)
    expect(figures(invoice)).toEqual([29, 0, 0, 29])
    expect(invoice.tax.lines).toMatchObject([{ kind: 'reverse_charge', taxable: 29, amount: 0 }])
    const [en, zh] = [
      await printed(story, invoice.id, 'en'),
      await printed(story, invoice.id, 'zh-CN'),
    ]
    for (const text of [en, zh]) {
      expect(text).toContain('DE123456789')
      expect(text).toContain('FR40303265045')
    }
    expect(en).toContain('Reverse charge')
    expect(zh).toContain('反向征收（Reverse charge）')
    const stored = await world.service.deps.store.of('paris').get('invoices', invoice.id)
    expect(stored.taxLines[0]?.why?.inputs).toMatchObject({
      vatId: 'FR40303265045',
      issuerCountry: 'DE',
      buyerCountry: 'FR',
      source: 'vies',
      reference: 'WAPIAAAA',
    })
    // Another VAT id on the account: the proof proves nothing any more.
    await story.ask('PATCH', `/customers/${customerId}`, {
      taxIds: [{ type: 'vat', value: 'FR1' }],
    })
    await story.until('2026-05-02T00:00:00Z')
    expect((await newest(story)).tax.rate).toBe(20)
    await provedBooks()
  })

  it('the issuer’s own decision needs a reason and is in the audit log; at home it reverses nothing', async () => {
    const { story, customerId } = await tenantIn('bonn', { country: 'DE' })
    const proof = { vatId: 'DE999999999', country: 'DE', source: 'manual' }
    await story.operate('POST', `/customers/${customerId}/tax`, { proof }, 400)
    await story.operate('POST', `/customers/${customerId}/tax`, {
      proof: { ...proof, reference: 'Letter of 3 March' },
    })
    await subscribe(story)
    expect((await newest(story)).tax.rate).toBe(19)
    const log = await story.ask('GET', '/audit-log?action=customer.tax_decided')
    expect(log.data[0]).toMatchObject({
      role: 'operator',
      changes: { source: 'manual', reference: 'Letter of 3 March', proved: [false, true] },
    })
  })

  it('an exempt customer is a group of its own, not a rate of 0 %', async () => {
    const { story, customerId } = await tenantIn('charity', { country: 'DE' })
    await story.operate('POST', `/customers/${customerId}/tax`, { exempt: true })
    await subscribe(story)
    const invoice = await newest(story)
    expect(invoice.tax.lines).toMatchObject([{ kind: 'exempt', taxable: 29, amount: 0 }])
    expect(await printed(story, invoice.id, 'en')).toContain('exempt on')
    await provedBooks()
  })
})

describe('the table of rates', () => {
  it('is the operator’s; a rate is ended, and an end before its start is 400', async () => {
    const as = world.operator()
    const body = { country: 'IT', name: 'IVA', rate: 22, validFrom: '2020-01-01T00:00:00Z' }
    expect(
      (await world.call('POST', '/tax-rates', { as: world.admin('berlin'), body })).status,
    ).toBe(403)
    const { body: rate } = await world.call('POST', '/tax-rates', { as, body })
    const end = (at: string) =>
      world.call('POST', `/tax-rates/${rate.id}/end`, { as, body: { at } })
    expect((await end('2019-01-01T00:00:00Z')).status).toBe(400)
    expect((await end('2026-01-01T00:00:00Z')).body.validTo).toBe('2026-01-01T00:00:00.000Z')
    const list = await world.call('GET', '/tax-rates?country=IT', { as })
    expect(list.body.data).toHaveLength(1)
  })
})
