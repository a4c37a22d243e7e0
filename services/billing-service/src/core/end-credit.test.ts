import { describe, expect, it } from 'vitest'
import { creditAtEnd } from './end-credit.ts'
import type { Invoice, InvoiceLine } from './invoice.ts'
import { blankLine } from './pricing.ts'

const dayMs = 86_400_000
const start = Date.UTC(2028, 3, 1)
const end = start + 30 * dayMs
const middle = start + 15 * dayMs

const line = (
  id: `il_${string}`,
  kind: InvoiceLine['kind'],
  amountMinor: number,
  more: Partial<InvoiceLine> = {},
): InvoiceLine => ({
  ...blankLine(id, { kind, description: '', quantity: '1', unitAmount: '0', amountMinor }),
  periodStart: start,
  periodEnd: end,
  ...more,
})

const invoice = (id: string, createdAt: number, lines: readonly InvoiceLine[]) =>
  ({ id, status: 'paid', createdAt, lines }) as unknown as Invoice

const grossOf = (parts: readonly { netMinor: number; taxMinor: number }[]) =>
  parts.reduce((sum, part) => sum + part.netMinor + part.taxMinor, 0)

describe('an end on the day of a change from 20 % tax to none', () => {
  const because = { rule: 'proration.credit', inputs: { creditsLineId: 'il_old' } }
  const old = invoice('inv_old', start, [
    line('il_old', 'recurring', 1_000_00, { taxMinor: 200_00 }),
  ])
  // 590.00 without tax, less 500.00 and their 100.00 of tax: 10.00 went to the balance, and nothing was paid.
  const changed = invoice('inv_new', middle, [
    line('il_back', 'proration_credit', -500_00, { taxMinor: -100_00, why: because }),
    line('il_new', 'proration_charge', 590_00, { periodStart: middle }),
    line('il_over', 'balance_transfer', 10_00, { periodStart: null, periodEnd: null }),
  ])

  it('gives 590.00 back, all of it from the invoice that was paid: 1,200.00 less 600.00 used and 10.00 kept', () => {
    const credits = creditAtEnd([old, changed], middle, { by: 'second' })
    const given = credits.map(each => [each.invoice.id, grossOf(each.parts)])
    expect(Object.fromEntries(given)).toEqual({ inv_old: 590_00 })
  })
})

describe('an end long after an upgrade that gave time back', () => {
  it('takes 100.00 of the newer line, and leaves the credit beside it as it is', () => {
    const because = { rule: 'proration.credit', inputs: { creditsLineId: 'il_gone' } }
    const upgraded = invoice('inv_up', start, [
      line('il_credit', 'proration_credit', -50_00, { why: because }),
      line('il_up', 'proration_charge', 300_00),
    ])
    const late = end - 10 * dayMs
    const [credit] = creditAtEnd([upgraded], late, { by: 'second' })
    expect(credit?.parts.map(part => part.netMinor)).toEqual([0, 100_00])
  })
})

describe('what an end takes of an invoice with a credit of time', () => {
  const because = { rule: 'proration.credit', inputs: { creditsLineId: 'il_gone' } }
  const day = (n: number) => start + n * dayMs

  it('is 63.37 where the invoice came to 63.37, though 10.61 at 27 % round to 8.35 and 2.25', () => {
    const changed = invoice('inv_change', start, [
      line('il_credit', 'proration_credit', -20_00, { taxMinor: -5_40, why: because }),
      line('il_new', 'proration_charge', 69_90, { taxMinor: 18_87 }),
    ])
    const [credit] = creditAtEnd([changed], day(5), { by: 'second' })
    expect(credit?.parts.map(({ netMinor, taxMinor }) => [netMinor, taxMinor])).toEqual([
      [-8_35, -2_26],
      [58_25, 15_73],
    ])
    expect(grossOf(credit!.parts)).toBe(63_37)
  })

  it('is 12.00 where 12.00 are left, though a note left nothing of a credit but 0.01 of its tax', () => {
    const noted = invoice('inv_noted', start, [
      line('il_credit', 'proration_credit', -20_00, {
        taxMinor: -4_00,
        creditedNetMinor: -20_00,
        creditedTaxMinor: -3_99,
        why: because,
      }),
      line('il_new', 'proration_charge', 10_00, { taxMinor: 2_01 }),
    ])
    const [credit] = creditAtEnd([noted], start, { by: 'second' })
    expect(grossOf(credit!.parts)).toBe(12_00)
  })

  it('is 75.00 and their 7.50 of tax, where a credit at 20 % left the invoice 5.00 of tax', () => {
    const moved = invoice('inv_moved', start, [
      line('il_credit', 'proration_credit', -50_00, { taxMinor: -10_00, why: because }),
      line('il_new', 'proration_charge', 150_00, { taxMinor: 15_00 }),
    ])
    const [credit] = creditAtEnd([moved], middle, { by: 'second' })
    expect(credit?.parts.map(({ netMinor, taxMinor }) => [netMinor, taxMinor])).toEqual([
      [0, 0],
      [75_00, 7_50],
    ])
  })

  it('is all the 17.00 that came, where 110.00 without tax were credited against 100.00 at 27 %', () => {
    const taxed = invoice('inv_taxed', start, [
      line('il_credit', 'proration_credit', -110_00, { why: because }),
      line('il_new', 'proration_charge', 100_00, { taxMinor: 27_00 }),
    ])
    const [credit] = creditAtEnd([taxed], start, { by: 'second' })
    expect(grossOf(credit?.parts ?? [])).toBe(17_00)
  })
})
