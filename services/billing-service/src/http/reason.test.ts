import { expect, it } from 'vitest'
import { reasonOf } from './reason.ts'

it('the header comes before the body, in ASCII, percent-encoded or as bytes of UTF-8', () => {
  expect(reasonOf('asked by phone', { reason: 'other' })).toBe('asked by phone')
  expect(reasonOf(encodeURIComponent('客户来电'), null)).toBe('客户来电')
  expect(reasonOf(Buffer.from('客户来电').toString('latin1'), null)).toBe('客户来电')
  expect(reasonOf('100 % sure', null)).toBe('100 % sure')
  expect(reasonOf(undefined, { reason: 'duplicate' })).toBe('duplicate')
})

it('nothing, blanks and what is no text are no reason', () => {
  for (const body of [null, undefined, {}, { reason: ' ' }, { reason: 7 }, 'reason']) {
    expect(reasonOf(undefined, body)).toBeNull()
  }
})

it('501 characters, a line end and a card number are refused', () => {
  for (const text of ['x'.repeat(501), 'a%0Ab', 'card 4242424242424242']) {
    expect(() => reasonOf(text, null)).toThrow('invalid_request')
  }
})
