// Reports over HTTP on the real database: what the catalogue says, the figures of a small business, files in
// every format, and who may read what.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World

const operate = (method: string, path: string, tenantId?: string, body?: unknown) =>
  world.call(method, path, {
    as: world.operator(),
    body,
    headers: tenantId === undefined ? {} : { 'x-tenant-id': tenantId },
  })

const report = async (path: string, tenantId?: string) => {
  const answer = await operate('GET', `/reports/${path}`, tenantId)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body
}

async function subscribe(tenantId: string, plan: string, more: object = {}): Promise<void> {
  const { status, body } = await world.call('POST', '/subscriptions', {
    as: world.admin(tenantId),
    body: { plan, trialDays: 0, paymentMethodId: 'pm_card_visa', ...more },
  })
  expect(status, JSON.stringify(body)).toBe(201)
}

beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
  await operate('PATCH', '/settings', 'north', { taxRate: 20 })
  const coupon = { code: 'TENTH', percentOff: 10, duration: 'forever' }
  expect((await operate('POST', '/coupons', undefined, coupon)).status).toBe(201)
  await subscribe('north', 'professional', { coupon: 'TENTH' })
  await subscribe('south', 'starter')
  const invoice = await operate('POST', '/invoices', 'south', {
    collection: 'manual',
    lineItems: [{ description: 'Work', quantity: 1, unitAmount: 50 }],
  })
  expect(invoice.status).toBe(201)
})
afterAll(() => world?.close())

describe('the catalogue', () => {
  it('names each report and says what it counts, in either language', async () => {
    const { body } = await world.call('GET', '/reports', { as: world.admin('north') })
    const tax = body.data.find(({ code }: { code: string }) => code === 'tax')
    expect(tax).toMatchObject({
      title: 'Tax by rate and jurisdiction',
      scope: 'tenant',
      time: 'period',
      accounts: ['tax_payable'],
    })
    const zh = await world.call('GET', '/reports?lang=zh-CN', { as: world.operator() })
    for (const { title, definition } of zh.body.data) {
      expect(`${title}${definition}`).toMatch(/\p{Script=Han}/u)
    }
  })
})

describe('figures of two tenants', () => {
  it('99.00 less 10 % and 29.00 with 50.00 by hand are 168.10 of revenue, by plan', async () => {
    const { rows, totals, ledger } = await report('revenue-by-plan')
    expect(rows).toEqual([
      {
        plan: 'professional',
        currency: 'USD',
        billed: 99,
        discounts: -9.9,
        credited: 0,
        net: 89.1,
      },
      { plan: 'starter', currency: 'USD', billed: 29, discounts: 0, credited: 0, net: 29 },
      { plan: null, currency: 'USD', billed: 50, discounts: 0, credited: 0, net: 50 },
    ])
    expect(totals[0].sums.net).toBe(168.1)
    expect(ledger).toEqual([{ currency: 'USD', report: 168.1, ledger: 168.1 }])
  })

  it('20 % of 89.10 are 17.82 of tax, and TENTH took 9.90', async () => {
    const tax = await report('tax')
    expect(tax.rows).toContainEqual(
      expect.objectContaining({ kind: 'standard', rate: 20, taxable: 89.1, tax: 17.82 }),
    )
    const coupons = await report('coupon-use')
    expect(coupons.rows).toEqual([
      { coupon: 'TENTH', currency: 'USD', lines: 1, given: 9.9, takenBack: 0, net: 9.9 },
    ])
  })

  it('one tenant owes 50.00 that are not due, and the books balance', async () => {
    const { rows, from } = await report('receivables-ageing')
    expect(from).toBe(null)
    expect(rows).toEqual([expect.objectContaining({ tenantId: 'south', notDue: 50, owed: 50 })])
    expect((await report('receivables-ageing', 'north')).rows).toEqual([])
    const balance = await report('trial-balance')
    expect(balance.totals[0].sums.closing).toBe(0)
  })

  it('every report answers for all tenants and for one', async () => {
    const { body } = await operate('GET', '/reports')
    for (const { code, columns } of body.data) {
      for (const tenantId of [undefined, 'north']) {
        const { rows } = await report(code, tenantId)
        const codes = columns.map((column: { code: string }) => column.code)
        for (const row of rows) expect(Object.keys(row)).toEqual(codes)
      }
    }
  })
})

describe('recurring revenue', () => {
  it('89.10 and 29.00 a month are new business, and every figure opens its rows', async () => {
    const { rows, opens } = await report('mrr?period=month')
    expect(rows).toEqual([
      expect.objectContaining({ newBusiness: 118.1, closing: 118.1, arr: 1417.2, customers: 2 }),
    ])
    const listed = await operate('GET', `${opens}?kind=new_business`)
    expect(listed.body.data.map((each: { change: number }) => each.change)).toEqual([29, 89.1])
    expect(listed.body.data[0]).toMatchObject({ tenantId: 'south', plan: 'starter', mrr: 29 })
    const south = await operate('GET', `${opens}?limit=1`, 'south')
    expect(south.body).toMatchObject({ hasMore: false, data: [{ tenantId: 'south' }] })
    const admin = await world.call('GET', opens, { as: world.admin('south') })
    expect(admin.status).toBe(403)
    const byPlan = await report('mrr-by-plan')
    expect(byPlan.rows).toContainEqual({
      plan: 'professional',
      currency: 'USD',
      subscriptions: 1,
      mrr: 89.1,
      arr: 1069.2,
    })
  })

  it('what was charged in advance is earned by the end of its period', async () => {
    const { rows, totals, ledger } = await report('deferred-revenue')
    expect(totals[0].sums).toEqual({ billed: 128, earned: 128 })
    expect(rows.at(-1).deferred).toBe(0)
    expect(ledger).toEqual([{ currency: 'USD', report: 128, ledger: 128 }])
  })
})

describe('files', () => {
  it('hold the same figures as CSV, and open as a workbook and a PDF', async () => {
    const csv = await operate('GET', '/reports/revenue-by-plan/export/csv?lang=zh-CN')
    expect(csv.headers.get('content-disposition')).toMatch(/revenue-by-plan-.*\.csv/)
    expect(csv.body).toContain('套餐,币种,出账金额,优惠,作废与贷记,净额')
    expect(csv.body).toContain('professional,USD,99.00,-9.90,0.00,89.10')
    for (const [format, start] of [
      ['xlsx', 'PK'],
      ['pdf', '%PDF'],
    ] as const) {
      const { status, body } = await operate('GET', `/reports/tax/export/${format}`)
      expect(status).toBe(200)
      expect(body.slice(0, start.length)).toBe(start)
    }
    expect((await operate('GET', '/reports/tax/export/docx')).status).toBe(404)
  })
})

describe('who reads what', () => {
  it('an admin its own tenant, the issuer alone the whole business', async () => {
    const as = world.admin('south')
    const own = await world.call('GET', '/reports/receivables-ageing', { as })
    expect(own.body.rows).toHaveLength(1)
    expect(own.body.tenantId).toBe('south')
    const whole = await world.call('GET', '/reports/revenue-by-plan', { as })
    expect([whole.status, whole.body.code]).toEqual([403, 'operator_only'])
    const file = await world.call('GET', '/reports/revenue-by-plan/export/csv', { as })
    expect(file.status).toBe(403)
    const member = await world.call('GET', '/reports', { as: world.member('south') })
    expect(member.status).toBe(403)
  })

  it('a report that does not exist is 404, and a span without an inside 400', async () => {
    expect((await operate('GET', '/reports/gossip')).status).toBe(404)
    const query = '?from=2026-02-01T00:00:00Z&to=2026-02-01T00:00:00Z'
    expect((await operate('GET', `/reports/tax${query}`)).status).toBe(400)
    expect((await operate('GET', '/reports/tax?period=sometime')).status).toBe(400)
  })
})
