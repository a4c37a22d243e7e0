// Attacks that the ten items do not name one by one: injection in every filter and export, smuggling through the
// gateway, prototype pollution, patterns that take for ever, comparisons that leak by their time.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Route } from '@quittance/billing-contract/route'
import { basePath, routes } from '@quittance/billing-contract/routes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ground, openGround } from './ground.ts'

let ground: Ground
beforeAll(async () => {
  ground = await openGround()
})
afterAll(() => ground?.close())

const everyRoute = Object.values(routes) as Route[]
const root = fileURLToPath(new URL('../..', import.meta.url))

describe('injection', () => {
  const injected = [
    "' or '1'='1",
    "'; drop table invoices; --",
    "1' union select secret from tenants --",
    '$(id)',
    '{"$gt":""}',
    '*)(uid=*',
    '\\',
    '%',
    '_',
  ]

  /** So many requests meet the limit of a tenant: as it asks, they come again later. */
  async function patiently<A extends { status: number }>(ask: () => Promise<A>): Promise<A> {
    for (;;) {
      const answer = await ask()
      if (answer.status !== 429) return answer
      await new Promise(resolve => setTimeout(resolve, 1_000))
    }
  }

  it('in every filter of every list is a text like another, and no way to other tenants', async () => {
    let tried = 0
    const lists = everyRoute.filter(
      ({ method, path }) => method === 'GET' && !/:(?!format)/.test(path),
    )
    for (const { path, query, tenant, permission } of lists) {
      const names = Object.keys((query as { properties?: object } | undefined)?.properties ?? {})
      if (permission === null) continue
      for (const name of names.filter(each => !['limit', 'lang'].includes(each))) {
        for (const value of injected) {
          const at = `${path.replace(':format', 'csv')}?${name}=${encodeURIComponent(value)}`
          const answer = await patiently(() =>
            ground.call('GET', at, {
              as: ground.world.operator(),
              headers: tenant ? { 'x-tenant-id': 'victim' } : {},
            }),
          )
          expect([at, [200, 400, 404].includes(answer.status)]).toEqual([at, true])
          const rows: { tenantId?: string }[] = answer.body?.data ?? []
          const foreign = rows.filter(row => tenant && (row.tenantId ?? 'victim') !== 'victim')
          expect([at, foreign]).toEqual([at, []])
          tried += 1
        }
      }
    }
    expect(tried).toBeGreaterThan(500)
    const still = await ground.call('GET', '/invoices', { as: ground.world.admin('victim') })
    expect(still.body.data.length).toBeGreaterThan(0)
  }, 240_000)

  it('formulas in names are texts in every export', async () => {
    const as = ground.world.operator()
    const headers = { 'x-tenant-id': 'formulas' }
    const description = '=HYPERLINK("http://127.0.0.1","x")'
    const lineItems = [{ description, quantity: 1, unitAmount: 5 }]
    await ground.call('POST', '/invoices', { as, headers, body: { lineItems } })
    const [customer] = (await ground.call('GET', '/customers', { as, headers })).body.data
    const body = { name: '=1+1', purchaseOrder: '@SUM(1)' }
    await ground.call('PATCH', `/customers/${customer.id}`, { as, headers, body })
    for (const route of everyRoute.filter(({ path }) => path.endsWith('/export/:format'))) {
      if (!route.tenant) continue
      const path = route.path.replace(':format', 'csv')
      const { body: csv } = await ground.call('GET', path, { as, headers })
      expect([path, /(?:^|[,\n"])[=@]/.test(String(csv))]).toEqual([path, false])
    }
  })

  it('line ends in texts start no header of an answer', async () => {
    const as = ground.world.admin('victim')
    const answer = await ground.call('GET', '/invoices?cursor=a%0d%0aset-cookie:%20x=1', { as })
    expect(answer.headers.get('set-cookie')).toBeNull()
    const id = await ground.raw(
      `GET ${basePath}/plans HTTP/1.1\r\nhost: a\r\nx-request-id: a%0d%0ab\r\nconnection: close\r\n\r\n`,
    )
    expect(id).not.toMatch(/\r\nb/)
  })
})

describe('smuggling through the gateway', () => {
  const start = () =>
    `POST ${basePath}/subscriptions/preview HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${ground.world.admin('victim')}\r\n`
  const hidden = `GET ${basePath}/issuer/tenants HTTP/1.1\r\nhost: a\r\n\r\n`

  it.each([
    ['both lengths and chunks', 'content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    [
      'chunks named twice',
      'transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n',
    ],
    ['chunks with a tab', 'transfer-encoding:\tchunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n'],
    ['another spelling of chunks', 'transfer-encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'content-length: 4\r\ncontent-length: 40\r\n\r\nabcd'],
    ['a list of lengths', 'content-length: 4, 40\r\n\r\nabcd'],
    ['a negative length', 'content-length: -4\r\n\r\nabcd'],
    ['a length in hexadecimal', 'content-length: 0x4\r\n\r\nabcd'],
    ['a bare line feed', 'x: a\ncontent-length: 4\r\n\r\nabcd'],
    ['a bare carriage return', 'x: a\rcontent-length: 4\r\n\r\nabcd'],
    ['a space before the colon', 'content-length : 4\r\n\r\nabcd'],
    ['a NUL in a header', 'x: a\u0000b\r\n\r\n'],
  ])('%s: 400, and the request behind it is answered by nobody', async (_, rest) => {
    const answer = await ground.raw(`${start()}${rest}${hidden}`)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer.match(/HTTP\/1\.1 \d/g)).toHaveLength(1)
  })

  it('a chunk that lies about its size, and one without an end, are cut off', async () => {
    const lie = `${start()}transfer-encoding: chunked\r\n\r\n4\r\nabcdefgh\r\n0\r\n\r\n${hidden}`
    expect(await ground.raw(lie)).not.toMatch(/HTTP\/1\.1 200/)
    const huge = `${start()}transfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nabcd`
    expect(await ground.raw(huge)).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('headers of ours that a client sends count for nothing behind the gateway', async () => {
    const headers = {
      'x-forwarded-for': '1.2.3.4',
      forwarded: 'for=1.2.3.4',
      'x-real-ip': '1.2.3.4',
    }
    const as = ground.world.admin('victim')
    expect((await ground.call('GET', '/plans', { as, headers })).status).toBe(200)
    const named = { 'x-authenticated-user': 'operator', 'x-roles': 'operator', 'x-user-id': 'root' }
    const answer = await ground.call('GET', '/issuer/tenants', { as, headers: named })
    expect(answer.status).toBe(403)
  })
})

describe('prototype pollution', () => {
  it('by body, by query, by metadata and by path leaves objects as they were', async () => {
    const as = ground.world.admin('polluter')
    const raws = [
      '{"plan":"free","__proto__":{"polluted":true}}',
      '{"plan":"free","metadata":{"__proto__":"x"}}',
      '{"plan":"free","constructor":{"prototype":{"polluted":true}}}',
      '{"plan":"__proto__"}',
      '{"plan":"constructor"}',
    ]
    for (const raw of raws) {
      const answer = await ground.call('POST', '/subscriptions', { as, raw })
      expect([raw, answer.status]).toEqual([raw, 400])
    }
    for (const path of [
      '/plans/__proto__',
      '/plans/constructor',
      '/transactions/export/constructor',
    ]) {
      expect([path, (await ground.call('GET', path, { as })).status]).toEqual([path, 404])
    }
    await ground.call('GET', '/invoices?__proto__[polluted]=1&constructor.prototype.polluted=1', {
      as,
    })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

function* patternsOf(schema: unknown): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return
  for (const [name, each] of Object.entries(schema)) {
    if (name === 'pattern' && typeof each === 'string') yield each
    if (name === 'patternProperties') yield* Object.keys(each as object)
    yield* patternsOf(each)
  }
}

describe('patterns', () => {
  it('of the contract answer for 100,000 characters of every bad kind, each within the test', () => {
    const patterns = new Set(
      everyRoute.flatMap(({ body, query }) => [...patternsOf(body), ...patternsOf(query)]),
    )
    const bad = ['a', ' ', '@', 'a@', '0', '0.', '-', 'é', '\n'].map(part => part.repeat(100_000))
    for (const pattern of patterns) {
      for (const text of bad) expect(typeof new RegExp(pattern).test(`${text}!`)).toBe('boolean')
    }
    expect(patterns.size).toBeGreaterThan(8)
  })

  it('hold no repetition within a repetition, in the contract and in the sources', () => {
    const nested = /\((?:[^()\\]|\\.)*[+*](?:[^()\\]|\\.)*\)[+*](?!\?)/
    const literal =
      /(?<![\w)\]])\/((?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/[dgimsuvy]*(?=[.,;)\s])/g
    const found = sources().flatMap(({ file, text }) =>
      [...text.matchAll(literal)]
        .map(([, pattern]) => pattern!)
        .filter(pattern => nested.test(pattern))
        .map(pattern => `${file}: ${pattern}`),
    )
    expect(found).toEqual([])
  })
})

interface Source {
  readonly file: string
  readonly text: string
}

function sources(): Source[] {
  const folders = [
    'services/billing-service/src',
    'services/api-gateway/src',
    'packages/http-kit/src',
  ]
  return folders.flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts') && !/test\.ts$|^test\/|contract\.ts$/.test(name))
      .map(name => ({
        file: `${folder}/${name}`,
        text: readFileSync(join(root, folder, name), 'utf8'),
      })),
  )
}

describe('comparisons of secrets', () => {
  it('are never made with ===: signatures, digests and keys go through timingSafeEqual', () => {
    const leaky =
      /\b(?:signature|hmac|mac|secret|secretHash|keyHash|digestOf\w*)\s*[!=]==?(?!=)(?!\s*(?:null|undefined|'|"|typeof))/
    const found = sources().flatMap(({ file, text }) =>
      text
        .split('\n')
        .filter(line => leaky.test(line) && !line.trim().startsWith('//'))
        .map(line => `${file}: ${line.trim()}`),
    )
    expect(found).toEqual([])
    const makers = sources().filter(({ text }) => /createHmac/.test(text))
    for (const { file, text } of makers) {
      const compares = /verify|read\(|isSigned/.test(text)
      expect([file, !compares || text.includes('timingSafeEqual')]).toEqual([file, true])
    }
  })
})
