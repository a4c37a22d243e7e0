// The credit balance and credit notes: what is given back, where it goes, and that it is spent once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const operator = (tenantId: string) => ({
  as: world.operator(),
  headers: { 'x-tenant-id': tenantId },
})

const issue = (tenantId: string, unitAmount: number, more: Record<string, unknown> = {}) =>
  world.call('POST', '/invoices', {
    ...operator(tenantId),
    body: { lineItems: [{ description: 'Work', quantity: 1, unitAmount }], ...more },
  })

const grant = (tenantId: string, amount: number) =>
  world.call('POST', '/credit-balance', {
    ...operator(tenantId),
    body: { amount, reason: 'goodwill' },
  })

const balanceOf = async (tenantId: string) => {
  const { body } = await world.call('GET', '/credit-balance', { as: world.admin(tenantId) })
  return body.balances[0]
}

/** Debits equal credits; the books hold the credit that the balance shows; each invoice owes what they say. */
async function proveBooks(tenantId: string): Promise<void> {
  const reads = world.service.deps.store.of(tenantId)
  const groups = await reads.sum('ledgerEntries', { sum: ['amountMinor'], groupBy: ['account'] })
  const booked = new Map(groups.map(g => [g.group.account, Number(g.sums.amountMinor)]))
  expect([...booked.values()].reduce((a, b) => a + b, 0)).toBe(0)
  const { rows } = await reads.list('creditBalances', { limit: 100 })
  const held = rows.reduce((sum, row) => sum + row.balanceMinor, 0)
  expect((booked.get('customer_credit') ?? 0) + held).toBe(0)
  const { body } = await world.call('GET', '/invoices?limit=100', { as: world.admin(tenantId) })
  const open = body.data.filter((i: { status: string }) => i.status === 'open')
  const due = open.reduce((sum: number, i: { amountDue: number }) => sum + i.amountDue * 100, 0)
  expect(booked.get('receivable') ?? 0).toBe(Math.round(due))
}

describe('the credit balance', () => {
  it('starts at 0; a grant of 20.00 is an adjustment of -20.00 and pays the next invoice first', async () => {
    expect(await balanceOf('granted')).toMatchObject({ currency: 'USD', balance: 0, entries: [] })
    const granted = await grant('granted', 20)
    expect(granted.status).toBe(201)
    expect(granted.body).toMatchObject({ type: 'adjustment', amount: -20, status: 'succeeded' })
    const invoice = await issue('granted', 50)
    expect(invoice.body).toMatchObject({ total: 50, amountFromBalance: 20, amountDue: 30 })
    expect(await balanceOf('granted')).toMatchObject({ balance: 0 })
    const kinds = (await balanceOf('granted')).entries.map((e: { kind: string }) => e.kind)
    expect(kinds).toEqual(['applied', 'adjustment'])
    await proveBooks('granted')
  })

  it('an invoice that it covers is paid when it is issued', async () => {
    await grant('covered', 100)
    const { body } = await issue('covered', 40)
    expect(body).toMatchObject({
      status: 'paid',
      amountPaid: 0,
      amountFromBalance: 40,
      amountDue: 0,
    })
    expect(await balanceOf('covered')).toMatchObject({ balance: 60 })
    await proveBooks('covered')
  })

  it('a withdrawn invoice gives back what it took', async () => {
    await grant('voided', 20)
    const { body } = await issue('voided', 50)
    await world.call('POST', `/invoices/${body.id}/void`, operator('voided'))
    expect(await balanceOf('voided')).toMatchObject({ balance: 20 })
    await proveBooks('voided')
  })

  it('a subscription that it covers starts without a charge', async () => {
    await grant('subscribed', 29)
    const as = world.admin('subscribed')
    const created = await world.call('POST', '/subscriptions', {
      as,
      body: { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa' },
    })
    expect(created.body).toMatchObject({ status: 'active' })
    expect(created.body.payment).toBeUndefined()
    await proveBooks('subscribed')
  })

  it('no more can be taken back than there is, and nothing is no correction', async () => {
    await grant('least', 5)
    expect((await grant('least', -6)).body.code).toBe('invalid_amount')
    expect((await grant('least', 0)).status).toBe(400)
    expect((await grant('least', -5)).status).toBe(201)
    expect(await balanceOf('least')).toMatchObject({ balance: 0 })
    const members = await world.call('POST', '/credit-balance', {
      as: world.admin('least'),
      body: { amount: 5, reason: 'mine' },
    })
    expect(members.body.code).toBe('operator_only')
    await proveBooks('least')
  })

  it('an automatic 0.30 is carried and collected with the next 10.00; 8 digits are the most', async () => {
    const small = await issue('carried', 0.3, { collection: 'automatic' })
    expect(small.body).toMatchObject({ status: 'paid', amountFromBalance: 0.3, amountDue: 0 })
    expect(await balanceOf('carried')).toMatchObject({ balance: -0.3 })
    const next = await issue('carried', 10, { collection: 'automatic' })
    expect(next.body).toMatchObject({ total: 10, amountFromBalance: -0.3, amountDue: 10.3 })
    expect(await balanceOf('carried')).toMatchObject({ balance: 0 })
    await proveBooks('carried')
    const large = await issue('carried', 1_000_000, { collection: 'automatic' })
    expect(large.body.code).toBe('amount_too_large')
  })

  it('50 invoices issued at once spend 100.00 of credit once, with numbers 1 to 50', async () => {
    await grant('parallel', 100)
    const made = await Promise.all(Array.from({ length: 50 }, () => issue('parallel', 7)))
    expect(made.every(answer => answer.status === 201)).toBe(true)
    const numbers = made.map(answer => Number(answer.body.invoiceNumber.split('-')[1]))
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
    const taken = made.reduce((sum, { body }) => sum + Math.round(body.amountFromBalance * 100), 0)
    expect(taken).toBe(100_00)
    expect(await balanceOf('parallel')).toMatchObject({ balance: 0 })
    await proveBooks('parallel')
  })

  it('an immediate downgrade has a total of 0 and gives the difference as credit', async () => {
    const as = world.admin('downgraded')
    const created = await world.call('POST', '/subscriptions', {
      as,
      body: { plan: 'enterprise', trialDays: 0, paymentMethodId: 'pm_card_visa' },
    })
    const changed = await world.call('PATCH', `/subscriptions/${created.body.id}`, {
      as,
      body: { plan: 'starter', when: 'now' },
    })
    expect(changed.status).toBe(200)
    expect(changed.body).toMatchObject({ plan: 'starter', pendingChange: null })
    const { body } = await world.call('GET', `/invoices/${changed.body.latestInvoiceId}`, { as })
    expect(body).toMatchObject({ status: 'paid', total: 0, billingReason: 'subscription_update' })
    const kinds = body.lineItems.map((line: { kind: string }) => line.kind)
    expect(kinds).toEqual(['proration_credit', 'proration_charge', 'balance_transfer'])
    const { balance } = await balanceOf('downgraded')
    expect(balance).toBeGreaterThan(269.9)
    expect(balance).toBeLessThanOrEqual(270)
    await proveBooks('downgraded')
  })
})

describe('credit notes', () => {
  const credit = (tenantId: string, invoiceId: string, body: unknown) =>
    world.call('POST', `/invoices/${invoiceId}/credit-notes`, { ...operator(tenantId), body })

  const paidInvoice = async (tenantId: string) => {
    const as = world.admin(tenantId)
    const made = await world.call('POST', '/invoices', {
      ...operator(tenantId),
      body: {
        lineItems: [
          { description: 'Seats', quantity: 3, unitAmount: 20.5, taxRate: 20 },
          { description: 'Books', quantity: 1, unitAmount: 13.67, taxRate: 5.5 },
        ],
      },
    })
    await world.call('POST', '/payment-methods', { as, body: { paymentMethodId: 'pm_card_visa' } })
    const paid = await world.call('POST', `/invoices/${made.body.id}/pay`, { as })
    expect(paid.body.status).toBe('paid')
    return paid.body
  }

  it('lowers what is owed first: 40.00 of an open 100.00 leaves 60.00 due', async () => {
    const { body: invoice } = await issue('lowered', 100)
    const note = await credit('lowered', invoice.id, { amount: 40, reason: 'late' })
    expect(note.status).toBe(201)
    expect(note.body).toMatchObject({ total: 40, lowersInvoice: 40, refunded: 0, toBalance: 0 })
    expect(note.body.creditNoteNumber).toMatch(/^[0-9A-Z]{6}-CN-0001$/)
    const after = await world.call('GET', `/invoices/${invoice.id}`, { as: world.admin('lowered') })
    expect(after.body).toMatchObject({ status: 'open', amountCredited: 40, amountDue: 60 })
    const all = await credit('lowered', invoice.id, {})
    expect(all.body).toMatchObject({ total: 60, lowersInvoice: 60 })
    const done = await world.call('GET', `/invoices/${invoice.id}`, { as: world.admin('lowered') })
    expect(done.body).toMatchObject({ status: 'paid', amountDue: 0, amountCredited: 100 })
    const refused = await credit('lowered', invoice.id, { amount: 0.01 })
    expect(refused.body.code).toBe('invalid_amount')
    await proveBooks('lowered')
  })

  it('one seat of three comes back with its own tax, 20.50 and 4.10, to the balance', async () => {
    const invoice = await paidInvoice('seats')
    const note = await credit('seats', invoice.id, {
      lines: [{ lineId: invoice.lineItems[0].id, quantity: 1 }],
    })
    expect(note.body).toMatchObject({
      subtotal: 20.5,
      tax: { amount: 4.1, lines: [{ rate: 20, taxable: 20.5, amount: 4.1 }] },
      total: 24.6,
      toBalance: 24.6,
    })
    expect(await balanceOf('seats')).toMatchObject({ balance: 24.6 })
    const rest = await credit('seats', invoice.id, {})
    expect(rest.body.total + 24.6).toBeCloseTo(invoice.total, 10)
    await proveBooks('seats')
    const pdf = await world.call('GET', `/credit-notes/${note.body.id}/pdf?lang=zh-CN`, {
      as: world.admin('seats'),
    })
    expect(pdf.status).toBe(200)
    expect(String(pdf.body).slice(0, 5)).toBe('%PDF-')
    const list = await world.call('GET', '/credit-notes', { as: world.admin('seats') })
    expect(list.body.data).toHaveLength(2)
  })

  it('splits what is returned into refund and credit, and refuses a split that does not add up', async () => {
    const invoice = await paidInvoice('split')
    const wrong = await credit('split', invoice.id, { amount: 30, refund: 10, credit: 10 })
    expect(wrong.body.code).toBe('invalid_request')
    const note = await credit('split', invoice.id, { amount: 30, refund: 12 })
    expect(note.body).toMatchObject({ total: 30, refunded: 12, toBalance: 18 })
    const { body } = await world.call('GET', '/transactions?type=refund', {
      as: world.admin('split'),
    })
    expect(body.data[0]).toMatchObject({
      amount: 12,
      status: 'succeeded',
      creditNoteId: note.body.id,
    })
    await proveBooks('split')
  })

  it('a refund issues its note pro rata; what was credited before comes out of the balance', async () => {
    const invoice = await paidInvoice('refunded')
    const { body } = await world.call('GET', '/transactions?type=payment', {
      as: world.admin('refunded'),
    })
    const paymentId = body.data[0].id
    const refund = (amount?: number) =>
      world.call('POST', `/transactions/${paymentId}/refund`, {
        ...operator('refunded'),
        body: amount === undefined ? {} : { amount },
      })
    const first = await refund(20)
    expect(first.body.creditNoteId).toMatch(/^cn_/)
    const note = await world.call('GET', `/credit-notes/${first.body.creditNoteId}`, {
      as: world.admin('refunded'),
    })
    expect(note.body).toMatchObject({ total: 20, refunded: 20, toBalance: 0 })
    await credit('refunded', invoice.id, {})
    const left = Math.round((invoice.total - 20) * 100) / 100
    expect(await balanceOf('refunded')).toMatchObject({ balance: left })
    const rest = await refund()
    expect(rest.body).toMatchObject({ amount: left, creditNoteId: null })
    expect(await balanceOf('refunded')).toMatchObject({ balance: 0 })
    await proveBooks('refunded')
  })

  it('20 refunds of one payment at once never exceed it, and every note has its own number', async () => {
    const invoice = await paidInvoice('rush')
    const { body } = await world.call('GET', '/transactions?type=payment', {
      as: world.admin('rush'),
    })
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        world.call('POST', `/transactions/${body.data[0].id}/refund`, {
          ...operator('rush'),
          body: { amount: 10 },
        }),
      ),
    )
    const fits = Math.floor(invoice.total / 10)
    expect(answers.filter(answer => answer.status === 201)).toHaveLength(fits)
    const notes = await world.call('GET', '/credit-notes?limit=100', { as: world.admin('rush') })
    const numbers = notes.body.data.map((n: { creditNoteNumber: string }) => n.creditNoteNumber)
    expect(new Set(numbers).size).toBe(fits)
    expect(numbers.sort().at(-1)).toMatch(new RegExp(`-CN-000${fits}$`))
    await proveBooks('rush')
  })

  it('a refund of an upgrade gives both its lines back in step', async () => {
    const as = world.admin('mixed')
    const created = await world.call('POST', '/subscriptions', {
      as,
      body: { plan: 'professional', trialDays: 0, paymentMethodId: 'pm_card_visa' },
    })
    await world.call('PATCH', `/subscriptions/${created.body.id}`, {
      as,
      body: { plan: 'enterprise' },
    })
    const { body } = await world.call('GET', '/transactions?type=payment', { as })
    for (const amount of [50, undefined]) {
      const done = await world.call('POST', `/transactions/${body.data[0].id}/refund`, {
        ...operator('mixed'),
        body: amount === undefined ? {} : { amount },
      })
      expect(done.status).toBe(201)
    }
    await proveBooks('mixed')
  })
})
