// Closing a month: the pack that is handed over, and what comes too late for it.

import { parse } from 'csv-parse/sync'
import { unzipSync } from 'fflate'
import readWorkbook from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openClosePack } from '../../src/actions/closing/close-pack.ts'
import { runExports } from '../../src/actions/exports/run-exports.ts'
import { book } from '../../src/actions/record.ts'
import { balanceAdjusted } from '../../src/core/ledger.ts'
import { openStory, type Story } from '../../src/test/story.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
let story: Story
beforeAll(async () => {
  world = await openWorld({ jobs: 'off', environment: { ISSUER_NAME: 'Harbour' } })
  story = await openStory(world, 'acme', '2024-03-05T09:00:00Z')
  await story.ask('POST', '/subscriptions', {
    plan: 'starter',
    trialDays: 0,
    paymentMethodId: 'pm_card_visa',
  })
  const paid = await story.ask('GET', '/transactions?type=payment')
  await story.operate('POST', `/transactions/${paid.data[0].id}/refund`, { amount: 9 })
  await story.until('2024-04-10T00:00:00Z')
}, 60_000)
afterAll(() => world.close())

const deps = () => world.service.deps
const close = (period: string, headers: Record<string, string> = {}, as = world.operator()) =>
  world.call('POST', `/close/${period}`, { as, headers })
const ofAcme = { 'x-tenant-id': 'acme' }

async function pack(period: string): Promise<Record<string, Buffer>> {
  while ((await runExports(deps())).length > 0);
  const { body } = await world.call('GET', `/close/${period}`, {
    as: world.operator(),
    headers: ofAcme,
  })
  expect(body.pack).toMatchObject({ status: 'done', noun: 'close-pack', expiresAt: null })
  const answer = await fetch(`${world.url}${new URL(body.pack.download.url).pathname}`)
  expect(answer.headers.get('content-type')).toBe('application/zip')
  const files = unzipSync(new Uint8Array(await answer.arrayBuffer()))
  return Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes)]),
  )
}

describe('closing March', () => {
  it('waits until it is over by an hour, and is the operator’s alone', async () => {
    expect((await close('2024-04', ofAcme)).body.code).toBe('period_not_over')
    expect((await close('2024-13', ofAcme)).body.code).toBe('invalid_period')
    expect((await close('2024-W10', ofAcme)).body.code).toBe('invalid_period')
    expect((await close('2999-01')).body.code).toBe('period_not_over')
    expect((await close('2024-03', {}, world.admin('acme'))).status).toBe(403)
    expect((await world.call('GET', '/close/2024-03', { as: world.operator() })).status).toBe(404)
  })

  it('hands over a workbook, CSVs and a statement in both languages', async () => {
    const closed = await close('2024-03', ofAcme)
    expect(closed.status).toBe(200)
    expect(closed.body).toMatchObject({ period: '2024-03', tenantId: 'acme', closedBy: 'tester' })
    const files = await pack('2024-03')
    for (const language of ['en', 'zh-CN']) {
      for (const code of ['invoices', 'payments', 'refunds', 'credit-notes', 'tax', 'fees']) {
        expect(Object.keys(files)).toContain(`${language}/${code}.csv`)
      }
      expect(files[`${language}/statement.pdf`]!.subarray(0, 5).toString()).toBe('%PDF-')
    }
    const rows = (name: string) =>
      parse(files[`en/${name}.csv`]!, { bom: true, columns: true }) as Record<string, string>[]
    expect(rows('invoices').map(row => row.Total)).toEqual(['29.00'])
    expect(rows('payments').map(row => row.Amount)).toEqual(['29.00'])
    expect(rows('refunds').map(row => row.Amount)).toEqual(['-9.00'])
    expect(rows('credit-notes').map(row => row.Total)).toEqual(['9.00'])
    const closing = rows('trial-balance').map(row => Math.round(Number(row.Closing) * 100))
    expect(closing.reduce((sum, each) => sum + each, 0)).toBe(0)
    const contents = JSON.parse(files['contents.json']!.toString())
    expect(contents).toMatchObject({ period: '2024-03', from: '2024-03-01T00:00:00.000Z' })
    for (const { name, sha256 } of contents.files) expect(deps().hash(files[name]!)).toBe(sha256)
    expect(contents.files).toHaveLength(Object.keys(files).length - 1)
  })

  it('the workbook opens elsewhere: a sheet for each table, amounts as numbers', async () => {
    const files = await pack('2024-03')
    const english = await readWorkbook(files['en/close-2024-03.xlsx']!)
    expect(english.map(({ sheet }) => sheet).slice(0, 5)).toEqual([
      'Invoices',
      'Voided invoices',
      'Payments',
      'Refunds',
      'Credit notes',
    ])
    const refunds = english.find(({ sheet }) => sheet === 'Refunds')!.data
    expect(refunds.flat()).toContain(-9)
    expect(refunds.at(-1)![0]).toBe('Total USD')
    const chinese = await readWorkbook(files['zh-CN/close-2024-03.xlsx']!)
    expect(chinese.map(({ sheet }) => sheet)).toContain('试算平衡表')
  })

  it('again answers the same; the same books give the same bytes', async () => {
    const first = await close('2024-03', ofAcme)
    const again = await close('2024-03', ofAcme)
    expect(again.body.pack.id).toBe(first.body.pack.id)
    const books = {
      tenantId: 'acme',
      period: '2024-03',
      zone: 'UTC',
      startsAt: Date.UTC(2024, 2),
      endsAt: Date.UTC(2024, 3),
      closedAt: Date.UTC(2024, 3, 2),
      closedBy: 'ada',
    }
    const bytes = async () => {
      const chunks: Uint8Array[] = []
      for await (const chunk of await openClosePack(deps(), books)) chunks.push(chunk)
      return deps().hash(Buffer.concat(chunks))
    }
    expect(await bytes()).toBe(await bytes())
    const list = await world.call('GET', '/close', { as: world.operator(), headers: ofAcme })
    expect(list.body.data.map((row: { period: string }) => row.period)).toEqual(['2024-03'])
  })
})

describe('what comes after the close', () => {
  const entryAt = async (about: string) => {
    const { rows } = await deps()
      .store.of('acme')
      .list('ledgerEntries', {
        where: { dedupeKey: `${about}:balance_adjusted:discounts` },
        limit: 1,
      })
    return new Date(rows[0]!.bookedAt).toISOString()
  }
  const bookAt = (about: string, at: string) =>
    deps().store.transaction('acme', tx =>
      book(deps(), tx, 'acme', Date.parse(at), [balanceAdjusted(about, 'USD', 100)]),
    )

  it('is booked at the beginning of April when it is dated in March, else at its own time', async () => {
    const { data } = await story.ask('GET', '/transactions?type=payment')
    const [first, second] = data
    await bookAt(first.id, '2024-03-20T12:00:00Z')
    await bookAt(second.id, '2024-04-03T12:00:00Z')
    expect(await entryAt(first.id)).toBe('2024-04-01T00:00:00.000Z')
    expect(await entryAt(second.id)).toBe('2024-04-03T12:00:00.000Z')
  })

  it('waits for a close in hand: a posting that began before it is not lost in the closed month', async () => {
    const { data } = await story.ask('GET', '/transactions?type=refund')
    let booked: Promise<unknown> = Promise.resolve()
    await deps().store.transaction('acme', async tx => {
      const tenant = await tx.lock('tenants', 'acme')
      // It has begun, reads the books as still open, and waits for their row.
      booked = bookAt(data[0].id, '2024-04-02T00:00:00Z')
      await new Promise(resolve => setImmediate(resolve))
      await tx.replace('tenants', { ...tenant, closedUntil: Date.UTC(2024, 4) })
    })
    await booked
    expect(await entryAt(data[0].id)).toBe('2024-05-01T00:00:00.000Z')
  })

  it('closes for a tenant that opens later, and leaves a test tenant’s own time alone', async () => {
    const closed = await close('2024-05')
    expect(closed.status).toBe(200)
    await world.call('GET', '/customers', { as: world.admin('later') })
    const later = await deps().store.of('later').get('tenants', 'later')
    expect(later.closedUntil).toBe(Date.UTC(2024, 5))
    const acme = await deps().store.of('acme').get('tenants', 'acme')
    expect(acme.closedUntil).toBe(Date.UTC(2024, 4))
  })
})

describe('the books of all', () => {
  it('come with the certificate of reconciliation', async () => {
    while ((await runExports(deps())).length > 0);
    const { body } = await world.call('GET', '/close/2024-05', { as: world.operator() })
    expect(body).toMatchObject({ tenantId: null, pack: { status: 'done' } })
    const answer = await fetch(`${world.url}${new URL(body.pack.download.url).pathname}`)
    const files = unzipSync(new Uint8Array(await answer.arrayBuffer()))
    const certificate = JSON.parse(Buffer.from(files['reconciliation.json']!).toString())
    expect(certificate).toMatchObject({ id: '2024-05', agrees: true, differenceCount: 0 })
    expect(Object.keys(files)).toContain('zh-CN/reconciliation.csv')
  })
})
