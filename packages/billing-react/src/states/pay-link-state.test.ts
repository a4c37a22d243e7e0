import { describe, expect, it } from 'vitest'
import {
  confirmAddress,
  nextLookMs,
  type PayLinkForState,
  type PayLinkState,
  payLinkState,
} from './pay-link-state.ts'

const card = { brand: 'visa', last4: '4242' }
const bank = 'https://bank.example/confirm'
type Try = NonNullable<PayLinkForState['lastTry']>

const tried = (status: string, change: Partial<Try> = {}): Try => ({
  status,
  method: card,
  nextActionUrl: null,
  ...change,
})

const open = (lastTry: Try | null): PayLinkForState => ({ status: 'open', amountDue: 49, lastTry })

describe('the state of a link', () => {
  it.each<[string, PayLinkForState, PayLinkState, number | false]>([
    ['never tried', open(null), 'due', false],
    ['declined', open(tried('failed')), 'due', false],
    [
      'waiting for its payer',
      open(tried('requires_action', { nextActionUrl: bank })),
      'confirm',
      3_000,
    ],
    ['waiting without a page', open(tried('requires_action')), 'pending', 3_000],
    ['without an answer', open(tried('pending')), 'pending', 3_000],
    [
      'open on a hosted page',
      open(tried('requires_action', { method: null, nextActionUrl: bank })),
      'due',
      3_000,
    ],
    ['called off on a hosted page', open(tried('canceled', { method: null })), 'due', false],
    [
      'debited by a bank',
      { ...open(tried('processing')), status: 'processing' },
      'processing',
      30_000,
    ],
    ['paid', { status: 'paid', amountDue: 0, lastTry: tried('succeeded') }, 'paid', false],
    ['settled by account credit', { ...open(null), amountDue: 0 }, 'paid', false],
    ['void', { ...open(null), status: 'void' }, 'over', false],
    ['written off but still owed', { ...open(null), status: 'uncollectible' }, 'due', false],
  ])('of an invoice %s', (_, view, state, lookMs) => {
    expect(payLinkState(view)).toBe(state)
    expect(nextLookMs(view)).toBe(lookMs)
  })

  it('leads to http(s) pages only', () => {
    const lastTry = tried('requires_action', { nextActionUrl: 'javascript:alert(1)' })
    expect(confirmAddress({ lastTry })).toBeNull()
  })
})
