// Contract of the reading verbs: keys, filters, orders, cursors, streams.
import { describe, expect, test } from 'vitest'
import type { Customer } from '../../core/customer.ts'
import { eventRow } from './record-rows.ts'
import { codeOf, expectFault } from './refused.contract.ts'
import { customerRow, dayMs, newTenant, newYear, subscriptionRow, transactionRow } from './rows.ts'
import { inboxRow, planRow } from './system-rows.ts'
import type { Opened } from './under-test.ts'
import { usageRow } from './usage-rows.ts'

async function customers(under: Opened, tenantId: string, rows: readonly Customer[]) {
  await under().store.transaction(tenantId, tx => tx.insertMany('customers', rows))
  return under().store.of(tenantId)
}

async function everyPage(reads: ReturnType<Opened>['store'], tenantId: string, limit: number) {
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const page: { rows: readonly { id: string }[]; nextCursor: string | null } = await reads
      .of(tenantId)
      .list('customers', { order: { field: 'createdAt', direction: 'desc' }, limit, cursor })
    ids.push(...page.rows.map(row => row.id))
    cursor = page.nextCursor
  } while (cursor !== null)
  return ids
}

function keysContract(under: Opened): void {
  test('a row comes back as it was written, down to the millisecond and the nested value', async () => {
    const tenantId = newTenant()
    const row = customerRow(tenantId, {
      name: '清讫 "quoted" \\ {braces}, NULL 😀',
      address: { line1: 'a', line2: null, city: '上海', state: '', postalCode: '0', country: 'CN' },
      taxIds: [{ type: 'cn_tin', value: '91310000\n' }],
      metadata: { 'key with "quotes"': 'ü' },
      createdAt: newYear + 123,
      updatedAt: -1,
    })
    const reads = await customers(under, tenantId, [row])
    expect(await reads.get('customers', row.id)).toEqual(row)
  })

  test('a missing row is null to find and not_found to get', async () => {
    const reads = under().store.of(newTenant())
    expect(await reads.find('customers', 'cus_missing')).toBeNull()
    expect(await codeOf(reads.get('customers', 'cus_missing'))).toBe('not_found')
  })

  test('getMany answers in the order of the keys and leaves missing ones out', async () => {
    const tenantId = newTenant()
    const [a, b, c] = [customerRow(tenantId), customerRow(tenantId), customerRow(tenantId)]
    const reads = await customers(under, tenantId, [a, b, c])
    const rows = await reads.getMany('customers', [c.id, 'cus_missing', a.id])
    expect(rows.map(row => row.id)).toEqual([c.id, a.id])
    expect(await reads.getMany('customers', [])).toEqual([])
    await expectFault(reads.getMany('customers', Array(1_001).fill(a.id)))
  })

  test('a unique key finds its row, and a key of four fields too', async () => {
    const tenantId = newTenant()
    const customer = customerRow(tenantId)
    const subscription = subscriptionRow(customer, { liveKey: `${customer.id}:standard` })
    const usage = usageRow(subscription, { quantity: '2.5' })
    await under().store.transaction(tenantId, async tx => {
      await tx.insert('customers', customer)
      await tx.insert('subscriptions', subscription)
      await tx.ingest([usage])
    })
    const reads = under().store.of(tenantId)
    const { liveKey, id } = subscription
    expect(await reads.find('subscriptions', { liveKey })).toEqual(subscription)
    const key = { subscriptionId: id, metric: 'messages', periodStart: newYear, day: '2026-01-01' }
    const total = { tenantId, ...key, quantity: '2.5', events: 1 }
    expect(await reads.get('usageTotals', key)).toEqual(total)
    expect(await reads.getMany('usageTotals', [key, { ...key, metric: 'x' }])).toEqual([total])
    await expectFault(reads.find('subscriptions', { status: 'active' }))
  })
}

function filtersContract(under: Opened): void {
  test('equality, membership and null choose rows', async () => {
    const tenantId = newTenant()
    const customer = customerRow(tenantId)
    const rows = (['pending', 'failed', 'succeeded', 'succeeded'] as const).map((status, at) =>
      transactionRow(customer, {
        status,
        createdAt: newYear + at,
        processorChargeId: at ? 'c' : null,
      }),
    )
    await under().store.transaction(tenantId, async tx => {
      await tx.insert('customers', customer)
      await tx.insertMany('transactions', rows)
    })
    const reads = under().store.of(tenantId)
    const idsOf = async (query: Parameters<typeof reads.list<'transactions'>>[1]) =>
      (await reads.list('transactions', query)).rows.map(row =>
        rows.findIndex(r => r.id === row.id),
      )
    expect(await idsOf({ where: { status: 'succeeded' }, limit: 10 })).toEqual([2, 3])
    const either = { status: { in: ['failed', 'pending'] as const } }
    expect(await idsOf({ where: either, limit: 10 })).toEqual([0, 1])
    expect(await idsOf({ where: { status: { in: [] } }, limit: 10 })).toEqual([])
    expect(await idsOf({ where: { processorChargeId: null }, limit: 10 })).toEqual([0])
    const charges = { processorChargeId: { in: [null, 'c'] } }
    expect(await idsOf({ where: charges, limit: 10 })).toEqual([0, 1, 2, 3])
    const unset = { status: 'succeeded', customerId: undefined } as const
    expect(await reads.count('transactions', { where: unset })).toBe(2)
  })

  test('a range is half-open, and rows with a null in its field never match', async () => {
    const { store } = under()
    const [a, b, c] = [0, 1, 2].map(days => inboxRow({ dueAt: newYear + days * dayMs }))
    const done = inboxRow({ dueAt: null })
    const field = 'dueAt' as const
    await store.system.transaction(tx => tx.insertMany('inbox', [a!, b!, c!, done]))
    const range = { field, from: newYear, to: newYear + 2 * dayMs }
    const found = await store.system.list('inbox', { range, limit: 1_000 })
    const ids = found.rows.map(row => row.id)
    expect(ids).toEqual(expect.arrayContaining([a!.id, b!.id]))
    expect(ids).not.toContain(c!.id)
    const all = await store.system.list('inbox', { range: { field }, limit: 1_000 })
    expect(all.rows.map(row => row.id)).not.toContain(done.id)
  })

  test('an order leaves rows without a place in it out', async () => {
    const { store } = under()
    const [due, done] = [inboxRow(), inboxRow({ dueAt: null })]
    await store.system.transaction(tx => tx.insertMany('inbox', [due, done]))
    const order = { field: 'dueAt', direction: 'asc' } as const
    const ids = (await store.system.list('inbox', { order, limit: 1_000 })).rows.map(row => row.id)
    expect(ids).toContain(due.id)
    expect(ids).not.toContain(done.id)
  })

  test('a query without a declared index is a fault, and so is a page of 0 or 1,001 rows', async () => {
    const reads = under().store.of(newTenant())
    await expectFault(reads.list('customers', { where: { email: 'x' }, limit: 1 }))
    const order = { field: 'name', direction: 'asc' } as const
    await expectFault(reads.list('customers', { order, limit: 1 }))
    await expectFault(reads.count('invoices', { range: { field: 'dueAt', to: 1 } }))
    await expectFault(reads.list('customers', { limit: 0 }))
    await expectFault(reads.list('customers', { limit: 1_001 }))
    const { system } = under().store
    const byTime = { field: 'createdAt', direction: 'asc' } as const
    await expectFault(system.list('paymentMethods', { order: byTime, limit: 1 }))
  })
}

function pagesContract(under: Opened): void {
  test('pages of 3 cover 10 rows of equal times once each, in both directions', async () => {
    const tenantId = newTenant()
    const rows = Array.from({ length: 10 }, () => customerRow(tenantId))
    const reads = await customers(under, tenantId, rows)
    const ids = rows.map(row => row.id).sort()
    expect(await everyPage(under().store, tenantId, 3)).toEqual([...ids].reverse())
    const first = await reads.list('customers', { limit: 10 })
    expect(first.rows.map(row => row.id)).toEqual(ids)
    expect(first.nextCursor).toBeNull()
  })

  test('a cursor keeps its place while rows are inserted before and after it', async () => {
    const tenantId = newTenant()
    const rows = [1, 2, 3, 4].map(day =>
      customerRow(tenantId, { createdAt: newYear + day * dayMs }),
    )
    const reads = await customers(under, tenantId, rows)
    const query = { order: { field: 'createdAt', direction: 'asc' }, limit: 2 } as const
    const first = await reads.list('customers', query)
    const early = customerRow(tenantId, { createdAt: newYear })
    const late = customerRow(tenantId, { createdAt: newYear + 9 * dayMs })
    await customers(under, tenantId, [early, late])
    const next = { ...query, cursor: first.nextCursor }
    const second = await reads.list('customers', next)
    expect(second.rows.map(row => row.id)).toEqual([rows[2]!.id, rows[3]!.id])
    const third = await reads.list('customers', { ...query, cursor: second.nextCursor })
    expect(third.rows.map(row => row.id)).toEqual([late.id])
  })

  test('a cursor of another query, another tenant, or an edited one is invalid_cursor', async () => {
    const tenantId = newTenant()
    const rows = [customerRow(tenantId), customerRow(tenantId), customerRow(tenantId)]
    const reads = await customers(under, tenantId, rows)
    const query = { order: { field: 'createdAt', direction: 'asc' }, limit: 1 } as const
    const cursor = (await reads.list('customers', query)).nextCursor ?? ''
    const descending = {
      ...query,
      order: { field: 'createdAt', direction: 'desc' } as const,
      cursor,
    }
    expect(await codeOf(reads.list('customers', descending))).toBe('invalid_cursor')
    const foreign = under()
      .store.of(newTenant())
      .list('customers', { ...query, cursor })
    expect(await codeOf(foreign)).toBe('invalid_cursor')
    const [seal, at] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const edited = Buffer.from(JSON.stringify([seal, at, 'cus_0'])).toString('base64url')
    for (const bad of [edited, 'nonsense', '', 'e30']) {
      expect(await codeOf(reads.list('customers', { ...query, cursor: bad }))).toBe(
        'invalid_cursor',
      )
    }
  })

  test('texts stand in the order of code points, not of a language', async () => {
    const { store } = under()
    const codes = ['Z', 'a', 'É', 'ｚ', '😀'].map(first => `${first}-${newTenant()}`)
    const rows = codes.map(code => planRow({ id: code, code, rank: 7_001 }))
    await store.system.transaction(tx => tx.insertMany('plans', [...rows].reverse()))
    const page = await store.system.list('plans', { where: { rank: 7_001 }, limit: 10 })
    expect(page.rows.map(row => row.id)).toEqual(codes)
  })

  test('a stream of 2,500 rows yields each once, in order, whole or by some fields, and may be left early', async () => {
    const tenantId = newTenant()
    const rows = Array.from({ length: 2_500 }, (_, at) =>
      eventRow(tenantId, { recordedAt: newYear + (at % 7) }),
    )
    const { store } = under()
    await store.transaction(tenantId, tx => tx.insertMany('events', rows))
    const order = { field: 'recordedAt', direction: 'desc' } as const
    const seen: { recordedAt: number; id: string }[] = []
    for await (const row of store.of(tenantId).stream('events', { order })) seen.push(row)
    expect(new Set(seen.map(row => row.id)).size).toBe(2_500)
    const sorted = [...seen].sort((a, b) => b.recordedAt - a.recordedAt || (a.id < b.id ? 1 : -1))
    expect(seen).toEqual(sorted)
    for await (const row of store.of(tenantId).stream('events', { order })) {
      expect(row.id).toBe(seen[0]?.id)
      break
    }
    const fields = ['type', 'recordedAt'] as const
    let at = 0
    for await (const row of store.of(tenantId).streamFields('events', fields, { order })) {
      const { type, recordedAt } = row
      expect({ type, recordedAt }).toEqual({
        type: rows[0]!.type,
        recordedAt: sorted[at]!.recordedAt,
      })
      at += 1
    }
    expect(at).toBe(2_500)
    for await (const { type } of store.of(tenantId).streamFields('events', fields, { order })) {
      expect(type).toBe(rows[0]!.type)
      break
    }
  })
}

function fieldsContract(under: Opened): void {
  test('a stream by all fields has the values of whole rows: nested ones, decimals, instants before 1970, nothing', async () => {
    const tenantId = newTenant()
    const odd = customerRow(tenantId, {
      name: '清讫 "quoted" \\ {braces}, NULL 😀\u2028\t',
      address: { line1: 'a', line2: null, city: '上海', state: '', postalCode: '0', country: 'CN' },
      taxIds: [{ type: 'cn_tin', value: '91310000\n' }],
      metadata: { 'key with "quotes"': 'ü' },
      createdAt: -1,
      updatedAt: newYear + 123,
    })
    const plain = customerRow(tenantId, { isDefault: true, createdAt: newYear })
    const reads = await customers(under, tenantId, [odd, plain])
    const order = { field: 'createdAt', direction: 'asc' } as const
    const fields = Object.keys(odd) as (keyof Customer)[]
    const seen: unknown[] = []
    for await (const row of reads.streamFields('customers', fields, { order })) seen.push(row)
    expect(seen).toEqual((await reads.list('customers', { order, limit: 2 })).rows)
    expect(seen[0]).toEqual(odd)
  })

  test('decimals of a stream by fields are in their shortest form, amounts exact to the last unit', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const customer = customerRow(tenantId, { isDefault: true })
    const subscription = subscriptionRow(customer)
    const amounts = [Number.MAX_SAFE_INTEGER, 1].map((amountMinor, at) =>
      transactionRow(customer, { amountMinor, createdAt: newYear + at }),
    )
    const usage = ['0.1', '-12.5', '1000000000000000000000'].map((quantity, at) =>
      usageRow(subscription, { quantity, recordedAt: newYear + at }),
    )
    await store.transaction(tenantId, async tx => {
      await tx.insert('customers', customer)
      await tx.insert('subscriptions', subscription)
      await tx.insertMany('transactions', amounts)
      await tx.ingest(usage)
    })
    const reads = store.of(tenantId)
    const [minor, quantities]: [unknown[], unknown[]] = [[], []]
    const order = { field: 'createdAt', direction: 'asc' } as const
    const some = ['amountMinor', 'processedAt', 'feeMinor'] as const
    for await (const { amountMinor } of reads.streamFields('transactions', some, { order })) {
      minor.push(amountMinor)
    }
    for await (const { quantity } of reads.streamFields('usageEvents', ['quantity'], {
      where: { subscriptionId: subscription.id },
      order: { field: 'recordedAt', direction: 'asc' },
    })) {
      quantities.push(quantity)
    }
    expect(minor).toEqual([Number.MAX_SAFE_INTEGER, 1])
    expect(quantities).toEqual(['0.1', '-12.5', '1000000000000000000000'])
  })
}

export function readingContract(under: Opened): void {
  describe('reading', () => {
    keysContract(under)
    filtersContract(under)
    pagesContract(under)
    fieldsContract(under)
  })
}
