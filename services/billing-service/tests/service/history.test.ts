// Events and audit lines as lists: what happened, and who did it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
let id: string
beforeAll(async () => {
  world = await openWorld()
  const body = { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa' }
  const as = world.token({ sub: 'ada', tenantId: 'history', roles: ['admin'] })
  id = (await world.call('POST', '/subscriptions', { as, body })).body.id
})
afterAll(() => world.close())

const list = (path: string, as = world.admin('history')) => world.call('GET', path, { as })

describe('the events of a tenant', () => {
  it('tell of the subscription, by type and by object', async () => {
    const { body } = await list('/events?type=subscription.created')
    expect(body.data).toHaveLength(1)
    expect(body.data[0]).toMatchObject({ objectId: id, data: { planCode: 'starter' } })
    const ofObject = await list(`/events?objectId=${id}`)
    const types = ofObject.body.data.map((event: { type: string }) => event.type)
    expect(types).toContain('subscription.created')
  })

  it('come page by page, each once', async () => {
    const all = (await list('/events?limit=100')).body.data.map((e: { id: string }) => e.id)
    const seen: string[] = []
    let path: string | null = '/events?limit=2'
    while (path !== null) {
      const { body }: { body: { data: { id: string }[]; nextCursor: string | null } } =
        await list(path)
      seen.push(...body.data.map(event => event.id))
      path = body.nextCursor === null ? null : `/events?limit=2&cursor=${body.nextCursor}`
    }
    expect(all.length).toBeGreaterThan(2)
    expect(seen).toEqual(all)
  })

  it('are not for members, and never another tenant’s', async () => {
    expect((await list('/events', world.member('history'))).status).toBe(403)
    expect((await list('/events', world.admin('other'))).body.data).toEqual([])
    expect((await list('/events', world.operator())).body.code).toBe('tenant_required')
  })
})

describe('the audit log', () => {
  it('names who did it, in which role and request', async () => {
    const { body } = await list('/audit-log?action=subscription.created&actor=ada')
    expect(body.data).toHaveLength(1)
    expect(body.data[0]).toMatchObject({ actor: 'ada', role: 'admin', objectId: id })
    expect(body.data[0].requestId).not.toBe('')
    expect((await list('/audit-log?actor=nobody')).body.data).toEqual([])
  })

  it('takes a time range, and refuses what it does not know', async () => {
    expect((await list('/audit-log?to=2020-01-01T00:00:00Z')).body.data).toEqual([])
    expect((await list('/audit-log?from=yesterday')).status).toBe(400)
    expect((await list('/audit-log?colour=red')).status).toBe(400)
  })
})
