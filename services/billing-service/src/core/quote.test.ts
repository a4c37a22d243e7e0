import { describe, expect, it } from 'vitest'
import { defaultPlans } from './plan.ts'
import {
  assertCharges,
  assertHolds,
  assertUnchanged,
  confirmedInput,
  makeQuote,
  type Quoted,
  type QuoteRequest,
  quoteFacts,
  requestOf,
} from './quote.ts'
import type { Refusal } from './refusal.ts'

const plan = defaultPlans[2]!
const quoted: Quoted = {
  before: null,
  offer: { plan, price: plan.prices[0]!, quantity: 1 },
  trialDays: 0,
  discounts: [],
  draft: null,
  balanceMinor: 500,
  dueNowMinor: 0,
}
const at = Date.UTC(2026, 3, 1)
const minute = 60_000
const quote = makeQuote(
  { tenantId: 't', id: 'quo_1', subscriptionId: 'sub_1', request: { plan: 'professional' } },
  quoted,
  at,
)

function refusalOf(work: () => unknown): Refusal | null {
  try {
    work()
    return null
  } catch (error) {
    return error as Refusal
  }
}

describe('a quote', () => {
  it('holds for 15 minutes and once', () => {
    expect(() => assertHolds(quote, at + 15 * minute - 1)).not.toThrow()
    expect(() => assertHolds(quote, at + 15 * minute)).toThrow('quote_expired')
    expect(() => assertHolds({ ...quote, usedAt: at }, at)).toThrow('quote_used')
  })

  it('keeps what decides the price, and nothing else', () => {
    const input = { plan: 'starter', quantity: 2, coupon: undefined, paymentMethodId: 'pm_1' }
    expect(requestOf(input)).toEqual({ plan: 'starter', quantity: 2 })
  })

  it('is confirmed for its subscription, by its own terms or none', () => {
    const input: QuoteRequest & { quoteId: string } = { quoteId: 'quo_1' }
    expect(confirmedInput(quote, 'sub_1', input)).toEqual({ ...input, plan: 'professional' })
    expect(() => confirmedInput(quote, 'sub_2', input)).toThrow('quote_mismatch')
    expect(() => confirmedInput(quote, 'sub_1', { plan: 'starter' })).toThrow('quote_mismatch')
    expect(() => confirmedInput(quote, 'sub_1', { quantity: 1 })).toThrow('quote_mismatch')
  })

  it('is refused with every part that changed, in both languages', () => {
    expect(refusalOf(() => assertUnchanged(quote, quoteFacts(quoted)))).toBeNull()
    const dearer = { ...quoted.offer, price: { ...quoted.offer.price, amountMinor: 9901 } }
    const changed = quoteFacts({ ...quoted, offer: dearer, balanceMinor: 499 })
    expect(refusalOf(() => assertUnchanged(quote, changed))).toMatchObject({
      code: 'quote_changed',
      details: {
        parts: 'plan,credit',
        changed: 'the price of the plan, the credit balance',
        changedZh: '套餐价格、余额',
      },
    })
    expect(() => assertCharges(quote, 1)).toThrow('quote_changed')
  })
})
