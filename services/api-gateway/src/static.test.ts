import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { call, startBefore, startBoth } from './test/loopback.ts'

const page = '<!doctype html><script type="module" src="/assets/index-Ab3_d-9Z.js"></script>'

const payPage = '<!doctype html><script type="module" src="/assets/pay-Ab3_d-9Z.js"></script>'

function makeBuild(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dashboard-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), page)
  writeFileSync(join(folder, 'pay.html'), payPage)
  writeFileSync(join(folder, 'assets', 'index-Ab3_d-9Z.js'), 'export {}')
  writeFileSync(join(folder, 'favicon.svg'), '<svg/>')
  writeFileSync(join(folder, '.env'), 'SECRET=1')
  writeFileSync(join(folder, '..', `${folder.split('/').at(-1)}.secret`), 'x')
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
    rmSync(`${folder}.secret`)
  })
  return folder
}

const html = { accept: 'text/html,application/xhtml+xml' }

describe('the built dashboard', () => {
  it.each(['/', '/invoices/inv_1', '/plans', '/payments/p/1', '/plan?tab=usage', '/a.b'])(
    'answers %s to a browser with the page, fresh each time',
    async path => {
      const { url } = await startBoth({ staticDir: makeBuild() })
      const answer = await call(`${url}${path}`, { headers: html })
      expect(answer).toMatchObject({ status: 200, body: Buffer.from(page) })
      expect(answer.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
      })
    },
  )

  it.each(['/p/tok_1.a-b', '/f/tok_1', '/p', '/p?payment_intent=pi_1', '/f/'])(
    'answers %s with the page of signed links, kept by no index and told to nobody',
    async path => {
      const { url } = await startBoth({ staticDir: makeBuild() })
      const answer = await call(`${url}${path}`, { headers: html })
      expect(answer).toMatchObject({ status: 200, body: Buffer.from(payPage) })
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-cache',
        'x-robots-tag': 'noindex, nofollow',
        'referrer-policy': 'no-referrer',
      })
      expect(answer.headers['content-security-policy']).toContain("script-src 'self';")
    },
  )

  it('keeps hashed assets for a year and other files for an hour', async () => {
    const { url } = await startBoth({ staticDir: makeBuild() })
    const asset = await call(`${url}/assets/index-Ab3_d-9Z.js`)
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(asset.headers['content-type']).toMatch(/javascript/)
    const icon = await call(`${url}/favicon.svg`)
    expect(icon.headers['cache-control']).toBe('public, max-age=3600')
  })

  it.each([
    ['a missing asset', '/assets/index-00000000.js', {}],
    ['a hidden file', '/.env', {}],
    ['a file outside', '/..%2f%2e%2e/etc/passwd', {}],
    ['data asked for by a script', '/invoices', { accept: 'application/json' }],
    ['an unknown API address, even for a browser', '/api/v2/x', html],
  ])('answers %s with 404 problem+json', async (_, path, headers) => {
    const { url } = await startBoth({ staticDir: makeBuild() })
    const answer = await call(`${url}${path}`, { headers })
    expect(answer.status).toBe(404)
    expect(answer.json().code).toBe('not_found')
  })

  it('has a policy without inline scripts, and names Stripe only with a real key', async () => {
    const folder = makeBuild()
    const policyOf = async (stripeJs: boolean) => {
      const { url } = await startBoth({ staticDir: folder, stripeJs })
      return String((await call(`${url}/`, { headers: html })).headers['content-security-policy'])
    }
    const sandbox = await policyOf(false)
    expect(sandbox).toContain("script-src 'self';")
    expect(sandbox).toContain("connect-src 'self';")
    expect(sandbox).toContain("frame-ancestors 'none'")
    expect(sandbox).not.toContain('stripe')
    const real = await policyOf(true)
    expect(real).toContain("script-src 'self' https://js.stripe.com")
    expect(real).toContain("connect-src 'self' https://api.stripe.com")
    expect(real).not.toMatch(/script-src[^;]*unsafe/)
  })
})

describe('without a build', () => {
  it.each([null, '/nowhere'])(
    '(%s) a browser gets a plain page that says what to do',
    async dir => {
      const { url } = await startBoth({ staticDir: dir })
      const answer = await call(`${url}/`, { headers: html })
      expect(answer.status).toBe(200)
      expect(answer.body.toString()).toContain('npm run build')
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
      expect((await call(`${url}/`)).status).toBe(404)
    },
  )
})

describe('the page behind the type of a problem', () => {
  it('explains unauthenticated in both languages, and 404 is for an unknown code', async () => {
    const { url } = await startBoth()
    const refused = await call(`${url}/api/v1/billing/plans`)
    const page = await call(new URL(String(refused.json().type), url).href, { headers: html })
    expect(page.status).toBe(200)
    expect(page.body.toString()).toMatch(/unauthenticated[\s\S]*401[\s\S]*Sign in[\s\S]*请先登录/)
    for (const code of ['nonsense', 'constructor', '__proto__']) {
      expect((await call(`${url}/problems/${code}`)).status).toBe(404)
    }
  })
})

describe('health', () => {
  it('is 200 while the gateway is up, ready only while the billing service is', async () => {
    const { url, upstream } = await startBoth({}, (received, response) => {
      response.writeHead(received.url === '/readyz' ? 200 : 404).end('{}')
    })
    expect((await call(`${url}/healthz`)).json()).toEqual({ status: 'ok' })
    expect((await call(`${url}/readyz`)).json()).toEqual({ status: 'ready' })
    await upstream.close()
    expect((await call(`${url}/healthz`)).status).toBe(200)
    const answer = await call(`${url}/readyz`)
    expect(answer.json()).toMatchObject({ status: 503, code: 'unavailable' })
    expect(answer.headers['retry-after']).toBe('5')
  })

  it('is not ready when the billing service says so', async () => {
    const { url } = await startBoth({}, (_, response) => response.writeHead(503).end())
    expect((await call(`${url}/readyz`)).status).toBe(503)
  })
})

describe('demo sign-in', () => {
  const users = [
    { id: 'ada', name: 'Ada', tenantId: 't1', roles: ['admin'], description: 'Pays the bills' },
    { id: 'olga', name: 'Olga', tenantId: null, roles: ['operator'], description: 'Staff' },
  ]
  const demo = { users, issue: (userId: string) => `token-of-${userId}` }
  const post = (url: string, body: string) =>
    call(`${url}/demo/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })

  it('lists 2 people and gives a token to one of them', async () => {
    const { url } = await startBefore('http://127.0.0.1:9', { demo })
    expect((await call(`${url}/demo/sign-ins`)).json()).toEqual({ data: users })
    const answer = await post(url, '{"user":"olga"}')
    expect(answer.json()).toEqual({ token: 'token-of-olga', user: users[1] })
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it.each([
    ['{"user":"eve"}', 404, 'not_found'],
    ['{}', 400, 'invalid_request'],
    ['{"user":', 400, 'invalid_request'],
    [`{"user":"${'x'.repeat(5_000)}"}`, 413, 'body_too_large'],
  ])('refuses %s', async (body, status, code) => {
    const { url } = await startBefore('http://127.0.0.1:9', { demo })
    expect((await post(url, body)).json()).toMatchObject({ status, code })
  })

  it('does not exist without an issuer', async () => {
    const { url } = await startBefore('http://127.0.0.1:9', { demo: null })
    expect((await call(`${url}/demo/sign-ins`)).status).toBe(404)
    expect((await post(url, '{"user":"ada"}')).status).toBe(404)
  })
})
