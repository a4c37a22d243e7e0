// Races: two things about one payment at the same moment, each in one clear state afterwards.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyBooks } from '../../services/billing-service/src/actions/verify/verify-books.ts'
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

  it.each(['won', 'lost'])(
    'a refund and a dispute that is %s never give 49.00 back twice',
    async outcome => {
      const ends = new Set<string>()
      for (let round = 0; round < 10; round += 1) {
        const tenantId = acts.newTenant()
        const id = await acts.invoiceOf(tenantId)
        await acts.add(tenantId, 'pm_card_visa')
        await acts.pay(tenantId, id)
        const [payment] = await acts.payments(tenantId)
        const before = await acts.accounts(tenantId)
        const refunding = () =>
          acts.operate(tenantId, 'POST', `/transactions/${payment!.id}/refund`, {})
        const disputing = () => acts.steer('disputes', { charge: payment!.processorChargeId })
        // Each round begins the dispute a little later; in the last one the refund is done.
        const later = async () => {
          for (let step = 0; step < round; step += 1) await acts.invoice(tenantId, id)
          return disputing()
        }
        const [refund, dispute] =
          round === 9
            ? [await refunding(), await disputing()]
            : await Promise.all([refunding(), later()])
        await acts.catchUp()
        await acts.settled(tenantId, id)
        if (dispute.ok) {
          const { id: disputeId } = (await dispute.json()) as { id: string }
          expect((await acts.steer(`disputes/${disputeId}`, { outcome })).ok).toBe(true)
          await acts.catchUp()
        }
        const after = await acts.accounts(tenantId)
        const refunded = refund.status === 201 && refund.body.status === 'succeeded'
        ends.add(`${refunded ? 'refunded' : 'kept'} ${dispute.ok ? outcome : 'undisputed'}`)
        const fee = after.dispute_fees ?? 0
        const left = before.processor_clearing! - after.processor_clearing! - fee
        const credit = -(after.customer_credit ?? 0)
        // Money that left and money still promised: never more than was received.
        expect(left + credit).toBeLessThanOrEqual(4_900)
        expect(after.disputes_held).toBeUndefined()
        expect(after.refunds_payable).toBeUndefined()
      }
      const clear = [`kept ${outcome}`, 'refunded undisputed']
      expect([...ends].filter(end => !clear.includes(end))).toEqual([])
      expect(ends).toContain('refunded undisputed')
    },
  )
})

it('the books hold after all of it: every proof of verify', async () => {
  const proofs = await verifyBooks(world.service.deps, { days: 3_660 })
  expect(proofs.flatMap(({ broken }) => broken)).toEqual([])
})
