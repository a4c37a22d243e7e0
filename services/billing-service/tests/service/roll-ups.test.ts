// Daily sums on simulated lives: over any span and in any zone they are what the rows add up to, and made anew
// they put right what was changed behind the service's back.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { rebuildDerived } from '../../src/actions/derived/rebuild-derived.ts'
import { ledgerTotalsIn, transactionTotalsIn } from '../../src/actions/reports/read-totals.ts'
import { proveMovements, proveTotals } from '../../src/actions/verify/prove-derived.ts'
import { namedPeriod } from '../../src/core/time.ts'
import { runSeed } from '../../src/test/simulator/run.ts'
import { openWorld, type SimulatedWorld } from '../../src/test/simulator/world.ts'

let world: SimulatedWorld

beforeAll(async () => {
  world = await openWorld({ seed: '7' })
  await runSeed(world, 0.5)
})
afterAll(() => world?.close())

const broken = async () =>
  [await proveTotals(world.deps), await proveMovements(world.deps)].flatMap(proof => proof.broken)

it('days, weeks and months of four zones sum to their rows', async () => {
  const { system } = world.store
  for (const zone of ['UTC', 'Asia/Shanghai', 'America/New_York', 'Asia/Kolkata']) {
    for (const period of ['day', 'week', 'month', 'year']) {
      const { from, to } = namedPeriod(period, zone, world.startedAt + 40 * 86_400_000)
      const totals = await ledgerTotalsIn(system, from, to)
      const rows = await system.sum('ledgerEntries', {
        range: { field: 'bookedAt', from, to },
        sum: ['amountMinor'],
        groupBy: ['tenantId', 'account', 'kind', 'currency'],
      })
      const net = totals.map(t => [
        t.tenantId,
        t.account,
        t.kind,
        t.currency,
        t.debitMinor - t.creditMinor,
        t.entries,
      ])
      const expected = rows.map(r => [
        ...Object.values(r.group),
        Number(r.sums.amountMinor),
        r.count,
      ])
      expect(net.sort()).toEqual(expected.sort())
      const settled = (await transactionTotalsIn(system, from, to)).filter(
        t => t.type !== 'payment_fee',
      )
      const succeeded = await system.sum('transactions', {
        where: { status: 'succeeded' },
        range: { field: 'createdAt', from, to },
        sum: ['amountMinor'],
        groupBy: ['tenantId', 'type', 'currency'],
      })
      expect(
        settled.map(t => [t.tenantId, t.type, t.currency, t.amountMinor, t.transactions]).sort(),
      ).toEqual(
        succeeded.map(r => [...Object.values(r.group), Number(r.sums.amountMinor), r.count]).sort(),
      )
    }
  }
})

it('sums that were changed are found, and put right by making them anew', async () => {
  expect(await broken()).toEqual([])
  const tenantId = world.tenants[0]!.tenantId
  const { rows } = await world.store.of(tenantId).list('ledgerTotals', { limit: 1 })
  const wrong = { ...rows[0]!, debitMinor: 5, creditMinor: 0, entries: 1 }
  await world.store.transaction(tenantId, tx => tx.add('ledgerTotals', [wrong]))
  expect((await broken()).length).toBeGreaterThan(0)
  const rebuilt = await rebuildDerived(world.deps)
  expect(rebuilt).toEqual({ tenants: world.tenants.length, totals: 1, movements: 0 })
  expect(await broken()).toEqual([])
})

it('a subscription that is older than the log gets its movement when it is made anew', async () => {
  const { rows } = await world.store.system.list('subscriptions', {
    range: { field: 'createdAt', from: 0 },
    order: { field: 'createdAt', direction: 'asc' },
    limit: 100,
  })
  const known = rows.find(({ planCode }) => planCode !== 'free')!
  const older = {
    ...known,
    id: `${known.id.slice(0, -4)}0LD0`,
    status: 'active',
    liveKey: null,
    discounts: [],
    endedAt: null,
    version: 1,
  } as typeof known
  await world.store.transaction(older.tenantId, tx => tx.insert('subscriptions', older))
  expect(await broken()).toEqual([expect.stringContaining(`${older.id}: monthly value`)])
  expect((await rebuildDerived(world.deps)).movements).toBe(1)
  expect(await broken()).toEqual([])
  expect((await rebuildDerived(world.deps)).movements).toBe(0)
})
