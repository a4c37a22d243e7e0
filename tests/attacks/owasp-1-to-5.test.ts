// OWASP API Security Top 10 (2023), items 1 to 5, walked through the gateway to the real service.
import { generateKeyPairSync } from 'node:crypto'
import { makeTokenVerifier } from '@quittance/http-kit/token'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ground, handmade, openGround } from './ground.ts'

let ground: Ground
beforeAll(async () => {
  ground = await openGround()
})
afterAll(() => ground?.close())

const thief = () => ground.world.admin('thief')
const soon = () => Math.floor(Date.now() / 1000) + 600

describe('API1:2023 broken object level authorization', () => {
  it("a victim's objects are 404 for reading, changing, paying, printing and removing", async () => {
    const { subscription, invoice, method, payment } = ground.victim
    const tries: [string, string, unknown?][] = [
      ['GET', `/subscriptions/${subscription}`],
      ['POST', `/subscriptions/${subscription}/cancel`, { when: 'now' }],
      ['PATCH', `/subscriptions/${subscription}`, { plan: 'enterprise' }],
      ['GET', `/invoices/${invoice}/pdf`],
      ['POST', `/invoices/${invoice}/pay-link`, {}],
      ['DELETE', `/payment-methods/${method}`],
      ['GET', `/transactions/${payment}/receipt`],
    ]
    for (const [verb, path, body] of tries) {
      const call = body === undefined ? { as: thief() } : { as: thief(), body }
      expect([path, (await ground.call(verb, path, call)).status]).toEqual([path, 404])
    }
  })

  it('the tenant comes from the token alone: header, query, body and path cannot name another', async () => {
    const as = thief()
    const named = await ground.call('GET', '/invoices', {
      as,
      headers: { 'x-tenant-id': 'victim' },
    })
    expect(named.status).toBe(403)
    expect((await ground.call('GET', '/invoices?tenantId=victim', { as })).status).toBe(400)
    const body = { plan: 'free', tenantId: 'victim' }
    expect((await ground.call('POST', '/subscriptions', { as, body })).status).toBe(400)
    expect((await ground.call('GET', '/tenants/victim/invoices', { as })).status).toBe(404)
  })

  it('a batch of usage by a tenant books nothing on the subscription of another', async () => {
    const event = {
      tenantId: 'victim',
      subscriptionId: ground.victim.subscription,
      metric: 'messages',
      quantity: 1_000,
      idempotencyKey: 'stolen',
    }
    const call = { as: thief(), body: { events: [event] } }
    const answer = await ground.call('POST', '/usage/batch', call)
    expect(answer.status === 202 ? answer.body.accepted : 0).toBe(0)
    const path = `/subscriptions/${ground.victim.subscription}/usage`
    const usage = await ground.call('GET', path, { as: ground.world.admin('victim') })
    expect(JSON.stringify(usage.body)).not.toContain('1000,')
  })

  it('a signed link for one invoice opens no other: one letter changed is 404', async () => {
    const as = ground.world.operator()
    const headers = { 'x-tenant-id': 'victim' }
    const lineItems = [{ description: 'x', quantity: 1, unitAmount: 5 }]
    const { id } = (await ground.call('POST', '/invoices', { as, headers, body: { lineItems } }))
      .body
    const link = await ground.call('POST', `/invoices/${id}/pay-link`, { as, headers, body: {} })
    const token = new URL(link.body.url).pathname.split('/').at(-1)!
    expect((await ground.call('GET', `/public/pay/${token}`)).status).toBe(200)
    for (const at of [0, 5, 20, token.length - 1]) {
      const other = token[at] === 'A' ? 'B' : 'A'
      const changed = token.slice(0, at) + other + token.slice(at + 1)
      expect([at, (await ground.call('GET', `/public/pay/${changed}`)).status]).toEqual([at, 404])
    }
  })
})

describe('API2:2023 broken authentication', () => {
  const claims = () => ({ sub: 'x', tenantId: 'victim', roles: ['admin'], exp: soon() })
  const status = async (token: string) =>
    (await ground.call('GET', '/invoices', { as: token })).status

  it('a token made as it should be is let in, so that the others fail for their reason', async () => {
    expect(await status(handmade({ alg: 'HS256' }, claims()))).toBe(200)
  })

  it('unsigned tokens are 401, however "none" is written', async () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '']) {
      expect([alg, await status(handmade({ alg }, claims(), ''))]).toEqual([alg, 401])
      expect([alg, await status(handmade({ alg }, claims()))]).toEqual([alg, 401])
    }
  })

  it('other algorithms, lists of them and none at all are 401', async () => {
    for (const alg of [
      'HS384',
      'hs256',
      'RS256',
      'ES256',
      'EdDSA',
      ['HS256'],
      null,
      { alg: 'HS256' },
    ]) {
      expect([alg, await status(handmade({ alg }, claims()))]).toEqual([alg, 401])
    }
    expect(await status(handmade({}, claims()))).toBe(401)
  })

  it('a signature that is cut, empty, of zeros or of another payload is 401', async () => {
    const good = handmade({ alg: 'HS256' }, claims()).split('.')
    const other = handmade({ alg: 'HS256' }, { ...claims(), roles: ['operator'] }).split('.')
    for (const token of [
      `${good[0]}.${other[1]}.${good[2]}`,
      `${good[0]}.${good[1]}.`,
      `${good[0]}.${good[1]}`,
      `${good[0]}.${good[1]}.${'A'.repeat(43)}`,
      `${good[0]}.${good[1]}.${good[2]!.slice(0, -2)}`,
      `${good.join('.')}.${good[2]}`,
    ]) {
      expect(await status(token)).toBe(401)
    }
  })

  it('expired, not valid yet, issued in the future, without an end: 401', async () => {
    const now = Math.floor(Date.now() / 1000)
    for (const more of [
      { exp: now - 1 },
      { exp: undefined },
      { exp: String(soon()) },
      { exp: -1 },
      { nbf: soon() },
      { iat: now + 86_400 },
      { nbf: 'yesterday' },
    ]) {
      const token = handmade({ alg: 'HS256' }, { ...claims(), ...more })
      expect([more, await status(token)]).toEqual([more, 401])
    }
  })

  it('keys that a token brings along or points to are not looked at', async () => {
    const jwk = { kty: 'oct', k: Buffer.from('attacker').toString('base64url') }
    for (const header of [
      { alg: 'HS256', kid: '../../../../dev/null' },
      { alg: 'HS256', kid: "' union select 'attacker' --" },
      { alg: 'HS256', jwk },
      { alg: 'HS256', jku: 'http://127.0.0.1:9/keys.json' },
      { alg: 'HS256', x5u: 'http://127.0.0.1:9/cert.pem' },
    ]) {
      expect(await status(handmade(header, claims(), 'AAAA'))).toBe(401)
      expect(await status(handmade(header, claims()))).toBe(200)
    }
  })

  it('tenants and roles that are no text and no list are 401, and unknown roles may nothing', async () => {
    for (const more of [
      { tenantId: ['victim'] },
      { tenantId: { $ne: '' } },
      { roles: 'operator' },
    ]) {
      const token = handmade({ alg: 'HS256' }, { ...claims(), ...more })
      expect([more, await status(token)]).toEqual([more, 401])
    }
    for (const roles of [['Operator'], ['root'], [['operator']], [{ operator: true }]]) {
      const token = handmade({ alg: 'HS256' }, { ...claims(), roles })
      expect([roles, await status(token)]).toEqual([roles, 403])
    }
  })

  it('a token over 8 KB is 401 or 431 and never verified', async () => {
    const token = handmade({ alg: 'HS256' }, { ...claims(), padding: 'x'.repeat(9_000) })
    expect([401, 431]).toContain(await status(token))
  })

  it('a public key cannot be used as a secret: HS256 with its text is refused', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const verifier = makeTokenVerifier({ publicKey: pem })
    const confused = handmade({ alg: 'HS256' }, claims())
    expect(() => verifier.verify(confused)).toThrow('unauthenticated')
    expect(() => makeTokenVerifier({ secret: pem })).toThrow('public key')
  })

  it('a key of a machine passes the gateway, a guessed, a cut and a revoked one are 401', async () => {
    const as = ground.world.admin('victim')
    const made = await ground.call('POST', '/api-keys', { as, body: { name: 'metering' } })
    const { id, key } = made.body
    const statusOf = async (token: string) =>
      (await ground.call('GET', '/plans', { as: token })).status
    expect(await statusOf(key)).toBe(200)
    for (const other of [`qk_${'A'.repeat(43)}`, key.slice(0, -1), `${key}A`, 'qk_']) {
      expect(await statusOf(other)).toBe(401)
    }
    expect((await ground.call('GET', '/invoices', { as: key })).status).toBe(403)
    expect((await ground.call('DELETE', `/api-keys/${id}`, { as })).status).toBe(204)
    expect(await statusOf(key)).toBe(401)
  })

  it('a token in the address, in a cookie or under another scheme is none', async () => {
    const token = handmade({ alg: 'HS256' }, claims())
    expect((await ground.call('GET', `/invoices?access_token=${token}`)).status).toBe(401)
    const cookie = `token=${token}`
    expect((await ground.call('GET', '/invoices', { headers: { cookie } })).status).toBe(401)
    const authorization = `Basic ${token}`
    expect((await ground.call('GET', '/invoices', { headers: { authorization } })).status).toBe(401)
  })
})

describe('API3:2023 broken object property level authorization', () => {
  it('fields that nobody may set are 400, whatever they are called', async () => {
    const as = ground.world.admin('victim')
    const { subscription, method } = ground.victim
    const tries: [string, string, object][] = [
      ['POST', '/subscriptions', { plan: 'free', status: 'active' }],
      ['POST', '/subscriptions', { plan: 'enterprise', amount: 0 }],
      ['PATCH', `/subscriptions/${subscription}`, { currentPeriodEnd: '2099-01-01T00:00:00Z' }],
      ['PATCH', `/subscriptions/${subscription}`, { id: 'sub_x' }],
      ['PATCH', `/payment-methods/${method}`, { isDefault: true, status: 'active' }],
      ['PATCH', '/settings', { numberPrefix: 'EVIL' }],
      ['PATCH', '/settings', { roles: ['operator'] }],
    ]
    for (const [verb, path, body] of tries) {
      const answer = await ground.call(verb, path, { as, body })
      expect([body, answer.status]).toEqual([body, 400])
    }
  })

  it('fields of the issuer are 403 operator_only for a tenant’s admin, one by one', async () => {
    const as = ground.world.admin('victim')
    const { subscription } = ground.victim
    const tries: [string, string, object][] = [
      ['PATCH', '/settings', { taxRate: 0 }],
      ['PATCH', '/settings', { taxExempt: true }],
      ['PATCH', '/settings', { trialDays: 700 }],
      ['PATCH', '/settings', { gracePeriodDays: 90 }],
      ['PATCH', '/settings', { dunningAttempts: 0 }],
      ['PATCH', '/settings', { bankDebitLimit: 1_000_000 }],
      [
        'PATCH',
        `/subscriptions/${subscription}`,
        { plan: 'enterprise', prorationBehavior: 'none' },
      ],
      ['POST', `/subscriptions/${subscription}/cancel`, { when: 'now', refund: 'refund' }],
      ['POST', `/subscriptions/${subscription}/pause`, { collection: 'void' }],
    ]
    for (const [verb, path, body] of tries) {
      const { status, body: said } = await ground.call(verb, path, { as, body })
      expect([path, body, status, said.code]).toEqual([path, body, 403, 'operator_only'])
    }
  })

  it('answers to a tenant hold no secret and nothing of the processor’s logs', async () => {
    const as = ground.world.admin('victim')
    for (const path of [
      '/invoices',
      '/transactions',
      '/payment-methods',
      '/customers',
      '/settings',
    ]) {
      const text = JSON.stringify((await ground.call('GET', path, { as })).body)
      expect(text).not.toMatch(/secret|whsec_|sk_|requestLogUrl":"|"version":|4242424242/)
    }
  })
})

describe('API4:2023 unrestricted resource consumption', () => {
  const as = () => ground.world.admin('victim')

  it('bodies, depth, lists, pages and batches have an end', async () => {
    const big = { plan: 'free', metadata: { note: 'x'.repeat(1_100_000) } }
    expect((await ground.call('POST', '/subscriptions', { as: as(), body: big })).status).toBe(413)
    const deep = `${'['.repeat(200_000)}`
    expect((await ground.call('POST', '/subscriptions', { as: as(), raw: deep })).status).toBe(400)
    expect((await ground.call('GET', '/invoices?limit=100000', { as: as() })).status).toBe(400)
    const events = Array.from({ length: 1_001 }, (_, at) => ({
      subscriptionId: ground.victim.subscription,
      metric: 'messages',
      quantity: 1,
      idempotencyKey: `k${at}`,
    }))
    const batch = { as: as(), body: { events } }
    expect((await ground.call('POST', '/usage/batch', batch)).status).toBe(400)
    const metadata = Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`k${at}`, 'v']))
    const many = { as: as(), body: { plan: 'free', metadata } }
    expect((await ground.call('POST', '/subscriptions', many)).status).toBe(400)
  })

  it('a compressed body is not unpacked', async () => {
    const headers = { 'content-encoding': 'gzip' }
    const answer = await ground.call('POST', '/subscriptions', { as: as(), raw: '{}', headers })
    expect([400, 415]).toContain(answer.status)
  })

  it('guessing signed links is 429 in the end', async () => {
    const statuses = new Set<number>()
    for (let at = 0; at < 200 && !statuses.has(429); at += 1) {
      statuses.add((await ground.call('GET', `/public/pay/guess${at}.AAAA`)).status)
    }
    expect([...statuses].sort()).toEqual([404, 429])
  })

  it('an SVG that unfolds, nests or repeats without end is refused or stays small', async () => {
    const laughs = `<!DOCTYPE svg [<!ENTITY a "${'ha'.repeat(100)}">${'bcdefghi'
      .split('')
      .map((name, at) => `<!ENTITY ${name} "${`&${'abcdefgh'[at]};`.repeat(20)}">`)
      .join('')}]><svg xmlns="http://www.w3.org/2000/svg"><title>&i;</title></svg>`
    const nested = `<svg xmlns="http://www.w3.org/2000/svg">${'<g>'.repeat(10_000)}</svg>`
    const external =
      '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><title>&x;</title></svg>'
    for (const svg of [laughs, nested, external]) {
      const body = { logo: Buffer.from(svg).toString('base64') }
      const answer = await ground.call('PUT', '/branding', { as: ground.world.operator(), body })
      expect([200, 400]).toContain(answer.status)
      expect(JSON.stringify(answer.body)).not.toMatch(/root:|(?:ha){200}/)
    }
  })
})

describe('API5:2023 broken function level authorization', () => {
  it('no spelling of an issuer’s address lets an admin in', async () => {
    const as = thief()
    for (const path of [
      '/issuer/tenants',
      '/issuer/tenants/',
      '/Issuer/Tenants',
      '/%69ssuer/tenants',
      '/issuer%2ftenants',
      '/./issuer/tenants',
      '/public/../issuer/tenants',
      '/plans/../issuer/tenants',
      '//issuer/tenants',
      '/issuer/tenants;x=1',
      '/issuer/tenants%00',
    ]) {
      const answer = await ground.call('GET', path, { as })
      expect([path, answer.status >= 400 && answer.status < 500]).toEqual([path, true])
    }
  })

  it('another method by a header or a field stays what it was', async () => {
    const as = ground.world.member('victim')
    const { subscription } = ground.victim
    for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
      const answer = await ground.call('GET', `/subscriptions/${subscription}?_method=DELETE`, {
        as,
        headers: { [name]: 'DELETE' },
      })
      expect([200, 400]).toContain(answer.status)
    }
    const still = await ground.call('GET', `/subscriptions/${subscription}`, { as })
    expect(still.body.status).toBe('active')
  })

  it('a refund, a credit, a write-off and a clock are 403 for a tenant’s admin', async () => {
    const as = ground.world.admin('victim')
    const { payment, invoice } = ground.victim
    for (const path of [
      `/transactions/${payment}/refund`,
      `/invoices/${invoice}/credit-notes`,
      `/invoices/${invoice}/uncollectible`,
      '/credit-balance',
      '/test-clock/advance',
      '/jobs/renew/run',
    ]) {
      const answer = await ground.call('POST', path, { as, body: {} })
      expect([path, answer.body.code]).toEqual([path, 'operator_only'])
    }
  })
})
