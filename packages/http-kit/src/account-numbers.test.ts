import { describe, expect, it } from 'vitest'
import { accountNumberIn, findAccountNumber, withoutAccountNumbers } from './account-numbers.ts'

describe('a card number', () => {
  it.each([
    '4242424242424242',
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    '4222222222222',
    '5555555555554444',
    '2223003122003222',
    '378282246310005',
    '3782 822463 10005',
    '30569309025904',
    '6011111111111117',
    '6200000000000005',
    '3566002020360505',
    'card 4000056655665556, exp 12/30',
    '(4242424242424242)',
  ])('is found in "%s"', text => {
    expect(accountNumberIn(text)).toBe('card number')
  })

  it.each([
    '4242424242424241',
    '1795896307601',
    'inv_01M8HW8Z4PGHAN7QV1XQFS8HNC',
    '+4930901820424242',
    '999999999999',
    '2026-11-28T20:06:52.346Z',
    '1234567812345670',
    '4242424242424242000000',
    'a4242424242424242',
    '0.4242424242424242',
  ])('is not seen in "%s"', text => {
    expect(accountNumberIn(text)).toBeNull()
  })
})

it('a bank account number is an IBAN whose check digits hold', () => {
  expect(accountNumberIn('DE89 3704 0044 0532 0130 00')).toBe('bank account number')
  expect(accountNumberIn('pay to GB29NWBK60161331926819 please')).toBe('bank account number')
  expect(accountNumberIn('NO9386011117947')).toBe('bank account number')
  expect(accountNumberIn('DE88370400440532013000')).toBeNull()
  expect(accountNumberIn('DE123456789 is a VAT id')).toBeNull()
})

it('is found at any depth, as a number, in the name of a member, and by the name alone', () => {
  const kindOf = (value: unknown) => findAccountNumber(value)
  expect(kindOf({ a: [{ b: 'x' }, { b: '4242424242424242' }] })).toEqual({
    path: '/a/1/b',
    kind: 'card number',
  })
  expect(kindOf({ quantity: 4242424242424242 })?.path).toBe('/quantity')
  expect(kindOf({ metadata: { 4242424242424242: 'x' } })?.path).toBe('/metadata/[name]')
  expect(kindOf({ metadata: { cvc: '123' } })?.path).toBe('/metadata/cvc')
  expect(kindOf({ metadata: { company: 'x' }, items: [1, 2] })).toBeNull()
})

it('is masked in a line, everything else stays', () => {
  expect(withoutAccountNumbers('/coupons/4242424242424242?x')).toBe('/coupons/[number]?x')
  expect(withoutAccountNumbers('/coupons/4242424242424241')).toBe('/coupons/4242424242424241')
})
