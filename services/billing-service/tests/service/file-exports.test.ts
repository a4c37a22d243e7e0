// Files made in the background: asked for, made in pieces by a job, fetched by a link, gone when they expire.
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dumpedCollections, leftOut } from '../../src/actions/exports/dump-tenant.ts'
import { runExports } from '../../src/actions/exports/run-exports.ts'
import type { FileExport } from '../../src/core/file-export.ts'
import { collectionNames, shapeOf } from '../../src/ports/shape.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off', environment: { PUBLIC_URL: 'https://pay.example' } })
  for (const tenant of ['acme', 'birch']) {
    const as = world.admin(tenant)
    const { body } = await world.call('GET', '/customers', { as })
    const email = `ada@${tenant}.example`
    await world.call('PATCH', `/customers/${body.data[0].id}`, { as, body: { email } })
    const subscription = { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa' }
    await world.call('POST', '/subscriptions', { as, body: subscription })
  }
})
afterAll(() => world.close())

const deps = () => world.service.deps
const admin = () => world.admin('acme')

async function runAll(): Promise<string[]> {
  const results: string[] = []
  for (;;) {
    const found = await runExports(deps())
    if (found.length === 0) return results
    results.push(...found)
  }
}

const ask = (as: string, body: unknown) => world.call('POST', '/exports', { as, body })
const look = async (as: string, id: string) =>
  (await world.call('GET', `/exports/${id}`, { as })).body

/** The bytes behind a link, without any sign-in. */
async function fetched(url: string) {
  const answer = await fetch(url.replace('https://pay.example', world.url))
  const bytes = Buffer.from(await answer.arrayBuffer())
  return { status: answer.status, headers: answer.headers, bytes }
}

/** Changes a stored row as time or an accident would. */
const plant = (id: string, change: Partial<FileExport>) =>
  deps().store.transaction('acme', async tx => {
    const row = await tx.lock('exports', id)
    await tx.replace('exports', { ...row, ...change })
  })

describe('a list in the background', () => {
  it('is queued, made and fetched: 1 payment of 29.00', async () => {
    const filters = { type: 'payment', from: '2020-01-01T00:00:00Z' }
    const asked = await ask(admin(), { noun: 'transactions', format: 'csv', filters })
    expect(asked.status).toBe(202)
    expect(asked.body).toMatchObject({ status: 'queued', download: null, error: null })
    expect(await runAll()).toEqual(['done'])
    const done = await look(admin(), asked.body.id)
    expect(done).toMatchObject({ status: 'done', progress: { rows: 1, total: 1 } })
    expect(done.download.url).toMatch(
      /^https:\/\/pay\.example\/api\/v1\/billing\/public\/exports\//,
    )
    const file = await fetched(done.download.url)
    expect(file.headers.get('content-disposition')).toContain(done.filename)
    expect(file.headers.get('cache-control')).toBe('no-store')
    expect(file.bytes.byteLength).toBe(done.progress.bytes)
    expect(parse(file.bytes, { bom: true, columns: true })).toMatchObject([{ Amount: '29.00' }])
  })

  it('over all tenants is the operator’s alone, and no tenant finds it', async () => {
    const asked = await ask(world.operator(), { noun: 'invoices', format: 'csv' })
    await runAll()
    const done = await look(world.operator(), asked.body.id)
    const rows = parse((await fetched(done.download.url)).bytes, { bom: true, columns: true })
    expect(rows).toMatchObject([{ Tenant: 'birch' }, { Tenant: 'acme' }])
    const found = await world.call('GET', `/exports/${asked.body.id}`, { as: admin() })
    expect(found.status).toBe(404)
    const list = await world.call('GET', '/exports', { as: world.operator() })
    expect(list.body.data.map((row: { id: string }) => row.id)).toEqual([asked.body.id])
    expect((await ask(world.platform(), { noun: 'invoices', format: 'csv' })).status).toBe(403)
    expect((await ask(world.member('acme'), { noun: 'usage', format: 'csv' })).status).toBe(403)
  })

  it('that no list would take is refused before it waits', async () => {
    for (const body of [
      { noun: 'invoices', format: 'jsonl' },
      { noun: 'everything', format: 'csv' },
      { noun: 'customers', format: 'csv', filters: { metric: 'x' } },
      { noun: 'everything', format: 'jsonl', filters: { status: 'open' } },
      { noun: 'invoices', format: 'csv', filters: { tenantId: 'birch' } },
    ]) {
      expect((await ask(admin(), body)).body.code).toBe('invalid_request')
    }
    expect((await ask(world.operator(), { noun: 'everything', format: 'jsonl' })).status).toBe(400)
  })
})

describe('everything that a tenant owns', () => {
  it('is a line for each row, of one tenant, without keys, links and fingerprints', async () => {
    const asked = await ask(admin(), { noun: 'everything', format: 'jsonl' })
    await runAll()
    const done = await look(admin(), asked.body.id)
    const text = (await fetched(done.download.url)).bytes.toString('utf8')
    const [heading, ...lines] = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(heading).toMatchObject({ dump: 'tenant', format: 1, tenantId: 'acme' })
    expect(done.progress).toMatchObject({ rows: lines.length, total: lines.length })
    const collections = new Set(lines.map(line => line.collection))
    for (const name of ['customers', 'invoices', 'transactions', 'ledgerEntries', 'auditLines']) {
      expect(collections.has(name), name).toBe(true)
    }
    expect(lines.every(line => line.row.tenantId === 'acme')).toBe(true)
    const invoice = lines.find(line => line.collection === 'invoices')
    expect(invoice.row).toMatchObject({ totalMinor: 2900, status: 'paid' })
    expect(invoice.row.issuedAt).toMatch(/^\d{4}-\d\d-\d\dT/)
    expect(text).not.toMatch(/fingerprint|requestKey|client_?secret|"html"/i)
    expect(text).not.toMatch(/\/[pf]\/[\w-]{20,}\.[\w-]{20,}/)
  })

  it('leaves out no collection of a tenant without a reason', () => {
    const owned = collectionNames.filter(name => shapeOf(name).scope === 'tenant')
    expect([...dumpedCollections, ...Object.keys(leftOut)].sort()).toEqual(owned.sort())
  })
})

describe('what happens to a file', () => {
  const isolated = async () => {
    const { body } = await ask(admin(), { noun: 'invoices', format: 'csv' })
    return body.id as string
  }

  it('a process that dies with 1 piece kept leaves it to the next, which begins anew', async () => {
    const id = await isolated()
    await deps().store.transaction('acme', tx =>
      tx.insert('exportParts', {
        tenantId: 'acme',
        exportId: id as FileExport['id'],
        sequence: 1,
        content: 'b2xk',
        ofPack: false,
        createdAt: 0,
      }),
    )
    await plant(id, { state: 'running', attempts: 1, parts: 1, rowsDone: 1, bytes: 3, dueAt: 0 })
    expect(await runAll()).toEqual(['done'])
    const done = await look(admin(), id)
    const file = await fetched(done.download.url)
    expect(file.bytes.toString('utf8')).not.toContain('old')
    expect(done.progress.rows).toBe(1)
  })

  it('after 3 beginnings it has failed', async () => {
    const id = await isolated()
    await plant(id, { state: 'running', attempts: 3, dueAt: 0 })
    expect(await runAll()).toEqual(['failed'])
    expect(await look(admin(), id)).toMatchObject({ status: 'failed', error: 'fault' })
  })

  it('its bytes go after 7 days, and its link after a quarter of an hour', async () => {
    const id = await isolated()
    await runAll()
    const { download, expiresAt } = await look(admin(), id)
    expect(Date.parse(download.expiresAt) - Date.now()).toBeLessThanOrEqual(15 * 60_000)
    expect(Math.round((Date.parse(expiresAt) - Date.now()) / 86_400_000)).toBe(7)
    expect((await fetched(`${download.url}x`)).status).toBe(404)
    await plant(id, { dueAt: 0 })
    expect(await runAll()).toEqual(['expired'])
    expect(await look(admin(), id)).toMatchObject({ status: 'expired', download: null })
    expect((await fetched(download.url)).status).toBe(404)
    const left = await deps()
      .store.of('acme')
      .list('exportParts', { where: { exportId: id as never }, limit: 1 })
    expect(left.rows).toEqual([])
  })

  it('5 may wait, the 6th is refused', async () => {
    for (let i = 0; i < 5; i += 1)
      expect((await ask(admin(), { noun: 'invoices', format: 'csv' })).status).toBe(202)
    const sixth = await ask(admin(), { noun: 'invoices', format: 'csv' })
    expect([sixth.status, sixth.body.code]).toEqual([409, 'too_many_exports'])
    expect(await runAll()).toHaveLength(5)
  })
})
