// OWASP API Security Top 10 (2023), items 6 to 10, walked through the gateway to the real service.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Route } from '@quittance/billing-contract/route'
import { basePath, routes } from '@quittance/billing-contract/routes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ground, openGround, signedDelivery } from './ground.ts'

let ground: Ground
beforeAll(async () => {
  ground = await openGround()
})
afterAll(() => ground?.close())

const operator = (tenantId = 'victim') => ({
  as: ground.world.operator(),
  headers: { 'x-tenant-id': tenantId },
})
const everyRoute = Object.values(routes) as Route[]

describe('API6:2023 unrestricted access to sensitive business flows', () => {
  it('twenty refunds at once of one payment give back its amount once', async () => {
    const path = `/transactions/${ground.victim.payment}/refund`
    const tries = Array.from({ length: 20 }, () =>
      ground.call('POST', path, { ...operator(), body: { amount: 99 } }),
    )
    const statuses = (await Promise.all(tries)).map(answer => answer.status)
    expect(statuses.filter(status => status === 201)).toHaveLength(1)
    const charge = await ground.call('GET', `/transactions/${ground.victim.payment}`, operator())
    expect(charge.body.amountRefunded).toBe(99)
  })

  it('a coupon for one redemption is redeemed once by ten tenants at once', async () => {
    const coupon = { code: 'ONLY1', percentOff: 50, duration: 'once', maxRedemptions: 1 }
    await ground.call('POST', '/coupons', { as: ground.world.operator(), body: coupon })
    const tries = Array.from({ length: 10 }, (_, at) =>
      ground.call('POST', '/subscriptions', {
        as: ground.world.admin(`hunter-${at}`),
        body: { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa', coupon: 'ONLY1' },
      }),
    )
    const statuses = (await Promise.all(tries)).map(answer => answer.status)
    expect(statuses.filter(status => status === 201)).toHaveLength(1)
  })

  it('a trial is had once: the second subscription of a tenant starts with its price', async () => {
    const as = ground.world.admin('trier')
    const first = await ground.call('POST', '/subscriptions', { as, body: { plan: 'starter' } })
    expect(first.body.status).toBe('trialing')
    await ground.call('POST', `/subscriptions/${first.body.id}/cancel`, {
      as,
      body: { when: 'now' },
    })
    const second = await ground.call('POST', '/subscriptions', { as, body: { plan: 'starter' } })
    expect(second.body.status ?? second.body.code).not.toBe('trialing')
  })

  it("an idempotency key of one tenant neither shows nor blocks another's answer", async () => {
    const headers = { 'idempotency-key': 'a-key-that-was-overheard' }
    const body = { plan: 'free' }
    const mine = { as: ground.world.admin('keeper'), headers, body }
    const own = await ground.call('POST', '/subscriptions', mine)
    const theirs = { as: ground.world.admin('key-thief'), headers, body }
    const stolen = await ground.call('POST', '/subscriptions', theirs)
    expect(stolen.headers.get('idempotent-replayed')).toBeNull()
    expect(stolen.body.tenantId).toBe('key-thief')
    expect(stolen.body.id).not.toBe(own.body.id)
    const again = await ground.call('POST', '/subscriptions', mine)
    expect([again.headers.get('idempotent-replayed'), again.body.id]).toEqual(['true', own.body.id])
  })
})

describe('API7:2023 server side request forgery', () => {
  it('a logo and a layout that point to an address make no request', async () => {
    let asked = 0
    const trap = createServer((_, response) => {
      asked += 1
      response.end('secret')
    })
    await new Promise<void>(resolve => trap.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/x.svg`
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><image href="${url}"/><use xlink:href="${url}#a"/><style>@import url(${url});</style><rect fill="url(${url})" width="9" height="9"/></svg>`
    const logo = Buffer.from(svg).toString('base64')
    const as = ground.world.operator()
    for (const body of [{ logo }, { terms: `#image("${url}")` }, { footer: `#include "${url}"` }]) {
      const answer = await ground.call('POST', '/branding/preview', { as, body })
      expect([200, 400]).toContain(answer.status)
    }
    expect(asked).toBe(0)
    trap.close()
  })

  it('an endpoint for webhooks may not be an address of this machine or of its network', async () => {
    const route = everyRoute.find(
      each => each.method === 'POST' && each.path === '/webhook-endpoints',
    )
    if (route === undefined) return
    for (const url of [
      'http://127.0.0.1/x',
      'https://127.0.0.1/x',
      'https://localhost/x',
      'https://[::1]/x',
      'https://169.254.169.254/latest/meta-data/',
      'https://10.0.0.1/x',
      'https://192.168.1.1/x',
      'https://0x7f000001/x',
      'https://2130706433/x',
      'https://[::ffff:127.0.0.1]/x',
      'file:///etc/passwd',
      'gopher://127.0.0.1/x',
      'https://user:password@example.com/x',
    ]) {
      const call = { as: ground.world.admin('victim'), body: { url, events: ['invoice.paid'] } }
      const answer = await ground.call('POST', '/webhook-endpoints', call)
      expect([url, answer.status]).toEqual([url, 400])
    }
  })

  it('no other operation takes an address', () => {
    const takers = everyRoute.flatMap(({ path, body }) =>
      Object.keys((body as { properties?: object } | undefined)?.properties ?? {})
        .filter(name => /url|uri|href|callback|host|endpoint/i.test(name))
        .map(name => `${path} ${name}`),
    )
    const known = takers.filter(taker => !taker.startsWith('/webhook-endpoints'))
    expect(known).toEqual([])
  })
})

describe('API8:2023 security misconfiguration', () => {
  it('errors tell no stack, no path, no query of the database', async () => {
    for (const [path, raw] of [
      ['/subscriptions', '{"plan":'],
      ['/subscriptions', '{"plan":"x\'; drop table invoices; --"}'],
      ['/subscriptions', '{"plan":"free","metadata":{"a":"\\u0000"}}'],
      ['/nowhere', '{}'],
    ] as const) {
      const answer = await ground.call('POST', path, { as: ground.world.admin('prober'), raw })
      const text = JSON.stringify(answer.body)
      expect(answer.status).toBeLessThan(500)
      expect(text).not.toMatch(
        /at .+\.(?:ts|js|mjs):\d|node_modules|select |insert |syntax error at/i,
      )
    }
  })

  it('the address of another site is not let in by CORS, and nothing is guessed from content', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
    const answer = await ground.call('OPTIONS', '/invoices', { headers })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    const read = await ground.call('GET', '/invoices', {
      as: ground.world.admin('victim'),
      headers: { origin: 'https://evil.example' },
    })
    expect(read.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('TRACE, CONNECT and methods of one’s own are refused', async () => {
    for (const method of ['TRACE', 'CONNECT', 'PROPFIND', 'BREW']) {
      const answer = await ground.raw(
        `${method} ${basePath}/invoices HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`,
      )
      expect([method, /^HTTP\/1\.1 (?:2|3|5)/.test(answer)]).toEqual([method, false])
    }
  })
})

describe('API9:2023 improper inventory management', () => {
  it('every operation of the document is served, and nothing beside it', async () => {
    const { body } = await ground.call('GET', '/openapi.json')
    const listed = Object.entries(body.paths as Record<string, object>).flatMap(([path, item]) =>
      Object.keys(item).map(method => `${method.toUpperCase()} ${path}`),
    )
    expect(listed).toHaveLength(everyRoute.length)
    const as = ground.world.operator()
    for (const operation of listed) {
      const [method, path] = operation.split(' ') as [string, string]
      const at = path.slice(basePath.length).replace(/\{\w+\}/g, 'x')
      const body = method === 'GET' || method === 'DELETE' ? {} : { body: {} }
      const answer = await ground.call(method, at, { ...operator(), as, ...body })
      const unknown = answer.status === 404 && answer.body.detail?.includes('address')
      expect([operation, unknown]).toEqual([operation, false])
    }
  })

  it('older, newer, hidden and debugging addresses are not there', async () => {
    const paths = ['/api/v0/billing/plans', '/api/v2/billing/plans', '/api/billing/plans']
    const others = [
      '/debug',
      '/.env',
      '/.git/config',
      '/internal',
      '/actuator/health',
      '/server-status',
    ]
    for (const path of [...paths, ...others]) {
      const answer = await fetch(`${ground.gateway}${path}`)
      expect([path, answer.status]).toEqual([path, 404])
    }
  })
})

describe('API10:2023 unsafe consumption of APIs', () => {
  const event = (more: object = {}) => ({
    id: 'evt_attack_1',
    object: 'event',
    type: 'payment_intent.succeeded',
    api_version: '2026-10-28.endive',
    created: 1_790_000_000,
    data: {
      object: { id: 'pi_made_up', object: 'payment_intent', amount: 1, status: 'succeeded' },
    },
    ...more,
  })
  const deliver = ({ raw, headers }: ReturnType<typeof signedDelivery>) =>
    ground.call('POST', '/webhooks/stripe', { raw, headers })

  it('a delivery replayed after 5 minutes, or stamped ahead, is 400', async () => {
    const now = Math.floor(Date.now() / 1000)
    for (const seconds of [now - 301, now + 301, 0]) {
      expect((await deliver(signedDelivery(event(), seconds))).body.code).toBe('invalid_signature')
    }
  })

  it('the same delivery five times is stored once, and another body under its signature is 400', async () => {
    const delivery = signedDelivery(event())
    for (let time = 0; time < 5; time += 1) expect((await deliver(delivery)).status).toBe(200)
    const stored = await ground.call('GET', '/webhook-events?objectId=pi_made_up', {
      as: ground.world.operator(),
    })
    expect(stored.body.data).toHaveLength(1)
    const changed = { ...delivery, raw: delivery.raw.replace('"amount":1', '"amount":9') }
    expect((await deliver(changed)).status).toBe(400)
  })

  it('an event that claims a payment proves nothing: the object is read again', async () => {
    const lineItems = [{ description: 'x', quantity: 1, unitAmount: 77 }]
    const made = await ground.call('POST', '/invoices', { ...operator(), body: { lineItems } })
    const lie = event({
      id: 'evt_attack_2',
      data: {
        object: {
          id: 'pi_lie',
          object: 'payment_intent',
          amount: 7_700,
          status: 'succeeded',
          metadata: { tenant_id: 'victim', invoice_id: made.body.id },
        },
      },
    })
    expect((await deliver(signedDelivery(lie))).status).toBe(200)
    await ground.call('POST', '/jobs/apply-webhooks/run', { as: ground.world.operator() })
    const after = await ground.call('GET', `/invoices/${made.body.id}`, operator())
    expect([after.body.status, after.body.amountPaid]).toEqual(['open', 0])
  })
})
