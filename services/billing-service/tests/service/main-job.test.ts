import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const subscribe = (as: string, body: Record<string, unknown>) =>
  world.call('POST', '/subscriptions', { as, body })

describe('the main job', () => {
  it('four plans are on offer, cheapest first: 0, 29, 99 and 299 USD a month', async () => {
    const { body } = await world.call('GET', '/plans', { as: world.member('any') })
    expect(body.data.map((p: { code: string }) => p.code)).toEqual([
      'free',
      'starter',
      'professional',
      'enterprise',
    ])
    const monthly = body.data.map(
      (p: { prices: { billingCycle: string; amount: number }[] }) =>
        p.prices.find(price => price.billingCycle === 'monthly')?.amount,
    )
    expect(monthly).toEqual([0, 29, 99, 299])
    expect(body.data[3].included.messages).toBeNull()
  })

  it('professional with a good card and no trial is charged 99.00 at once', async () => {
    const as = world.admin('charged')
    const created = await subscribe(as, {
      plan: 'professional',
      paymentMethodId: 'pm_card_visa',
      trialDays: 0,
    })
    expect(created.status).toBe(201)
    expect(created.body).toMatchObject({
      plan: 'professional',
      status: 'active',
      billedBy: 'engine',
      payment: { status: 'succeeded' },
    })
    const invoices = await world.call('GET', '/invoices', { as })
    expect(invoices.body.data).toHaveLength(1)
    expect(invoices.body.data[0]).toMatchObject({
      status: 'paid',
      billingReason: 'subscription_create',
      total: 99,
      amountPaid: 99,
      amountDue: 0,
      attempts: 1,
    })
    expect(invoices.body.data[0].invoiceNumber).toMatch(/^[0-9A-Z]{6}-0001$/)
    const transactions = await world.call('GET', '/transactions', { as })
    expect(transactions.body.data[0]).toMatchObject({
      type: 'payment',
      status: 'succeeded',
      amount: 99,
      fee: 3.17,
      net: 95.83,
    })
    const methods = await world.call('GET', '/payment-methods', { as })
    expect(methods.body.data[0]).toMatchObject({
      type: 'card',
      isDefault: true,
      card: { brand: 'visa', last4: '4242' },
    })
  })

  it('a first paid subscription has 14 days of trial and costs nothing yet', async () => {
    const as = world.admin('trial')
    const { body, status } = await subscribe(as, { plan: 'starter' })
    expect(status).toBe(201)
    expect(body).toMatchObject({ status: 'trialing' })
    const days = (Date.parse(body.trialEnd) - Date.parse(body.createdAt)) / 86_400_000
    expect(days).toBe(14)
    expect((await world.call('GET', '/invoices', { as })).body.data).toEqual([])
  })

  it('a second live subscription of the family is 409 and names the first', async () => {
    const as = world.admin('second')
    const first = await subscribe(as, { plan: 'free' })
    const second = await subscribe(as, { plan: 'starter', paymentMethodId: 'pm_card_visa' })
    expect(second.status).toBe(409)
    expect(second.body).toMatchObject({ code: 'subscription_exists' })
    expect(second.body.detail).toContain(first.body.id)
    expect((await world.call('GET', '/payment-methods', { as })).body.data).toEqual([])
  })

  it('50 identical subscribes at once make 1 subscription and 1 charge', async () => {
    const as = world.admin('crowd')
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        subscribe(as, { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa' }),
      ),
    )
    const counts = answers.map(a => a.status)
    expect(counts.filter(status => status === 201)).toHaveLength(1)
    expect(counts.filter(status => status === 409)).toHaveLength(49)
    const { body } = await world.call('GET', '/transactions', { as })
    expect(body.data).toHaveLength(1)
    const methods = await world.call('GET', '/payment-methods', { as })
    expect(methods.body.data).toHaveLength(1)
  })

  it('a card that attaches and declines leaves the subscription incomplete', async () => {
    const as = world.admin('declined')
    const { status, body } = await subscribe(as, {
      plan: 'starter',
      trialDays: 0,
      paymentMethodId: 'pm_card_chargeCustomerFail',
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({ status: 'incomplete', payment: { status: 'failed' } })
    expect(body.payment.declineCode).toBe('generic_decline')
    expect(body.payment.message).toMatch(/declined/)
    const paid = await world.call('POST', `/invoices/${body.latestInvoiceId}/pay`, {
      as,
      body: { paymentMethodId: 'pm_card_visa' },
    })
    expect(paid.body).toMatchObject({ status: 'paid', payment: { status: 'succeeded' } })
    const after = await world.call('GET', `/subscriptions/${body.id}`, { as })
    expect(after.body.status).toBe('active')
  })

  it('a card that cannot be attached is 402 and nothing is created', async () => {
    const as = world.admin('unattachable')
    const { status, body } = await subscribe(as, {
      plan: 'starter',
      trialDays: 0,
      paymentMethodId: 'pm_card_visa_chargeDeclinedInsufficientFunds',
    })
    expect(status).toBe(402)
    expect(body).toMatchObject({ code: 'payment_declined', declineCode: 'insufficient_funds' })
    for (const path of ['/subscriptions', '/invoices', '/payment-methods', '/transactions']) {
      expect((await world.call('GET', path, { as })).body.data).toEqual([])
    }
  })

  it('an upgrade charges the prorated difference and is in force when paid', async () => {
    const as = world.admin('upgrade')
    const created = await subscribe(as, {
      plan: 'professional',
      trialDays: 0,
      paymentMethodId: 'pm_card_visa',
    })
    const changed = await world.call('PATCH', `/subscriptions/${created.body.id}`, {
      as,
      body: { plan: 'enterprise' },
    })
    expect(changed.status).toBe(200)
    expect(changed.body).toMatchObject({
      plan: 'enterprise',
      pendingChange: null,
      payment: { status: 'succeeded' },
    })
    expect(changed.body.currentPeriodEnd).toBe(created.body.currentPeriodEnd)
    const { body } = await world.call('GET', '/invoices', { as })
    const [upgrade] = body.data
    expect(upgrade.billingReason).toBe('subscription_update')
    expect(upgrade.lineItems.map((l: { kind: string }) => l.kind)).toEqual([
      'proration_credit',
      'proration_charge',
    ])
    expect(upgrade.total).toBeGreaterThan(199.9)
    expect(upgrade.total).toBeLessThanOrEqual(200)
    expect(upgrade.lineItems[0].explanation).toContain('99.00 ×')
  })

  it('an upgrade that is declined is 402, keeps the old plan and voids its invoice', async () => {
    const as = world.admin('upgrade-declined')
    const created = await subscribe(as, {
      plan: 'starter',
      trialDays: 0,
      paymentMethodId: 'pm_card_visa',
    })
    const changed = await world.call('PATCH', `/subscriptions/${created.body.id}`, {
      as,
      body: { plan: 'professional', paymentMethodId: 'pm_card_chargeCustomerFail' },
    })
    expect(changed.status).toBe(402)
    expect(changed.body.code).toBe('payment_declined')
    const after = await world.call('GET', `/subscriptions/${created.body.id}`, { as })
    expect(after.body).toMatchObject({ plan: 'starter', pendingChange: null, status: 'active' })
    const { body } = await world.call('GET', '/invoices', { as })
    expect(body.data.map((i: { status: string }) => i.status)).toEqual(['void', 'paid'])
  })

  it('a downgrade waits for the end of the period, and asking for the old plan takes it back', async () => {
    const as = world.admin('downgrade')
    const { body } = await subscribe(as, {
      plan: 'professional',
      trialDays: 0,
      paymentMethodId: 'pm_card_visa',
    })
    const path = `/subscriptions/${body.id}`
    const down = await world.call('PATCH', path, { as, body: { plan: 'starter' } })
    expect(down.body).toMatchObject({
      plan: 'professional',
      pendingChange: { plan: 'starter', effectiveAt: body.currentPeriodEnd },
    })
    const undone = await world.call('PATCH', path, { as, body: { plan: 'professional' } })
    expect(undone.body.pendingChange).toBeNull()
  })

  it('in a trial a change of plan moves no money and keeps the trial', async () => {
    const as = world.admin('trial-change')
    const { body } = await subscribe(as, { plan: 'starter' })
    const changed = await world.call('PATCH', `/subscriptions/${body.id}`, {
      as,
      body: { plan: 'enterprise' },
    })
    expect(changed.body).toMatchObject({
      plan: 'enterprise',
      status: 'trialing',
      trialEnd: body.trialEnd,
    })
    expect((await world.call('GET', '/invoices', { as })).body.data).toEqual([])
  })

  it('cancel at period end and reactivate', async () => {
    const as = world.admin('cancel')
    const { body } = await subscribe(as, { plan: 'free' })
    const path = `/subscriptions/${body.id}`
    const canceled = await world.call('POST', `${path}/cancel`, {
      as,
      body: { reason: 'too many messages' },
    })
    expect(canceled.body).toMatchObject({
      cancelAtPeriodEnd: true,
      status: 'active',
      cancelReason: 'too many messages',
    })
    const back = await world.call('POST', `${path}/reactivate`, { as })
    expect(back.body).toMatchObject({ cancelAtPeriodEnd: false, canceledAt: null })
    const now = await world.call('POST', `${path}/cancel`, { as, body: { when: 'now' } })
    expect(now.body.status).toBe('canceled')
    const late = await world.call('POST', `${path}/reactivate`, { as })
    expect(late.status).toBe(409)
    expect(late.body.code).toBe('subscription_ended')
    expect((await subscribe(as, { plan: 'free' })).status).toBe(201)
  })
})

describe('usage', () => {
  it('1000 messages, the same key twice, counts 1000', async () => {
    const as = world.admin('usage')
    const { body } = await subscribe(as, { plan: 'starter' })
    const path = `/subscriptions/${body.id}/usage`
    const event = { metric: 'messages', quantity: 1000, idempotencyKey: 'k1' }
    const first = await world.call('POST', path, { as, body: event })
    expect(first.status).toBe(202)
    expect(first.body).toEqual({
      accepted: true,
      duplicate: false,
      metric: 'messages',
      total: 1000,
    })
    const again = await world.call('POST', path, { as, body: event })
    expect(again.body).toMatchObject({ accepted: false, duplicate: true, total: 1000 })
    const seen = await world.call('GET', `/subscriptions/${body.id}`, { as })
    expect(seen.body.usage.messages).toEqual({ quantity: 1000, included: 10000, overage: 0 })
  })

  it('12,500 messages on starter are 2,500 over, at 0.002 each 5.00', async () => {
    const as = world.admin('overage')
    const { body } = await subscribe(as, { plan: 'starter' })
    const path = `/subscriptions/${body.id}/usage`
    await world.call('POST', path, { as, body: { metric: 'messages', quantity: 12500 } })
    const { body: usage } = await world.call('GET', path, { as })
    expect(usage.metrics.messages).toMatchObject({ overage: 2500, unitAmount: 0.002, amount: 5 })
    expect(usage.amount).toBe(5)
  })

  it('free stops at 1,000 messages with 409 quota_exceeded', async () => {
    const as = world.admin('capped')
    const { body } = await subscribe(as, { plan: 'free' })
    const path = `/subscriptions/${body.id}/usage`
    const full = await world.call('POST', path, {
      as,
      body: { metric: 'messages', quantity: 1000 },
    })
    expect(full.status).toBe(202)
    const over = await world.call('POST', path, { as, body: { metric: 'messages', quantity: 1 } })
    expect(over.status).toBe(409)
    expect(over.body.code).toBe('quota_exceeded')
  })

  it('a platform-wide batch of two tenants counts each once and says which it refused', async () => {
    const one = await subscribe(world.admin('batch-1'), { plan: 'starter' })
    const two = await subscribe(world.admin('batch-2'), { plan: 'starter' })
    const event = (tenantId: string, subscriptionId: string, key: string, metric = 'messages') => ({
      tenantId,
      subscriptionId,
      metric,
      quantity: 5,
      idempotencyKey: key,
    })
    const { status, body } = await world.call('POST', '/usage/batch', {
      as: world.platform(),
      body: {
        events: [
          event('batch-1', one.body.id, 'a'),
          event('batch-2', two.body.id, 'a'),
          event('batch-2', two.body.id, 'a'),
          event('batch-2', one.body.id, 'b'),
          event('batch-1', one.body.id, 'c', 'nonsense'),
        ],
      },
    })
    expect(status).toBe(202)
    expect(body).toEqual({
      accepted: 2,
      duplicates: 1,
      rejected: [
        { index: 3, code: 'not_found' },
        { index: 4, code: 'unknown_metric' },
      ],
    })
  })
})

describe('refunds and sums', () => {
  it('50.00 of 99.00 refunded: sums, fee kept, invoice stays paid', async () => {
    const as = world.admin('refund')
    await subscribe(as, { plan: 'professional', trialDays: 0, paymentMethodId: 'pm_card_visa' })
    const { body: list } = await world.call('GET', '/transactions', { as })
    const operator = { as: world.operator(), headers: { 'x-tenant-id': 'refund' } }
    const refund = await world.call('POST', `/transactions/${list.data[0].id}/refund`, {
      ...operator,
      body: { amount: 50.0, reason: 'a kind gesture' },
    })
    expect(refund.status).toBe(201)
    expect(refund.body).toMatchObject({
      type: 'refund',
      status: 'succeeded',
      amount: 50,
      reason: 'a kind gesture',
      relatedTransactionId: list.data[0].id,
      net: -50,
    })
    const invoice = await world.call('GET', `/invoices/${list.data[0].invoiceId}`, { as })
    expect(invoice.body).toMatchObject({ status: 'paid', amountPaid: 99, amountCredited: 50 })
    const over = await world.call('POST', `/transactions/${list.data[0].id}/refund`, {
      ...operator,
      body: { amount: '49.01' },
    })
    expect(over.status).toBe(409)
    expect(over.body.code).toBe('refund_exceeds_payment')
    const year = await world.call('GET', '/transactions/summary/year', { as })
    expect(year.body.currencies).toEqual([
      {
        currency: 'USD',
        payments: 99,
        refunds: 50,
        adjustments: 0,
        fees: 3.17,
        net: 45.83,
        counts: { payments: 1, refunds: 1, adjustments: 0, fees: 0 },
      },
    ])
  })

  it('20 refunds of 10.00 at once give back at most the 99.00 that were paid', async () => {
    const as = world.admin('many-refunds')
    await subscribe(as, { plan: 'professional', trialDays: 0, paymentMethodId: 'pm_card_visa' })
    const { body } = await world.call('GET', '/transactions', { as })
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        world.call('POST', `/transactions/${body.data[0].id}/refund`, {
          as: world.operator(),
          headers: { 'x-tenant-id': 'many-refunds' },
          body: { amount: 10 },
        }),
      ),
    )
    expect(answers.filter(a => a.status === 201)).toHaveLength(9)
    expect(answers.filter(a => a.status === 409)).toHaveLength(11)
    const payment = await world.call('GET', `/transactions/${body.data[0].id}`, { as })
    expect(payment.body.amountRefunded).toBe(90)
  })

  it('the ledger of every tenant sums to 0 in each account pair and currency', async () => {
    const groups = await world.service.deps.store.system.sum('ledgerEntries', {
      groupBy: ['tenantId', 'currency'],
      sum: ['amountMinor'],
    })
    expect(groups.length).toBeGreaterThan(3)
    for (const group of groups) expect(group.sums.amountMinor).toBe('0')
  })
})

describe('invoices by hand', () => {
  const operator = (tenantId: string) => ({
    as: world.operator(),
    headers: { 'x-tenant-id': tenantId },
  })

  it('3 x 19.99 with 8.875 % tax is 59.97 + 5.32 = 65.29, waits, and is paid on request', async () => {
    const created = await world.call('POST', '/invoices', {
      ...operator('by-hand'),
      body: {
        lineItems: [{ description: 'Workshop', quantity: 3, unitAmount: 19.99, taxRate: 8.875 }],
      },
    })
    expect(created.status).toBe(201)
    expect(created.body).toMatchObject({
      status: 'open',
      collection: 'manual',
      subtotal: 59.97,
      tax: { rate: 8.875, amount: 5.32 },
      total: 65.29,
      amountDue: 65.29,
    })
    const as = world.admin('by-hand')
    const bare = await world.call('POST', `/invoices/${created.body.id}/pay`, { as })
    expect(bare.body.code).toBe('payment_method_required')
    const paid = await world.call('POST', `/invoices/${created.body.id}/pay`, {
      as,
      body: { paymentMethodId: 'pm_card_visa' },
    })
    expect(paid.body).toMatchObject({ status: 'paid', amountDue: 0 })
    const again = await world.call('POST', `/invoices/${created.body.id}/pay`, { as })
    expect(again.body.code).toBe('invoice_already_paid')
  })

  it('a draft has no number, can be deleted, and finalising gives numbers without a gap', async () => {
    const draft = (quantity: number) =>
      world.call('POST', '/invoices', {
        ...operator('drafts'),
        body: {
          autoFinalize: false,
          lineItems: [{ description: 'Hours', quantity, unitAmount: '0.0075' }],
        },
      })
    const [a, b, c] = [await draft(1000), await draft(2000), await draft(3000)]
    expect(a.body).toMatchObject({ status: 'draft', invoiceNumber: null, total: 7.5 })
    const gone = await world.call('DELETE', `/invoices/${b.body.id}`, operator('drafts'))
    expect(gone.status).toBe(204)
    const first = await world.call('POST', `/invoices/${c.body.id}/finalize`, operator('drafts'))
    const second = await world.call('POST', `/invoices/${a.body.id}/finalize`, operator('drafts'))
    expect(first.body.invoiceNumber).toMatch(/-0001$/)
    expect(second.body.invoiceNumber).toMatch(/-0002$/)
    const kept = await world.call('DELETE', `/invoices/${a.body.id}`, operator('drafts'))
    expect(kept.body.code).toBe('invoice_not_draft')
  })

  it('voiding reverses the books; writing off moves the debt to bad debt as an adjustment', async () => {
    const open = (amount: number) =>
      world.call('POST', '/invoices', {
        ...operator('ends'),
        body: { lineItems: [{ description: 'Setup', quantity: 1, unitAmount: amount }] },
      })
    const voided = await open(10)
    const lost = await open(20)
    const one = await world.call('POST', `/invoices/${voided.body.id}/void`, operator('ends'))
    expect(one.body).toMatchObject({ status: 'void', amountDue: 0 })
    const two = await world.call(
      'POST',
      `/invoices/${lost.body.id}/uncollectible`,
      operator('ends'),
    )
    expect(two.body.status).toBe('uncollectible')
    const { body } = await world.call('GET', '/transactions', { as: world.admin('ends') })
    expect(body.data).toHaveLength(1)
    expect(body.data[0]).toMatchObject({ type: 'adjustment', amount: -20, net: 0 })
    const sums = await world.service.deps.store
      .of('ends')
      .sum('ledgerEntries', { groupBy: ['account'], sum: ['amountMinor'] })
    const balances = Object.fromEntries(sums.map(s => [s.group.account, s.sums.amountMinor]))
    expect(balances).toMatchObject({ receivable: '0', revenue: '-2000', bad_debt: '2000' })
  })

  it('50 finalisations at once give the numbers 1 to 50, each once', async () => {
    const made = await Promise.all(
      Array.from({ length: 50 }, () =>
        world.call('POST', '/invoices', {
          ...operator('numbers'),
          body: { lineItems: [{ description: 'x', quantity: 1, unitAmount: 1 }] },
        }),
      ),
    )
    const numbers = made.map(m => Number(m.body.invoiceNumber.split('-')[1])).sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
  })
})

describe('files', () => {
  it('an invoice is a PDF named by its number', async () => {
    const created = await world.call('POST', '/invoices', {
      as: world.operator(),
      headers: { 'x-tenant-id': 'files' },
      body: { lineItems: [{ description: 'Workshop', quantity: 1, unitAmount: 100 }] },
    })
    const pdf = await fetch(
      `${world.url}/api/v1/billing/invoices/${created.body.id}/pdf?lang=zh-CN`,
      {
        headers: { authorization: `Bearer ${world.admin('files')}` },
      },
    )
    expect(pdf.headers.get('content-type')).toBe('application/pdf')
    expect(pdf.headers.get('content-disposition')).toContain(created.body.invoiceNumber)
    const bytes = Buffer.from(await pdf.arrayBuffer())
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')
  })

  it('transactions export as csv, xlsx, excel and pdf; another format is 404', async () => {
    const as = world.admin('charged')
    const file = async (format: string) => {
      const response = await fetch(`${world.url}/api/v1/billing/transactions/export/${format}`, {
        headers: { authorization: `Bearer ${as}` },
      })
      return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) }
    }
    const csv = (await file('csv')).bytes.toString('utf8')
    expect(csv.split('\r\n')[0]).toContain('Transaction')
    expect(csv).toContain('99.00')
    expect((await file('xlsx')).bytes.subarray(0, 2).toString()).toBe('PK')
    expect((await file('excel')).bytes.subarray(0, 2).toString()).toBe('PK')
    expect((await file('pdf')).bytes.subarray(0, 5).toString()).toBe('%PDF-')
    expect((await file('docx')).status).toBe(404)
  })
})

describe('idempotency keys', () => {
  const body = { lineItems: [{ description: 'x', quantity: 1, unitAmount: 1 }] }
  const post = (key: string, sent: unknown = body) =>
    world.call('POST', '/invoices', {
      as: world.operator(),
      headers: { 'x-tenant-id': 'once', 'idempotency-key': key },
      body: sent,
    })

  it('the same key and body replays the first answer; another body is 409', async () => {
    const first = await post('k1')
    const again = await post('k1')
    expect(again.status).toBe(201)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(again.body).toEqual(first.body)
    const other = await post('k1', { ...body, autoFinalize: false })
    expect(other.status).toBe(409)
    expect(other.body.code).toBe('idempotency_conflict')
  })

  it('20 requests at once with one key make 1 invoice', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('k2')))
    expect(answers.every(a => [201, 409].includes(a.status))).toBe(true)
    const ids = new Set(answers.filter(a => a.status === 201).map(a => a.body.id))
    expect(ids.size).toBe(1)
  })

  it('a 400 is not kept, a 404 is', async () => {
    expect((await post('k3', { lineItems: [] })).status).toBe(400)
    expect((await post('k3')).status).toBe(201)
    const missing = () =>
      world.call('POST', '/invoices/inv_00000000000000000000000000/void', {
        as: world.operator(),
        headers: { 'x-tenant-id': 'once', 'idempotency-key': 'k4' },
      })
    expect((await missing()).status).toBe(404)
    expect((await missing()).headers.get('idempotent-replayed')).toBe('true')
  })
})
