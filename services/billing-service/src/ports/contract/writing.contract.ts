// Contract of the writing verbs: unique keys, compare-and-set, references, rows that are only added.
import { describe, expect, test } from 'vitest'
import { eventRow } from './record-rows.ts'
import { codeOf, expectFault, refusalOf } from './refused.contract.ts'
import {
  customerRow,
  invoiceRow,
  ledgerRow,
  methodRow,
  newTenant,
  newYear,
  serial,
  subscriptionRow,
} from './rows.ts'
import { inboxRow, jobRunRow, planRow } from './system-rows.ts'
import type { Opened } from './under-test.ts'

function insertContract(under: Opened): void {
  test('a second row of a key is already_exists, naming the key', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const row = customerRow(tenantId, { processorId: 'cus_at_processor' })
    await store.transaction(tenantId, tx => tx.insert('customers', row))
    const again = store.transaction(tenantId, tx => tx.insert('customers', row))
    expect((await refusalOf(again)).details).toEqual({ constraint: 'id' })
    const twin = customerRow(tenantId, { processorId: 'cus_at_processor' })
    const same = await refusalOf(store.transaction(tenantId, tx => tx.insert('customers', twin)))
    expect([same.code, same.details]).toEqual(['already_exists', { constraint: 'processorId' }])
    const plan = planRow()
    await store.system.transaction(tx => tx.insert('plans', plan))
    const other = { ...plan, id: `other-${serial()}` }
    const taken = await refusalOf(store.system.transaction(tx => tx.insert('plans', other)))
    expect(taken.details).toEqual({ constraint: 'code,version' })
  })

  test('nulls never meet in a unique key, and another tenant may use the same value', async () => {
    const { store } = under()
    const [first, second] = [newTenant(), newTenant()]
    await store.transaction(first, tx =>
      tx.insertMany('customers', [
        customerRow(first),
        customerRow(first),
        customerRow(first, { processorId: 'same' }),
      ]),
    )
    const row = customerRow(second, { processorId: 'same' })
    await store.transaction(second, tx => tx.insert('customers', row))
    expect(await store.of(first).count('customers', {})).toBe(3)
  })

  test('insertMany fails as a whole, or skips what exists and answers how many were written', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const rows = [ledgerRow(tenantId), ledgerRow(tenantId), ledgerRow(tenantId)]
    const [first] = rows
    await store.transaction(tenantId, tx => tx.insert('ledgerEntries', first!))
    const whole = store.transaction(tenantId, tx => tx.insertMany('ledgerEntries', rows))
    expect(await codeOf(whole)).toBe('already_exists')
    expect(await store.of(tenantId).count('ledgerEntries', {})).toBe(1)
    const sameMovement = ledgerRow(tenantId, { dedupeKey: first!.dedupeKey })
    const twice = [...rows, rows[2]!, sameMovement]
    const written = await store.transaction(tenantId, tx =>
      tx.insertMany('ledgerEntries', twice, { onConflict: 'skip' }),
    )
    expect(written).toBe(2)
    expect(await store.of(tenantId).count('ledgerEntries', {})).toBe(3)
    expect(await store.transaction(tenantId, tx => tx.insertMany('ledgerEntries', []))).toBe(0)
  })

  test('12,000 rows are written in one transaction', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const rows = Array.from({ length: 12_000 }, () => eventRow(tenantId))
    expect(await store.transaction(tenantId, tx => tx.insertMany('events', rows))).toBe(12_000)
    expect(await store.of(tenantId).count('events', {})).toBe(12_000)
  })

  test('text that no store can give back is invalid_request', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const half = String.fromCharCode(0xd800)
    for (const bad of ['a\0b', half]) {
      for (const more of [{ name: bad }, { metadata: { key: bad } }]) {
        const row = customerRow(tenantId, more)
        const work = store.transaction(tenantId, tx => tx.insert('customers', row))
        expect(await codeOf(work)).toBe('invalid_request')
      }
    }
    const escaped = customerRow(tenantId, { metadata: { key: '\\u0000 \\ud800' } })
    await store.transaction(tenantId, tx => tx.insert('customers', escaped))
    expect(await store.of(tenantId).get('customers', escaped.id)).toEqual(escaped)
  })

  test('a value of the wrong type, or none, is a fault', async () => {
    const { store } = under()
    const tenantId = newTenant()
    for (const wrong of [
      { createdAt: 1.5 },
      { name: undefined },
      { email: 7 },
      { version: 2 ** 60 },
    ]) {
      const row = { ...customerRow(tenantId), ...wrong } as ReturnType<typeof customerRow>
      await expectFault(store.transaction(tenantId, tx => tx.insert('customers', row)))
    }
  })
}

function replaceContract(under: Opened): void {
  test('replace writes over version 1, stores version 2, and refuses version 1 from then on', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const row = customerRow(tenantId)
    await store.transaction(tenantId, tx => tx.insert('customers', row))
    const change = { ...row, name: 'Grace', metadata: { a: 'b' }, updatedAt: newYear + 1 }
    const stored = await store.transaction(tenantId, tx => tx.replace('customers', change))
    expect(stored).toEqual({ ...change, version: 2 })
    expect(await store.of(tenantId).get('customers', row.id)).toEqual(stored)
    const stale = store.transaction(tenantId, tx => tx.replace('customers', change))
    expect(await codeOf(stale)).toBe('version_conflict')
    const missing = customerRow(tenantId)
    const nothing = store.transaction(tenantId, tx => tx.replace('customers', missing))
    expect(await codeOf(nothing)).toBe('version_conflict')
  })

  test('of 20 writers that read the same version, each adds its own and none is lost', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const row = customerRow(tenantId, { metadata: {} })
    await store.transaction(tenantId, tx => tx.insert('customers', row))
    const add = (name: string) =>
      store.transaction(tenantId, async tx => {
        const now = await tx.lock('customers', row.id)
        await tx.replace('customers', { ...now, metadata: { ...now.metadata, [name]: 'x' } })
      })
    await Promise.all(Array.from({ length: 20 }, (_, at) => add(`writer-${at}`)))
    const last = await store.of(tenantId).get('customers', row.id)
    expect([Object.keys(last.metadata).length, last.version]).toEqual([20, 21])
  })

  test('replaceMany writes all or none', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const rows = [customerRow(tenantId), customerRow(tenantId), customerRow(tenantId)]
    await store.transaction(tenantId, tx => tx.insertMany('customers', rows))
    const changed = rows.map((row, at) => ({ ...row, name: `n${at}` }))
    const stored = await store.transaction(tenantId, tx => tx.replaceMany('customers', changed))
    expect(stored).toEqual(changed.map(row => ({ ...row, version: 2 })))
    const [first, ...stale] = changed
    const mixed = [{ ...first!, name: 'again', version: 2 }, ...stale]
    const work = store.transaction(tenantId, tx => tx.replaceMany('customers', mixed))
    expect(await codeOf(work)).toBe('version_conflict')
    expect((await store.of(tenantId).get('customers', first!.id)).name).toBe('n0')
    expect(await store.transaction(tenantId, tx => tx.replaceMany('customers', []))).toEqual([])
  })

  test('replace refuses a unique key that another row holds, and lets a row keep its own', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const [a, b] = [customerRow(tenantId, { processorId: 'a' }), customerRow(tenantId)]
    await store.transaction(tenantId, tx => tx.insertMany('customers', [a, b]))
    const taken = store.transaction(tenantId, tx =>
      tx.replace('customers', { ...b, processorId: 'a' }),
    )
    expect((await refusalOf(taken)).details).toEqual({ constraint: 'processorId' })
    await store.transaction(tenantId, async tx => {
      await tx.replace('customers', { ...a, processorId: null })
      await tx.replace('customers', { ...b, processorId: 'a' })
    })
    const swapped = await store.of(tenantId).find('customers', { processorId: 'a' })
    expect(swapped?.id).toBe(b.id)
  })

  test('a plan keeps its catalogue version when it is taken off offer', async () => {
    const { store } = under()
    const plan = planRow({ version: 3 })
    await store.system.transaction(tx => tx.insert('plans', plan))
    const off = { ...plan, onOffer: false }
    expect(await store.system.transaction(tx => tx.replace('plans', off))).toEqual(off)
    expect(await store.system.get('plans', plan.id)).toEqual(off)
    const missing = store.system.transaction(tx => tx.replace('plans', planRow()))
    expect(await codeOf(missing)).toBe('not_found')
  })

  test('an answer is given back with its fields in the order they had', async () => {
    const { store } = under()
    const event = inboxRow({ payload: { zulu: 1, alpha: [{ b: 1, a: null }], '10': 0 } })
    await store.system.transaction(tx => tx.insert('inbox', event))
    const stored = await store.system.get('inbox', event.id)
    expect(JSON.stringify(stored.payload)).toBe(JSON.stringify(event.payload))
    const empty = inboxRow({ payload: null })
    await store.system.transaction(tx => tx.insert('inbox', empty))
    expect((await store.system.get('inbox', empty.id)).payload).toBeNull()
  })

  test('remove takes a row away once, and not_found after that', async () => {
    const { store } = under()
    const run = jobRunRow()
    await store.system.transaction(tx => tx.insert('jobRuns', run))
    await store.system.transaction(tx => tx.remove('jobRuns', run.id))
    const again = store.system.transaction(tx => tx.remove('jobRuns', run.id))
    expect(await codeOf(again)).toBe('not_found')
    await store.system.transaction(tx => tx.insert('jobRuns', run))
  })
}

function referenceContract(under: Opened): void {
  test('a reference to no row is a fault, and a row that is referred to stays', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const customer = customerRow(tenantId)
    const method = methodRow(customer)
    const orphan = store.transaction(tenantId, tx => tx.insert('paymentMethods', method))
    await expectFault(orphan)
    await store.transaction(tenantId, async tx => {
      await tx.insert('customers', customer)
      await tx.insert('paymentMethods', method)
      await tx.insert('subscriptions', subscriptionRow(customer, { paymentMethodId: method.id }))
    })
    await expectFault(store.transaction(tenantId, tx => tx.remove('customers', customer.id)))
    const invoice = invoiceRow(customer, { subscriptionId: 'sub_missing' })
    await expectFault(store.transaction(tenantId, tx => tx.insert('invoices', invoice)))
  })

  test('rows that are only added are neither replaced nor removed', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const entry = ledgerRow(tenantId)
    await store.transaction(tenantId, tx => tx.insert('ledgerEntries', entry))
    const twice = { ...entry, amountMinor: 1 }
    await expectFault(store.transaction(tenantId, tx => tx.replace('ledgerEntries', twice)))
    await expectFault(store.transaction(tenantId, tx => tx.remove('ledgerEntries', entry.id)))
    await expectFault(store.system.transaction(tx => tx.replace('ledgerEntries', twice)))
    const key = { tenantId, id: entry.id }
    await expectFault(store.system.transaction(tx => tx.remove('ledgerEntries', key)))
    expect(await store.of(tenantId).get('ledgerEntries', entry.id)).toEqual(entry)
  })
}

export function writingContract(under: Opened): void {
  describe('writing', () => {
    insertContract(under)
    replaceContract(under)
    referenceContract(under)
  })
}
