// What was kept long enough goes, in pieces; what closed the books, waits or is young stays.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FileExport } from '../../src/core/file-export.ts'
import type { InboxEvent } from '../../src/core/inbox.ts'
import { queuedMail } from '../../src/core/mail.ts'
import { jobs } from '../../src/jobs/registry.ts'
import { runNow } from '../../src/jobs/schedule.ts'
import { openWorld, type World } from '../../src/test/world.ts'

const dayMs = 86_400_000

let world: World
beforeAll(async () => {
  world = await openWorld({
    jobs: 'off',
    environment: { RETENTION_MAIL_DAYS: '30', RETENTION_WEBHOOK_DAYS: '7' },
  })
  await world.call('GET', '/customers', { as: world.admin('acme') })
})
afterAll(() => world.close())

const deps = () => world.service.deps
const run = async () => {
  const { taken: _, ...counts } = await runNow(
    deps(),
    jobs.find(({ name }) => name === 'apply-retention')!,
  )
  return counts
}

const inboxEvent = (id: string, ageDays: number): InboxEvent => ({
  id: `stripe:${id}`,
  processor: 'stripe',
  type: 'customer.updated',
  objectId: 'cus_1',
  subject: '',
  apiVersion: null,
  payload: { email: 'ada@example.com' },
  source: 'webhook',
  state: 'applied',
  attempts: 1,
  reason: null,
  tenantId: null,
  occurredAt: 1,
  receivedAt: Date.now() - ageDays * dayMs,
  dueAt: null,
  processedAt: 1,
  replays: 0,
  replayedBy: null,
  version: 1,
})

/** Everything old is there before the first run: what is past comes no later. */
async function plantWebhooks(): Promise<void> {
  const old = Array.from({ length: 450 }, (_, at) => inboxEvent(`old_${at}`, 8))
  // Stored by one statement, they bear the same time.
  const same = old.map(event => ({ ...event, receivedAt: old[0]!.receivedAt }))
  await deps().store.system.transaction(tx =>
    tx.insertMany('inbox', [...same, inboxEvent('young', 6)]),
  )
}

async function plantMails(): Promise<void> {
  const as = world.admin('acme')
  const { body } = await world.call('GET', '/customers', { as })
  await world.call('PATCH', `/customers/${body.data[0].id}`, { as, body: { name: 'Acme' } })
  const { rows } = await deps().store.of('acme').list('events', { limit: 1 })
  const createdAt = Date.now() - 31 * dayMs
  const base = {
    tenantId: 'acme',
    eventId: rows[0]!.id,
    objectId: 'x',
    data: {},
    occurredAt: createdAt,
  }
  const words = { subject: 'Receipt', text: 'Dear Ada', html: '<p>Dear Ada</p>' }
  const recipients = [{ address: 'ada@example.com', state: 'accepted', reply: null }] as const
  const sent = queuedMail({ ...base, id: 'mail_sent', kind: 'welcome' }, createdAt)
  const waits = queuedMail({ ...base, id: 'mail_waits', kind: 'plan_changed' }, createdAt)
  await deps().store.transaction('acme', tx =>
    tx.insertMany('mails', [
      { ...sent, ...words, recipients, state: 'sent', dueAt: null },
      { ...waits, ...words, recipients },
    ]),
  )
}

describe('what came of age', () => {
  beforeAll(async () => {
    await plantWebhooks()
    await plantMails()
  })

  it('is 450 webhooks of 8 days, in pieces of 200, and 1 mail of 31 days; then nothing', async () => {
    expect(await run()).toMatchObject({ payloads: 450, mails: 1 })
    expect(await run()).toMatchObject({ payloads: 0, mails: 0 })
  })

  it('webhooks keep what came of them, and those of 6 days what they said', async () => {
    const { system } = deps().store
    const old = await system.get('inbox', 'stripe:old_449')
    expect([old.payload, old.state]).toEqual([null, 'applied'])
    expect((await system.get('inbox', 'stripe:young')).payload).not.toBeNull()
  })

  it('mails keep subject and recipients, and one that waits its words', async () => {
    const left = await deps().store.of('acme').getMany('mails', ['mail_sent', 'mail_waits'])
    expect(left.map(({ text, html, subject }) => [text, html, subject])).toEqual([
      [null, null, 'Receipt'],
      ['Dear Ada', '<p>Dear Ada</p>', 'Receipt'],
    ])
    expect(left[0]!.recipients).toHaveLength(1)
  })
})

describe('first answers of requests', () => {
  it('go when their hours are over, and the run says how many', async () => {
    const answer = (id: string, expiresAt: number) => ({
      tenantId: 'acme',
      id,
      requestHash: 'h',
      state: 'done' as const,
      status: 200,
      body: { email: 'ada@example.com' },
      createdAt: 1,
      expiresAt,
      version: 1,
    })
    await deps().store.transaction('acme', tx =>
      tx.insertMany('idempotentAnswers', [
        answer('over', Date.now() - 1_000),
        answer('in force', Date.now() + dayMs),
      ]),
    )
    expect(await run()).toMatchObject({ answers: 1 })
    const left = await deps().store.of('acme').list('idempotentAnswers', { limit: 10 })
    expect(left.rows.map(({ id }) => id)).toEqual(['in force'])
    const runs = await world.call('GET', '/jobs/runs?job=apply-retention', {
      as: world.operator(),
    })
    expect(runs.body.data[0]).toMatchObject({ state: 'done', counts: { answers: 1 } })
  })
})

describe('files', () => {
  it('that are gone for 30 days leave no row; the pack of a closed period stays', async () => {
    const ask = async () =>
      (
        await world.call('POST', '/exports', {
          as: world.admin('acme'),
          body: { noun: 'invoices', format: 'csv' },
        })
      ).body.id as FileExport['id']
    const [gone, young, pack] = [await ask(), await ask(), await ask()]
    const updatedAt = Date.now() - 31 * dayMs
    await deps().store.transaction('acme', async tx => {
      const change = async (id: string, values: Partial<FileExport>) =>
        tx.replace('exports', { ...(await tx.lock('exports', id)), dueAt: null, ...values })
      await change(gone, { state: 'expired', updatedAt })
      await change(young, { state: 'expired' })
      await change(pack, { state: 'failed', noun: 'close-pack', updatedAt })
    })
    expect(await run()).toMatchObject({ exports: 1 })
    const left = await deps().store.of('acme').list('exports', { limit: 10 })
    expect(left.rows.map(({ id }) => id).sort()).toEqual([young, pack].sort())
  })
})

it('refuses to keep answers for less than a day, and names every setting that is wrong', async () => {
  const environment = { RETENTION_ANSWER_HOURS: '1', RETENTION_MAIL_DAYS: 'never' }
  await expect(openWorld({ environment })).rejects.toThrow(
    /RETENTION_MAIL_DAYS is "never"[\s\S]*RETENTION_ANSWER_HOURS is "1"/,
  )
})
