// What is read: one object by its id, through the service and through the gateway.
import { createServer, request as forward } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startGateway } from '@quittance/api-gateway/server'
import { customerRow, subscriptionRow, tenantRow } from '../../src/ports/contract/rows.ts'
import { type Ground, openGround } from './ground.ts'
import { sendAll } from './load.ts'
import { type Bench, judged, rounds } from './measure.ts'

const tenantId = 'reader'

async function openReader({ world }: Ground): Promise<string> {
  const customer = customerRow(tenantId, { isDefault: true })
  const subscription = subscriptionRow(customer)
  await world.service.deps.store.system.transaction(async tx => {
    await tx.insert('tenants', tenantRow(tenantId, { defaultCustomerId: customer.id }))
    await tx.insert('customers', customer)
    await tx.insert('subscriptions', subscription)
  })
  return `${world.url}/api/v1/billing/customers/${customer.id}`
}

async function listening(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export const reads = (count: number): Bench => ({
  name: 'reads',
  says: 'a read with its token and one SELECT, against a server that says hello',
  async run(tell) {
    const ground = await openGround()
    const hello = createServer((_, answer) =>
      answer.setHeader('content-type', 'application/json').end('{"hello":"world"}'),
    )
    try {
      const url = await openReader(ground)
      const bare = await listening(hello)
      const headers = { authorization: `Bearer ${ground.world.admin(tenantId)}` }
      const [values, floors]: [number[], number[]] = [[], []]
      for (let n = 0; n < rounds; n += 1) {
        values.push((await sendAll(count, 32, () => ({ method: 'GET', url, headers }))).rate)
        floors.push((await sendAll(count, 32, () => ({ method: 'GET', url: bare }))).rate)
        tell(
          `round ${n + 1}: ${Math.round(values.at(-1)!)} reads/s, hello ${Math.round(floors.at(-1)!)}`,
        )
      }
      const goal = { name: 'reads / hello', unit: 'reads/s', must: 0.2, aim: 0.3 }
      return [judged(goal, values, floors)]
    } finally {
      hello.close()
      await ground.close()
    }
  },
})

export const gateway = (count: number): Bench => ({
  name: 'gateway',
  says: 'reads through the gateway, against a bare proxy of Node in front of the same service',
  async run(tell) {
    const ground = await openGround()
    const { world } = ground
    const gate = await startGateway({
      port: 0,
      billingUrl: world.url,
      token: { secret: 'a secret for tests that is long enough' },
      limits: { address: null, tenant: null },
    })
    const proxy = createServer((incoming, answer) => {
      const { method, headers, url } = incoming
      const onward = forward(`${world.url}${url}`, { method, headers }, reply => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers)
        reply.pipe(answer)
      })
      incoming.pipe(onward)
    })
    try {
      const { pathname } = new URL(await openReader(ground))
      const bare = await listening(proxy)
      const headers = { authorization: `Bearer ${world.admin(tenantId)}` }
      const [values, floors]: [number[], number[]] = [[], []]
      for (let n = 0; n < rounds; n += 1) {
        const through = (base: string) =>
          sendAll(count, 32, () => ({ method: 'GET', url: `${base}${pathname}`, headers }))
        values.push((await through(gate.url)).rate)
        floors.push((await through(bare)).rate)
        tell(
          `round ${n + 1}: ${Math.round(values.at(-1)!)} requests/s, bare ${Math.round(floors.at(-1)!)}`,
        )
      }
      const goal = { name: 'gateway / bare proxy', unit: 'requests/s', must: 0.6, aim: 0.85 }
      return [judged(goal, values, floors)]
    } finally {
      proxy.close()
      await gate.close()
      await ground.close()
    }
  },
})
