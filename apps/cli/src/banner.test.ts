import { expect, it } from 'vitest'
import { bannerOf } from './banner.ts'
import { demoPeople } from './demo.ts'

const facts = {
  version: '1.2.3',
  seconds: 2.14,
  gatewayUrl: 'http://127.0.0.1:3000',
  billingUrl: 'http://127.0.0.1:3010',
  people: demoPeople,
  embedded: ['PostgreSQL 18.4', 'a Stripe sandbox'],
  dataDir: '/srv/quittance',
  notices: [],
}

it('fits on a screen: at most 20 lines of 100 columns, with both languages', () => {
  const lines = bannerOf(facts).split('\n')
  expect(lines.length).toBeLessThanOrEqual(20)
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(100)
  const text = lines.join('\n')
  expect(text).toContain('http://127.0.0.1:3000')
  expect(text).toContain('Embedded: PostgreSQL 18.4; a Stripe sandbox. Data: /srv/quittance')
  expect(text).toContain('清讫已就绪')
  for (const { id } of demoPeople) expect(text).toContain(id)
})

it('offers no sign-ins and no walk beside the real Stripe', () => {
  const text = bannerOf({ ...facts, people: [], embedded: [] })
  expect(text).not.toContain('Sign in')
  expect(text).not.toContain('npm run walk')
  expect(text).not.toContain('Embedded')
})
