import { refusals } from '@quittance/billing-contract/refusals'
import { describe, expect, it } from 'vitest'
import { languageOf } from './language.ts'
import { faults, fillTemplate, problem } from './problem.ts'
import { requestIdFrom } from './request-id.ts'

const base = { requestId: 'req_1', language: 'en' as const }

describe('a problem', () => {
  it('has the members of RFC 9457 and ours', () => {
    const details = { plan: 'starter', included: 100, metric: 'calls', total: 101 }
    expect(problem({ ...base, code: 'quota_exceeded', details })).toEqual({
      status: 409,
      headers: {
        'content-type': 'application/problem+json',
        'content-language': 'en',
        'cache-control': 'no-store',
      },
      body: {
        type: '/problems/quota_exceeded',
        title: 'Quota exceeded',
        status: 409,
        detail: 'The plan starter includes 100 calls and this would make 101. Upgrade to use more.',
        code: 'quota_exceeded',
        requestId: 'req_1',
        errors: [],
        ...details,
      },
    })
  })

  it('uses the Chinese wording of details, members and errors in Chinese', () => {
    const { body } = problem({
      code: 'not_found',
      requestId: 'req_1',
      language: 'zh-CN',
      details: { noun: 'invoice', nounZh: '账单', hint: 'Look twice.', hintZh: '请再查一次。' },
      errors: [{ path: '/a', message: 'Wrong.', messageZh: '错误。' }],
    })
    expect(body).toMatchObject({ detail: '未找到该账单。', hint: '请再查一次。', noun: '账单' })
    expect(body.errors).toEqual([{ path: '/a', message: '错误。' }])
    expect(body).not.toHaveProperty('nounZh')
  })

  it('keeps declineCode and advice, and no detail can replace a standard member', () => {
    const details = {
      sentence: 'The card has too little money.',
      declineCode: 'insufficient_funds',
      advice: 'Use another card.',
      status: 200,
      code: 'x',
    }
    const { body } = problem({ ...base, code: 'payment_declined', details })
    expect(body).toMatchObject({
      status: 402,
      code: 'payment_declined',
      declineCode: 'insufficient_funds',
      advice: 'Use another card.',
      detail: 'The card has too little money. Nothing was charged.',
    })
    expect(body).not.toHaveProperty('sentence')
  })

  it('prints no brace for any code in either language when every detail is missing', () => {
    for (const code of [...Object.keys(refusals), ...Object.keys(faults)]) {
      for (const language of ['en', 'zh-CN'] as const) {
        const { body, status } = problem({ code, requestId: 'r', language })
        expect(body.detail).not.toMatch(/[{}]|\(\)|（）|undefined|null/)
        expect(body.detail.length).toBeGreaterThan(4)
        expect(body.status).toBe(status)
      }
    }
  })

  it('leaves out an aside that lacks its word, and marks another gap with an ellipsis', () => {
    expect(fillTemplate('Sign in. ({reason})', {}, 'en')).toBe('Sign in.')
    expect(fillTemplate('请登录。（{reason}）', { reasonZh: '已过期' }, 'zh-CN')).toBe(
      '请登录。（已过期）',
    )
    expect(fillTemplate('It is {constructor} {x}.', {}, 'en')).toBe('It is … ….')
  })

  it('does not fill what a detail itself contains', () => {
    expect(fillTemplate('{plan}', { plan: '{secret}', secret: 's' }, 'en')).toBe('{secret}')
  })

  it('for an unknown code or a fault is 500 and up, without details or errors', () => {
    const details = { stack: 'at x' }
    const errors = [{ path: '/a', message: 'x' }]
    for (const code of ['no_such_code', 'constructor', 'internal_error']) {
      const { body, status } = problem({ ...base, code, details, errors })
      expect(status).toBe(500)
      expect(body).toMatchObject({ code: 'internal_error', type: '/problems/internal_error' })
      expect(body.errors).toEqual([])
      expect(body).not.toHaveProperty('stack')
    }
  })

  it('says how to sign in on 401 and when to come back on 429 and 503', () => {
    const headersOf = (code: string, details = {}) => problem({ ...base, code, details }).headers
    expect(headersOf('unauthenticated')).toMatchObject({ 'www-authenticate': 'Bearer' })
    expect(headersOf('rate_limited', { seconds: 3 })).toMatchObject({ 'retry-after': '3' })
    expect(headersOf('unavailable')).toMatchObject({ 'retry-after': '5' })
  })
})

describe('the language of a request', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['zh', 'zh-CN'],
    ['zh-Hant-TW', 'zh-CN'],
    ['ZH-cn', 'zh-CN'],
    ['en-GB,zh;q=0.9', 'en'],
    ['fr, zh;q=0.3, en;q=0.2', 'zh-CN'],
    ['fr', 'en'],
    ['zh;q=0, en;q=0.1', 'en'],
    ['zh;q=abc', 'en'],
    ['zh;q=0.8, *;q=0.9', 'en'],
    [`${'zh,'.repeat(400)}`, 'en'],
  ])('for %s is %s', (header, language) => {
    expect(languageOf(header)).toBe(language)
  })
})

describe('a request id', () => {
  it('is the one sent when it is 1-128 safe characters, else a new one', () => {
    expect(requestIdFrom('order-7:retry.2')).toBe('order-7:retry.2')
    expect(requestIdFrom('x'.repeat(128))).toHaveLength(128)
    const fresh = /^req_[0-9a-f-]{36}$/
    for (const bad of [
      '',
      'x'.repeat(129),
      'a b',
      'a\nb',
      '<script>',
      'é',
      undefined,
      ['a', 'b'],
    ]) {
      expect(requestIdFrom(bad)).toMatch(fresh)
    }
  })
})
