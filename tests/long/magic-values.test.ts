// Every magic card and bank account of Stripe's test mode, from being added to the end of its charge: what the
// payer is told, what stands on the books, and what can be done next. What happens to received money later
// stands in magic-aftermath.test.ts.

import { bankAccounts } from '@quittance/stripe-sandbox/bank-accounts'
import { cards } from '@quittance/stripe-sandbox/cards'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../services/billing-service/src/test/world.ts'
import { stories, told } from './magic-stories.ts'
import { type Acts, actsIn } from './magic-world.ts'

let world: World
let acts: Acts
beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
  acts = actsIn(world, 'magic')
})
afterAll(() => world?.close())

it('every one of the sandbox has a story', () => {
  const known = [
    ...cards.map(({ number }) => number),
    ...bankAccounts.map(({ accountNumber }) => accountNumber),
  ]
  expect(known.length).toBeGreaterThan(40)
  expect(known.filter(number => !told.has(number))).toEqual([])
})

describe('cards that pay', () => {
  it.each(stories.pays)('$number pays 49.00', async ({ number }) => {
    const tenantId = acts.newTenant()
    const id = await acts.invoiceOf(tenantId)
    expect((await acts.add(tenantId, await acts.cardNumbered(number))).status).toBe(201)
    expect((await acts.pay(tenantId, id)).status).toBe(200)
    expect(await acts.invoice(tenantId, id)).toMatchObject({ status: 'paid', amountPaid: 49 })
    await acts.accounts(tenantId)
  })
})

describe('cards that their bank does not let us keep', () => {
  it.each(stories.refusedWhenAdded)(
    '$number is 402 $code with the step $advice, and leaves nothing',
    async row => {
      const tenantId = acts.newTenant()
      const answer = await acts.add(tenantId, await acts.cardNumbered(row.number))
      expect(answer).toMatchObject({
        status: 402,
        body: { code: 'payment_declined', declineCode: row.code, advice: row.advice },
      })
      expect(answer.body.detail).not.toMatch(/lost|stolen|fraud/i)
      const list = await world.call('GET', '/payment-methods', { as: world.admin(tenantId) })
      expect(list.body.data).toEqual([])
    },
  )
})

describe('cards that are kept and then declined', () => {
  it.each(stories.declinedLater)(
    '$number is 402 $code, the invoice stays open, and another card pays',
    async row => {
      const tenantId = acts.newTenant()
      const id = await acts.invoiceOf(tenantId)
      await acts.add(tenantId, await acts.cardNumbered(row.number))
      const declined = await acts.pay(tenantId, id)
      expect(declined).toMatchObject({ status: 402, body: { declineCode: row.code } })
      expect(declined.body.detail).not.toMatch(/lost|stolen|fraud/i)
      expect(await acts.invoice(tenantId, id)).toMatchObject({ status: 'open', amountDue: 49 })
      expect((await acts.tries(tenantId, id))[0]).toMatchObject({
        status: 'failed',
        requestLogUrl: expect.stringContaining('http'),
      })
      const mended = await world.call('POST', `/invoices/${id}/pay`, {
        as: world.admin(tenantId),
        body: { paymentMethodId: 'pm_card_visa' },
      })
      expect(mended).toMatchObject({ status: 200, body: { status: 'paid' } })
      await acts.accounts(tenantId)
    },
  )
})

describe('cards that want their holder', () => {
  it.each(stories.challenged)('$number, then $outcome, leaves the invoice $status', async row => {
    const tenantId = acts.newTenant()
    const id = await acts.invoiceOf(tenantId)
    await acts.add(tenantId, await acts.cardNumbered(row.number))
    const waiting = await acts.pay(tenantId, id)
    expect(waiting).toMatchObject({
      status: 200,
      body: { status: 'open', payment: { status: 'requires_action' } },
    })
    const returned = await acts.answerChallenge(waiting.body.payment.nextActionUrl, row.outcome)
    // The payer's page, which leads on to the invoices when the tab holds no link.
    expect(returned.headers.get('location')).toContain('/p?')
    await acts.settled(tenantId, id)
    expect(await acts.invoice(tenantId, id)).toMatchObject({ status: row.status })
    await acts.accounts(tenantId)
  })
})

describe('bank accounts', () => {
  it.each(stories.debited)('$number is verified, debited, and is $status $code', async row => {
    const tenantId = acts.newTenant()
    const id = await acts.invoiceOf(tenantId)
    await acts.addVerified(tenantId, row.number)
    const sent = await acts.pay(tenantId, id)
    expect(sent.body.payment).toMatchObject({ status: 'processing' })
    world.sandbox.state.advance(86_400_000)
    await acts.settled(tenantId, id)
    expect((await acts.tries(tenantId, id))[0]).toMatchObject({
      status: row.status,
      ...(row.code === null ? {} : { declineCode: row.code }),
    })
    const paid = row.status === 'succeeded'
    expect(await acts.invoice(tenantId, id)).toMatchObject({ status: paid ? 'paid' : 'open' })
    await acts.accounts(tenantId)
  })

  it.each(stories.debitNotTaken)('$number is not even taken, and is not kept', async row => {
    const tenantId = acts.newTenant()
    const answer = await acts.add(tenantId, await acts.accountNumbered(row.number))
    expect(answer).toMatchObject({ status: 402, body: { code: 'payment_declined' } })
    const list = await world.call('GET', '/payment-methods', { as: world.admin(tenantId) })
    expect(list.body.data).toEqual([])
  })
})
