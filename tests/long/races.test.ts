// Races: two things about one payment at the same moment, each in one clear state afterwards.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../services/billing-service/src/test/world.ts'
import { type Acts, actsIn } from './magic-world.ts'

let world: World
let acts: Acts
beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
  acts = actsIn(world, 'races')
})
afterAll(() => world?.close())

describe('races', () => {
  it('pay and void end in one of both, never in both', async () => {
    for (let round = 0; round < 10; round += 1) {
      const tenantId = acts.newTenant()
      const id = await acts.invoiceOf(tenantId)
      await acts.add(tenantId, 'pm_card_visa')
      const [paid, voided] = await Promise.all([
        acts.pay(tenantId, id),
        acts.operate(tenantId, 'POST', `/invoices/${id}/void`),
      ])
      const after = await acts.invoice(tenantId, id)
      const won = paid.status === 200 ? 'paid' : 'void'
      expect([paid.status, voided.status].filter(status => status === 200)).toHaveLength(1)
      expect(after.status).toBe(won)
      await acts.accounts(tenantId)
    }
  })

  it('two tabs that pay at once pay once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const tenantId = acts.newTenant()
      const id = await acts.invoiceOf(tenantId)
      await acts.add(tenantId, 'pm_card_visa')
      const answers = await Promise.all([acts.pay(tenantId, id), acts.pay(tenantId, id)])
      expect(answers.map(answer => answer.status).sort()).toEqual([200, 409])
      expect(await acts.tries(tenantId, id)).toHaveLength(1)
    }
  })

  it('a debit that is processing cannot be refunded', async () => {
    const tenantId = acts.newTenant()
    const id = await acts.invoiceOf(tenantId)
    await acts.add(tenantId, 'pm_usBankAccount_processing')
    await acts.pay(tenantId, id)
    const [debit] = await acts.tries(tenantId, id)
    const refund = await acts.operate(tenantId, 'POST', `/transactions/${debit.id}/refund`, {})
    expect(refund).toMatchObject({ status: 409, body: { code: 'transaction_not_refundable' } })
  })

  it("another account's card is 409, and stays theirs", async () => {
    const owner = acts.newTenant()
    const theirs = (await acts.add(owner, 'pm_card_visa')).body
    const answer = await acts.add(acts.newTenant(), theirs.stripePaymentMethodId)
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'payment_method_attached_elsewhere' },
    })
    const list = await world.call('GET', '/payment-methods', { as: world.admin(owner) })
    expect(list.body.data).toHaveLength(1)
  })
})
