// The audit log in full: what a change made of each field, found again by who, what and request, taken away as a file,
// and never a word about a person.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sealWaiting } from '../../src/actions/seals/seal-rows.ts'
import { verifyBooks } from '../../src/actions/verify/verify-books.ts'
import { issuerTenant } from '../../src/core/webhook.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
})
afterAll(() => world.close())

const ask = async (as: string, method: string, path: string, body?: unknown, headers = {}) => {
  const answer = await world.call(method, path, {
    as,
    headers,
    ...(body !== undefined && { body }),
  })
  expect(answer.status, `${path} ${JSON.stringify(answer.body)}`).toBeLessThan(300)
  return answer.body
}
const lineOf = async (tenantId: string, action: string) =>
  (await ask(world.admin(tenantId), 'GET', `/audit-log?action=${action}&limit=1`)).data[0]
const issuerLine = async (action: string) =>
  (await ask(world.operator(), 'GET', `/issuer/audit-log?action=${action}&limit=1`)).data[0]
const forTenant = (tenantId: string) => ({ 'x-tenant-id': tenantId })

describe('a change', () => {
  it('of settings stands field by field, from what was in force to what is', async () => {
    const body = { taxRate: 19, reminderDays: 5, language: 'en' }
    await ask(world.operator(), 'PATCH', '/settings', body, forTenant('terms'))
    const { changed } = await lineOf('terms', 'settings.updated')
    expect(changed).toEqual({
      taxRatePpm: { from: 0, to: 190_000 },
      reminderDays: { from: 3, to: 5 },
    })
  })

  it('of mail recipients says how many there are, and of others of the same number only that', async () => {
    const notify = (recipients: string[]) =>
      ask(world.admin('mails'), 'PATCH', '/settings', {
        notifications: { invoice_issued: { recipients } },
      })
    await notify(['ada@quill.example'])
    expect((await lineOf('mails', 'settings.updated')).changed).toEqual({
      notifications: { from: {}, to: { invoice_issued: { recipients: 1 } } },
    })
    await notify(['bob@quill.example'])
    const line = await lineOf('mails', 'settings.updated')
    expect(line.changed).toEqual({ notifications: { hidden: true } })
    expect(JSON.stringify(line)).not.toContain('quill.example')
  })

  it('of a billing account says which fields changed, and of persons no more than that', async () => {
    const [customer] = (await ask(world.admin('person'), 'GET', '/customers')).data
    const body = { name: 'Ada Quill', email: 'ada@quill.example', language: 'zh-CN', zone: null }
    await ask(world.admin('person'), 'PATCH', `/customers/${customer.id}`, body)
    const line = await lineOf('person', 'customer.updated')
    expect(line.changed).toEqual({
      name: { hidden: true },
      email: { hidden: true },
      language: { from: null, to: 'zh-CN' },
    })
    expect(line.changes).toEqual({ fields: ['name', 'email', 'language', 'zone'] })
    expect(JSON.stringify(line)).not.toMatch(/quill/i)
  })

  it('of the method that pays names the one before', async () => {
    const as = world.admin('methods')
    const add = (paymentMethodId: string) =>
      ask(as, 'POST', '/payment-methods', { paymentMethodId })
    const visa = await add('pm_card_visa')
    const mastercard = await add('pm_card_mastercard')
    await ask(as, 'POST', `/payment-methods/${mastercard.id}/default`)
    const { changed } = await lineOf('methods', 'payment_method.made_default')
    expect(changed).toEqual({ defaultPaymentMethodId: { from: visa.id, to: mastercard.id } })
  })

  it('of a subscription names plan, seats and method before and after', async () => {
    const as = world.admin('seats')
    const made = await ask(as, 'POST', '/subscriptions', {
      plan: 'starter',
      trialDays: 0,
      paymentMethodId: 'pm_card_visa',
    })
    await ask(as, 'PATCH', `/subscriptions/${made.id}`, { metadata: { owner: 'Ada' } })
    expect((await lineOf('seats', 'subscription.changed')).changed).toEqual({
      metadata: { hidden: true },
    })
    await ask(as, 'POST', `/subscriptions/${made.id}/cancel`, { when: 'period_end' })
    expect((await lineOf('seats', 'subscription.cancel_requested')).changed).toEqual({
      cancelAtPeriodEnd: { from: false, to: true },
    })
  })

  it('of a key or an endpoint tells no secret', async () => {
    const as = world.admin('machines')
    const key = await ask(as, 'POST', '/api-keys', { name: 'ledger', role: 'service' })
    const made = await lineOf('machines', 'api_key.created')
    expect(made.changed).toEqual({
      name: { hidden: true },
      role: { from: null, to: 'service' },
    })
    await ask(as, 'DELETE', `/api-keys/${key.id}`)
    const { changed } = await lineOf('machines', 'api_key.revoked')
    expect(changed.revokedAt).toEqual({ from: null, to: expect.stringMatching(/^\d{4}-/) })
    const url = 'https://hooks.example/billing'
    const endpoint = await ask(as, 'POST', '/webhook-endpoints', { url })
    await ask(as, 'PATCH', `/webhook-endpoints/${endpoint.id}`, { events: ['invoice.*'] })
    expect((await lineOf('machines', 'webhook_endpoint.updated')).changed).toEqual({
      eventTypes: { from: ['*'], to: ['invoice.*'] },
    })
    await ask(as, 'POST', `/webhook-endpoints/${endpoint.id}/rotate-secret`, {})
    const rotated = await lineOf('machines', 'webhook_endpoint.secret_rotated')
    expect(rotated.changed).toEqual({ secrets: { hidden: true } })
    const all = await ask(as, 'GET', '/audit-log?limit=100')
    expect(JSON.stringify(all)).not.toContain('whsec_')
    expect(JSON.stringify(all)).not.toContain(key.key)
  })
})

describe('what belongs to no tenant', () => {
  it('stands in the issuer’s own log: plans, coupons, codes, tax rates, branding', async () => {
    const as = world.operator()
    const benefit = { code: 'SPRING', percentOff: 20, duration: 'once' }
    await ask(as, 'POST', '/coupons', benefit)
    await ask(as, 'PATCH', '/coupons/SPRING', { maxRedemptions: 40 })
    const updated = await issuerLine('coupon.updated')
    expect(updated).toMatchObject({ tenantId: null, changes: { code: 'SPRING' } })
    expect(updated.changed).toEqual({ redemptionsMax: { from: null, to: 40 } })
    await ask(as, 'POST', '/promotion-codes', { code: 'FRIEND', coupon: 'SPRING' })
    await ask(as, 'PATCH', '/promotion-codes/FRIEND', { status: 'archived' })
    expect((await issuerLine('promotion_code.updated')).changed).toEqual({
      status: { from: 'active', to: 'archived' },
    })
    const rate = await ask(as, 'POST', '/tax-rates', { country: 'DE', name: 'USt', rate: 19 })
    const created = await issuerLine('tax_rate.created')
    expect(created.objectId).toBe(rate.id)
    expect(created.changed).toMatchObject({ ratePpm: { from: null, to: 190_000 } })
    await ask(as, 'PUT', '/branding', { accent: '#0A5FB4', footer: 'Registered in Berlin' })
    await ask(as, 'PUT', '/branding', { accent: '#0A5FB4', footer: 'Registered in Bonn' })
    expect((await issuerLine('branding.updated')).changed).toEqual({
      footer: { from: 'Registered in Berlin', to: 'Registered in Bonn' },
    })
  })

  it('is not told to a tenant, whose own branding stands in its own log', async () => {
    const as = world.operator()
    await ask(as, 'PUT', '/branding', { accent: '#112233' }, forTenant('branded'))
    expect((await lineOf('branded', 'branding.updated')).changed).toEqual({
      accent: { from: null, to: '#112233' },
    })
    expect(await lineOf('branded', 'coupon.created')).toBeUndefined()
    const alone = await world.call('GET', '/issuer/audit-log', { as: world.admin('branded') })
    expect([alone.status, alone.body.code]).toEqual([403, 'operator_only'])
  })
})

describe('the log', () => {
  it('is found by who, what, object and request, within one tenant and over all', async () => {
    const sub = 'olga'
    const as = world.token({ sub, roles: ['operator'] })
    for (const tenantId of ['search-a', 'search-b']) {
      await ask(as, 'PATCH', '/settings', { reminderDays: 6 }, forTenant(tenantId))
    }
    const all = (await ask(as, 'GET', `/issuer/audit-log?actor=${sub}`)).data
    expect(all.map((line: { tenantId: string }) => line.tenantId)).toEqual(['search-b', 'search-a'])
    const one = await ask(as, 'GET', `/issuer/audit-log?actor=${sub}&tenantId=search-a`)
    expect(one.data).toHaveLength(1)
    const { requestId, objectId } = one.data[0]
    const byRequest = await ask(as, 'GET', `/issuer/audit-log?requestId=${requestId}`)
    expect(byRequest.data).toEqual(one.data)
    const within = await ask(world.admin('search-a'), 'GET', `/audit-log?requestId=${requestId}`)
    expect(within.data).toEqual(one.data)
    expect((await ask(as, 'GET', `/issuer/audit-log?objectId=${objectId}`)).data).toEqual(one.data)
    const others = await ask(world.admin('search-b'), 'GET', `/audit-log?requestId=${requestId}`)
    expect(others.data).toEqual([])
    const first = await ask(as, 'GET', `/issuer/audit-log?actor=${sub}&limit=1`)
    const next = `/issuer/audit-log?actor=${sub}&limit=1&cursor=${first.nextCursor}`
    expect((await ask(as, 'GET', next)).data).toEqual(one.data)
  })

  it('is a file with the same filters: CSV and workbook, of one tenant and over all', async () => {
    const as = world.admin('search-a')
    const csv = await world.call('GET', '/audit-log/export/csv?action=settings.updated', { as })
    expect(csv.status).toBe(200)
    const [heading, line, ...rest] = csv.body.trim().split(/\r?\n/)
    expect(heading).toContain('Before → after')
    expect(line).toContain('olga')
    expect(line).toContain('reminderDays: 3 → 6')
    expect(rest).toEqual([])
    const zh = await world.call('GET', '/audit-log/export/csv?lang=zh-CN', { as })
    expect(zh.body).toContain('变更前 → 变更后')
    const xlsx = await world.call('GET', '/audit-log/export/xlsx', { as })
    expect(xlsx.status).toBe(200)
    expect(xlsx.headers.get('content-type')).toContain('spreadsheetml')
    const every = await world.call('GET', '/issuer/audit-log/export/csv?actor=olga', {
      as: world.operator(),
    })
    expect(every.body).toContain('search-a')
    expect(every.body).toContain('search-b')
  })

  it('starts no formula in a spreadsheet, whoever writes one into it', async () => {
    const as = world.operator()
    const headers = { ...forTenant('formula'), 'x-reason': '=HYPERLINK("https://evil.example")' }
    await ask(as, 'PATCH', '/settings', { reminderDays: 9 }, headers)
    const admin = { as: world.admin('formula') }
    const csv = await world.call('GET', '/audit-log/export/csv', admin)
    expect(csv.body).toContain(`'=HYPERLINK`)
    expect(csv.body).not.toMatch(/[,"]=HYPERLINK/)
  })

  it('is sealed with what changed, the issuer’s own too: a value altered later is named', async () => {
    const { deps } = world.service
    while ((await sealWaiting(deps)).taken > 0);
    const broken = async () =>
      (await verifyBooks(deps, { days: 30 })).flatMap(proof => proof.broken).join('\n')
    expect(await broken()).toBe('')
    const owner = await world.owner()
    try {
      const [line] = await owner.rows('auditLines', {
        tenantId: issuerTenant,
        action: 'coupon.updated',
      })
      const { id, changes } = line!
      const changed = { ...changes?.changed, redemptionsMax: { from: null, to: '41' } }
      expect(await owner.alter('auditLines', { id }, { changes: { ...changes!, changed } })).toBe(1)
      expect(await broken()).toContain(id)
    } finally {
      await owner.close()
    }
  })
})
