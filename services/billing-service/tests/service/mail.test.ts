// Mail from cause to letter: real billing, a real SMTP server, every kind in both languages.
import type { ParsedMail } from 'mailparser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyDispute } from '../../src/actions/disputes/settle-dispute.ts'
import { sendDueMails } from '../../src/actions/mail/send-mail.ts'
import { record } from '../../src/actions/record.ts'
import { systemCaller } from '../../src/core/caller.ts'
import { type MailKind, mailKinds } from '../../src/core/mail.ts'
import { openPostOffice, type PostOffice } from '../../src/test/post-office.ts'
import { openStory, type Story } from '../../src/test/story.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let office: PostOffice
let world: World
const failing = 'pm_card_chargeCustomerFail'

beforeAll(async () => {
  office = await openPostOffice()
  world = await openWorld({
    jobs: 'off',
    environment: {
      SMTP_URL: office.url,
      MAIL_FROM: 'Harbour <billing@harbour.example>',
      MAIL_TEST_TENANTS: 'send',
      ISSUER_NAME: 'Harbour',
      ISSUER_EMAIL: 'help@harbour.example',
      PUBLIC_URL: 'https://billing.harbour.example',
    },
  })
})
afterAll(async () => {
  await world?.close()
  await office?.close()
})

const deps = () => world.service.deps
const address = (tenantId: string) => `ada@${tenantId}.example`
const lettersTo = (to: string): ParsedMail[] =>
  office.letters.filter(letter => [letter.to].flat().some(each => each?.text.includes(to)))

async function sendAll(): Promise<void> {
  while ((await sendDueMails(deps())).length > 0);
}

/** A payer with an address, in a language, with the clock of a story. */
async function payer(tenantId: string, language: string, start: string): Promise<Story> {
  const story = await openStory(world, tenantId, start, { dunningDays: [1, 2], gracePeriodDays: 4 })
  const { data } = await story.ask('GET', '/customers')
  const email = address(tenantId)
  await story.ask('PATCH', `/customers/${data[0].id}`, { name: 'Acme 甲', email, language })
  return story
}

async function mailsOf(tenantId: string) {
  const as = world.operator()
  const list = await world.call('GET', `/mail?tenantId=${tenantId}&limit=100`, { as })
  expect(list.status).toBe(200)
  return list.body.data.reverse()
}

const dayMs = 86_400_000

/** A year of one payer: everything that billing tells of by itself. */
async function live(story: Story): Promise<void> {
  const { id } = await story.ask('POST', '/subscriptions', {
    plan: 'starter',
    paymentMethodId: 'pm_card_visa',
  })
  await story.until('2024-03-20T00:00:00Z')
  await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'professional' })
  const quantity = 600_000
  await story.ask('POST', `/subscriptions/${id}/usage`, { metric: 'api_calls', quantity })
  await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'starter' })
  await sendAll()
  await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'professional' })
  await story.ask('PATCH', `/subscriptions/${id}`, { paymentMethodId: failing })
  await story.until('2024-04-25T00:00:00Z')
  await story.ask('PATCH', `/subscriptions/${id}`, { paymentMethodId: 'pm_card_visa' })
  await story.until('2024-04-26T00:00:00Z')
  const paid = await story.ask('GET', '/transactions?type=payment&status=succeeded')
  await story.operate('POST', `/transactions/${paid.data[0].id}/refund`, { amount: 1 })
  await story.operate('POST', '/invoices', {
    lineItems: [{ description: 'Training', quantity: 1, unitAmount: 100 }],
    dueDate: '2024-04-27T00:00:00Z',
  })
  await sendAll()
  await story.until('2024-04-29T00:00:00Z')
  await story.ask('POST', `/subscriptions/${id}/cancel`, {})
  await sendAll()
}

/** What no sandbox event brings here: told as its cause would tell it. */
async function tellTheRest(story: Story): Promise<void> {
  const { tenantId } = story
  const reads = deps().store.of(tenantId)
  const [method] = (await reads.list('paymentMethods', { limit: 1 })).rows
  const { rows } = await reads.list('transactions', { limit: 100 })
  const payment = rows.find(row => row.type === 'payment' && row.status === 'succeeded')!
  const caller = systemCaller(tenantId, 'test', 'test')
  const bank = { ...method!, id: `pm_${'0'.repeat(26)}` as const, processorId: `ba_${tenantId}` }
  const debit = { ...payment, id: `txn_${'0'.repeat(26)}` as const, processorId: `pi_${tenantId}` }
  await deps().store.transaction(tenantId, async tx => {
    await tx.insert('paymentMethods', {
      ...bank,
      type: 'bank_account',
      card: null,
      bankAccount: { bankName: 'TEST BANK', last4: '6789', accountType: null },
      status: 'pending_verification',
    })
    await tx.insert('transactions', {
      ...debit,
      status: 'processing',
      processorChargeId: null,
      processedAt: null,
      checkAt: Date.now() + dayMs,
    })
    await record(deps(), tx, caller, Date.now(), [
      {
        type: 'payment_method.added',
        objectId: bank.id,
        data: { status: 'pending_verification' },
      },
      { type: 'payment_method.expiring', objectId: method!.id, data: {} },
      { type: 'payment.processing', objectId: debit.id, data: {} },
    ])
  })
  await applyDispute(deps(), caller, payment.id, {
    processorId: `dp_${tenantId}`,
    processorPaymentId: payment.processorId,
    processorChargeId: payment.processorChargeId!,
    status: 'needs_response',
    reason: 'product_not_received',
    amountMinor: payment.amountMinor,
    currency: payment.currency,
    evidenceDueAt: Date.now() + 10 * dayMs,
    evidenceSubmitted: false,
    movements: [],
  })
  await sendAll()
}

describe.each(['en', 'zh-CN'])('a payer who reads %s', language => {
  const tenantId = `reads-${language.toLowerCase()}`
  let mails: { kind: MailKind; status: string; subject: string; attachments: string[] }[]

  beforeAll(async () => {
    const story = await payer(tenantId, language, '2024-03-01T09:00:00Z')
    await live(story)
    await tellTheRest(story)
    mails = await mailsOf(tenantId)
  }, 60_000)

  it(`gets all ${mailKinds.length} kinds of mail, each as a letter with both parts`, async () => {
    const sent = mails.filter(mail => mail.status === 'sent')
    const kinds = new Set(sent.map(mail => mail.kind))
    expect(mailKinds.filter(kind => !kinds.has(kind))).toEqual([])
    expect(mails.filter(mail => !['sent', 'skipped'].includes(mail.status))).toEqual([])
    expect(sent.filter(mail => mail.kind === 'plan_change_scheduled')).toHaveLength(1)
    const letters = [...lettersTo(address(tenantId)), ...lettersTo('help@harbour.example')]
    for (const mail of sent) {
      const letter = letters.find(each => each.subject === mail.subject)
      expect(letter, mail.subject).toBeDefined()
      expect(letter?.html).toContain('<h1')
      expect(letter?.text?.length).toBeGreaterThan(80)
      // A signed link may spell anything.
      expect(letter?.text?.replace(/https?:\S+/g, '')).not.toMatch(/undefined|NaN|\[object/)
      expect(letter?.from?.text).toContain('billing@harbour.example')
      expect(letter?.replyTo?.text).toContain('help@harbour.example')
    }
  })

  it('gets subjects that survive the wire, and the document of invoice, receipt and credit note', () => {
    const letters = lettersTo(address(tenantId))
    const subjects = letters.map(letter => letter.subject ?? '')
    const expected =
      language === 'en'
        ? [/^\[Test\] Invoice \w+-0001: USD 29\.00/, /^\[Test\] Receipt: USD 29\.00/]
        : [/^【测试】账单 \w+-0001：USD 29\.00/, /^【测试】付款回执：\w+-0001 USD 29\.00/]
    for (const pattern of expected) expect(subjects.some(each => pattern.test(each))).toBe(true)
    const withFile = letters.filter(letter => letter.attachments.length > 0)
    const pdfs = withFile.map(letter => letter.attachments[0]!)
    for (const pdf of pdfs) {
      expect(pdf.contentType).toBe('application/pdf')
      expect(pdf.content.subarray(0, 5).toString()).toBe('%PDF-')
    }
    const names = pdfs.map(pdf => pdf.filename ?? '')
    expect(names.some(name => name.startsWith('receipt-'))).toBe(true)
    expect(names.some(name => name.includes('-CN-'))).toBe(true)
    expect(names.some(name => /^[^-]+-\d{4}\.pdf$/.test(name))).toBe(true)
    expect(new Set(withFile.map(letter => letter.messageId)).size).toBe(withFile.length)
  })
})

describe('a mail server that does not take everything', () => {
  const tenantId = 'in-trouble'
  const minuteMs = 60_000

  /** An invoice by hand brings one mail to two addresses. */
  async function invoiced(): Promise<string> {
    const { data } = await world
      .call('GET', '/customers', { as: world.admin(tenantId) })
      .then(answer => answer.body)
    const invoiceEmails = ['books@in-trouble.example']
    const body = { email: address(tenantId), invoiceEmails }
    await world.call('PATCH', `/customers/${data[0].id}`, { as: world.admin(tenantId), body })
    const invoice = await world.call('POST', '/invoices', {
      as: world.operator(),
      headers: { 'x-tenant-id': tenantId },
      body: { lineItems: [{ description: 'Training', quantity: 1, unitAmount: 100 }] },
    })
    expect(invoice.status).toBe(201)
    return (await mailsOf(tenantId)).at(-1).id
  }
  const read = async (id: string) =>
    (await world.call('GET', `/mail/${id}`, { as: world.operator() })).body
  const makeDue = (id: string) =>
    deps().store.transaction(tenantId, async tx => {
      const mail = await tx.lock('mails', id)
      await tx.replace('mails', { ...mail, dueAt: 0 })
    })

  it('is asked again after 1 minute while it fails, then takes the mail once', async () => {
    const id = await invoiced()
    office.fail(451)
    await sendAll()
    const failed = await read(id)
    expect(failed).toMatchObject({ status: 'queued', attempts: 1 })
    expect(failed.note).toContain('451')
    const pause = Date.parse(failed.nextAttempt) - Date.now()
    expect(pause).toBeGreaterThan(0)
    expect(pause).toBeLessThanOrEqual(minuteMs)
    expect(lettersTo(address(tenantId))).toHaveLength(0)
    office.fail(null)
    await makeDue(id)
    await sendAll()
    expect(await read(id)).toMatchObject({ status: 'sent', attempts: 2 })
    expect(lettersTo(address(tenantId))).toHaveLength(1)
  })

  it('an address that is refused for good has bounced; the other one gets the mail, once', async () => {
    office.refuse('books@in-trouble.example', 550)
    const before = lettersTo(address(tenantId)).length
    const id = await invoiced()
    await sendAll()
    const mail = await read(id)
    expect(mail.status).toBe('sent')
    expect(mail.recipients).toEqual([
      { address: address(tenantId), status: 'accepted', reply: null },
      {
        address: 'books@in-trouble.example',
        status: 'refused',
        reply: expect.stringContaining('550'),
      },
    ])
    expect(lettersTo(address(tenantId)).length).toBe(before + 1)
    office.refuse(address(tenantId), 550)
    const refused = await invoiced()
    await sendAll()
    expect(await read(refused)).toMatchObject({ status: 'bounced', nextAttempt: null })
    office.refuse(address(tenantId), null)
    office.refuse('books@in-trouble.example', null)
    const as = world.operator()
    expect((await world.call('POST', `/mail/${refused}/resend`, { as })).body.status).toBe('queued')
    await sendAll()
    expect((await read(refused)).status).toBe('sent')
  })

  it('12 mails and 4 workers make 12 letters', async () => {
    const before = office.letters.length
    for (let n = 0; n < 12; n += 1) await invoiced()
    const results = await Promise.all(Array.from({ length: 4 }, () => sendDueMails(deps())))
    expect(results.flat()).toEqual(Array.from({ length: 12 }, () => 'sent'))
    expect(office.letters.length).toBe(before + 12)
    const ids = office.letters.slice(before).map(letter => letter.messageId)
    expect(new Set(ids).size).toBe(12)
  })
})

describe('what a tenant chooses', () => {
  const tenantId = 'chooses'
  const settings = (notifications: unknown) =>
    world.call('PATCH', '/settings', { as: world.admin(tenantId), body: { notifications } })

  it('a kind is switched off, another goes to 1 address of its own, a locked one stays on', async () => {
    const story = await payer(tenantId, 'en', '2024-03-01T09:00:00Z')
    const off = await settings({ welcome: { enabled: false } })
    expect(off.body.notifications.welcome).toEqual({
      enabled: false,
      locked: false,
      recipients: [],
    })
    const recipients = ['ops@chooses.example']
    await settings({ payment_succeeded: { recipients } })
    const locked = await settings({ invoice_issued: { enabled: false } })
    expect(locked.status).toBe(400)
    expect(locked.body.errors[0].path).toBe('/notifications/invoice_issued/enabled')
    expect((await settings({ nonsense: {} })).status).toBe(400)
    await story.ask('POST', '/subscriptions', {
      plan: 'starter',
      trialDays: 0,
      paymentMethodId: 'pm_card_visa',
    })
    await sendAll()
    const mails = await mailsOf(tenantId)
    const byKind = (kind: string) => mails.find((mail: { kind: string }) => mail.kind === kind)
    expect(byKind('welcome')).toMatchObject({ status: 'skipped', note: 'switched off' })
    expect(byKind('payment_succeeded').recipients[0].address).toBe('ops@chooses.example')
    expect(byKind('invoice_issued').recipients[0].address).toBe(address(tenantId))
    const usual = await settings({ welcome: null })
    expect(usual.body.notifications.welcome.enabled).toBe(true)
  })

  it('without an address a mail is skipped, and none of it is an error', async () => {
    const headers = { 'x-tenant-id': 'nobody-to-tell' }
    await world.call('POST', '/invoices', {
      as: world.operator(),
      headers,
      body: { lineItems: [{ description: 'Training', quantity: 1, unitAmount: 100 }] },
    })
    await sendAll()
    const [mail] = await mailsOf('nobody-to-tell')
    expect(mail).toMatchObject({ status: 'skipped', note: 'no recipient', nextAttempt: null })
  })
})

describe('the operator', () => {
  it('previews all kinds in both languages; nobody else does', async () => {
    for (const kind of mailKinds) {
      for (const lang of ['en', 'zh-CN']) {
        const path = `/mail/preview/${kind}?lang=${lang}`
        const { status, body } = await world.call('GET', path, { as: world.operator() })
        expect(status).toBe(200)
        expect(body).toMatchObject({ kind, language: lang })
        expect(body.html).toContain('<!doctype html>')
      }
    }
    expect((await world.call('GET', '/mail/preview/x', { as: world.operator() })).status).toBe(404)
    expect((await world.call('GET', '/mail', { as: world.admin('chooses') })).status).toBe(403)
    const none = await world.call('GET', '/mail/mail_x', { as: world.operator() })
    expect(none.status).toBe(404)
  })

  it('pages through the outbox of all tenants and by state', async () => {
    const as = world.operator()
    const first = await world.call('GET', '/mail?limit=5', { as })
    expect(first.body.data).toHaveLength(5)
    const next = `/mail?limit=5&cursor=${encodeURIComponent(first.body.nextCursor)}`
    expect((await world.call('GET', next, { as })).body.data).toHaveLength(5)
    const skipped = await world.call('GET', '/mail?status=skipped&limit=100', { as })
    expect(skipped.body.data.length).toBeGreaterThan(0)
    expect(new Set(skipped.body.data.map((mail: { status: string }) => mail.status)).size).toBe(1)
  })
})
