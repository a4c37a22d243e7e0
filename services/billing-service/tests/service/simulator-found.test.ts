// What the simulator found, each told as the few steps that show it.
import { afterEach, describe, expect, it } from 'vitest'
import { updateSettings } from '../../src/actions/customers/customer-verbs.ts'
import {
  createInvoice,
  voidOpenInvoice,
  writeOff,
} from '../../src/actions/invoices/invoice-verbs.ts'
import { recordPayment, reverseReceivedPayment } from '../../src/actions/payments/record-payment.ts'
import { previewSubscription } from '../../src/actions/quotes/preview-subscription.ts'
import { changeSubscription } from '../../src/actions/subscriptions/change-subscription.ts'
import { createSubscription } from '../../src/actions/subscriptions/create-subscription.ts'
import { cancelSubscription } from '../../src/actions/subscriptions/end-subscription.ts'
import {
  pauseSubscription,
  resumeSubscription,
} from '../../src/actions/subscriptions/pause-subscription.ts'
import { renewSubscription } from '../../src/actions/subscriptions/renew-subscription.ts'
import { createRefund } from '../../src/actions/transactions/refund.ts'
import { verifyBooks } from '../../src/actions/verify/verify-books.ts'
import { applyInbox } from '../../src/actions/webhooks/apply-inbox.ts'
import { backfillEvents } from '../../src/actions/webhooks/backfill-events.ts'
import { toIso } from '../../src/core/time.ts'
import { aroundDeps } from '../../src/test/simulator/around.ts'
import { steer } from '../../src/test/simulator/tenant-state.ts'
import { openWorld, operatorOf, type SimulatedWorld } from '../../src/test/simulator/world.ts'

let world: SimulatedWorld
afterEach(() => world.close())

const hourMs = 3_600_000

const subscribed = async (seed: string) => {
  world = await openWorld({ seed })
  const { tenantId } = world.tenants[0]!
  const caller = operatorOf(tenantId)
  const { subscription } = await createSubscription(world.deps, caller, {
    plan: 'starter',
    trialDays: 0,
    paymentMethodId: 'pm_card_visa',
  })
  return { tenantId, caller, subscription }
}

describe('a plan is changed after a period has ended and before any job has renewed it', () => {
  it('the ended period is renewed first, and the change counts within the next one', async () => {
    const { tenantId, caller, subscription: bought } = await subscribed('late-change')
    const { deps } = world
    world.moveTo(bought.currentPeriodEnd + 11 * hourMs)
    const { subscription } = await changeSubscription(deps, caller, bought.id, {
      plan: 'professional',
    })
    const pending = subscription.pendingChange
    expect(pending?.restartsPeriodAt ?? null).toBeNull()
    expect(toIso(subscription.currentPeriodStart)).toBe(toIso(bought.currentPeriodEnd))
    const { rows } = await world.store.of(tenantId).list('invoices', { limit: 100 })
    const renewed = rows.filter(({ billingReason }) => billingReason === 'subscription_cycle')
    expect(renewed.map(({ periodStart }) => periodStart)).toEqual([bought.currentPeriodEnd])
  })
})

describe('a paused subscription is resumed while somebody cancels it', () => {
  it('the end is refused as long as the payment of the new period is under way', async () => {
    const { tenantId, caller, subscription } = await subscribed('resume-and-cancel')
    const { deps } = world
    await pauseSubscription(deps, caller, subscription.id)
    world.moveTo(subscription.currentPeriodEnd)
    await renewSubscription(deps, tenantId, subscription.id)
    const resume = () => {
      const always = {
        remaining: 3,
        probability: 1,
        delayMs: 0,
        status: 429,
        performs: true,
      } as const
      const where = { method: 'POST', match: '/v1/payment_intents' }
      world.sandbox.state.faults.add({ kind: 'timeout_after', ...always, ...where })
      return resumeSubscription(deps, caller, subscription.id)
    }
    let resumed = false
    const meanwhile = aroundDeps(deps, async (where, name, call) => {
      const first = where === 'port' && name === 'transaction' && !resumed
      if (first) {
        resumed = true
        await resume()
      }
      return call()
    })
    const canceled = cancelSubscription(meanwhile, caller, subscription.id, {})
    await expect(canceled).rejects.toMatchObject({ code: 'change_pending' })
    const { status, pendingChange } = await world.store
      .of(tenantId)
      .get('subscriptions', subscription.id)
    expect([status, pendingChange?.planCode]).toEqual(['paused', 'starter'])
  })
})

describe('a new subscription is quoted', () => {
  it('everything is read in the one transaction that the quote is written in', async () => {
    world = await openWorld({ seed: 'quote' })
    const { deps } = world
    let inside = 0
    const within: string[] = []
    const watched = aroundDeps(deps, async (where, name, call) => {
      if (where === 'tx') return call()
      if (inside > 0) within.push(name)
      inside += name === 'transaction' ? 1 : 0
      return call().finally(() => {
        inside -= name === 'transaction' ? 1 : 0
      })
    })
    const caller = operatorOf(world.tenants[0]!.tenantId)
    await previewSubscription(watched, caller, { plan: 'starter' })
    expect(within).toEqual([])
  })
})

describe('money is recorded for an invoice that was given up, and comes back', () => {
  const lineItems = [{ description: 'Fee', quantity: '1', unitAmount: '82', taxRatePpm: null }]
  const given = { currency: 'USD', lineItems, dueAt: null, metadata: {} }
  const received = { way: 'bank_transfer' as const, reference: null, receivedAt: null }

  it.each([900, 8200])(
    'with %i of 82.00 taken back it is given up as before',
    async amountMinor => {
      world = await openWorld({ seed: 'given-up' })
      const { deps } = world
      const { tenantId } = world.tenants[0]!
      const caller = operatorOf(tenantId)
      await updateSettings(deps, caller, { taxRatePpm: 0 })
      const input = { ...given, autoFinalize: true, collection: 'manual' as const }
      const { id } = await createInvoice(deps, caller, input)
      await writeOff(deps, caller, id)
      const payment = await recordPayment(deps, caller, id, { amountMinor, ...received })
      await reverseReceivedPayment(deps, caller, payment.id, 'sent back')
      const invoice = await world.store.of(tenantId).get('invoices', id)
      expect([invoice.status, invoice.nextAttemptAt]).toEqual(['uncollectible', null])
      const proofs = await verifyBooks(deps, { days: 1 })
      expect(proofs.flatMap(({ broken }) => broken)).toEqual([])
    },
  )
})

describe('a bank takes back a debit that was refunded already', () => {
  it('both are booked, and the proof names the payment without calling the books wrong', async () => {
    world = await openWorld({ seed: 'returned-after-refund' })
    const { deps, sandbox } = world
    const { tenantId } = world.tenants[0]!
    const caller = operatorOf(tenantId)
    await updateSettings(deps, caller, { currency: 'USD' })
    const paymentMethodId = 'pm_usBankAccount_success'
    const terms = { plan: 'starter', trialDays: 0, currency: 'USD', paymentMethodId }
    const { payment } = await createSubscription(deps, caller, terms)
    const id = payment!.transactionId!
    const reads = world.store.of(tenantId)
    const settle = async (days: number) => {
      world.moveTo(world.now() + days * 24 * hourMs)
      sandbox.tick()
      await backfillEvents(deps)
      await applyInbox(deps)
    }
    await settle(5)
    await createRefund(deps, caller, id, { amountMinor: null, reason: null })
    await settle(2)
    const { processorChargeId } = await reads.get('transactions', id)
    await steer(world, 'disputes', { charge: processorChargeId })
    await settle(1)
    const { amountMinor, amountRefundedMinor, amountDisputedMinor } = await reads.get(
      'transactions',
      id,
    )
    expect([amountRefundedMinor, amountDisputedMinor]).toEqual([amountMinor, amountMinor])
    const proofs = await verifyBooks(deps, { days: 30 })
    expect(proofs.flatMap(({ broken }) => broken)).toEqual([])
    const back = `${2 * amountMinor} of ${amountMinor} refunded and taken back by the bank`
    expect(proofs.flatMap(({ notes }) => notes)).toContain(`${tenantId} ${id}: ${back}`)
  })
})

describe('a cheque bounces after a change gave back time that it had paid', () => {
  const received = { way: 'cheque' as const, reference: null, receivedAt: null }

  it('its invoice is not voided: the credit of the change would have been given for nothing', async () => {
    world = await openWorld({ seed: 'void-after-credit' })
    const { deps } = world
    const { tenantId } = world.tenants[0]!
    const caller = operatorOf(tenantId)
    const reads = world.store.of(tenantId)
    const { subscription } = await createSubscription(deps, caller, {
      plan: 'starter',
      trialDays: 0,
      paymentMethodId: 'pm_card_chargeCustomerFail',
    })
    const newest = async () => (await reads.list('invoices', { limit: 100 })).rows.at(-1)!
    const paid = async ({ id, totalMinor }: Awaited<ReturnType<typeof newest>>) =>
      recordPayment(deps, caller, id, { amountMinor: totalMinor, ...received })
    const first = await newest()
    const cheque = await paid(first)
    world.moveTo(world.now() + 24 * hourMs)
    await changeSubscription(deps, caller, subscription.id, {
      plan: 'professional',
      paymentMethodId: 'pm_card_visa',
    })
    const upgrade = await newest()
    expect(upgrade.status).toBe('paid')
    expect(upgrade.lines.map(line => line.kind)).toContain('proration_credit')
    await reverseReceivedPayment(deps, caller, cheque.id, 'bounced')
    const voided = voidOpenInvoice(deps, caller, first.id)
    await expect(voided).rejects.toMatchObject({ code: 'invoice_has_payments' })
    expect(await reads.get('invoices', first.id)).toMatchObject({ status: 'open' })
  })
})
