import { describe, expect, it } from 'vitest'
import { sayFor } from '../words/words.ts'
import { type InvoiceForState, invoiceState } from './invoice-state.ts'
import { methodChip, payingMethod } from './method-state.ts'
import type { StateOf } from './state.ts'
import { subscriptionState } from './subscription-state.ts'
import { declineKey, signedAmount, transactionChip } from './transaction-state.ts'

const at = Date.parse('2026-11-23T12:00:00Z')
const moment = { at, zone: 'UTC' }

const said = (state: StateOf, language: 'en' | 'zh-CN' = 'en') => {
  const reader = { ...moment, language }
  return [
    sayFor(state.chip.word, reader),
    state.chip.tone,
    state.sentence && sayFor(state.sentence, reader),
  ]
}

const subscription = {
  status: 'active',
  currentPeriodEnd: '2026-12-01T00:00:00Z',
  trialEnd: null,
  cancelAtPeriodEnd: false,
  canceledAt: null,
  endedAt: null,
  pendingChange: null,
}
const toStarter = {
  plan: 'starter',
  billingCycle: 'monthly' as const,
  quantity: 1,
  effectiveAt: '2026-12-01T00:00:00Z',
  invoiceId: null,
}

describe('a subscription', () => {
  it('that is active renews on Dec 1', () => {
    expect(said(subscriptionState(subscription))).toEqual(['Active', 'good', 'Renews on Dec 1.'])
    expect(said(subscriptionState(subscription), 'zh-CN')).toEqual([
      '生效中',
      'good',
      '将于 12月1日续费。',
    ])
  })

  it('that ends on Dec 1 says nothing of renewing, even with a change pending', () => {
    const state = subscriptionState({
      ...subscription,
      cancelAtPeriodEnd: true,
      pendingChange: toStarter,
    })
    expect(said(state).slice(0, 2)).toEqual(['Ends Dec 1', 'planned'])
    expect(state.sentence?.key).toBe('subscription.state.ends')
  })

  it('that changes on Dec 1 names the plan to come', () => {
    const state = subscriptionState({ ...subscription, pendingChange: toStarter }, () => 'Starter')
    expect(said(state)).toEqual(['Changes Dec 1', 'planned', 'Changes to Starter on Dec 1.'])
  })

  it('whose change waits for a payment switches when it arrives', () => {
    const pendingChange = { ...toStarter, effectiveAt: null, invoiceId: 'inv_1' }
    const state = subscriptionState({ ...subscription, pendingChange })
    expect(state.sentence?.key).toBe('subscription.state.switching')
  })

  it('in a trial until Nov 30 names the trial end, and no charge when it was cancelled', () => {
    const trial = { ...subscription, status: 'trialing', trialEnd: '2026-11-30T00:00:00Z' }
    expect(said(subscriptionState(trial)).slice(0, 2)).toEqual(['Trial until Nov 30', 'info'])
    const cancelled = subscriptionState({ ...trial, cancelAtPeriodEnd: true })
    expect(said(cancelled)[2]).toBe(
      'The trial ends on Nov 30 and the plan with it. Nothing is charged.',
    )
  })

  it.each([
    ['past_due', 'Payment overdue', 'warn'],
    ['unpaid', 'Suspended, unpaid', 'bad'],
    ['paused', 'Paused', 'neutral'],
    ['incomplete', 'First payment needed', 'warn'],
    ['incomplete_expired', 'Not started', 'neutral'],
    ['canceled', 'Ended Dec 1', 'neutral'],
  ])('with status %s is "%s"', (status, word, tone) => {
    expect(said(subscriptionState({ ...subscription, status })).slice(0, 2)).toEqual([word, tone])
  })
})

const invoice: InvoiceForState = {
  status: 'open',
  dueDate: '2026-11-30T00:00:00Z',
  paidAt: null,
  amountPaid: 0,
  amountCredited: 0,
  amountDue: 99,
  attempts: 0,
  nextPaymentAttempt: null,
  collection: 'manual',
}

describe('an invoice', () => {
  const chipOf = (change: Partial<InvoiceForState>) =>
    said(invoiceState({ ...invoice, ...change }, moment)).slice(0, 2)

  it.each([
    [{ status: 'draft' }, 'Draft', 'neutral'],
    [{}, 'Due Nov 30', 'info'],
    [{ dueDate: null }, 'Open', 'info'],
    [{ amountPaid: 10, amountDue: 89 }, 'Partly paid', 'info'],
    [{ attempts: 1 }, 'Payment failed', 'warn'],
    [{ dueDate: '2026-11-20T00:00:00Z' }, '3 days overdue', 'warn'],
    [{ dueDate: '2026-11-22T23:59:00Z' }, '1 day overdue', 'warn'],
    [{ dueDate: '2026-11-23T00:00:00Z' }, 'Due Nov 23', 'info'],
    [{ status: 'paid', amountPaid: 99, paidAt: '2026-11-03T00:00:00Z' }, 'Paid', 'good'],
    [{ status: 'paid', amountCredited: 99 }, 'Credited', 'neutral'],
    [{ status: 'void' }, 'Void', 'neutral'],
    [{ status: 'uncollectible' }, 'Written off', 'bad'],
  ])('with %o is "%s"', (change, word, tone) => {
    expect(chipOf(change)).toEqual([word, tone])
  })

  it('whose bank debit is processing is not paid and not overdue, however late', () => {
    const payment = {
      status: 'processing',
      transactionId: null,
      declineCode: null,
      message: null,
      nextActionUrl: null,
    }
    const late = { payment, attempts: 1, dueDate: '2026-11-01T00:00:00Z' }
    expect(chipOf(late)).toEqual(['Bank debit processing', 'info'])
  })

  it('promises the next try only while it lies ahead', () => {
    const automatic = { ...invoice, collection: 'automatic' as const }
    const next = (nextPaymentAttempt: string) =>
      invoiceState({ ...automatic, nextPaymentAttempt }, moment).sentence?.key
    expect(next('2026-11-25T00:00:00Z')).toBe('invoice.state.openAutomatic')
    expect(next('2026-11-23T11:00:00Z')).toBe('invoice.state.openSoon')
  })
})

describe('a transaction', () => {
  it('of 50.00 refunded or paid as a fee carries its minus, an adjustment its own sign', () => {
    expect(signedAmount({ type: 'refund', amount: 50 })).toBe('-50')
    expect(signedAmount({ type: 'fee', amount: 0.1 })).toBe('-0.1')
    expect(signedAmount({ type: 'payment', amount: 50 })).toBe('50')
    expect(signedAmount({ type: 'adjustment', amount: -12 })).toBe('-12')
  })

  it('with a status of a newer server is pending, never succeeded', () => {
    expect(transactionChip({ status: 'held_for_review' }).word.key).toBe('transaction.chip.pending')
  })

  it('declined as lost, stolen or fraudulent is a plain refusal', () => {
    for (const code of ['lost_card', 'stolen_card', 'fraudulent', null]) {
      expect(declineKey(code)).toBe('decline.other')
    }
    expect(declineKey('insufficient_funds')).toBe('decline.insufficient_funds')
  })
})

describe('a payment method', () => {
  const card = (expMonth: number, expYear: number) => ({
    status: 'active',
    card: { brand: 'visa', last4: '4242', expMonth, expYear, funding: null, country: null },
  })

  it('is good to the end of its month: 11/2026 expires soon on Nov 23, 10/2026 is over', () => {
    expect(methodChip(card(12, 2026), moment)).toBeNull()
    expect(methodChip(card(11, 2026), moment)?.word.key).toBe('method.chip.expiring')
    expect(methodChip(card(10, 2026), moment)?.word.key).toBe('method.chip.expired')
  })

  it('of the subscription is charged before the default one', () => {
    const methods = [
      { id: 'pm_1', isDefault: true },
      { id: 'pm_2', isDefault: false },
    ]
    expect(payingMethod(methods, { paymentMethodId: 'pm_2' })?.id).toBe('pm_2')
    expect(payingMethod(methods, { paymentMethodId: null })?.id).toBe('pm_1')
    expect(payingMethod(methods, null)?.id).toBe('pm_1')
    expect(payingMethod([], { paymentMethodId: 'pm_2' })).toBeUndefined()
  })

  it('turns with the zone: on Nov 30 at 20:00 UTC it is December in Shanghai', () => {
    const late = { at: Date.parse('2026-11-30T20:00:00Z'), zone: 'Asia/Shanghai' }
    expect(methodChip(card(11, 2026), late)?.word.key).toBe('method.chip.expired')
  })
})
