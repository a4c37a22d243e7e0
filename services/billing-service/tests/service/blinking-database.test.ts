// A connection that breaks just after an attempt was written down, or just after the processor answered.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Refusal } from '../../src/core/refusal.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
})
afterAll(() => world.close())

const deps = () => world.service.deps
const away = () => new Refusal('unavailable', { part: 'database', partZh: '数据库' })

/** Breaks the first piece of work of a tenant's that `breaks` names, once an attempt of it is written down. */
async function blinking(
  tenantId: string,
  breaks: 'the reading before the charge' | 'the settling after it',
): Promise<{ readonly status: number; readonly blinked: number }> {
  const { store } = deps()
  let blinked = 0
  const attempts = async () =>
    (await store.of(tenantId).list('transactions', { limit: 1 })).rows.map(row => row.status)
  const asked = () => [...world.sandbox.state.newest('payment_intent')].length
  const before = asked()
  const broken: typeof store = {
    ...store,
    of: id => ({
      ...store.of(id),
      async get(collection, key) {
        const first = breaks === 'the reading before the charge' && collection === 'customers'
        if (first && blinked === 0 && (await attempts()).length > 0) {
          blinked += 1
          throw away()
        }
        return store.of(id).get(collection, key)
      },
    }),
    async transaction(id, body) {
      if (breaks === 'the settling after it' && blinked === 0 && asked() > before) {
        blinked += 1
        throw away()
      }
      return store.transaction(id, body)
    },
  }
  Object.assign(deps(), { store: broken })
  try {
    const { status } = await world.call('POST', '/subscriptions', {
      as: world.admin(tenantId),
      body: { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa' },
    })
    return { status, blinked }
  } finally {
    Object.assign(deps(), { store })
  }
}

it.each(['the reading before the charge', 'the settling after it'] as const)(
  'when the database is away for a moment at %s, 29.00 are charged once and at once',
  async breaks => {
    const tenantId = `blinks-${breaks.length}`
    expect(await blinking(tenantId, breaks)).toEqual({ status: 201, blinked: 1 })
    const { rows } = await deps().store.of(tenantId).list('transactions', { limit: 10 })
    const payments = rows.filter(({ type }) => type === 'payment')
    expect(payments.map(({ status, amountMinor }) => [status, amountMinor])).toEqual([
      ['succeeded', 2_900],
    ])
  },
)
