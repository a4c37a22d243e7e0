import { createHash } from 'node:crypto'
import { IncomingMessage, ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeBodyReader } from './body.ts'
import { makeForwarder } from './proxy.ts'
import {
  bearer,
  call,
  exchange,
  makeSignal,
  secret,
  startBefore,
  startBoth,
  startUpstream,
} from './test/loopback.ts'

const api = '/api/v1/billing'
const megabyte = 1024 * 1024
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

describe('a billing service that fails', () => {
  /** Accepts connections and treats them as told; speaks no HTTP by itself. */
  async function startTcp(onData: (write: (text: string) => void, end: () => void) => void) {
    let connections = 0
    const server = createTcpServer(socket => {
      connections += 1
      socket.on('error', () => undefined)
      socket.on('data', () =>
        onData(
          text => socket.write(text),
          () => socket.destroy(),
        ),
      )
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const address = server.address() as { port: number }
    return { url: `http://127.0.0.1:${address.port}`, connections: () => connections }
  }

  it('by being down is 502 bad_gateway in the language of the caller', async () => {
    const { url } = await startBefore('http://127.0.0.1:9')
    const headers = { ...bearer(), 'accept-language': 'zh' }
    const answer = await call(`${url}${api}/plans`, { headers })
    expect(answer.json()).toMatchObject({ status: 502, code: 'bad_gateway', title: 'Bad gateway' })
    expect(answer.json().detail).toMatch(/计费服务/)
  })

  it('by saying nothing for the timeout is 504 gateway_timeout', async () => {
    const tcp = await startTcp(() => undefined)
    const { url } = await startBefore(tcp.url, { upstreamTimeoutMs: 60 })
    const answer = await call(`${url}${api}/plans`, { headers: bearer() })
    expect(answer.json()).toMatchObject({ status: 504, code: 'gateway_timeout' })
  })

  it('by hanging up before an answer is 502, and a new connection is not tried again', async () => {
    const tcp = await startTcp((_, end) => end())
    const { url } = await startBefore(tcp.url)
    expect((await call(`${url}${api}/plans`, { headers: bearer() })).status).toBe(502)
    expect(tcp.connections()).toBe(1)
  })

  it('by answering something that is not HTTP is 502', async () => {
    const tcp = await startTcp(write => write('SMTP ready\r\n'))
    const { url } = await startBefore(tcp.url)
    expect((await call(`${url}${api}/plans`, { headers: bearer() })).status).toBe(502)
  })

  it.each([
    ['of known length', 'content-length: 100\r\n\r\nhalf'],
    ['in chunks', 'transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
  ])('in the middle of an answer %s breaks the answer off, never ends it well', async (_, rest) => {
    const tcp = await startTcp((write, end) => {
      write(`HTTP/1.1 200 OK\r\n${rest}`)
      setImmediate(end)
    })
    const { url } = await startBefore(tcp.url)
    const outcome = call(`${url}${api}/plans`, { headers: bearer() })
    await expect(outcome).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  it('by falling silent in the middle of an answer breaks it off after the timeout', async () => {
    const tcp = await startTcp(write => write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'))
    const { url } = await startBefore(tcp.url, { upstreamTimeoutMs: 60 })
    const outcome = call(`${url}${api}/plans`, { headers: bearer() })
    await expect(outcome).rejects.toMatchObject({ code: 'ECONNRESET' })
  })
})

describe('a kept-alive connection that the billing service closed', () => {
  /** Answers the first request of each connection and hangs up on the second. */
  async function startForgetful() {
    let requests = 0
    const server = createTcpServer(socket => {
      let isFirst = true
      socket.on('error', () => undefined)
      socket.on('data', () => {
        requests += 1
        if (isFirst) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
        else socket.destroy()
        isFirst = false
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const { url } = await startBefore(`http://127.0.0.1:${port}`)
    return { url, requests: () => requests }
  }

  it.each([
    ['a read is sent again', 'GET', '/plans', {}, 200, 3],
    ['a write with a key is sent again', 'POST', '/x', { 'idempotency-key': 'k' }, 200, 3],
    ['a webhook is sent again', 'POST', '/webhooks/stripe', {}, 200, 3],
    ['a write without key is 502 and sent once', 'POST', '/x', {}, 502, 2],
  ])('%s', async (_, method, path, headers, status, sent) => {
    const { url, requests } = await startForgetful()
    expect((await call(`${url}${api}/plans`, { headers: bearer() })).status).toBe(200)
    const answer = await call(`${url}${api}${path}`, {
      method,
      headers: { ...bearer(), ...headers },
      ...(method === 'POST' ? { body: '{}' } : {}),
    })
    expect([answer.status, requests()]).toEqual([status, sent])
  })
})

describe('more than the gateway may hold', () => {
  it('is turned away at once: the second request of one, and bytes above the bound', async () => {
    const upstream = await startUpstream(() => undefined)
    const forwarder = makeForwarder({ url: upstream.url, timeoutMs: 1_000, inFlightMax: 1 })
    onTestFinished(() => forwarder.close())
    const client = new ServerResponse(new IncomingMessage(new Socket()))
    const request = {
      method: 'GET',
      target: '/',
      headers: [],
      body: null,
      replayable: true,
      client,
    }
    const failures: string[] = []
    const handlers = {
      onAnswer: () => undefined,
      onFailure: (failure: string) => void failures.push(failure),
    }
    forwarder.forward(request, handlers)
    forwarder.forward(request, handlers)
    expect(failures).toEqual(['overloaded'])
    client.emit('close')

    const bodies = makeBodyReader({ bytesMax: 100, heldBytesMax: 150 })
    const upload = () => {
      const message = new IncomingMessage(new Socket())
      message.headers['content-length'] = '100'
      return message
    }
    const [first, second] = [upload(), upload()]
    const outcomes = [bodies.read(first), bodies.read(second)]
    first.push(Buffer.alloc(100))
    await new Promise(resolve => setImmediate(resolve))
    second.push(Buffer.alloc(100))
    expect(await outcomes[1]).toEqual({ kind: 'overloaded' })
    first.push(null)
    expect(await outcomes[0]).toMatchObject({ kind: 'read' })
  })
})

describe('the gateway and its clients', () => {
  it('streams an answer of 30 MB unchanged', async () => {
    const part = Buffer.alloc(megabyte, 'y')
    const { url } = await startBoth({}, (_, response) => {
      response.writeHead(200, { 'content-type': 'text/csv' })
      let left = 30
      const more = () => {
        while (left > 0) {
          left -= 1
          if (!response.write(part)) return response.once('drain', more)
        }
        return response.end()
      }
      more()
    })
    const answer = await call(`${url}${api}/transactions/export/csv`, { headers: bearer() })
    expect(answer.body.length).toBe(30 * megabyte)
    expect(sha256(answer.body)).toBe(sha256(Buffer.alloc(30 * megabyte, 'y')))
  })

  it('stops asking the billing service when the client leaves', async () => {
    const left = makeSignal<void>()
    const arrived = makeSignal<void>()
    const { url } = await startBoth({}, (_, response) => {
      response.on('close', () => left.give())
      arrived.give()
    })
    const controller = new AbortController()
    const outcome = fetch(`${url}${api}/plans`, { headers: bearer(), signal: controller.signal })
    await arrived.given
    controller.abort()
    await expect(outcome).rejects.toThrow()
    await left.given
  })

  it('ends a request that arrives too slowly with 408', async () => {
    const { url } = await startBoth({ requestTimeoutMs: 120 })
    const head = `POST ${api}/webhooks/stripe HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf`
    const answer = await exchange(url, head)
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(answer).toContain('request_timeout')
  })

  it('is not built for an address with a path, or without a token key', async () => {
    const token = { secret }
    await expect(startBefore('http://127.0.0.1:1/api', { token })).rejects.toThrow(/origin/)
    await expect(startBefore('ftp://127.0.0.1', { token })).rejects.toThrow(/origin/)
    await expect(startBefore('http://127.0.0.1:1', { token: {} })).rejects.toThrow(/secret/)
  })
})
