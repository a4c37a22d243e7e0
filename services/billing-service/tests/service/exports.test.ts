// Lists as files, read back by libraries that did not write them.
import { parse } from 'csv-parse/sync'
import readWorkbook from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

/** What spreadsheets would run as a formula, and what breaks naive CSV. */
const hostile = ['=cmd|"/c calc"!A1', '@SUM(A1)', '+1\n-2', 'quote " comma , end', '－1']

let world: World
let subscriptionId: string
beforeAll(async () => {
  world = await openWorld()
  for (const [i, name] of hostile.entries()) {
    const as = world.admin(`t${i}`)
    const { body } = await world.call('GET', '/customers', { as })
    const changed = { name, address: { country: 'GB' } }
    await world.call('PATCH', `/customers/${body.data[0].id}`, { as, body: changed })
    const lineItems = [{ description: 'Set-up', quantity: 1, unitAmount: 100 + i }]
    const headers = { 'x-tenant-id': `t${i}` }
    await world.call('POST', '/invoices', { as: world.operator(), headers, body: { lineItems } })
  }
  const as = world.admin('t0')
  const subscription = { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa' }
  const created = await world.call('POST', '/subscriptions', { as, body: subscription })
  subscriptionId = created.body.id
  for (const [i, quantity] of [3, 4.5].entries()) {
    const event = { metric: 'api_calls', quantity, idempotencyKey: `=event-${i}` }
    await world.call('POST', `/subscriptions/${subscriptionId}/usage`, { as, body: event })
  }
  const paid = await world.call('GET', '/transactions?type=payment', { as })
  const headers = { 'x-tenant-id': 't0' }
  const refund = { amount: 9, reason: '=refund' }
  const path = `/transactions/${paid.body.data[0].id}/refund`
  await world.call('POST', path, { as: world.operator(), headers, body: refund })
})
afterAll(() => world.close())

async function file(path: string, as: string): Promise<{ status: number; bytes: Buffer }> {
  const response = await fetch(`${world.url}/api/v1/billing${path}`, {
    headers: { authorization: `Bearer ${as}` },
  })
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) }
}

async function csv(path: string, as: string): Promise<Record<string, string>[]> {
  const { status, bytes } = await file(path, as)
  expect([status, bytes.subarray(0, 3)]).toEqual([200, Buffer.from('\uFEFF')])
  return parse(bytes, { bom: true, columns: true }) as Record<string, string>[]
}

async function workbook(path: string, as: string): Promise<unknown[][]> {
  const { bytes } = await file(path, as)
  const [sheet] = await readWorkbook(bytes)
  return sheet!.data
}

describe('a tenant’s lists', () => {
  it('are files in each format; another format is 404, another role is refused', async () => {
    const as = world.admin('t0')
    for (const noun of ['transactions', 'invoices', 'credit-notes', 'customers', 'usage']) {
      const first = async (format: string) =>
        (await file(`/${noun}/export/${format}?lang=zh-CN`, as)).bytes.subarray(0, 4).toString()
      expect([await first('xlsx'), await first('pdf')]).toEqual(['PK\u0003\u0004', '%PDF'])
      expect((await csv(`/${noun}/export/csv`, as)).length).toBeGreaterThan(0)
      expect((await file(`/${noun}/export/docx`, as)).status).toBe(404)
      expect((await file(`/${noun}/export/csv`, world.member('t0'))).status).toBe(403)
      expect((await file(`/${noun}/export/csv?colour=red`, as)).status).toBe(400)
    }
  })

  it('take the filters of the list: 1 payment of 29.00, 1 refund of -9.00', async () => {
    const as = world.admin('t0')
    const amounts = async (type: string) =>
      (await csv(`/transactions/export/csv?type=${type}`, as)).map(row => row.Amount)
    expect(await amounts('payment')).toEqual(['29.00'])
    expect(await amounts('refund')).toEqual(['-9.00'])
    const open = await csv('/invoices/export/csv?status=open', as)
    expect(open).toMatchObject([{ Status: 'Open', Total: '100.00', 'Amount due': '100.00' }])
    const later = await csv('/invoices/export/csv?from=2999-01-01T00:00:00Z', as)
    expect(later).toEqual([])
  })

  it('usage has the quantities 3 and 4.5, each event once', async () => {
    const rows = await csv(`/usage/export/csv?subscriptionId=${subscriptionId}`, world.admin('t0'))
    expect(rows.map(row => [row.Quantity, row['Event key']])).toEqual([
      ['4.5', "'=event-1"],
      ['3', "'=event-0"],
    ])
    expect(await csv('/usage/export/csv?metric=storage_gb', world.admin('t0'))).toEqual([])
  })
})

describe('read by others', () => {
  it('hostile names come back from CSV as text, none of them a formula', async () => {
    const names = (await csv('/issuer/customers/export/csv', world.operator())).map(r => r.Name)
    expect(names.reverse()).toEqual([
      `'${hostile[0]}`,
      `'${hostile[1]}`,
      `'${hostile[2]}`,
      hostile[3],
      `'${hostile[4]}`,
    ])
  })

  it('a workbook has texts as texts, amounts as numbers, times as dates, and its sum', async () => {
    const rows = await workbook('/issuer/invoices/export/xlsx?status=open', world.operator())
    const heading = rows[0] as string[]
    const place = (label: string) => heading.findIndex(each => each.startsWith(label))
    const open = rows.slice(1, -1)
    expect(open.map(row => row[place('Total')])).toEqual([104, 103, 102, 101, 100])
    expect(open.map(row => row[place('Customer')])).toEqual([...hostile].reverse())
    expect(open.every(row => row[place('Issued')] instanceof Date)).toBe(true)
    const sums = rows.at(-1)!
    expect([sums[0], sums[place('Total')]]).toEqual(['Total USD (issued and not void)', 510])
  })
})

describe('all tenants together', () => {
  it('are the operator’s alone; each row names its tenant', async () => {
    const rows = await csv('/issuer/credit-notes/export/csv', world.operator())
    expect(rows).toMatchObject([{ Tenant: 't0', Total: '9.00', Reason: "'=refund" }])
    const usage = await csv('/issuer/usage/export/csv?tenantId=t0', world.operator())
    expect(usage.map(row => row.Tenant)).toEqual(['t0', 't0'])
    const ofOne = await csv('/issuer/transactions/export/csv?tenantId=t1', world.operator())
    expect(ofOne).toEqual([])
    for (const noun of ['transactions', 'invoices', 'credit-notes', 'customers', 'usage']) {
      const path = `/issuer/${noun}/export/csv`
      expect((await file(path, world.admin('t0'))).status).toBe(403)
      expect((await file(path, world.platform())).status).toBe(403)
    }
  })

  it('and no tenant’s file shows another’s', async () => {
    const rows = await csv('/invoices/export/csv', world.admin('t1'))
    expect(rows.map(row => row.Total)).toEqual(['101.00'])
  })
})
