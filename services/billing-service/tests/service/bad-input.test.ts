import { request } from 'node:http'
import type { Route } from '@quittance/billing-contract/route'
import { routes } from '@quittance/billing-contract/routes'
import { createSigner } from 'fast-jwt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
let subscriptionId = ''
let paymentId = ''
beforeAll(async () => {
  world = await openWorld()
  const created = await world.call('POST', '/subscriptions', {
    as: world.admin('acme'),
    body: { plan: 'professional', trialDays: 0, paymentMethodId: 'pm_card_visa' },
  })
  subscriptionId = created.body.id
  const { body } = await world.call('GET', '/transactions', { as: world.admin('acme') })
  paymentId = body.data[0].id
})
afterAll(() => world.close())

const acme = () => world.admin('acme')
const operator = (tenantId = 'acme') => ({
  as: world.operator(),
  headers: { 'x-tenant-id': tenantId },
})

describe('tokens', () => {
  const plans = (as: string | null) => world.call('GET', '/plans', { as })

  it('no token is 401 problem+json with a request id', async () => {
    const answer = await plans(null)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.headers.get('x-request-id')).toBe(answer.body.requestId)
    expect(answer.body).toMatchObject({ code: 'unauthenticated', status: 401 })
  })

  it('an expired, a forged, an unsigned and a shapeless token are 401', async () => {
    const forged = createSigner({ key: 'another secret of sufficient length', expiresIn: 60_000 })
    const claims = { sub: 'x', tenantId: 'acme', roles: ['operator'] }
    const none = [
      { alg: 'none', typ: 'JWT' },
      { ...claims, exp: 4_000_000_000 },
    ]
      .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    const expired = world.token({ ...claims, exp: Math.floor(Date.now() / 1000) - 10 })
    for (const token of [expired, forged(claims), `${none}.`, 'nonsense', '']) {
      expect((await plans(token)).status).toBe(401)
    }
  })

  it('an empty and a 2,000-character tenantId are 401, one with a comma too', async () => {
    for (const tenantId of ['', 'x'.repeat(2000), 'a,b', 'a b']) {
      const as = world.token({ tenantId, roles: ['admin'] })
      const answer = await world.call('GET', '/invoices', { as })
      expect(answer.status).toBe(401)
      expect(answer.body.detail).toContain('tenantId')
    }
  })
})

describe('roles and tenants', () => {
  it('a refund by a tenant admin is 403 operator_only', async () => {
    const answer = await world.call('POST', `/transactions/${paymentId}/refund`, {
      as: acme(),
      body: { amount: 1 },
    })
    expect(answer.status).toBe(403)
    expect(answer.body.code).toBe('operator_only')
  })

  it('a member reading invoices is 403 and told who may', async () => {
    const answer = await world.call('GET', '/invoices', { as: world.member('acme') })
    expect(answer.status).toBe(403)
    expect(answer.body.detail).toContain('admin')
  })

  it('X-Tenant-Id from anyone but an operator or a platform-wide service is 403', async () => {
    for (const as of [
      acme(),
      world.member('acme'),
      world.token({ tenantId: 'acme', roles: ['service'] }),
    ]) {
      const answer = await world.call('GET', '/subscriptions', {
        as,
        headers: { 'x-tenant-id': 'other' },
      })
      expect(answer.status).toBe(403)
    }
  })

  it('an operator without X-Tenant-Id is 400 tenant_required on tenant routes, and may read plans', async () => {
    const answer = await world.call('GET', '/invoices', { as: world.operator() })
    expect(answer.status).toBe(400)
    expect(answer.body.code).toBe('tenant_required')
    expect((await world.call('GET', '/plans', { as: world.operator() })).status).toBe(200)
  })

  it('a longer trial than the plan has is 403 for an admin and 201 for an operator', async () => {
    const body = { plan: 'starter', trialDays: 60 }
    const admin = await world.call('POST', '/subscriptions', { as: world.admin('long'), body })
    expect(admin.body.code).toBe('operator_only')
    const staff = await world.call('POST', '/subscriptions', { ...operator('long'), body })
    expect(staff.body).toMatchObject({ status: 'trialing' })
  })

  it('billing policy is the issuer’s: taxRate by an admin is 403, the time zone is not', async () => {
    const tax = await world.call('PATCH', '/settings', { as: acme(), body: { taxRate: 0 } })
    expect(tax.body.code).toBe('operator_only')
    const zone = await world.call('PATCH', '/settings', {
      as: acme(),
      body: { zone: 'Asia/Shanghai' },
    })
    expect(zone.body.zone).toBe('Asia/Shanghai')
  })

  it("another tenant's ids are 404 on every route that takes one", async () => {
    const as = world.admin('stranger')
    const list = async (path: string) =>
      (await world.call('GET', path, { as: acme() })).body.data[0].id
    const invoice = await list('/invoices')
    const method = await list('/payment-methods')
    const customer = await list('/customers')
    const tried: [string, string, unknown?][] = [
      ['GET', `/subscriptions/${subscriptionId}`],
      ['PATCH', `/subscriptions/${subscriptionId}`, { quantity: 2 }],
      ['POST', `/subscriptions/${subscriptionId}/cancel`],
      ['POST', `/subscriptions/${subscriptionId}/reactivate`],
      ['POST', `/subscriptions/${subscriptionId}/usage`, { metric: 'messages', quantity: 1 }],
      ['GET', `/subscriptions/${subscriptionId}/usage`],
      ['GET', `/invoices/${invoice}`],
      ['GET', `/invoices/${invoice}/pdf`],
      ['POST', `/invoices/${invoice}/pay`],
      ['GET', `/payment-methods/${method}`],
      ['PATCH', `/payment-methods/${method}`, { billingDetails: { name: 'x' } }],
      ['POST', `/payment-methods/${method}/default`],
      ['DELETE', `/payment-methods/${method}`],
      ['GET', `/transactions/${paymentId}`],
      ['GET', `/customers/${customer}`],
      ['PATCH', `/customers/${customer}`, { name: 'x' }],
    ]
    for (const [verb, path, body] of tried) {
      const answer = await world.call(verb, path, { as, body })
      expect([verb, path, answer.status]).toEqual([verb, path, 404])
    }
    const staff = operator('stranger')
    for (const path of ['finalize', 'void', 'uncollectible', 'send']) {
      expect((await world.call('POST', `/invoices/${invoice}/${path}`, staff)).status).toBe(404)
    }
    expect((await world.call('DELETE', `/invoices/${invoice}`, staff)).status).toBe(404)
    const refund = await world.call('POST', `/transactions/${paymentId}/refund`, staff)
    expect(refund.status).toBe(404)
    const named = await world.call('POST', '/subscriptions', {
      as,
      body: { plan: 'starter', trialDays: 0, paymentMethodId: method },
    })
    expect(named.status).toBe(404)
  })

  it("a card attached to another tenant's customer is 409", async () => {
    const { body } = await world.call('GET', '/payment-methods', { as: acme() })
    const answer = await world.call('POST', '/payment-methods', {
      as: world.admin('thief'),
      body: { paymentMethodId: body.data[0].stripePaymentMethodId },
    })
    expect(answer.status).toBe(409)
    expect(answer.body.code).toBe('payment_method_attached_elsewhere')
  })
})

describe('bodies', () => {
  const post = (path: string, body: unknown) => world.call('POST', path, { as: acme(), body })

  it('malformed JSON is 400', async () => {
    const answer = await world.call('POST', '/subscriptions', { as: acme(), raw: '{"plan":' })
    expect(answer.status).toBe(400)
    expect(answer.body.code).toBe('invalid_request')
  })

  it('wrong types and unknown fields are 400 and name each field', async () => {
    const answer = await post('/subscriptions', { plan: 7, quantity: 'many', color: 'red' })
    expect(answer.status).toBe(400)
    const paths = answer.body.errors.map((e: { path: string }) => e.path)
    expect(paths).toEqual(expect.arrayContaining(['/plan', '/quantity', '/color']))
  })

  it('an unknown plan is 400 unknown_plan, in Chinese when asked for', async () => {
    const answer = await world.call('POST', '/subscriptions', {
      as: world.admin('nobody'),
      body: { plan: 'platinum' },
      headers: { 'accept-language': 'zh-CN,zh;q=0.9' },
    })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ code: 'unknown_plan' })
    expect(answer.body.detail).toContain('没有名为“platinum”的套餐')
  })

  it('a negative quantity of seats is 400; negative usage by a tenant is 403', async () => {
    expect((await post('/subscriptions', { plan: 'starter', quantity: -1 })).status).toBe(400)
    const usage = await post(`/subscriptions/${subscriptionId}/usage`, {
      metric: 'messages',
      quantity: -5,
    })
    expect(usage.status).toBe(403)
    expect(usage.body.code).toBe('operator_only')
  })

  it('0.001 USD, an exponent and 13 digits are 400 invalid_amount', async () => {
    for (const amount of [0.001, '1e2', '1234567890123', '-', 'NaN', '0x10']) {
      const answer = await world.call('POST', `/transactions/${paymentId}/refund`, {
        ...operator(),
        body: { amount },
      })
      expect([amount, answer.status, answer.body.code]).toEqual([amount, 400, 'invalid_amount'])
    }
    const zero = await world.call('POST', `/transactions/${paymentId}/refund`, {
      ...operator(),
      body: { amount: 0 },
    })
    expect(zero.status).toBe(400)
  })

  it('an invoice above 8 digits or beyond all numbers is 400; one below 0 owes nothing', async () => {
    const issue = (quantity: number | string, unitAmount: number | string) =>
      world.call('POST', '/invoices', {
        ...operator(),
        body: { lineItems: [{ description: 'x', quantity, unitAmount }] },
      })
    expect((await issue(1, -5)).body).toMatchObject({ status: 'paid', total: 0 })
    expect((await issue(1, 1_000_000)).body.code).toBe('amount_too_large')
    expect((await issue('999999999999', '999999999999')).body.code).toBe('amount_too_large')
    expect((await issue(1, 999_999.99)).status).toBe(201)
    const seats = await world.call('POST', '/subscriptions', {
      as: world.admin('crowded'),
      body: { plan: 'enterprise', quantity: 4000, trialDays: 0, paymentMethodId: 'pm_card_visa' },
    })
    expect(seats.body.code).toBe('amount_too_large')
  })

  it('99.01 of 99.00 is 409 refund_exceeds_payment and says what is left', async () => {
    const answer = await world.call('POST', `/transactions/${paymentId}/refund`, {
      ...operator(),
      body: { amount: 99.01 },
    })
    expect(answer.status).toBe(409)
    expect(answer.body.detail).toContain('99.00 USD')
  })

  it('ids that are malformed or unknown are 404, never 400', async () => {
    for (const id of [
      'x',
      'inv_',
      'inv_00000000000000000000000000',
      '%00',
      "' or 1=1 --",
      'a'.repeat(250),
    ]) {
      const path = `/invoices/${encodeURIComponent(id)}`
      expect([id, (await world.call('GET', path, { as: acme() })).status]).toEqual([id, 404])
    }
  })

  it('usage of an unknown metric, in the future or before the subscription is 400', async () => {
    const path = `/subscriptions/${subscriptionId}/usage`
    const metric = await post(path, { metric: 'teleports', quantity: 1 })
    expect(metric.body.code).toBe('unknown_metric')
    for (const timestamp of [
      new Date(Date.now() + 3_600_000).toISOString(),
      '2020-01-01T00:00:00Z',
    ]) {
      const late = await post(path, { metric: 'messages', quantity: 1, timestamp })
      expect(late.status).toBe(400)
      expect(late.body.code).toBe('invalid_timestamp')
    }
  })

  it('list limits outside 1 to 100, foreign cursors and odd times are 400', async () => {
    for (const query of ['limit=0', 'limit=101', 'limit=ten', 'cursor=zzz', 'from=yesterday']) {
      const answer = await world.call('GET', `/transactions?${query}`, { as: acme() })
      expect([query, answer.status]).toEqual([query, 400])
    }
  })

  it('an unknown period is 400, an unknown address 404, another media type 415', async () => {
    const period = await world.call('GET', '/transactions/summary/fortnight', { as: acme() })
    expect(period.body.code).toBe('invalid_period')
    expect((await world.call('GET', '/nowhere', { as: acme() })).status).toBe(404)
    const xml = await world.call('POST', '/subscriptions', {
      as: acme(),
      raw: '<plan/>',
      headers: { 'content-type': 'application/xml' },
    })
    expect(xml.status).toBe(415)
  })

  it('a prototype in the body is refused', async () => {
    const answer = await world.call('POST', '/subscriptions', {
      as: acme(),
      raw: '{"plan":"free","__proto__":{"admin":true}}',
    })
    expect(answer.status).toBe(400)
  })

  it('every operation that is not built yet says so with 501', async () => {
    const open: Route[] = Object.values(routes)
    for (const { method, path } of open.filter(each => each.built === false)) {
      const answer = await world.call(method, path.replace(/:\w+/g, 'any'), {
        as: world.operator(),
        headers: { 'x-tenant-id': 'acme' },
        ...(method === 'GET' ? {} : { body: {} }),
      })
      expect([path, answer.status, answer.body.code]).toEqual([path, 501, 'not_built_yet'])
    }
  })

  it('a 2 MB body is 413, with Content-Length and without', async () => {
    const status = (chunked: boolean) =>
      new Promise<number>((resolve, reject) => {
        const body = Buffer.alloc(2 * 1024 * 1024, 'a')
        const sent = request(
          `${world.url}/api/v1/billing/subscriptions`,
          {
            method: 'POST',
            headers: {
              authorization: `Bearer ${acme()}`,
              'content-type': 'application/json',
              ...(chunked ? {} : { 'content-length': body.length }),
            },
          },
          response => {
            response.resume()
            resolve(response.statusCode ?? 0)
          },
        )
        sent.on('error', reject)
        if (!chunked) sent.end(body)
        else {
          sent.write(body.subarray(0, 1_000_000))
          sent.end(body.subarray(1_000_000))
        }
      })
    expect(await status(false)).toBe(413)
    expect(await status(true)).toBe(413)
  })
})

describe('webhooks', () => {
  it('an unsigned, a wrongly signed and a malformed delivery are 400', async () => {
    for (const signature of [undefined, 't=1,v1=00', 'x']) {
      const headers: Record<string, string> = signature ? { 'stripe-signature': signature } : {}
      const answer = await world.call('POST', '/webhooks/stripe', { raw: '{}', headers })
      expect(answer.status).toBe(400)
      expect(answer.body.code).toBe('invalid_signature')
    }
  })
})
