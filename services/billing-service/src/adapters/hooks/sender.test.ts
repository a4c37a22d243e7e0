import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { isPublicAddress } from './addresses.ts'
import { makeHookSender, signatures } from './sender.ts'

describe('signing', () => {
  it('signs the example of the Standard Webhooks specification', () => {
    const message = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      seconds: 1_614_265_330,
      body: '{"test": 2432232314}',
    }
    expect(signatures(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], message)).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    )
  })
})

describe('addresses', () => {
  it.each([
    '10.1.2.3',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'ff02::1',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001:db8::1',
    'nonsense',
  ])('%s is not on the public internet', address => {
    expect(isPublicAddress(address)).toBe(false)
  })

  it.each(['8.8.8.8', '1.1.1.1', '2606:4700::1111', '2a00:1450:4001::200e'])('%s is', address => {
    expect(isPublicAddress(address)).toBe(true)
  })

  it.each([
    'http://example.com/hook',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://localhost/',
    'https://db.internal/',
    'https://LOCALHOST./',
    'https://user:pass@example.com/',
    'ftp://example.com/',
    'no address',
  ])('refuses %s', url => {
    expect(makeHookSender({ targets: 'public' }).check(url)).not.toBeNull()
  })

  it('takes https and a name or a public address', () => {
    const sender = makeHookSender({ targets: 'public' })
    expect(sender.check('https://hooks.example.com:8443/a?b=c')).toBeNull()
    expect(sender.check('https://8.8.8.8/')).toBeNull()
  })
})

describe('delivering', () => {
  let server: Server | undefined
  afterEach(() => {
    server?.closeAllConnections()
    server?.close()
  })
  const listen = async (answer: RequestListener): Promise<string> => {
    server = createServer(answer)
    await new Promise<void>(done => server!.listen(0, '127.0.0.1', done))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const message = (url: string) => ({
    url,
    id: 'evt_1',
    sentAt: 1_000,
    body: '{}',
    secrets: ['whsec_AAAA'],
  })

  it('follows no redirection and says so', async () => {
    const asked: string[] = []
    const url = await listen((request, reply) => {
      asked.push(request.url ?? '')
      reply.writeHead(302, { location: '/elsewhere' }).end()
    })
    const result = await makeHookSender({ targets: 'any' }).send(message(`${url}/first`))
    expect(result).toMatchObject({ status: 302, problem: expect.stringContaining('redirection') })
    expect(asked).toEqual(['/first'])
  })

  it('waits no longer than its time', async () => {
    const url = await listen(() => undefined)
    const result = await makeHookSender({ targets: 'any', timeoutMs: 50 }).send(message(url))
    expect(result).toMatchObject({ status: null, problem: 'no answer within 0.05 s' })
  })

  it('does not connect to a name that leads to a private address', async () => {
    const sender = makeHookSender({ targets: 'public' })
    const result = await sender.send(message('https://localhost/'))
    expect(result.status).toBeNull()
    expect(result.problem).toContain('public internet')
  })
})
