import { describe, expect, it } from 'vitest'
import { admissionOf, isPlainPath, pathOf } from './auth.ts'

describe('the way a request is let in', () => {
  it.each([
    ['POST', '/webhooks/stripe', 'webhook'],
    ['GET', '/webhooks/stripe', 'token'],
    ['POST', '/webhooks/stripe/more', 'token'],
    ['POST', '/webhook-endpoints', 'token'],
    ['GET', '/openapi.json', 'open'],
    ['HEAD', '/openapi.json', 'open'],
    ['POST', '/openapi.json', 'token'],
    ['GET', '/docs', 'open'],
    ['GET', '/docs/static/index.css', 'open'],
    ['GET', '/docsearch', 'token'],
    ['GET', '/public/pay/tok', 'open'],
    ['POST', '/public/pay/tok', 'open'],
    ['GET', '/publications', 'token'],
    ['GET', '/subscriptions', 'token'],
    ['GET', '', 'token'],
  ])('%s %s: %s', (method, rest, admission) => {
    expect(admissionOf(method, `/api/v1/billing${rest}`)).toBe(admission)
  })

  it('looks at the path alone, without its query', () => {
    expect(pathOf('/api/v1/billing/subscriptions?x=/public/')).toBe('/api/v1/billing/subscriptions')
  })
})

describe('a path that two servers could read differently', () => {
  it.each([
    '/api/v1/billing/public/../subscriptions',
    '/api/v1/billing/public/%2e%2e/subscriptions',
    '/api/v1/billing/public/.%2E/subscriptions',
    '/api/v1/billing/public/..%2fsubscriptions',
    '/api/v1/billing/public\\..\\subscriptions',
    '/api/v1/billing/public/..%5csubscriptions',
    '/api/v1/billing/./subscriptions',
    '/api/v1/billing//subscriptions',
    '/api/v1/billing/docs#/../subscriptions',
    '/api/v1/billing/invoices/a%00b',
    '/api/v1/billing/public/..',
  ])('%s is refused', path => {
    expect(isPlainPath(path)).toBe(false)
  })

  it.each(['/api/v1/billing/coupons/A.B%20C', '/api/v1/billing/transactions/export/csv', '/a/..b'])(
    '%s is plain',
    path => {
      expect(isPlainPath(path)).toBe(true)
    },
  )
})
