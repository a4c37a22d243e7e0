import { expect, it } from 'vitest'
import { assertTerms, fapiaoFigures, isCreditCode, reversed } from './fapiao.ts'

const line = (description: string, amountMinor: number, taxMinor: number, discountMinor = 0) => ({
  description,
  descriptionZh: null,
  amountMinor,
  discountMinor,
  taxMinor,
  taxRatePpm: 60_000,
  quantity: '1',
  unitAmount: '1.00',
})

it('91350100M000100Y43 is a credit code, and with any other last character none', () => {
  expect(isCreditCode('91350100M000100Y43')).toBe(true)
  expect(isCreditCode('91350100M000100Y44')).toBe(false)
  expect(isCreditCode('91350100M000100I43')).toBe(false)
})

it('a special fapiao needs a tax number, a general one none; 15 characters carry no check', () => {
  const terms = { title: '某公司', address: null, phone: null, bankName: null }
  const rest = { ...terms, bankAccount: null, remarks: null, email: null }
  const tried = (type: 'general' | 'special', taxNumber: string | null) => () =>
    assertTerms({ ...rest, type, taxNumber })
  expect(tried('special', null)).toThrow()
  expect(tried('general', null)).not.toThrow()
  expect(tried('special', '350100123456789')).not.toThrow()
  expect(tried('general', '91350100M000100Y44')).toThrow()
})

it('lines stand as they are, those over 0 left out, while none is negative', () => {
  const figures = fapiaoFigures([line('Seats', 10_000, 540, 1_000), line('Free', 0, 0)], [])
  expect(figures).toEqual([
    {
      item: 'Seats',
      quantity: '1',
      unitAmount: '1.00',
      amountMinor: 10_000,
      discountMinor: 1_000,
      taxRatePpm: 60_000,
      taxMinor: 540,
    },
  ])
})

it('credit of 40.00 and a charge of 100.00 less 10.00 stand as one line of 50.00', () => {
  const lines = [line('Unused', -4_000, -240), line('Rest', 10_000, 540, 1_000)]
  const [only, ...others] = fapiaoFigures(lines, [])
  expect(others).toEqual([])
  expect(only).toMatchObject({ item: 'Rest', amountMinor: 5_000, discountMinor: 0, taxMinor: 300 })
  expect(reversed(only!)).toMatchObject({ amountMinor: -5_000, discountMinor: 0, taxMinor: -300 })
})
