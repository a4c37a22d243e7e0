// What becomes of money that was received from the test cards and bank accounts which promise more: disputes won
// and lost, warnings, refunds that come late or come back, debits that wait, and renewals without the payer.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendDueMails } from '../../services/billing-service/src/actions/mail/send-mail.ts'
import { verifyBooks } from '../../services/billing-service/src/actions/verify/verify-books.ts'
import {
  openPostOffice,
  type PostOffice,
} from '../../services/billing-service/src/test/post-office.ts'
import { openStory, type Story } from '../../services/billing-service/src/test/story.ts'
import { openWorld, type World } from '../../services/billing-service/src/test/world.ts'
import { stories } from './magic-stories.ts'
import { type Acts, actsIn } from './magic-world.ts'

const dayMs = 86_400_000

let office: PostOffice
let world: World
let acts: Acts
beforeAll(async () => {
  office = await openPostOffice()
  world = await openWorld({
    jobs: 'off',
    environment: {
      SMTP_URL: office.url,
      MAIL_FROM: 'Harbour <billing@harbour.example>',
      MAIL_TEST_TENANTS: 'send',
      PUBLIC_URL: 'https://billing.harbour.example',
    },
  })
  acts = actsIn(world, 'aftermath')
})
afterAll(async () => {
  await world?.close()
  await office?.close()
})

/** A tenant whose invoice of 49.00 was paid by the card of this number. */
async function paidBy(number: string) {
  const tenantId = acts.newTenant()
  const id = await acts.invoiceOf(tenantId)
  expect((await acts.add(tenantId, await acts.cardNumbered(number))).status).toBe(201)
  expect((await acts.pay(tenantId, id)).body).toMatchObject({ status: 'paid' })
  const [payment] = await acts.payments(tenantId)
  return { tenantId, id, payment: payment! }
}

const disputesOf = async (tenantId: string) =>
  (await acts.operate(tenantId, 'GET', '/disputes')).body.data

const refund = (tenantId: string, paymentId: string, body: object = {}) =>
  acts.operate(tenantId, 'POST', `/transactions/${paymentId}/refund`, body)

/** How the invoice stands, and what of its payment was given back. */
async function leftOf(tenantId: string, id: string, paymentId: string) {
  const { body } = await acts.operate(tenantId, 'GET', `/transactions/${paymentId}`)
  return [(await acts.invoice(tenantId, id)).status, body.amountRefunded]
}

describe('cards whose holder disputes', () => {
  it.each(stories.disputed)('$number: $reason takes 49.00, and is $outcome', async row => {
    const { tenantId, id, payment } = await paidBy(row.number)
    const before = await acts.accounts(tenantId)
    world.sandbox.state.advance(10_000)
    await acts.catchUp()
    const [opened] = await disputesOf(tenantId)
    expect(opened).toMatchObject({
      status: 'needs_response',
      reason: row.reason,
      amount: 49,
      fee: 15,
      held: { amount: 49 },
    })
    const { processor_clearing: cleared, ...held } = await acts.accounts(tenantId)
    expect(held).toMatchObject({ disputes_held: 4_900, dispute_fees: 1_500 })
    expect(cleared).toBe(before.processor_clearing! - 6_400)
    expect(await refund(tenantId, payment.id)).toMatchObject({
      status: 409,
      body: { code: 'payment_disputed' },
    })

    const text = row.outcome === 'won' ? 'winning_evidence' : 'losing_evidence'
    const answered = await acts.operate(tenantId, 'POST', `/disputes/${opened.id}/evidence`, {
      text,
    })
    expect(answered).toMatchObject({ status: 200, body: { status: row.outcome } })
    await acts.catchUp()
    const after = await acts.accounts(tenantId)
    const lost = row.outcome === 'lost'
    expect(after.disputes_held).toBeUndefined()
    expect(after.bad_debt).toBe(lost ? 4_900 : undefined)
    expect(after.dispute_fees).toBe(1_500)
    expect(after.processor_clearing).toBe(before.processor_clearing! - (lost ? 6_400 : 1_500))
    expect((await acts.events(tenantId, 'dispute.')).at(-1)).toBe(`dispute.${row.outcome}`)
    expect(await acts.invoice(tenantId, id)).toMatchObject({ status: 'paid' })
    expect((await refund(tenantId, payment.id)).status).toBe(lost ? 409 : 201)
  })

  it.each(stories.inquiredInto)('$number: an inquiry takes nothing, and closes', async row => {
    const { tenantId, payment } = await paidBy(row.number)
    const before = await acts.accounts(tenantId)
    world.sandbox.state.advance(10_000)
    await acts.catchUp()
    const [opened] = await disputesOf(tenantId)
    expect(opened).toMatchObject({ status: 'warning_needs_response', held: { amount: 0 }, fee: 0 })
    const path = `/disputes/${opened.id}/evidence`
    const answered = await acts.operate(tenantId, 'POST', path, { text: 'The goods arrived.' })
    expect(answered).toMatchObject({ status: 200, body: { status: 'warning_under_review' } })
    const { processorId } = await world.service.deps.store.of(tenantId).get('disputes', opened.id)
    expect((await acts.steer(`disputes/${processorId}`, { outcome: 'won' })).ok).toBe(true)
    await acts.catchUp()
    expect((await disputesOf(tenantId))[0]).toMatchObject({ status: 'warning_closed' })
    expect(await acts.accounts(tenantId)).toEqual(before)
    expect((await refund(tenantId, payment.id)).body).toMatchObject({ status: 'succeeded' })
  })

  it.each(stories.warnedOf)('$number: a warning is told, a refund eases it', async row => {
    const { tenantId, id, payment } = await paidBy(row.number)
    world.sandbox.state.advance(10_000)
    await acts.catchUp()
    expect(await acts.events(tenantId, 'payment.')).toEqual([
      'payment.succeeded',
      'payment.fraud_warning',
    ])
    expect(await disputesOf(tenantId)).toEqual([])
    expect((await refund(tenantId, payment.id)).body).toMatchObject({ status: 'succeeded' })
    await acts.catchUp()
    world.sandbox.state.advance(10 * dayMs)
    await acts.catchUp()
    expect(await disputesOf(tenantId)).toEqual([])
    expect(await leftOf(tenantId, id, payment.id)).toEqual(['paid', 49])
  })
})

describe('cards whose refunds take their time', () => {
  it.each(stories.refundedLater)('$number: the refund is pending, then paid', async row => {
    const { tenantId, id, payment } = await paidBy(row.number)
    const asked = await refund(tenantId, payment.id, { amount: 40 })
    expect(asked).toMatchObject({ status: 201, body: { status: 'pending', amount: 40 } })
    expect((await acts.accounts(tenantId)).refunds_payable).toBe(-4_000)
    expect(await refund(tenantId, payment.id, { amount: 10 })).toMatchObject({
      status: 409,
      body: { code: 'refund_exceeds_payment' },
    })
    world.sandbox.state.advance(10_000)
    await acts.catchUp()
    const path = `/transactions/${asked.body.id}`
    expect((await acts.operate(tenantId, 'GET', path)).body).toMatchObject({ status: 'succeeded' })
    expect((await acts.accounts(tenantId)).refunds_payable).toBeUndefined()
    expect(await leftOf(tenantId, id, payment.id)).toEqual(['paid', 40])
    expect(await acts.events(tenantId, 'refund.')).toEqual(['refund.created', 'refund.succeeded'])
  })

  it.each(stories.refundReturned)('$number: the refund comes back, and pays later', async row => {
    const { tenantId, id, payment } = await paidBy(row.number)
    const asked = await refund(tenantId, payment.id, { amount: 40 })
    expect(asked.body).toMatchObject({ status: 'succeeded' })
    world.sandbox.state.advance(3 * dayMs)
    await acts.catchUp()
    expect((await acts.operate(tenantId, 'GET', `/transactions/${asked.body.id}`)).body).toEqual(
      expect.objectContaining({ status: 'failed', failureCode: 'expired_or_canceled_card' }),
    )
    expect((await acts.accounts(tenantId)).customer_credit).toBe(-4_000)
    expect(await leftOf(tenantId, id, payment.id)).toEqual(['paid', 0])
    const next = await acts.invoiceOf(tenantId, 30)
    expect(await acts.invoice(tenantId, next)).toMatchObject({ status: 'paid', amountDue: 0 })
    expect((await acts.accounts(tenantId)).customer_credit).toBe(-1_000)
  })
})

describe('bank accounts that are not done when they are debited', () => {
  it.each(stories.debitReturned)('$number pays, and the bank takes it back', async row => {
    const tenantId = acts.newTenant()
    const id = await acts.invoiceOf(tenantId)
    await acts.addVerified(tenantId, row.number)
    expect((await acts.pay(tenantId, id)).body.payment).toMatchObject({ status: 'processing' })
    world.sandbox.state.advance(7_000)
    await acts.catchUp()
    expect(await acts.invoice(tenantId, id)).toMatchObject({ status: 'paid' })
    world.sandbox.state.advance(dayMs)
    await acts.catchUp()
    const [returned] = await disputesOf(tenantId)
    expect(returned).toMatchObject({ status: 'lost', reason: 'insufficient_funds', amount: 49 })
    expect(await acts.accounts(tenantId)).toMatchObject({ bad_debt: 4_900 })
    const answer = await acts.operate(tenantId, 'POST', `/disputes/${returned.id}/evidence`, {
      text: 'winning_evidence',
    })
    expect(answer).toMatchObject({ status: 409, body: { code: 'dispute_closed' } })
  })

  it.each([
    { ...stories.debitWaits[0]!, outcome: 'succeeded', status: 'paid' },
    { ...stories.debitWaits[0]!, outcome: 'bank_account_closed', status: 'open' },
  ])('$number waits for days until its bank answers $outcome', async row => {
    const tenantId = acts.newTenant()
    const id = await acts.invoiceOf(tenantId)
    await acts.addVerified(tenantId, row.number)
    await acts.pay(tenantId, id)
    world.sandbox.state.advance(10 * dayMs)
    await acts.catchUp()
    await acts.settled(tenantId, id)
    expect((await acts.payments(tenantId))[0]).toMatchObject({ status: 'processing' })
    const [waiting] = await acts.payments(tenantId)
    const steered = { payment_intent: waiting!.processorId, outcome: row.outcome }
    expect((await acts.steer('settle', steered)).ok).toBe(true)
    await acts.catchUp()
    expect(await acts.invoice(tenantId, id)).toMatchObject({ status: row.status })
    await acts.accounts(tenantId)
  })
})

async function subscribedWith(tenantId: string, number: string): Promise<Story> {
  const story = await openStory(world, tenantId, '2026-03-01T00:00:00Z')
  const { data } = await story.ask('GET', '/customers')
  const email = `ada@${tenantId}.example`
  await story.ask('PATCH', `/customers/${data[0].id}`, { email })
  const added = await acts.add(tenantId, await acts.cardNumbered(number))
  expect(added.status, JSON.stringify(added.body)).toBe(201)
  await story.ask('POST', '/subscriptions', { plan: 'starter', trialDays: 14 })
  return story
}

/** Sends what waits; answers the token of the newest link to fix a payment that reached this payer. */
async function fixLinkOf(tenantId: string): Promise<string> {
  while ((await sendDueMails(world.service.deps)).length > 0);
  const letters = office.letters.filter(letter =>
    [letter.to].flat().some(each => each?.text.includes(`ada@${tenantId}.example`)),
  )
  const links = letters.flatMap(({ text }) => [...(text ?? '').matchAll(/\/f\/([\w.~-]+)/g)])
  expect(links.length, letters.map(({ subject }) => subject).join()).toBeGreaterThan(0)
  return links.at(-1)![1]!
}

/** Pays by the link that a mail brought: the bank asks, the payer answers, and comes back. */
async function answeredByLink(tenantId: string, invoiceId: string): Promise<string> {
  const token = await fixLinkOf(tenantId)
  const seen = await world.call('GET', `/public/pay/${token}`)
  expect(seen.body).toMatchObject({ purpose: 'fix', status: 'open', amountDue: 29 })
  const waiting = await world.call('POST', `/public/pay/${token}/pay`, { body: {} })
  expect(waiting).toMatchObject({
    status: 200,
    body: { payment: { status: 'requires_action', nextActionUrl: expect.any(String) } },
  })
  await acts.answerChallenge(waiting.body.payment.nextActionUrl, 'complete')
  await acts.settled(tenantId, invoiceId)
  return token
}

describe('a renewal that the payer is not there for', () => {
  it.each(stories.renewed)('$number: $first, by link $answered, the next is $next', async row => {
    const tenantId = acts.newTenant()
    const story = await subscribedWith(tenantId, row.number)
    await story.until('2026-03-15T02:00:00Z')
    const [first] = (await story.ask('GET', '/invoices')).data
    expect(first).toMatchObject({ status: row.first, total: 29 })
    const statusOf = async () => (await story.ask('GET', '/subscriptions')).data[0].status
    if (row.answered !== null) {
      const [declined] = await acts.payments(tenantId)
      expect(declined).toMatchObject({
        status: 'failed',
        failureCode: 'authentication_required',
      })
      expect(await statusOf()).toBe('past_due')
      const token = await answeredByLink(tenantId, first.id)
      const after = await world.call('GET', `/public/pay/${token}`)
      expect(after.body).toMatchObject({ status: row.answered })
      if (row.answered === 'open') {
        const body = { paymentMethodId: 'pm_card_visa' }
        const mended = await world.call('POST', `/public/pay/${token}/pay`, { body })
        expect(mended).toMatchObject({ status: 200, body: { status: 'paid' } })
      }
    }
    expect(await statusOf()).toBe('active')
    await story.until('2026-04-15T02:00:00Z')
    expect((await story.ask('GET', '/invoices')).data[0]).toMatchObject({
      status: row.next,
      total: 29,
    })
    await acts.accounts(tenantId)
  })
})

it('the books hold after all of it: every proof of verify', async () => {
  const proofs = await verifyBooks(world.service.deps, { days: 3_660 })
  expect(proofs.flatMap(({ broken }) => broken)).toEqual([])
})
