// Contract of work in bulk: usage that counts once, and due rows that one worker takes.
import { describe, expect, test } from 'vitest'
import type { Subscription } from '../../core/subscription.ts'
import { expectFault } from './refused.contract.ts'
import { customerRow, dayMs, newTenant, newYear, subscriptionRow } from './rows.ts'
import { inboxRow } from './system-rows.ts'
import type { Opened } from './under-test.ts'
import { usageRow } from './usage-rows.ts'

async function agreement(under: Opened): Promise<Subscription> {
  const tenantId = newTenant()
  const customer = customerRow(tenantId)
  const subscription = subscriptionRow(customer)
  await under().store.transaction(tenantId, async tx => {
    await tx.insert('customers', customer)
    await tx.insert('subscriptions', subscription)
  })
  return subscription
}

function usageContract(under: Opened): void {
  test('a key counts once: across calls, within one call, and whatever its quantity says', async () => {
    const { store } = under()
    const subscription = await agreement(under)
    const { tenantId } = subscription
    const [a, b, c] = [1, 2, 3].map(quantity =>
      usageRow(subscription, { quantity: String(quantity) }),
    )
    const first = await store.transaction(tenantId, tx => tx.ingest([a!, b!, a!]))
    expect([...first].sort()).toEqual([a!.idempotencyKey, b!.idempotencyKey])
    const again = { ...a!, quantity: '100' }
    const second = await store.transaction(tenantId, tx => tx.ingest([again, c!]))
    expect([...second]).toEqual([c!.idempotencyKey])
    const key = {
      subscriptionId: subscription.id,
      metric: 'messages',
      periodStart: newYear,
      day: '2026-01-01',
    }
    const total = await store.of(tenantId).get('usageTotals', key)
    expect(total).toEqual({ tenantId, ...key, quantity: '6', events: 3 })
    const none = await store.transaction(tenantId, tx => tx.ingest([]))
    expect(none.size).toBe(0)
  })

  test('totals are exact decimals per metric, period and day', async () => {
    const { store } = under()
    const subscription = await agreement(under)
    const { tenantId } = subscription
    const events = [
      usageRow(subscription, { quantity: '0.1' }),
      usageRow(subscription, { quantity: '0.2' }),
      usageRow(subscription, { quantity: '12345678901234567.000000000001' }),
      usageRow(subscription, { quantity: '-0.5', metric: 'storage_gb' }),
      usageRow(subscription, { quantity: '7', day: '2026-01-02' }),
      usageRow(subscription, { quantity: '8', periodStart: newYear + 31 * dayMs }),
    ]
    await store.transaction(tenantId, tx => tx.ingest(events))
    const where = { subscriptionId: subscription.id }
    const { rows } = await store.of(tenantId).list('usageTotals', { where, limit: 10 })
    expect(rows.map(row => [row.metric, row.day, row.quantity, row.events])).toEqual([
      ['messages', '2026-01-01', '12345678901234567.300000000001', 3],
      ['messages', '2026-01-02', '7', 1],
      ['messages', '2026-01-01', '8', 1],
      ['storage_gb', '2026-01-01', '-0.5', 1],
    ])
  })

  test('usage that is rolled back is counted nowhere, and may come again', async () => {
    const { store } = under()
    const subscription = await agreement(under)
    const { tenantId } = subscription
    const event = usageRow(subscription)
    const work = store.transaction(tenantId, async tx => {
      await tx.ingest([event])
      throw new Error('lost')
    })
    await expect(work).rejects.toThrow('lost')
    expect(await store.of(tenantId).count('usageTotals', {})).toBe(0)
    const added = await store.transaction(tenantId, tx => tx.ingest([event]))
    expect(added.size).toBe(1)
  })

  test('8 writers with overlapping keys on the same totals count each key once', async () => {
    const { store } = under()
    const subscription = await agreement(under)
    const { tenantId } = subscription
    const events = Array.from({ length: 60 }, (_, at) =>
      usageRow(subscription, { day: `2026-01-0${1 + (at % 9)}`, quantity: '0.01' }),
    )
    const shuffled = (seed: number) =>
      events.map((_, at) => events[(at * 7 + seed * 11) % events.length]!)
    const added = await Promise.all(
      Array.from({ length: 8 }, (_, seed) =>
        store.transaction(tenantId, tx => tx.ingest(shuffled(seed))),
      ),
    )
    expect(added.reduce((sum, keys) => sum + keys.size, 0)).toBe(60)
    const [sum] = await store.of(tenantId).sum('usageTotals', { sum: ['quantity', 'events'] })
    expect(sum?.sums).toEqual({ quantity: '0.6', events: '60' })
  })

  test('usage of an unknown subscription is a fault', async () => {
    const subscription = await agreement(under)
    const event = usageRow(subscription, { subscriptionId: 'sub_unknown' })
    await expectFault(under().store.transaction(subscription.tenantId, tx => tx.ingest([event])))
  })
}

let farAway = Date.UTC(2001, 0, 1)

/** A time before all others asked for, so that due rows of other tests are not in the way. */
function earlier(): number {
  farAway -= 100 * dayMs
  return farAway
}

function claimContract(under: Opened): void {
  test('two workers take 40 due rows without an overlap, oldest first, each row once', async () => {
    const { store } = under()
    const start = earlier()
    const rows = Array.from({ length: 40 }, (_, at) => inboxRow({ dueAt: start + (39 - at) }))
    await store.system.transaction(tx => tx.insertMany('inbox', rows))
    const claim = () =>
      store.system.claim('inbox', {
        field: 'dueAt',
        now: start + 50,
        leaseUntil: start + 60 * dayMs,
        limit: 10,
      })
    const batches = await Promise.all([claim(), claim(), claim(), claim(), claim()])
    while (batches.flat().length < 40) batches.push(await claim())
    const ids = batches.flat().map(row => row.id)
    expect(new Set(ids).size).toBe(40)
    expect(new Set(rows.map(row => row.id))).toEqual(new Set(ids))
    for (const batch of batches) {
      const place = batch.map(row => rows.findIndex(other => other.id === row.id))
      expect(place).toEqual([...place].sort((a, b) => b - a))
    }
    expect(await claim()).toEqual([])
  })

  test('a claimed row carries its lease and version 2, and is due again when the lease ends', async () => {
    const { store } = under()
    const start = earlier()
    const row = inboxRow({ dueAt: start })
    const later = inboxRow({ dueAt: start + 2 })
    await store.system.transaction(tx => tx.insertMany('inbox', [row, later]))
    const lease = { field: 'dueAt', leaseUntil: start + 10, limit: 5 } as const
    const [taken, ...others] = await store.system.claim('inbox', { ...lease, now: start })
    expect(taken).toEqual({ ...row, dueAt: start + 10, version: 2 })
    expect(others).toEqual([])
    expect(await store.system.get('inbox', row.id)).toEqual(taken)
    const next = await store.system.claim('inbox', {
      ...lease,
      now: start + 5,
      leaseUntil: start + 20,
    })
    expect(next.map(found => found.id)).toEqual([later.id])
    const again = await store.system.claim('inbox', {
      ...lease,
      now: start + 10,
      leaseUntil: start + 30,
    })
    expect(again.map(found => found.id)).toEqual([row.id])
  })

  test('subscriptions of many tenants are claimed by when they are next billed', async () => {
    const { store } = under()
    const start = earlier()
    const agreements = [await agreement(under), await agreement(under)]
    for (const [at, row] of agreements.entries()) {
      const due = { ...row, nextBillingAt: start - at }
      await store.transaction(row.tenantId, tx => tx.replace('subscriptions', due))
    }
    const claimed = await store.system.claim('subscriptions', {
      field: 'nextBillingAt',
      now: start,
      leaseUntil: start + 90 * dayMs,
      limit: 10,
    })
    expect(claimed.map(row => row.tenantId)).toEqual(agreements.map(row => row.tenantId).reverse())
  })

  test('a claim narrowed to the live clock leaves test tenants alone', async () => {
    const { store } = under()
    const start = earlier()
    const [live, tested] = [await agreement(under), await agreement(under)]
    for (const row of [live, { ...tested, clock: 'test' as const }]) {
      await store.transaction(row.tenantId, tx =>
        tx.replace('subscriptions', { ...row, nextBillingAt: start }),
      )
    }
    const claimed = await store.system.claim('subscriptions', {
      field: 'nextBillingAt',
      where: { clock: 'live' },
      now: start,
      leaseUntil: start + 90 * dayMs,
      limit: 10,
    })
    expect(claimed.map(row => row.id)).toEqual([live.id])
  })
}

export function workContract(under: Opened): void {
  describe('work', () => {
    usageContract(under)
    claimContract(under)
  })
}
