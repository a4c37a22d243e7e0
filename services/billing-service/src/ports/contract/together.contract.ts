// Contract of work for many items: each all or nothing, whether or not the store lets them share a transaction.
import { describe, expect, test } from 'vitest'
import type { Subscription } from '../../core/subscription.ts'
import type { Store, TenantTransaction } from '../store.ts'
import { customerRow, newTenant, subscriptionRow } from './rows.ts'
import type { Opened } from './under-test.ts'
import { usageRow } from './usage-rows.ts'

async function agreements(under: Opened, tenants: number, each: number): Promise<Subscription[]> {
  const made: Subscription[] = []
  for (let n = 0; n < tenants; n += 1) {
    const customer = customerRow(newTenant())
    const rows = Array.from({ length: each }, () => subscriptionRow(customer))
    await under().store.transaction(customer.tenantId, async tx => {
      await tx.insert('customers', customer)
      await tx.insertMany('subscriptions', rows)
    })
    made.push(...rows)
  }
  return made
}

/** One seat more, one event of usage, and a number: a little of everything. */
async function addSeat(tx: TenantTransaction, { id }: Subscription): Promise<number> {
  const before = await tx.lock('subscriptions', id)
  const customer = await tx.get('customers', before.customerId)
  await tx.ingest([usageRow(before, { idempotencyKey: `${id}:${before.quantity}` })])
  const { seats } = await tx.takeNumbers({ seats: 1 })
  const { rows } = await tx.list('subscriptions', {
    where: { customerId: customer.id },
    order: { field: 'createdAt', direction: 'asc' },
    limit: 100,
  })
  expect(rows.every(row => row.tenantId === before.tenantId)).toBe(true)
  await tx.replace('subscriptions', { ...before, quantity: before.quantity + 1 })
  return seats!
}

const inOne = (store: Store, of: Subscription) =>
  store.transaction(of.tenantId, tx => addSeat(tx, of))

const quantities = async (store: Store, all: readonly Subscription[]) =>
  Promise.all(
    all.map(
      async ({ tenantId, id }) => (await store.of(tenantId).get('subscriptions', id)).quantity,
    ),
  )

export function togetherContract(under: Opened): void {
  describe('work for many items', () => {
    test('is done for each of 60 of 3 tenants; numbers run 1 to 20 in each', async () => {
      const { store } = under()
      const all = await agreements(under, 3, 20)
      const outcomes = await store.together(all, inOne)
      const numbers = new Map<string, number[]>()
      for (const [at, outcome] of outcomes.entries()) {
        if (outcome.status === 'rejected') throw outcome.reason
        const { tenantId } = all[at]!
        numbers.set(tenantId, [...(numbers.get(tenantId) ?? []), outcome.value])
      }
      for (const taken of numbers.values()) {
        expect(taken.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
      }
      expect(await quantities(store, all)).toEqual(all.map(({ quantity }) => quantity + 1))
      const [first] = all
      const used = await store.of(first!.tenantId).count('usageEvents', {})
      expect(used).toBe(20)
    })

    test('what fails for one leaves nothing of it and no gap; the others are done', async () => {
      const { store } = under()
      const all = await agreements(under, 1, 9)
      const outcomes = await store.together(all, (shared, of) =>
        shared.transaction(of.tenantId, async tx => {
          const number = await addSeat(tx, of)
          if (of === all[4]) throw new Error('the fifth fails')
          return number
        }),
      )
      expect(outcomes.map(({ status }) => status)).toEqual(
        all.map(of => (of === all[4] ? 'rejected' : 'fulfilled')),
      )
      const taken = outcomes.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
      expect(taken.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
      const expected = all.map(of => of.quantity + (of === all[4] ? 0 : 1))
      expect(await quantities(store, all)).toEqual(expected)
    })

    test('two that write one row both do, one after the other', async () => {
      const { store } = under()
      const [one, two] = await agreements(under, 1, 2)
      const outcomes = await store.together([one!, two!, one!], inOne)
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled'])
      expect(await quantities(store, [one!, two!])).toEqual([one!.quantity + 2, two!.quantity + 1])
    })

    test('a lock keeps the others out: of 20 who add while there are fewer than 7, 7 do', async () => {
      const { store } = under()
      const [one] = await agreements(under, 1, 1)
      const outcomes = await store.together(
        Array.from({ length: 20 }, (_, n) => n),
        (shared, n) =>
          shared.transaction(one!.tenantId, async tx => {
            const held = await tx.lock('subscriptions', one!.id)
            if ((await tx.count('usageEvents', {})) >= 7) return false
            await tx.ingest([usageRow(held, { idempotencyKey: `capped-${n}` })])
            return true
          }),
      )
      const added = outcomes.filter(each => each.status === 'fulfilled' && each.value)
      expect(added).toHaveLength(7)
      expect(await store.of(one!.tenantId).count('usageEvents', {})).toBe(7)
    })

    test('what one has waited for it sees, though it had read that row before', async () => {
      const { store } = under()
      const [held, read] = await agreements(under, 1, 2)
      const { tenantId } = held!
      const outcomes = await store.together(['first', 'second'], (shared, name) =>
        shared.transaction(tenantId, async tx => {
          const before = await tx.get('subscriptions', read!.id)
          await tx.lock('subscriptions', held!.id)
          const after = await tx.get('subscriptions', read!.id)
          if (name === 'first') await tx.replace('subscriptions', { ...after, quantity: 41 })
          return [before.quantity === 41, after.quantity === 41]
        }),
      )
      const seen = outcomes.map(each => each.status === 'fulfilled' && each.value[1])
      expect(seen).toEqual([false, true])
    })

    test('a row of another tenant is none', async () => {
      const { store } = under()
      const [one, two] = await agreements(under, 2, 1)
      const outcomes = await store.together([one!, two!], (shared, of) => {
        const stranger = of === one ? two! : one!
        return shared.transaction(of.tenantId, tx => tx.find('subscriptions', stranger.id))
      })
      expect(outcomes).toEqual([
        { status: 'fulfilled', value: null },
        { status: 'fulfilled', value: null },
      ])
    })

    test('for no items is nothing', async () => {
      expect(await under().store.together([], inOne)).toEqual([])
    })
  })
}
