// For tests only: a sandbox in memory with the official SDK as its client, and a webhook receiver.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Stripe from 'stripe'
import { type Sandbox, type SandboxOptions, startSandbox } from './server.ts'

export type TestSandbox = Sandbox & { stripe: Stripe }

/** A client of a sandbox that never retries, so that tests see every answer. */
export function clientOf(sandbox: Pick<Sandbox, 'port' | 'secretKey'>): Stripe {
  return new Stripe(sandbox.secretKey, {
    protocol: 'http',
    host: '127.0.0.1',
    port: sandbox.port,
    maxNetworkRetries: 0,
    telemetry: false,
  })
}

export async function startTestSandbox(options: SandboxOptions = {}): Promise<TestSandbox> {
  const sandbox = await startSandbox(options)
  return { ...sandbox, stripe: clientOf(sandbox) }
}

export type Received = { event: Stripe.Event; signature: string; body: string }

/** A webhook receiver that keeps what it gets; `answer` chooses the status of each delivery. */
export async function startReceiver(answer: (count: number) => number = () => 200) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(Buffer.from(chunk)))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const signature = String(request.headers['stripe-signature'])
      received.push({ event: JSON.parse(body), signature, body })
      response.writeHead(answer(received.length)).end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    received,
    types: () => received.map(({ event }) => event.type),
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** The error an API call failed with; fails when it succeeded. */
export async function failureOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call
  } catch (failure) {
    if (failure instanceof Stripe.errors.StripeError) return failure
    throw failure
  }
  throw new Error('The call was expected to fail, but succeeded.')
}
