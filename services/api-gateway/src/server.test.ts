import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { startGateway } from './server.ts'
import { bearer, call, makeSignal, secret, startBoth, startUpstream } from './test/loopback.ts'

const api = '/api/v1/billing'

describe('closing the gateway', () => {
  it('finishes the request under way, then takes no new connection', async () => {
    const arrived = makeSignal<() => void>()
    const upstream = await startUpstream((_, response) => {
      arrived.give(() => response.end('done'))
    })
    const gateway = await startGateway({ port: 0, billingUrl: upstream.url, token: { secret } })
    const outcome = call(`${gateway.url}${api}/plans`, { headers: bearer() })
    const finish = await arrived.given
    const closed = gateway.close()
    finish()
    const answer = await outcome
    expect(answer).toMatchObject({ status: 200, body: Buffer.from('done') })
    expect(answer.headers.connection).toBe('close')
    await closed
    await expect(call(`${gateway.url}/healthz`)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('does not wait for an idle kept-alive connection', async () => {
    const { gateway } = await startBoth()
    const { port } = new URL(gateway.url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write('GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n')
    await new Promise(resolve => socket.once('data', resolve))
    const ended = new Promise(resolve => socket.once('close', resolve))
    await gateway.close()
    await ended
  })

  it('gives up on a request that outlasts the bound', async () => {
    const arrived = makeSignal<void>()
    const upstream = await startUpstream(() => arrived.give())
    const gateway = await startGateway({
      port: 0,
      billingUrl: upstream.url,
      token: { secret },
      closeTimeoutMs: 50,
    })
    const outcome = call(`${gateway.url}${api}/plans`, { headers: bearer() })
    const broken = expect(outcome).rejects.toMatchObject({ code: 'ECONNRESET' })
    await arrived.given
    await gateway.close()
    await broken
  })
})

describe('starting the gateway', () => {
  it('rejects when the port is taken', async () => {
    const { gateway, upstream } = await startBoth()
    const port = Number(new URL(gateway.url).port)
    const second = startGateway({ port, billingUrl: upstream.url, token: { secret } })
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
