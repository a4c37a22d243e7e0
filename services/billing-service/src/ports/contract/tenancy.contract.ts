// Contract of tenancy: a handle of one tenant never reads, writes or refers to another's rows.
import { describe, expect, test } from 'vitest'
import type { Customer } from '../../core/customer.ts'
import type { Store } from '../store.ts'
import { codeOf, expectFault } from './refused.contract.ts'
import { customerRow, methodRow, newTenant, serial, tenantRow } from './rows.ts'
import { inboxRow, planRow } from './system-rows.ts'
import type { Opened } from './under-test.ts'

/** Two tenants with one customer each, under the same id. */
async function neighbours(store: Store): Promise<{ mine: Customer; theirs: Customer }> {
  const [me, they] = [newTenant(), newTenant()]
  const mine = customerRow(me, { name: 'mine' })
  const theirs = { ...mine, tenantId: they, name: 'theirs' }
  const alone = customerRow(they)
  await store.transaction(me, tx => tx.insert('customers', mine))
  await store.transaction(they, tx => tx.insertMany('customers', [theirs, alone]))
  return { mine, theirs: alone }
}

function foreignContract(under: Opened): void {
  test('the same id is each tenant’s own row, and no verb reads the neighbour’s', async () => {
    const { store } = under()
    const { mine, theirs } = await neighbours(store)
    const reads = store.of(mine.tenantId)
    expect((await reads.get('customers', mine.id)).name).toBe('mine')
    expect(await reads.find('customers', theirs.id)).toBeNull()
    const key = { tenantId: theirs.tenantId, id: theirs.id }
    expect(await reads.find('customers', key)).toBeNull()
    expect(await reads.getMany('customers', [theirs.id, key])).toEqual([])
    expect(await reads.count('customers', {})).toBe(1)
    expect((await reads.list('customers', { limit: 100 })).rows).toEqual([mine])
    const asked = { where: { tenantId: theirs.tenantId }, limit: 100 }
    expect((await reads.list('customers', asked)).rows).toEqual([])
    const streamed: string[] = []
    for await (const { name } of reads.stream('customers', {})) streamed.push(String(name))
    for await (const { name } of reads.streamFields('customers', ['name'], {})) {
      streamed.push(String(name))
    }
    for await (const _ of reads.streamFields('customers', ['name'], { where: asked.where })) {
      expect.unreachable()
    }
    expect(streamed).toEqual(['mine', 'mine'])
    const [sum] = await reads.sum('customers', { sum: ['version'] })
    expect(sum?.count).toBe(1)
    const inside = await store.transaction(mine.tenantId, async tx => [
      await tx.find('customers', key),
      await tx.count('customers', {}),
    ])
    expect(inside).toEqual([null, 1])
  })

  test('no verb writes the neighbour’s rows', async () => {
    const { store } = under()
    const { mine, theirs } = await neighbours(store)
    const as = (body: Parameters<typeof store.transaction<unknown>>[1]) =>
      store.transaction(mine.tenantId, body)
    await expectFault(as(tx => tx.insert('customers', customerRow(theirs.tenantId))))
    await expectFault(as(tx => tx.insertMany('customers', [customerRow(theirs.tenantId)])))
    await expectFault(as(tx => tx.replace('customers', { ...theirs, name: 'taken' })))
    await expectFault(as(tx => tx.replaceMany('customers', [{ ...theirs, name: 'taken' }])))
    const key = { tenantId: theirs.tenantId, id: theirs.id }
    expect(await codeOf(as(tx => tx.remove('customers', key)))).toBe('not_found')
    expect(await codeOf(as(tx => tx.lock('customers', key)))).toBe('not_found')
    const hijacked = { ...theirs, tenantId: mine.tenantId, name: 'taken' }
    expect(await codeOf(as(tx => tx.replace('customers', hijacked)))).toBe('version_conflict')
    expect(await store.of(theirs.tenantId).get('customers', theirs.id)).toEqual(theirs)
  })

  test('no row refers to the neighbour’s', async () => {
    const { store } = under()
    const { mine, theirs } = await neighbours(store)
    const method = methodRow({ ...theirs, tenantId: mine.tenantId })
    await expectFault(store.transaction(mine.tenantId, tx => tx.insert('paymentMethods', method)))
  })

  test('one connection serves two tenants in turn, and each sees its own rows', async () => {
    const { narrow } = under()
    const { mine, theirs } = await neighbours(narrow)
    for (let round = 0; round < 3; round += 1) {
      expect(await narrow.of(mine.tenantId).count('customers', {})).toBe(1)
      expect(await narrow.of(theirs.tenantId).count('customers', {})).toBe(2)
      await narrow.transaction(mine.tenantId, tx => tx.get('customers', mine.id))
      expect(await narrow.of(newTenant()).count('customers', {})).toBe(0)
      const refused = narrow.transaction(theirs.tenantId, tx => tx.get('customers', 'cus_none'))
      expect(await codeOf(refused)).toBe('not_found')
    }
    const both = [mine.tenantId, theirs.tenantId, mine.tenantId].map(tenantId =>
      narrow.of(tenantId).count('customers', {}),
    )
    expect(await Promise.all(both)).toEqual([1, 2, 1])
  })

  test('a handle without a tenant is a fault', async () => {
    const { store } = under()
    expect(() => store.of('')).toThrow()
    await expectFault((async () => store.transaction('', async () => undefined))())
  })

  test('a tenant of any name is only a name', async () => {
    const { store } = under()
    const tenantId = `'; drop table customers; -- \\ " 租户 ${serial()}`
    const row = customerRow(tenantId)
    await store.transaction(tenantId, tx => tx.insert('customers', row))
    expect(await store.of(tenantId).get('customers', row.id)).toEqual(row)
  })
}

function systemContract(under: Opened): void {
  test('the system handle reads and writes rows of many tenants in one transaction', async () => {
    const { store } = under()
    const [a, b] = [tenantRow(newTenant()), tenantRow(newTenant())]
    await store.system.transaction(async tx => {
      await tx.insertMany('tenants', [a, b])
      const locked = await tx.lock('tenants', { tenantId: a.tenantId, id: a.id })
      await tx.replaceMany('tenants', [
        { ...locked, numberPrefix: 'A' },
        { ...b, numberPrefix: 'B' },
      ])
    })
    const keys = [b, a].map(({ tenantId, id }) => ({ tenantId, id }))
    const rows = await store.system.getMany('tenants', keys)
    expect(rows.map(row => row.numberPrefix)).toEqual(['B', 'A'])
    expect((await store.of(a.tenantId).get('tenants', a.id)).version).toBe(2)
    const order = { field: 'createdAt', direction: 'asc' } as const
    const page = await store.system.list('tenants', { order, limit: 1 })
    expect(page.rows).toHaveLength(1)
    expect(page.nextCursor).not.toBeNull()
    await expectFault(store.system.find('tenants', a.id))
  })

  test('a tenant reads the catalogue, takes a prefix, and writes no other system row', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const plan = planRow()
    await store.system.transaction(tx => tx.insert('plans', plan))
    expect(await store.of(tenantId).get('plans', plan.id)).toEqual(plan)
    const prefix = { id: `P${serial()}`, owner: tenantId, createdAt: 0 }
    const read = await store.transaction(tenantId, async tx => {
      await tx.insert('numberPrefixes', prefix)
      return [await tx.get('plans', plan.id), await tx.get('numberPrefixes', prefix.id)]
    })
    expect(read).toEqual([plan, prefix])
    const other = newTenant()
    const taken = store.transaction(other, tx => tx.insert('numberPrefixes', prefix))
    expect(await codeOf(taken)).toBe('already_exists')
    // The types forbid it; a store must as well.
    const inbox = 'inbox' as unknown as 'numberPrefixes'
    const row = inboxRow() as unknown as typeof prefix
    await expectFault(store.transaction(tenantId, tx => tx.insert(inbox, row)))
  })
}

export function tenancyContract(under: Opened): void {
  describe('tenancy', () => {
    foreignContract(under)
    systemContract(under)
  })
}
