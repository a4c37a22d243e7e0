import { expect, test } from 'vitest'
import { addressLines, partyView } from './party.ts'

const address = (
  country: string,
  line1: string,
  city: string,
  state: string | null,
  postalCode: string,
) => ({ line1, line2: null, city, state, postalCode, country })

test.each([
  [
    'DE',
    address('DE', 'Hafenstraße 7', 'Hamburg', null, '20459'),
    ['Hafenstraße 7', '20459 Hamburg', 'Germany'],
  ],
  [
    'US',
    address('US', '1 Main St', 'Austin', 'TX', '78701'),
    ['1 Main St', 'Austin, TX 78701', 'United States'],
  ],
  [
    'GB',
    address('GB', '1 High St', 'Leeds', null, 'LS1 4AP'),
    ['1 High St', 'Leeds', 'LS1 4AP', 'United Kingdom'],
  ],
])('an address in %s has the order of its country', (_, given, lines) => {
  expect(addressLines(given, 'en')).toEqual(lines)
})

test('a Chinese address runs from the country down to the door', () => {
  const given = address('CN', '南山区科技路1号', '深圳市', '广东省', '518057')
  expect(addressLines(given, 'zh-CN')).toEqual(['中国广东省深圳市', '南山区科技路1号', '518057'])
})

test('a municipality that is its own province is named once', () => {
  const given = address('CN', '浦东新区世纪大道100号', '上海市', '上海市', '200120')
  expect(addressLines(given, 'zh-CN')[0]).toBe('中国上海市')
})

test('a party without a name is known by its e-mail; tax ids get the word of their kind', () => {
  const party = partyView(
    {
      name: null,
      address: null,
      taxIds: [
        { type: 'eu_vat', value: 'DE1' },
        { type: 'cn_tin', value: '9131' },
      ],
      email: 'a@b.example',
    },
    'en',
  )
  expect(party.name).toBe('a@b.example')
  expect(party.facts.map(fact => fact.label)).toEqual(['vatNumber', 'creditCode', 'email'])
})
