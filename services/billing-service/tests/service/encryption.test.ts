// A deployment with a key file: nobody who reads the database reads of a person, everybody who asks the API does, and
// an erasure is the end of a key.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sealWaiting } from '../../src/actions/seals/seal-rows.ts'
import { verifyBooks } from '../../src/actions/verify/verify-books.ts'
import { issuerTenant } from '../../src/core/webhook.ts'
import { type TestKeyFile, testKeyFile } from '../../src/test/key-file.ts'
import {
  collectionsWithMark,
  endedTenant,
  livedTenant,
  makeFiles,
  mark,
  markedEmail,
  operatorOf,
} from '../../src/test/marked-tenant.ts'
import type { Owner } from '../../src/test/owner.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
let file: TestKeyFile
let owner: Owner
beforeAll(async () => {
  file = testKeyFile('one')
  world = await openWorld({
    jobs: 'off',
    environment: { PUBLIC_URL: 'https://pay.example', PERSONAL_KEY_FILE: file.path },
  })
  owner = await world.owner()
})
afterAll(async () => {
  await owner.close()
  await world.close()
  file.remove()
})

/** Tables with the mark in any row, those that belong to no tenant among them. */
const tablesWithMark = async () => (await world.held(mark)).found.map(({ table }) => table)

const get = (tenantId: string, path: string) =>
  world.call('GET', path, { as: world.admin(tenantId) })

describe('with a key file', () => {
  it('no table holds what a person left in any field', async () => {
    await endedTenant(world, 'kept')
    const customers = await get('kept', '/customers')
    expect(customers.body.data).toMatchObject([
      { name: `Ada ${mark}`, email: markedEmail, metadata: { contact: mark } },
    ])
    expect(await tablesWithMark()).toEqual([])
  })

  it('files of lists say what the lists say, in clear', async () => {
    const csv = await get('kept', '/customers/export/csv')
    expect(csv.status).toBe(200)
    expect(csv.body).toContain(`Ada ${mark}`)
    expect(csv.body).not.toContain('encrypted:')
  })

  it('the API answers as without: methods, invoices with their PDF, mails, settings, the audit log', async () => {
    const methods = await get('kept', '/payment-methods')
    expect(methods.body.data).toMatchObject([
      { card: { last4: '4242' }, billingDetails: { email: markedEmail } },
    ])
    const invoices = await get('kept', '/invoices')
    expect(invoices.body.data).toMatchObject([{ total: 29, status: 'paid' }])
    const pdf = await get('kept', `/invoices/${invoices.body.data[0].id}/pdf`)
    expect(pdf.status).toBe(200)
    const settings = await get('kept', '/settings')
    expect(JSON.stringify(settings.body)).toContain(markedEmail)
    const log = await world.call('GET', '/audit-log', operatorOf(world, 'kept'))
    expect(JSON.stringify(log.body)).toContain(`${mark} moves on`)
    const inbox = await world.service.deps.store.system.get('inbox', 'stripe:evt_kept')
    expect(inbox.payload).toEqual({ billing_details: { email: markedEmail } })
  })

  it('a tenant’s file of its own data is in clear', async () => {
    const body = { noun: 'everything', format: 'jsonl' }
    const asked = await world.call('POST', '/exports', { as: world.admin('kept'), body })
    await makeFiles(world)
    const done = (await get('kept', `/exports/${asked.body.id}`)).body
    const answer = await fetch(done.download.url.replace('https://pay.example', world.url))
    const text = await answer.text()
    expect(text).toContain(`Ada ${mark}`)
    expect(text).not.toContain('encrypted:1:')
    const parts = await owner.rows('exportParts', {})
    expect(parts.length).toBeGreaterThan(0)
    expect(parts.filter(({ content }) => !content.startsWith('encrypted:1:'))).toEqual([])
  })

  it('seals hold over what is read, and every proof of the books too', async () => {
    await sealWaiting(world.service.deps)
    const proofs = await verifyBooks(world.service.deps, { days: 3_660 })
    expect(proofs.flatMap(({ broken }) => broken)).toEqual([])
  })

  it('a webhook of a tenant that is not known yet is under the issuer’s key', async () => {
    const { store } = world.service.deps
    const row = await store.system.get('inbox', 'stripe:evt_kept')
    await store.system.transaction(tx =>
      tx.insert('inbox', { ...row, id: 'stripe:evt_early', tenantId: null }),
    )
    expect(await owner.rows('dataKeys', { tenantId: issuerTenant })).toHaveLength(1)
    expect((await store.system.get('inbox', 'stripe:evt_early')).payload).toEqual(row.payload)
  })
})

describe('an erasure', () => {
  const erase = () =>
    world.call('POST', '/privacy/erase', operatorOf(world, 'gone', { confirm: 'gone' }))

  it('destroys the key: what an old copy of the database held can be read by nobody', async () => {
    await endedTenant(world, 'gone')
    const [before] = await owner.rows('customers', { tenantId: 'gone' })
    expect(before?.name).toMatch(/^encrypted:1:/)
    const answer = await erase()
    expect(answer.status).toBe(200)
    expect(answer.body.erased).toMatchObject({ customers: 1, tenants: 1, inbox: 1, quotes: 1 })
    const keys = await owner.rows('dataKeys', { tenantId: 'gone' })
    const destroyed = keys.map(({ purpose, wrapped }) => `${purpose} ${wrapped === null}`)
    expect(destroyed.sort()).toEqual(['erasable true', 'retained false'])
    const { id, name, email, address } = before!
    expect(await owner.alter('customers', { id }, { name, email, address })).toBe(1)
    const { body } = await world.call('GET', '/customers', operatorOf(world, 'gone'))
    expect(body.data).toMatchObject([{ name: null, email: null, address: null }])
    expect((await erase()).body.erased).toEqual({})
  })

  it('leaves documents and the audit log readable, and settings but for their recipients', async () => {
    const invoices = await world.call('GET', '/invoices', operatorOf(world, 'gone'))
    const pdf = `/invoices/${invoices.body.data[0].id}/pdf`
    expect((await world.call('GET', pdf, operatorOf(world, 'gone'))).status).toBe(200)
    const stored = await world.service.deps.store.of('gone').list('invoices', { limit: 1 })
    expect(stored.rows[0]?.buyer?.name).toBe(`Ada ${mark}`)
    expect(await collectionsWithMark(world, 'gone')).toEqual([])
    const settings = await world.call('GET', '/settings', operatorOf(world, 'gone'))
    expect(settings.status).toBe(200)
    expect(JSON.stringify(settings.body)).not.toContain(mark)
  })

  it('gives the tenant that lives on a new key', async () => {
    await livedTenant(world, 'gone')
    const { body } = await get('gone', '/customers')
    expect(body.data).toMatchObject([{ name: `Ada ${mark}`, email: markedEmail }])
    expect(await tablesWithMark()).toEqual([])
  })
})
