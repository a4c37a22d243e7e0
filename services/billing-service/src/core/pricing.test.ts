// What must hold of any invoice, any chain of changes and any series of credit notes.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  type CreditNote,
  creditableLines,
  creditInvoice,
  creditNamedLines,
  noteFigures,
  spreadCredit,
} from './credit-note.ts'
import type { InvoiceLineId } from './ids.ts'
import type { Invoice, InvoiceLine } from './invoice.ts'
import { creditNoteIssued, invoiceFinalized } from './ledger.ts'
import { defaultPlans } from './plan.ts'
import { changeLines, draftInvoice, paidLines, recurringLine } from './pricing.ts'
import { defaultTaxRules } from './tax.ts'
import type { Period } from './time.ts'

const at = Date.UTC(2026, 0, 1)
const dayMs = 86_400_000

const line = (n: number, more: Partial<InvoiceLine>): InvoiceLine => ({
  id: `il_${n}`,
  kind: 'recurring',
  description: 'Plan',
  descriptionZh: null,
  quantity: '1',
  unitAmount: '1',
  amountMinor: 0,
  discountMinor: 0,
  taxMinor: 0,
  taxRatePpm: null,
  periodStart: at,
  periodEnd: at + 30 * dayMs,
  planCode: 'starter',
  metric: null,
  why: null,
  ...more,
})

const draftOf = (lines: readonly InvoiceLine[], taxRatePpm: number | null, id = '1'): Invoice =>
  draftInvoice({
    id: `inv_${id}`,
    tenantId: 't',
    customerId: 'cus_1',
    subscription: null,
    billingReason: 'manual',
    currency: 'USD',
    lines,
    discounts: [],
    tax: {
      taxes:
        taxRatePpm === null
          ? [{ kind: 'exempt', ratePpm: 0 }]
          : [{ kind: 'standard', ratePpm: taxRatePpm }],
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

const positiveLine = fc.record({
  amountMinor: fc.integer({ min: 1, max: 500_000 }),
  discountShare: fc.integer({ min: 0, max: 100 }),
  kind: fc.constantFrom('recurring', 'usage', 'one_off', 'proration_charge'),
  taxRatePpm: fc.constantFrom(null, 0, 55_000, 200_000, 88_750),
})
const anyLines = fc
  .tuple(
    fc.array(positiveLine, { minLength: 1, maxLength: 8 }),
    fc.array(fc.integer({ min: -300_000, max: -1 }), { maxLength: 3 }),
  )
  .map(([charged, credits]) => [
    ...charged.map(({ discountShare, kind, ...rest }, n) =>
      line(n, {
        ...rest,
        kind: kind as InvoiceLine['kind'],
        discountMinor: Math.floor((rest.amountMinor * discountShare) / 100),
      }),
    ),
    ...credits.map((amountMinor, n) => line(100 + n, { kind: 'proration_credit', amountMinor })),
  ])
const anyRate = fc.constantFrom(null, 0, 70_000, 190_000)

const sum = (amounts: readonly number[]) => amounts.reduce((a, b) => a + b, 0)

it('total = lines - discounts + tax, never negative, for any lines and rates; the books balance', () => {
  fc.assert(
    fc.property(anyLines, anyRate, (lines, rate) => {
      const invoice = draftOf(lines, rate)
      const { subtotalMinor, discountMinor, taxMinor, totalMinor } = invoice
      expect(totalMinor).toBe(subtotalMinor - discountMinor + taxMinor)
      expect(totalMinor).toBeGreaterThanOrEqual(0)
      expect(subtotalMinor).toBe(sum(invoice.lines.map(l => l.amountMinor)))
      expect(taxMinor).toBe(sum(invoice.lines.map(l => l.taxMinor)))
      expect(taxMinor).toBe(sum(invoice.taxLines.map(l => l.taxMinor)))
      expect(sum(invoiceFinalized(invoice).lines.map(l => l.amountMinor))).toBe(0)
    }),
  )
})

const noteOf = (invoice: Invoice, parts: Parameters<typeof noteFigures>[1]): CreditNote => {
  const figures = noteFigures(invoice, parts)
  return {
    ...figures,
    tenantId: 't',
    id: 'cn_1',
    creditNoteNumber: 'CN-1',
    invoiceId: invoice.id,
    invoiceNumber: '1',
    invoiceIssuedAt: at,
    customerId: 'cus_1',
    currency: 'USD',
    lowersInvoiceMinor: 0,
    refundedMinor: 0,
    toBalanceMinor: figures.totalMinor,
    onBadDebt: false,
    reason: null,
    requestKey: null,
    buyer: null,
    issuer: null,
    brandingId: null,
    issuedAt: at,
    createdAt: at,
    recordedAt: at,
  }
}

const byAccount = (postings: readonly { account: string; amountMinor: number }[]) => {
  const sums = new Map<string, number>()
  for (const { account, amountMinor } of postings) {
    sums.set(account, (sums.get(account) ?? 0) + amountMinor)
  }
  return sums
}

it('any series of notes that takes all back equals the invoice by line, tax and account', () => {
  const steps = fc.array(
    fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 99 }), fc.nat({ max: 7 })),
    { maxLength: 6 },
  )
  fc.assert(
    fc.property(anyLines, anyRate, steps, (lines, rate, wanted) => {
      let invoice: Invoice = { ...draftOf(lines, rate), status: 'paid' }
      fc.pre(invoice.totalMinor > 0)
      const booked: { account: string; amountMinor: number }[] = []
      const take = (parts: Parameters<typeof noteFigures>[1]) => {
        const note = noteOf(invoice, parts)
        if (note.totalMinor <= 0) return
        booked.push(...creditNoteIssued(note).lines)
        invoice = creditInvoice(invoice, parts, note, at)
      }
      const leftMinor = () => invoice.totalMinor - invoice.amountCreditedMinor
      for (const [whole, percent, position] of wanted) {
        const named = invoice.lines[position]
        const netLeft = named
          ? named.amountMinor - named.discountMinor - (named.creditedNetMinor ?? 0)
          : 0
        const netMinor = Math.floor((Math.max(0, netLeft) * percent) / 100)
        const taxed = netMinor * 2 < leftMinor()
        if (whole) {
          const gross = Math.floor((leftMinor() * percent) / 100)
          if (gross > 0) take(spreadCredit(creditableLines(invoice), gross))
        } else if (named && netMinor > 0 && taxed) {
          take(creditNamedLines(invoice, [{ lineId: named.id, netMinor }]))
        }
      }
      if (leftMinor() > 0) take(spreadCredit(creditableLines(invoice), leftMinor()))
      expect(invoice.amountCreditedMinor).toBe(invoice.totalMinor)
      for (const l of invoice.lines) {
        expect(l.creditedNetMinor ?? 0).toBe(l.amountMinor - l.discountMinor)
        expect(l.creditedTaxMinor ?? 0).toBe(l.taxMinor)
      }
      const finalized = byAccount(
        invoiceFinalized({
          ...invoice,
          lines: invoice.lines.filter(l => l.amountMinor !== l.discountMinor),
          discountMinor: sum(
            invoice.lines.filter(l => l.amountMinor !== l.discountMinor).map(l => l.discountMinor),
          ),
        }).lines,
      )
      const back = byAccount(booked)
      for (const account of ['deferred_revenue', 'revenue', 'tax_payable', 'discounts']) {
        expect((finalized.get(account) ?? 0) + (back.get(account) ?? 0)).toBe(0)
      }
    }),
  )
})

it('no chain of changes gives back more than was charged, of any line or in all', () => {
  const period: Period = { start: at, end: at + 31 * dayMs }
  const changes = fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 31 * dayMs }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 9 }),
    ),
    { maxLength: 8 },
  )
  fc.assert(
    fc.property(changes, fc.integer({ min: 0, max: 40 }), (asked, discountPercent) => {
      let ids = 0
      const newId = (): InvoiceLineId => {
        ids += 1
        return `il_${ids}`
      }
      const discounted = (l: InvoiceLine): InvoiceLine =>
        l.amountMinor > 0
          ? { ...l, discountMinor: Math.floor((l.amountMinor * discountPercent) / 100) }
          : l
      const paid = (lines: InvoiceLine[]): Invoice => ({
        ...draftOf(lines.map(discounted), 190_000, String(ids)),
        status: 'paid',
      })
      const plan = defaultPlans[1]!
      const invoices = [paid([recurringLine(newId(), plan, plan.prices[0]!, 1, period)])]
      const ordered = [...asked].sort((a, b) => a[0] - b[0])
      for (const [offset, rank, quantity] of ordered) {
        const next = defaultPlans[rank]!
        const when = at + offset
        const lines = changeLines(newId, paidLines(invoices, when), {
          plan: next,
          price: next.prices[0]!,
          quantity,
          period,
          at: when,
          counting: { by: 'second' },
        })
        invoices.push(paid(lines))
      }
      const all = invoices.flatMap(invoice => invoice.lines)
      const charged = all.filter(l => l.kind === 'recurring' || l.kind === 'proration_charge')
      for (const source of charged) {
        const credits = all.filter(l => l.why?.inputs.creditsLineId === source.id)
        const given = -sum(credits.map(l => l.amountMinor))
        expect(given).toBeLessThanOrEqual(source.amountMinor - source.discountMinor)
      }
      expect(
        sum(
          all.filter(l => l.kind !== 'balance_transfer').map(l => l.amountMinor - l.discountMinor),
        ),
      ).toBeGreaterThanOrEqual(0)
    }),
  )
})

it('what a note took back of a credit is unused once: the next change credits it, the one after does not', () => {
  const period: Period = { start: at, end: at + 30 * dayMs }
  let ids = 0
  const newId = (): InvoiceLineId => {
    ids += 1
    return `il_${ids}`
  }
  const plan = defaultPlans[1]!
  const paid = (lines: InvoiceLine[], createdAt: number): Invoice => ({
    ...draftOf(lines, 0, String(createdAt)),
    createdAt,
    status: 'paid',
  })
  const invoices = [paid([recurringLine(newId(), plan, plan.prices[0]!, 1, period)], at)]
  const change = (day: number) => {
    const when = at + day * dayMs
    const lines = changeLines(newId, paidLines(invoices, when), {
      plan,
      price: plan.prices[0]!,
      quantity: 1,
      period,
      at: when,
      counting: { by: 'second' },
    })
    invoices.push(paid(lines, when))
    return lines.filter(l => l.why?.inputs.creditsLineId === 'il_1').map(l => l.amountMinor)
  }
  expect(change(10)).toEqual([-1933])
  const [first, second] = invoices
  const noted = second!.lines.map(l =>
    l.kind === 'proration_credit' ? { ...l, creditedNetMinor: -600 } : l,
  )
  invoices.splice(0, 2, first!, { ...second!, lines: noted })
  expect(change(11)).toEqual([-600])
  expect(change(12)).toEqual([])
})
