// What must hold of any chain of changes with coupons on it.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { AttachedDiscount } from '../coupon.ts'
import type { InvoiceLineId } from '../ids.ts'
import type { Invoice, InvoiceLine } from '../invoice.ts'
import { invoiceFinalized } from '../ledger.ts'
import { defaultPlans } from '../plan.ts'
import { changeLines, draftInvoice, paidLines, recurringLine } from '../pricing.ts'
import { defaultTaxRules } from '../tax.ts'
import type { Period } from '../time.ts'

const at = Date.UTC(2026, 0, 1)
const dayMs = 86_400_000
const period: Period = { start: at, end: at + 31 * dayMs }
const sum = (amounts: readonly number[]) => amounts.reduce((a, b) => a + b, 0)

const discountOf = (
  n: number,
  isShare: boolean,
  worth: number,
  isOnce: boolean,
): AttachedDiscount => ({
  tenantId: 't',
  id: `disc_${n}`,
  customerId: 'cus_1',
  subscriptionId: 'sub_1',
  couponId: `cpn_${n}`,
  coupon: `C${n}`,
  name: null,
  promotionCodeId: null,
  promotionCode: null,
  benefit: isShare
    ? { kind: 'percent', ratePpm: worth * 10_000 }
    : { kind: 'amount', amountMinor: worth * 131, currency: 'USD' },
  duration: isOnce ? { kind: 'once' } : { kind: 'forever' },
  scope: null,
  status: 'attached',
  attachedAt: n,
  endsAt: null,
  uses: 0,
  attachedWith: null,
  attachedKey: `sub_1:${n}`,
  createdAt: at,
  updatedAt: at,
  version: 1,
})

const coupons = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 100 }), fc.boolean()), {
  maxLength: 4,
})
const changes = fc.array(
  fc.record({
    offsetMs: fc.integer({ min: 0, max: 31 * dayMs }),
    rank: fc.integer({ min: 1, max: 3 }),
    quantity: fc.integer({ min: 1, max: 9 }),
    coupons,
  }),
  { maxLength: 8 },
)
const taxRates = fc.constantFrom(null, 0, 77_000, 190_000)

function priced(
  lines: readonly InvoiceLine[],
  given: readonly AttachedDiscount[],
  tax: number | null,
  n: number,
): Invoice {
  const invoice = draftInvoice({
    id: `inv_${n}`,
    tenantId: 't',
    customerId: 'cus_1',
    subscription: null,
    billingReason: 'subscription_update',
    currency: 'USD',
    lines,
    discounts: given,
    tax: {
      taxes: [tax === null ? { kind: 'exempt', ratePpm: 0 } : { kind: 'standard', ratePpm: tax }],
      rules: defaultTaxRules,
      basis: {},
    },
    collection: 'automatic',
    paymentMethodId: null,
    period: null,
    dueAt: null,
    metadata: {},
    at,
  })
  return { ...invoice, status: 'paid' }
}

it('every invoice: total = lines - discounts + tax, never negative; its books balance', () => {
  fc.assert(
    fc.property(changes, taxRates, (asked, tax) => {
      for (const invoice of chain(asked, tax)) {
        const { lines, totalMinor, subtotalMinor, discountMinor, taxMinor } = invoice
        expect(totalMinor).toBe(subtotalMinor - discountMinor + taxMinor)
        expect(totalMinor).toBeGreaterThanOrEqual(0)
        expect(discountMinor).toBe(sum(lines.map(l => l.discountMinor)))
        expect(taxMinor).toBe(sum(lines.map(l => l.taxMinor)))
        for (const l of lines) {
          expect(l.discountMinor).toBeGreaterThanOrEqual(0)
          expect(l.discountMinor).toBeLessThanOrEqual(Math.max(0, l.amountMinor))
          expect(sum((l.discounts ?? []).map(d => d.amountMinor))).toBe(l.discountMinor)
        }
        expect(sum(invoiceFinalized(invoice).lines.map(l => l.amountMinor))).toBe(0)
      }
    }),
  )
})

it('no chain of changes with coupons gives back more than was charged, of any line or in all', () => {
  fc.assert(
    fc.property(changes, taxRates, (asked, tax) => {
      const all = chain(asked, tax).flatMap(invoice => invoice.lines)
      const charged = all.filter(l => l.kind === 'recurring' || l.kind === 'proration_charge')
      for (const source of charged) {
        const credits = all.filter(l => l.why?.inputs.creditsLineId === source.id)
        const given = -sum(credits.map(l => l.amountMinor))
        expect(given).toBeLessThanOrEqual(source.amountMinor - source.discountMinor)
      }
      const real = all.filter(l => l.kind !== 'balance_transfer')
      expect(sum(real.map(l => l.amountMinor - l.discountMinor))).toBeGreaterThanOrEqual(0)
    }),
  )
})

type Asked = typeof changes extends fc.Arbitrary<infer T> ? T : never

/** A first period and then changes, each with coupons of its own. */
function chain(asked: Asked, tax: number | null): Invoice[] {
  let ids = 0
  const newId = (): InvoiceLineId => {
    ids += 1
    return `il_${ids}`
  }
  const discountsOf = (given: Asked[number]['coupons']) =>
    given.map(([isShare, worth, isOnce], n) => discountOf(n, isShare, worth, isOnce))
  const plan = defaultPlans[1]!
  const first = recurringLine(newId(), plan, plan.prices[0]!, 1, period)
  const invoices = [priced([first], discountsOf(asked[0]?.coupons ?? []), tax, 0)]
  const ordered = [...asked].sort((a, b) => a.offsetMs - b.offsetMs)
  for (const [n, { offsetMs, rank, quantity, coupons: given }] of ordered.entries()) {
    const next = defaultPlans[rank]!
    const when = at + offsetMs
    const lines = changeLines(newId, paidLines(invoices, when), {
      plan: next,
      price: next.prices[0]!,
      quantity,
      period,
      at: when,
      counting: { by: 'second' },
    })
    invoices.push(priced(lines, discountsOf(given), tax, n + 1))
  }
  return invoices
}
