// The whole product as an attacker meets it: the gateway before the billing service, with a victim that has something
// to take. Raw sockets where a client library would be too polite.
import { createHmac } from 'node:crypto'
import { connect } from 'node:net'
import { buildGateway } from '@quittance/api-gateway/app'
import { openWorld, secret, type World } from '@quittance/billing-service/test/world'

export interface Ground {
  readonly world: World
  /** Origin of the gateway. */
  readonly gateway: string
  /** The same requests as `world.call`, through the gateway. */
  call: World['call']
  /** Objects of the tenant `victim`. */
  readonly victim: Readonly<Record<'subscription' | 'invoice' | 'method' | 'payment', string>>
  /** Bytes as they are, and all that comes back until the connection ends or falls silent. */
  raw(bytes: string): Promise<string>
  close(): Promise<void>
}

const base = '/api/v1/billing'

async function furnish(world: World): Promise<Ground['victim']> {
  const as = world.admin('victim')
  const body = { plan: 'professional', trialDays: 0, paymentMethodId: 'pm_card_visa' }
  const made = await world.call('POST', '/subscriptions', { as, body })
  const first = async (path: string) => (await world.call('GET', path, { as })).body.data[0].id
  return {
    subscription: made.body.id,
    invoice: await first('/invoices'),
    method: await first('/payment-methods'),
    payment: await first('/transactions?type=payment'),
  }
}

export async function openGround(): Promise<Ground> {
  const world = await openWorld({ jobs: 'off' })
  const limits = { tenant: null, address: null }
  const app = buildGateway({ billingUrl: world.url, token: { secret }, limits })
  const gateway = await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = new URL(gateway)
  return {
    world,
    gateway,
    victim: await furnish(world),
    async call(method, path, call = {}) {
      const body = call.raw ?? (call.body === undefined ? null : JSON.stringify(call.body))
      const response = await fetch(`${gateway}${base}${path}`, {
        method,
        body,
        headers: {
          ...(call.as ? { authorization: `Bearer ${call.as}` } : {}),
          ...(body === null ? {} : { 'content-type': 'application/json' }),
          ...call.headers,
        },
      })
      const text = await response.text()
      const isJson = response.headers.get('content-type')?.includes('json') && text !== ''
      const { status, headers } = response
      return { status, headers, body: isJson ? JSON.parse(text) : text }
    },
    raw: bytes =>
      new Promise((resolve, reject) => {
        const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes))
        let heard = ''
        socket.setTimeout(2_000, () => socket.destroy())
        socket.on('data', chunk => {
          heard += chunk.toString('latin1')
        })
        socket.on('close', () => resolve(heard))
        socket.on('error', reject)
      }),
    async close() {
      await app.close()
      await world.close()
    },
  }
}

/** A delivery of Stripe's, signed as if at `seconds`. */
export function signedDelivery(event: unknown, seconds = Math.floor(Date.now() / 1000)) {
  const raw = JSON.stringify(event)
  const v1 = createHmac('sha256', 'whsec_world').update(`${seconds}.${raw}`).digest('hex')
  return { raw, headers: { 'stripe-signature': `t=${seconds},v1=${v1}` } }
}

/** A token put together by hand: any header, any payload, any signature. */
export function handmade(header: unknown, payload: unknown, signature?: string): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${part(header)}.${part(payload)}`
  const made = createHmac('sha256', secret).update(input).digest('base64url')
  return `${input}.${signature ?? made}`
}
