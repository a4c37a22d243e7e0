// The proofs of the books on the real database: they hold after a tenant's life, and each names what was
// planted against it by the database's superuser.
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record } from '../../src/actions/record.ts'
import { sealWaiting } from '../../src/actions/seals/seal-rows.ts'
import { verifyBooks } from '../../src/actions/verify/verify-books.ts'
import { systemCaller } from '../../src/core/caller.ts'
import { openWorld, type World } from '../../src/test/world.ts'

const tenantId = 'proved'
let world: World
let owner: Client
let admin: string

const deps = () => world.service.deps
const operate = (method: string, path: string, body?: unknown) =>
  world.call(method, path, {
    as: world.operator(),
    body,
    headers: { 'x-tenant-id': tenantId },
  })

/** A tenant with a paid, a credited, a refunded and an open invoice, and with a balance. */
async function live(): Promise<void> {
  await operate('PATCH', '/settings', { taxRate: 8.875 })
  const subscribed = await world.call('POST', '/subscriptions', {
    as: admin,
    body: { plan: 'professional', trialDays: 0, paymentMethodId: 'pm_card_visa' },
  })
  expect(subscribed.status, JSON.stringify(subscribed.body)).toBe(201)
  const { body } = await world.call('GET', '/transactions', { as: admin })
  const refund = await operate('POST', `/transactions/${body.data[0].id}/refund`, { amount: 10 })
  expect(refund.status, JSON.stringify(refund.body)).toBe(201)
  for (const unitAmount of [40, 60]) {
    const invoice = await operate('POST', '/invoices', {
      collection: 'manual',
      lineItems: [{ description: 'Work', quantity: 1, unitAmount }],
    })
    expect(invoice.status).toBe(201)
    if (unitAmount === 60) continue
    const note = await operate('POST', `/invoices/${invoice.body.id}/credit-notes`, { amount: 15 })
    expect(note.status, JSON.stringify(note.body)).toBe(201)
  }
  const granted = await operate('POST', '/credit-balance', {
    amount: 7,
    currency: 'USD',
    reason: 'Thanks',
  })
  expect(granted.status, JSON.stringify(granted.body)).toBeLessThan(300)
}

beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
  owner = new Client({ connectionString: world.ownerUrl })
  await owner.connect()
  await owner.query('set search_path = quittance')
  // What is planted here the database would refuse of anybody else.
  await owner.query('set session_replication_role = replica')
  admin = world.admin(tenantId)
  await live()
  while ((await sealWaiting(deps())).taken > 0);
})
afterAll(async () => {
  await owner?.end()
  await world?.close()
})

const broken = async () => {
  const proofs = await verifyBooks(deps(), { days: 30 })
  return proofs.flatMap(proof => proof.broken.map(line => `${proof.says}: ${line}`))
}

/** Plants rows behind the service's back, answers what the proofs say, and takes them back. */
async function planted(plant: string, undo: string): Promise<string[]> {
  await owner.query(plant)
  try {
    return await broken()
  } finally {
    await owner.query(undo)
  }
}

const one = async (sql: string): Promise<string> =>
  Object.values((await owner.query(sql)).rows[0])[0] as string

describe('books that nobody touched', () => {
  it('hold in all 12 proofs, with everything sealed', async () => {
    const proofs = await verifyBooks(deps(), { days: 30 })
    expect(proofs.flatMap(proof => proof.broken)).toEqual([])
    expect(proofs.flatMap(proof => proof.notes)).toEqual([])
    expect(proofs).toHaveLength(12)
    expect(proofs.every(proof => proof.compared > 0)).toBe(true)
  })
})

/** A change of one row, undone by putting the row back as it was. */
async function changing(
  table: string,
  set: string,
  where: string,
  constraint?: string,
): Promise<string[]> {
  const key = await one(`select id from ${table} where ${where} order by id limit 1`)
  await owner.query(`create table kept as select * from ${table} where id = '${key}'`)
  const definition = constraint && (await definitionOf(constraint))
  if (constraint) await owner.query(`alter table ${table} drop constraint ${constraint}`)
  const columns = await one(
    `select string_agg(quote_ident(attname), ',') from pg_attribute
     where attrelid = '${table}'::regclass and attnum > 0 and not attisdropped`,
  )
  try {
    return await planted(
      `update ${table} set ${set} where id = '${key}'`,
      `update ${table} set (${columns}) = (select ${columns} from kept) where id = '${key}'`,
    )
  } finally {
    await owner.query('drop table kept')
    if (constraint) {
      await owner.query(`alter table ${table} add constraint ${constraint} ${definition}`)
    }
  }
}

const definitionOf = (constraint: string) =>
  one(`select pg_get_constraintdef(oid) from pg_constraint where conname = '${constraint}'`)

const creditedInvoice = 'amount_forgiven_minor > 0'
const lastInvoice = `invoice_number = (select max(invoice_number) from invoices)`

/** What is changed, where, and a sentence that the proofs must then hold; the row itself is named in it. */
const changes: readonly (readonly [string, string, string, string, string?])[] = [
  ['ledger_entries', 'amount_minor = amount_minor + 1', 'true', '^debits equal .* is 1 too much$'],
  ['ledger_entries', "currency = 'EUR'", 'true', 'posting post_\\w+ in EUR is'],
  ['ledger_entries', "account = 'bank'", "account = 'receivable'", 'owed and in the ledger'],
  ['ledger_entries', "account = 'rounding'", "account = 'tax_payable'", 'tax and in the ledger'],
  [
    'ledger_entries',
    "kind = 'moved'",
    "kind = 'payment_received' and account = 'receivable'",
    'paid and in the ledger',
  ],
  ['ledger_entries', "account = 'bank'", "account = 'customer_credit'", 'balances and the ledger'],
  ['credit_balances', 'balance_minor = 1', 'true', 'balance and its entries: 1, but 700'],
  ['credit_balances', "lots = '[]'", 'true', 'balance and its lots: 700, but 0'],
  ['credit_entries', 'amount_minor = 1', 'true', 'balance and its entries: 700, but 1'],
  [
    'invoices',
    "lines = jsonb_set(lines, '{0,amountMinor}', '1')",
    'true',
    'subtotal and its lines: 9900, but 1',
  ],
  [
    'invoices',
    "lines = jsonb_set(lines, '{0,discountMinor}', '1')",
    'true',
    'discount and its lines: 0, but 1',
  ],
  ['invoices', "lines = jsonb_set(lines, '{0,taxMinor}', '1')", 'true', 'tax and its lines'],
  ['invoices', "tax_lines = '[]'", 'true', 'tax and its rates: 879, but 0'],
  [
    'invoices',
    'total_minor = total_minor + 1',
    lastInvoice,
    'total and lines - discounts \\+ tax',
    'invoices_total',
  ],
  ['invoices', 'discount_minor = 1, subtotal_minor = 9901', 'true', 'discounts and in the ledger'],
  ['credit_notes', "tax_lines = '[]'", 'true', 'cn_\\w+: tax and its rates'],
  [
    'credit_notes',
    'refunded_minor = 1, to_balance_minor = to_balance_minor + 1',
    'lowers_invoice_minor > 0',
    'cn_\\w+: total and where it went',
    'credit_notes_split',
  ],
  ['invoices', 'amount_credited_minor = 1', creditedInvoice, 'credited and its notes: 1, but 1500'],
  ['invoices', 'amount_forgiven_minor = 1', creditedInvoice, 'forgiven and its notes: 1, but 1500'],
  [
    'invoices',
    "lines = jsonb_set(lines, '{0,creditedNetMinor}', '1')",
    creditedInvoice,
    'credited and its lines',
  ],
  [
    'invoices',
    "invoice_number = replace(invoice_number, '-0001', '-0007')",
    'true',
    '-1 is missing before it',
  ],
  [
    'invoices',
    'invoice_number = null',
    lastInvoice,
    '3 is missing, the next number is 4',
    'invoices_issued',
  ],
  [
    'invoices',
    "invoice_number = replace(invoice_number, '-0003', '-0002')",
    lastInvoice,
    '-2 is given twice',
    'invoices_tenant_id_invoice_number_key',
  ],
  [
    'transactions',
    'amount_refunded_minor = 1',
    "type = 'payment'",
    'refunded and its refunds: 1, but 1000',
  ],
  [
    'transactions',
    'amount_refund_pending_minor = 1',
    "type = 'payment'",
    'refunds on their way and its refunds: 1, but 0',
  ],
  [
    'transactions',
    'amount_refunded_minor = 10780',
    "type = 'payment'",
    '10780 of 10779 refunded',
    'transactions_not_overrefunded',
  ],
  ['transactions', 'amount_minor = 10780', "type = 'payment'", '10780 USD here, 10779 USD there'],
  [
    'transactions',
    "processor_id = 're_unknown'",
    "type = 'refund'",
    're_unknown here, re_\\w+ there',
  ],
  [
    'mrr_movements',
    'change_minor = change_minor + 1, customer_after_minor = customer_after_minor + 1',
    'true',
    'sub_\\w+: monthly value by the log and by its plan: 9901, but 9900',
  ],
  [
    'recurring_revenues',
    'mrr_minor = 1',
    'true',
    'cus_\\w+:USD: monthly value by the log and by its plan: 9900, but 1',
  ],
  ['subscriptions', 'quantity = 2', 'true', 'by the log and by its plan: 9900, but 19800'],
  [
    'ledger_entries',
    "booked_at = booked_at - interval '1 day'",
    'true',
    'le_\\w+: changed since seal 1',
  ],
  ['audit_lines', "actor = 'somebody else'", 'true', 'aud_\\w+: changed since seal 1'],
  ['audit_lines', 'changes = changes || \'{"planted": true}\'', 'true', 'changed since seal 1'],
  [
    'seals',
    "rows = jsonb_set(rows, '{0,digest}', '\"0\"')",
    'true',
    'ledger: seal 1 was changed|audit: seal 1 was changed',
  ],
  [
    'seal_heads',
    'row_count = row_count + 1',
    'true',
    'the newest seal is not the end of the chain',
  ],
]

describe('each proof finds what was planted against it', () => {
  it.each(changes)('%s: %s', async (table, set, where, says, constraint) => {
    const found = await changing(table ?? '', set ?? '', where ?? '', constraint)
    expect(found.join('\n')).toMatch(new RegExp(says ?? '', 'm'))
    expect(await broken()).toEqual([])
  })

  it('a daily sum of the ledger and one of transactions that were changed', async () => {
    for (const [table, field, what] of [
      ['ledger_totals', 'debit_minor', 'ledger lines'],
      ['transaction_totals', 'amount_minor', 'transactions'],
    ]) {
      await owner.query(`create table kept as select * from ${table}`)
      const found = await planted(
        `update ${table} set ${field} = ${field} + 1 where day = (select max(day) from ${table})`,
        `truncate ${table}; insert into ${table} select * from kept`,
      )
      await owner.query('drop table kept')
      expect(found.join('\n')).toMatch(new RegExp(`USD: daily sum and ${what}: `))
      expect(await broken()).toEqual([])
    }
  })

  it('a row that is gone, one that came by another way, and a seal that is gone', async () => {
    const line = await one('select max(id) from audit_lines')
    await owner.query(`create table gone as select * from audit_lines where id = '${line}'`)
    const without = await planted(
      `delete from audit_lines where id = '${line}'`,
      'insert into audit_lines select * from gone',
    )
    expect(without).toEqual([expect.stringContaining(`${tenantId} ${line}: gone since seal`)])
    const slipped = await planted(
      `insert into audit_lines select tenant_id, 'aud_slipped', actor, role, action, object_id,
        changes, request_id, recorded_at from gone`,
      "delete from audit_lines where id = 'aud_slipped'",
    )
    expect(slipped).toEqual([expect.stringContaining('aud_slipped: in no seal, and does not wait')])
    await owner.query("create table chain as select * from seals where stream = 'audit'")
    const cut = await planted(
      "delete from seals where stream = 'audit' and sequence = 1",
      'insert into seals select * from chain where sequence = 1',
    )
    expect(cut.join()).toContain('audit: the newest seal is not the end of the chain')
  })

  it('a chain that was made anew is found by a seal that was kept elsewhere', async () => {
    const kept = { tenantId, stream: 'ledger', sequence: 1, hash: 'f'.repeat(64) } as const
    const proofs = await verifyBooks(deps(), { days: 0, kept: [kept] })
    expect(proofs.flatMap(proof => proof.broken)).toEqual([
      `${tenantId} ledger: seal 1, kept elsewhere, is another one`,
    ])
  })
})

describe('sealing', () => {
  const change = (name: string) =>
    world.call('PATCH', `/customers/${customerId}`, { as: admin, body: { name } })
  let customerId: string
  beforeAll(async () => {
    customerId = (await world.call('GET', '/customers', { as: admin })).body.data[0].id
  })

  it('rows that wait are listed as the open tail, and four runs at once seal them once', async () => {
    for (let n = 0; n < 12; n += 1) expect((await change(`Name ${n}`)).status).toBe(200)
    const open = await verifyBooks(deps(), { days: 0 })
    expect(open.flatMap(proof => proof.notes)).toEqual(['12 rows are not sealed yet'])
    expect(open.flatMap(proof => proof.broken)).toEqual([])
    await Promise.all(Array.from({ length: 4 }, () => sealWaiting(deps())))
    expect(await deps().store.of(tenantId).count('unsealedRows', {})).toBe(0)
    expect(await broken()).toEqual([])
    const page = await world.call('GET', '/seals?stream=audit', { as: admin })
    expect(page.body.data.map((seal: { sequence: number }) => seal.sequence)).toEqual([2, 1])
    expect(page.body.data[0]).toMatchObject({ rowCount: 12, previousHash: page.body.data[1].hash })
    const newest = await world.call('GET', '/issuer/seals', { as: world.operator() })
    expect(newest.body.data).toContainEqual(
      expect.objectContaining({
        tenantId,
        stream: 'audit',
        sequence: 2,
        hash: page.body.data[0].hash,
      }),
    )
  })

  it('what one transaction wrote waits as one row of each chain', async () => {
    while ((await sealWaiting(deps())).taken > 0);
    const issued = await operate('POST', '/invoices', {
      collection: 'manual',
      lineItems: [{ description: 'Work', quantity: 1, unitAmount: 5 }],
    })
    expect(issued.status, JSON.stringify(issued.body)).toBe(201)
    const { rows } = await deps().store.of(tenantId).list('unsealedRows', { limit: 10 })
    const waiting = Object.fromEntries(rows.map(({ stream, rowIds }) => [stream, rowIds.length]))
    expect(rows).toHaveLength(2)
    // Its $5 and their tax are paid from the balance at once: issued and paid, with five lines of the ledger.
    expect(waiting).toEqual({ ledger: 5, audit: 2 })
    expect(await broken()).toEqual([])
  })

  it('a row that commits after later ones were sealed is sealed by the next run', async () => {
    let commit = () => {}
    const slow = new Promise<void>(resolve => {
      commit = resolve
    })
    const late = deps().store.transaction(tenantId, async tx => {
      const caller = systemCaller(tenantId, 'slow', customerId)
      const waited = { type: 'customer.waited', objectId: customerId, data: {} }
      await record(deps(), tx, caller, deps().clock.real(), [waited])
      await slow
    })
    await change('Quick')
    await sealWaiting(deps())
    commit()
    await late
    await sealWaiting(deps())
    const { rows } = await deps()
      .store.of(tenantId)
      .list('seals', {
        where: { stream: 'audit' },
        order: { field: 'sequence', direction: 'desc' },
        limit: 1,
      })
    const ids = rows.flatMap(seal => seal.rows.map(row => row.id))
    const sealed = await deps().store.of(tenantId).getMany('auditLines', ids)
    expect(sealed.map(line => line.action)).toEqual(['customer.waited'])
    expect(await broken()).toEqual([])
  })
})
