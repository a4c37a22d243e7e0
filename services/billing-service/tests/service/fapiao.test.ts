// What is kept for China's fapiao: buyers, the file for issuing, the numbers that were given, blue and red.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
})
afterAll(() => world.close())

const operate = (tenant: string, method: string, path: string, body?: unknown) =>
  world.call(method, path, {
    as: world.operator(),
    headers: { 'x-tenant-id': tenant },
    ...(body === undefined ? {} : { body }),
  })

const asAdmin = (tenant: string, method: string, path: string, body?: unknown) =>
  world.call(method, path, { as: world.admin(tenant), ...(body === undefined ? {} : { body }) })

async function customerOf(tenant: string): Promise<string> {
  return (await asAdmin(tenant, 'GET', '/customers')).body.data[0].id
}

async function invoiced(tenant: string, currency = 'CNY') {
  const lineItems = [{ description: '软件服务', quantity: 2, unitAmount: 100, taxRate: 6 }]
  const made = await operate(tenant, 'POST', '/invoices', { lineItems, currency })
  expect(made.status).toBe(201)
  return made.body
}

async function linesOf(tenant: string): Promise<string[][]> {
  const from = '2020-01-01T00:00:00.000Z'
  const to = '2100-01-01T00:00:00.000Z'
  const path = `/issuer/fapiao/export/csv?lang=zh-CN&tenantId=${tenant}&from=${from}&to=${to}`
  const answer = await world.call('GET', path, { as: world.operator() })
  expect(answer.status).toBe(200)
  const text = String(answer.body)
  return text
    .trim()
    .split(/\r?\n/)
    .map(line => line.split(','))
}

const cell = ([head]: string[][], row: string[], name: string) =>
  row[head!.findIndex(each => each.replace('\uFEFF', '').startsWith(name))]

const terms = {
  type: 'special',
  title: '示例科技有限公司',
  taxNumber: '91350100M000100Y43',
  address: '福州市示例路1号',
  bankName: '招商银行福州分行',
  bankAccount: '591902000010101',
  remarks: '合同 2026-7',
}
const blueNumber = '26352000000000000017'
const redNumber = '26352000000000000025'

it('a billing account says once what it wants: title, tax number, bank and account', async () => {
  const id = await customerOf('buyer')
  const none = await asAdmin('buyer', 'GET', `/customers/${id}/fapiao`)
  expect(none.body).toMatchObject({ customerId: id, type: 'general', title: null, updatedAt: null })
  const saved = await asAdmin('buyer', 'PUT', `/customers/${id}/fapiao`, terms)
  expect(saved.body).toMatchObject({ ...terms, phone: null })
  const again = await asAdmin('buyer', 'PUT', `/customers/${id}/fapiao`, terms)
  expect(again.status).toBe(200)
  expect((await asAdmin('buyer', 'GET', `/customers/${id}/fapiao`)).body).toMatchObject(terms)
})

it('a special one without a tax number, and a code with a wrong check character, are 400', async () => {
  const path = `/customers/${await customerOf('wrong')}/fapiao`
  for (const taxNumber of [null, '91350100M000100Y44']) {
    const answer = await asAdmin('wrong', 'PUT', path, { ...terms, taxNumber })
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, '/taxNumber'])
  }
})

it('an account that is a card number is refused, and the audit log holds no account at all', async () => {
  const path = `/customers/${await customerOf('cards')}/fapiao`
  const card = { ...terms, bankAccount: '4000056655665556' }
  const answer = await asAdmin('cards', 'PUT', path, card)
  expect(answer.body.code).toBe('account_number_refused')
  expect((await asAdmin('cards', 'PUT', path, terms)).status).toBe(200)
  const log = await asAdmin('cards', 'GET', '/audit-log')
  expect(JSON.stringify(log.body)).toContain('fapiao.buyer_updated')
  expect(JSON.stringify(log.body)).not.toContain(terms.bankAccount)
})

it('the file for issuing holds a document until its fapiao is recorded; a red one points at the blue', async () => {
  await asAdmin('issuing', 'PUT', `/customers/${await customerOf('issuing')}/fapiao`, terms)
  const invoice = await invoiced('issuing')
  await invoiced('issuing', 'EUR')
  const before = await linesOf('issuing')
  const mine = before.filter(row => row.includes(invoice.invoiceNumber))
  expect(mine).toHaveLength(1)
  const said = ['发票类型', '购买方名称', '购买方银行账号', '金额', '税率', '税额', '币种']
  expect(said.map(name => cell(before, mine[0]!, name)?.replaceAll('"', ''))).toEqual([
    '增值税专用发票',
    terms.title,
    terms.bankAccount,
    '200.00',
    '6',
    '12.00',
    'CNY',
  ])

  const note = await operate('issuing', 'POST', `/invoices/${invoice.id}/credit-notes`, {})
  expect(note.status).toBe(201)
  const red = { number: redNumber, issuedOn: '2026-11-30' }
  const early = await operate('issuing', 'PUT', `/credit-notes/${note.body.id}/fapiao`, red)
  expect([early.status, early.body.code]).toEqual([409, 'fapiao_blue_missing'])

  const blue = { number: '26352000000000000009', issuedOn: '2026-11-29' }
  expect((await operate('issuing', 'PUT', `/invoices/${invoice.id}/fapiao`, blue)).status).toBe(200)
  const right = { ...blue, number: blueNumber }
  const put = await operate('issuing', 'PUT', `/invoices/${invoice.id}/fapiao`, right)
  expect(put.body).toMatchObject({ kind: 'blue', type: 'special', number: blueNumber })

  const after = await linesOf('issuing')
  expect(after.filter(row => row.includes(invoice.invoiceNumber))).toEqual([])
  const reds = after.filter(row => row.includes(note.body.creditNoteNumber))
  const figures = ['金额', '税额', '对应蓝字发票号码'].map(name => cell(after, reds[0]!, name))
  expect(figures.map(each => each?.replaceAll(/["']/g, ''))).toEqual([
    '-200.00',
    '-12.00',
    blueNumber,
  ])

  const taken = { ...red, number: blueNumber }
  const twice = await operate('issuing', 'PUT', `/credit-notes/${note.body.id}/fapiao`, taken)
  expect([twice.status, twice.body.code]).toEqual([409, 'fapiao_number_taken'])
  const issued = await operate('issuing', 'PUT', `/credit-notes/${note.body.id}/fapiao`, red)
  expect(issued.body).toMatchObject({ kind: 'red', number: redNumber, blueNumber })
  const late = await operate('issuing', 'PUT', `/invoices/${invoice.id}/fapiao`, blue)
  expect([late.status, late.body.code]).toEqual([409, 'fapiao_reversed'])

  const list = await asAdmin('issuing', 'GET', `/fapiaos?invoiceId=${invoice.id}`)
  expect(list.body.data.map((each: { kind: string }) => each.kind).sort()).toEqual(['blue', 'red'])
  expect(list.body.data[0].documentNumber).not.toBe(list.body.data[0].number)
  expect((await linesOf('issuing')).filter(row => row.includes(terms.title))).toEqual([])
})

it('only the issuer records numbers and takes the file: a tenant’s admin gets 403', async () => {
  const invoice = await invoiced('limits')
  const body = { number: '26352000000000000033', issuedOn: '2026-11-29' }
  const tried = await asAdmin('limits', 'PUT', `/invoices/${invoice.id}/fapiao`, body)
  expect([tried.status, tried.body.code]).toEqual([403, 'operator_only'])
  expect((await asAdmin('limits', 'GET', '/issuer/fapiao/export/csv')).status).toBe(403)
})
