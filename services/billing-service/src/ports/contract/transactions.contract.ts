// Contract of transactions: all or nothing, bodies that run again, gapless numbers.
import { describe, expect, test } from 'vitest'
import { refuse } from '../../core/refusal.ts'
import type { TenantTransaction } from '../store.ts'
import { answerRow, eventRow } from './record-rows.ts'
import { codeOf, expectFault } from './refused.contract.ts'
import { customerRow, newTenant } from './rows.ts'
import type { Opened } from './under-test.ts'

function atomicContract(under: Opened): void {
  test('a body that throws leaves nothing behind, and its own error comes out', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const work = store.transaction(tenantId, async tx => {
      await tx.insert('customers', customerRow(tenantId))
      await tx.insert('events', eventRow(tenantId))
      refuse('nothing_to_pay')
    })
    expect(await codeOf(work)).toBe('nothing_to_pay')
    expect(await store.of(tenantId).count('customers', {})).toBe(0)
    expect(await store.of(tenantId).count('events', {})).toBe(0)
  })

  test('a transaction reads what it wrote; others do not until it is committed', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const row = customerRow(tenantId)
    await store.transaction(tenantId, async tx => {
      await tx.insert('customers', row)
      expect(await tx.get('customers', row.id)).toEqual(row)
      await tx.replace('customers', { ...row, name: 'changed' })
      expect((await tx.list('customers', { limit: 5 })).rows).toHaveLength(1)
      expect(await store.of(tenantId).find('customers', row.id)).toBeNull()
    })
    expect((await store.of(tenantId).get('customers', row.id)).name).toBe('changed')
  })

  test('a body that swallows the refusal of a write does not commit', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const row = customerRow(tenantId)
    await store.transaction(tenantId, tx => tx.insert('customers', row))
    const swallowed = (write: (tx: TenantTransaction) => Promise<unknown>) =>
      store.transaction(tenantId, async tx => {
        await tx.insert('events', eventRow(tenantId))
        await write(tx).catch(() => undefined)
      })
    expect(await codeOf(swallowed(tx => tx.insert('customers', row)))).toBe('already_exists')
    const stale = swallowed(tx => tx.replace('customers', { ...row, version: 9 }))
    expect(await codeOf(stale)).toBe('version_conflict')
    expect(await codeOf(swallowed(tx => tx.remove('customers', 'cus_x')))).toBe('not_found')
    expect(await store.of(tenantId).count('events', {})).toBe(0)
  })

  test('a missing row read inside is no end of the transaction', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const row = customerRow(tenantId)
    await store.transaction(tenantId, async tx => {
      expect(await codeOf(tx.get('customers', row.id))).toBe('not_found')
      await tx.insert('customers', row)
    })
    expect(await store.of(tenantId).get('customers', row.id)).toEqual(row)
  })

  test('the handle is of no use after its body', async () => {
    const { store } = under()
    const tenantId = newTenant()
    let kept: TenantTransaction | undefined
    await store.transaction(tenantId, async tx => {
      kept = tx
    })
    await expectFault(kept!.insert('customers', customerRow(tenantId)))
    await expectFault(kept!.count('customers', {}))
  })
}

function againContract(under: Opened): void {
  test('a body that lost a race runs again and sees the other’s work', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const row = customerRow(tenantId)
    await store.transaction(tenantId, tx => tx.insert('customers', row))
    let runs = 0
    await store.transaction(tenantId, async tx => {
      runs += 1
      const seen = await tx.get('customers', row.id)
      const version = runs === 1 ? seen.version + 1 : seen.version
      await tx.insert('events', eventRow(tenantId))
      await tx.replace('customers', { ...seen, name: `run ${runs}`, version })
    })
    expect(runs).toBe(2)
    expect((await store.of(tenantId).get('customers', row.id)).name).toBe('run 2')
    expect(await store.of(tenantId).count('events', {})).toBe(1)
  })

  test('after 5 lost races the conflict comes out; other refusals are not tried again', async () => {
    const { store } = under()
    const tenantId = newTenant()
    let runs = 0
    const losing = store.transaction(tenantId, async tx => {
      runs += 1
      await tx.replace('customers', customerRow(tenantId))
    })
    expect(await codeOf(losing)).toBe('version_conflict')
    expect(runs).toBe(5)
    const refused = store.transaction(tenantId, async () => {
      runs += 1
      refuse('already_exists')
    })
    expect(await codeOf(refused)).toBe('already_exists')
    expect(runs).toBe(6)
  })

  test('of 10 that open the same row at once, one writes it', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const row = answerRow(tenantId)
    const open = () =>
      store.transaction(tenantId, tx =>
        tx.insertMany('idempotentAnswers', [row], { onConflict: 'skip' }),
      )
    const written = await Promise.all(Array.from({ length: 10 }, open))
    expect(written.reduce((a, b) => a + b, 0)).toBe(1)
  })
}

function shareContract(under: Opened): void {
  test('a row that is shared stays as it is: who locks it waits for the end of all who share it', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const row = customerRow(tenantId)
    await store.transaction(tenantId, tx => tx.insert('customers', row))
    const seen: string[] = []
    let locking: Promise<unknown> = Promise.resolve()
    await store.transaction(tenantId, async tx => {
      const { version } = await tx.share('customers', row.id)
      locking = store.transaction(tenantId, async other => {
        const locked = await other.lock('customers', row.id)
        seen.push('locked')
        await other.replace('customers', locked)
      })
      expect((await tx.get('customers', row.id)).version).toBe(version)
      expect((await tx.share('customers', row.id)).version).toBe(version)
      seen.push('shared')
    })
    await locking
    expect(seen).toEqual(['shared', 'locked'])
    const missing = store.transaction(tenantId, tx => tx.share('customers', 'cus_none'))
    expect(await codeOf(missing)).toBe('not_found')
  })
}

function numbersContract(under: Opened): void {
  test('20 at once, every third of them rolled back, take gapless numbers', async () => {
    const { store } = under()
    const tenantId = newTenant()
    const taken: number[] = []
    const take = (at: number) =>
      store.transaction(tenantId, async tx => {
        const { INV } = await tx.takeNumbers({ INV: 2 })
        if (at % 3 === 0) refuse('nothing_to_pay')
        return INV!
      })
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, at) => take(at)))
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') taken.push(outcome.value, outcome.value + 1)
    }
    const sorted = taken.sort((a, b) => a - b)
    expect(sorted).toEqual(Array.from({ length: 26 }, (_, at) => at + 1))
    const series = await store.of(tenantId).get('numberSeries', 'INV')
    expect(series).toEqual({ tenantId, id: 'INV', nextNumber: 27 })
  })

  test('several series move in one step, go on within a transaction, and are each tenant’s own', async () => {
    const { store } = under()
    const [tenantId, other] = [newTenant(), newTenant()]
    await store.transaction(tenantId, async tx => {
      expect(await tx.takeNumbers({ b: 3, a: 1 })).toEqual({ a: 1, b: 1 })
      expect(await tx.takeNumbers({ b: 1 })).toEqual({ b: 4 })
      expect(await tx.takeNumbers({})).toEqual({})
    })
    expect(await store.transaction(other, tx => tx.takeNumbers({ b: 1 }))).toEqual({ b: 1 })
    await expectFault(store.transaction(tenantId, tx => tx.takeNumbers({ a: 0 })))
  })

  test('a series of the issuer is one for all tenants: 20 of 4 tenants at once take 1 to 20', async () => {
    const { store } = under()
    const id = `INV${newTenant()}`
    const tenants = Array.from({ length: 4 }, newTenant)
    const take = (at: number) =>
      store.transaction(tenants[at % 4]!, async tx => {
        const taken = await tx.takeNumbers({ [id]: 1 }, 'issuer')
        if (at % 6 === 0) refuse('nothing_to_pay')
        return taken[id]!
      })
    const outcomes = await Promise.allSettled(Array.from({ length: 24 }, (_, at) => take(at)))
    const taken = outcomes.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
    expect(taken.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1))
    expect(await store.system.get('issuerSeries', id)).toEqual({ id, nextNumber: 21 })
    const own = await store.transaction(tenants[0]!, tx => tx.takeNumbers({ [id]: 1 }))
    expect(own).toEqual({ [id]: 1 })
  })

  test('a series goes on from where it was set', async () => {
    const { store } = under()
    const tenantId = newTenant()
    await store.transaction(tenantId, async tx => {
      await tx.insert('numberSeries', { tenantId, id: 'INV', nextNumber: 1_000 })
      expect(await tx.takeNumbers({ INV: 1 })).toEqual({ INV: 1_000 })
    })
  })
}

export function transactionContract(under: Opened): void {
  describe('transactions', () => {
    atomicContract(under)
    againContract(under)
    shareContract(under)
    numbersContract(under)
  })
}
