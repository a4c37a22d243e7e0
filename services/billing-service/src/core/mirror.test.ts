import { describe, expect, it } from 'vitest'
import { type InvoiceFacts, mirroredInvoice, soldAs, taxLineOf } from './mirror.ts'
import { defaultPlans } from './plan.ts'

const facts: InvoiceFacts = {
  processorId: 'in_1',
  processorCustomerId: 'cus_1',
  processorSubscriptionId: null,
  number: 'ABC-0001',
  status: 'open',
  billingReason: 'subscription_cycle',
  currency: 'USD',
  lines: [],
  taxLines: [],
  totalMinor: 0,
  dueMinor: 0,
  attemptCount: 0,
  periodStart: 0,
  periodEnd: 1,
  issuedAt: 5,
  dueAt: null,
  closedAt: null,
  url: null,
  paymentIds: [],
  buyer: { name: null, email: null, address: null, taxIds: [], purchaseOrder: null },
  createdAt: 5,
  metadata: {},
}

const line = {
  kind: 'recurring',
  description: 'Plus',
  quantity: 3,
  amountMinor: 3_000,
  discountMinor: 0,
  taxMinor: 0,
  periodStart: 0,
  periodEnd: 1,
} as const

const mirrored = (more: Partial<InvoiceFacts>) => {
  let lines = 0
  return mirroredInvoice(
    { ...facts, ...more },
    {
      tenantId: 'acme',
      id: 'inv_1',
      customerId: 'cus_1',
      subscription: null,
      issuer: facts.buyer,
      newLineId: () => `il_${++lines}`,
      at: 9,
    },
  )
}

describe('a mirrored invoice', () => {
  it('3 units for 30.00 less 5.00 plus 2.00 tax are 27.00, open, under Stripe’s number', () => {
    const invoice = mirrored({
      lines: [{ ...line, discountMinor: 500, taxMinor: 200 }],
      taxLines: [taxLineOf(2_500, 200)],
      totalMinor: 2_700,
      dueMinor: 2_700,
    })
    expect(invoice).toMatchObject({
      invoiceNumber: 'ABC-0001',
      status: 'open',
      totalMinor: 2_700,
      amountPaidMinor: 0,
      nextAttemptAt: null,
      taxLines: [{ ratePpm: 80_000 }],
    })
    expect(invoice.lines[0]).toMatchObject({ quantity: '3', unitAmount: '10.00' })
  })

  it('20.00 of Stripe’s customer balance leave 10.00 of 30.00 to pay', () => {
    const invoice = mirrored({ lines: [line], totalMinor: 3_000, dueMinor: 1_000 })
    expect(invoice).toMatchObject({ status: 'open', amountFromBalanceMinor: 2_000 })
  })

  it('credits of 40.00 against 30.00 move 10.00 to Stripe’s balance; the invoice is paid over 0.00', () => {
    const credit = { ...line, kind: 'proration_credit', quantity: 1, amountMinor: -4_000 } as const
    const invoice = mirrored({ lines: [credit, line], totalMinor: -1_000, dueMinor: 0 })
    expect(invoice).toMatchObject({ status: 'paid', totalMinor: 0, amountFromBalanceMinor: 0 })
    expect(invoice.lines[2]).toMatchObject({ kind: 'balance_transfer', amountMinor: 1_000 })
  })

  it('lines that do not add up to Stripe’s total are a fault, never a guess', () => {
    expect(() => mirrored({ lines: [line], totalMinor: 2_999, dueMinor: 2_999 })).toThrow(/in_1/)
  })
})

describe('the plan of a subscription', () => {
  const plan = defaultPlans[1]!
  const priced = (version: number) => ({
    ...plan,
    version,
    prices: plan.prices.map(price => ({ ...price, stripePriceId: `price_${price.billingCycle}` })),
  })

  it('is the newest version that names one of its prices', () => {
    const items = [
      { priceId: 'price_other', quantity: 9 },
      { priceId: 'price_yearly', quantity: 4 },
    ]
    const sold = soldAs({ items }, [priced(1), priced(3), priced(2)])
    expect(sold).toMatchObject({
      plan: { version: 3 },
      price: { billingCycle: 'yearly' },
      quantity: 4,
    })
  })

  it('is none when no plan names them', () => {
    expect(soldAs({ items: [{ priceId: 'price_x', quantity: 1 }] }, defaultPlans)).toBeNull()
  })
})
