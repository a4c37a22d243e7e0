// What comes in: usage in batches and one by one, webhooks.
import { createHmac } from 'node:crypto'
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordUsage, sharedRecording } from '../../src/actions/usage/record-usage.ts'
import { systemCaller } from '../../src/core/caller.ts'
import {
  customerRow,
  newTenant,
  subscriptionRow,
  tenantRow,
} from '../../src/ports/contract/rows.ts'
import { type Ground, makeTwin, openGround } from './ground.ts'
import { sendAll } from './load.ts'
import { type Bench, judged, rounds, seconds } from './measure.ts'

/** Live subscriptions whose period is running, each of a tenant of its own. */
async function openRunning({ world }: Ground, count: number) {
  const now = Date.now()
  const span = { currentPeriodStart: now - 86_400_000, currentPeriodEnd: now + 30 * 86_400_000 }
  const made = Array.from({ length: count }, () => {
    const customer = customerRow(newTenant(), { isDefault: true })
    const tenant = tenantRow(customer.tenantId, { defaultCustomerId: customer.id })
    const subscription = subscriptionRow(customer, {
      ...span,
      anchorAt: span.currentPeriodStart,
      createdAt: span.currentPeriodStart,
    })
    return { customer, tenant, subscription }
  })
  await world.service.deps.store.system.transaction(async tx => {
    await tx.insertMany(
      'tenants',
      made.map(each => each.tenant),
    )
    await tx.insertMany(
      'customers',
      made.map(each => each.customer),
    )
    await tx.insertMany(
      'subscriptions',
      made.map(each => each.subscription),
    )
  })
  return made.map(({ subscription }) => subscription)
}

const perRequest = 1_000

type Running = Awaited<ReturnType<typeof openRunning>>

/** Events of ten tenants a request, with keys in the order of time, as senders are advised to make them. */
const eventsOf = (subscriptions: Running, prefix: string, request: number) =>
  Array.from({ length: perRequest }, (_, at) => {
    const { tenantId, id, currentPeriodStart } =
      subscriptions[(request * 10 + (at % 10)) % subscriptions.length]!
    const idempotencyKey = `${prefix}-${String(request).padStart(4, '0')}-${at}`
    return { tenantId, subscriptionId: id, idempotencyKey, periodStart: currentPeriodStart }
  })

const bodyOf = (subscriptions: Running, prefix: string, request: number): string =>
  JSON.stringify({
    events: eventsOf(subscriptions, prefix, request).map(({ periodStart, ...event }) => ({
      ...event,
      metric: 'messages',
      quantity: 3,
    })),
  })

/** COPY of the same events from files at the server, into a table of the same make, in as many commits. */
async function copyRaw(
  { owner }: Ground,
  subscriptions: Running,
  { prefix, requests }: { readonly prefix: string; readonly requests: number },
) {
  const file = join(tmpdir(), `quittance-bench-${process.pid}.csv`)
  const stamp = new Date().toISOString()
  let took = 0
  for (let n = 0; n < requests; n += 1) {
    const lines = eventsOf(subscriptions, prefix, n).map(event => [
      event.tenantId,
      event.idempotencyKey,
      event.subscriptionId,
      'messages',
      3,
      stamp,
      new Date(event.periodStart).toISOString(),
      stamp.slice(0, 10),
      stamp,
    ])
    writeFileSync(file, lines.map(line => line.join(',')).join('\n'))
    chmodSync(file, 0o644)
    took += await seconds(() =>
      owner.query(
        'copy bench.usage_events (tenant_id, idempotency_key, subscription_id, metric, quantity, ' +
          `occurred_at, period_start, day, recorded_at) from '${file}' with (format csv)`,
      ),
    )
  }
  rmSync(file, { force: true })
  return (perRequest * requests) / took
}

export const usage = (requests: number): Bench => ({
  name: 'usage',
  says: 'events over HTTP, 1,000 a request: dedupe, daily totals, committed; against COPY from a file',
  async run(tell) {
    const ground = await openGround()
    try {
      await makeTwin(ground.owner, 'usageEvents')
      await ground.owner.query('alter table bench.usage_events alter column late set default false')
      const subscriptions = await openRunning(ground, 100)
      const { world } = ground
      const authorization = `Bearer ${world.platform()}`
      const [values, floors]: [number[], number[]] = [[], []]
      for (let n = 0; n < rounds; n += 1) {
        const prefix = `round-${n}`
        const bodies = Array.from({ length: requests }, (_, r) => bodyOf(subscriptions, prefix, r))
        const { rate } = await sendAll(requests, 4, at => ({
          method: 'POST',
          url: `${world.url}/api/v1/billing/usage/batch`,
          headers: { authorization, 'content-type': 'application/json' },
          body: bodies[at]!,
        }))
        values.push(rate * perRequest)
        floors.push(await copyRaw(ground, subscriptions, { prefix, requests }))
        tell(
          `round ${n + 1}: ${Math.round(values.at(-1)!)} events/s, COPY ${Math.round(floors.at(-1)!)}`,
        )
      }
      const goal = { name: 'usage / COPY', unit: 'events/s', must: 0.45, aim: 0.7 }
      return [judged(goal, values, floors)]
    } finally {
      await ground.close()
    }
  },
})

export const usageSingle = (count: number): Bench => ({
  name: 'usage-single',
  says: 'single events, 64 at a time: sharing transactions against one transaction each',
  async run(tell) {
    const ground = await openGround()
    try {
      const subscriptions = await openRunning(ground, 64)
      const { deps } = ground.world.service
      const rates: number[][] = [[], []]
      const tails: number[][] = [[], []]
      const share = sharedRecording(deps)
      for (let n = 0; n < rounds; n += 1) {
        for (const [way, shared] of [share, undefined].entries()) {
          const took: number[] = []
          let next = 0
          const all = await seconds(() =>
            Promise.all(
              subscriptions.map(async ({ tenantId, id }) => {
                const caller = systemCaller(tenantId, 'bench', 'bench')
                while (next < count) {
                  const idempotencyKey = `single-${n}-${way}-${next++}`
                  const began = performance.now()
                  const event = {
                    subscriptionId: id,
                    metric: 'messages',
                    quantity: '1',
                    occurredAt: null,
                  }
                  await recordUsage(deps, caller, { ...event, idempotencyKey }, shared)
                  took.push(performance.now() - began)
                }
              }),
            ),
          )
          took.sort((a, b) => a - b)
          rates[way]!.push(count / all)
          tails[way]!.push(took[Math.floor(took.length * 0.99)]!)
        }
        const [fast, slow] = rates.map(each => Math.round(each.at(-1)!))
        tell(`round ${n + 1}: ${fast} events/s sharing, ${slow} each by itself`)
      }
      return [
        judged(
          { name: 'usage-single', unit: 'events/s', must: 2.5, aim: 4.5 },
          rates[0]!,
          rates[1]!,
        ),
        judged(
          { name: 'usage-single p99', unit: 'ms', must: 1, aim: 0.5, small: true },
          tails[0]!,
          tails[1]!,
        ),
      ]
    } finally {
      await ground.close()
    }
  },
})

const secret = 'whsec_world'

function signedEvent(id: string) {
  const object = {
    id: `pi_${id}`,
    object: 'payment_intent',
    amount: 2_900,
    currency: 'usd',
    metadata: {},
  }
  const body = JSON.stringify({
    id: `evt_${id}`,
    object: 'event',
    api_version: '2026-10-29.clover',
    created: Math.floor(Date.now() / 1_000),
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: 'payment_intent.succeeded',
    data: { object },
  })
  const stamp = Math.floor(Date.now() / 1_000)
  const digest = createHmac('sha256', secret).update(`${stamp}.${body}`).digest('hex')
  return {
    body,
    headers: { 'stripe-signature': `t=${stamp},v1=${digest}`, 'content-type': 'application/json' },
  }
}

export const webhooks = (count: number): Bench => ({
  name: 'webhooks',
  says: 'webhooks that are stored before they are answered, against a server that only verifies them',
  async run(tell) {
    const ground = await openGround()
    const { deps } = ground.world.service
    const verifier = createServer((incoming, answer) => {
      const chunks: Buffer[] = []
      incoming.on('data', chunk => chunks.push(chunk))
      incoming.on('end', () => {
        const signature = incoming.headers['stripe-signature']
        deps.processor.readEvent(Buffer.concat(chunks), String(signature), Date.now())
        answer.setHeader('content-type', 'application/json').end('{"received":true}')
      })
    })
    await new Promise<void>(resolve => verifier.listen(0, '127.0.0.1', resolve))
    const bare = `http://127.0.0.1:${(verifier.address() as AddressInfo).port}/`
    try {
      const [values, floors]: [number[], number[]] = [[], []]
      for (let n = 0; n < rounds; n += 1) {
        const events = Array.from({ length: count }, (_, at) => signedEvent(`${n}x${at}`))
        const to = (url: string) =>
          sendAll(count, 64, at => ({ method: 'POST' as const, url, ...events[at]! }))
        values.push((await to(`${ground.world.url}/api/v1/billing/webhooks/stripe`)).rate)
        floors.push((await to(bare)).rate)
        tell(
          `round ${n + 1}: ${Math.round(values.at(-1)!)} webhooks/s, verified only ${Math.round(floors.at(-1)!)}`,
        )
      }
      const goal = { name: 'webhooks / verify only', unit: 'webhooks/s', must: 0.35, aim: 0.5 }
      return [judged(goal, values, floors)]
    } finally {
      verifier.close()
      await ground.close()
    }
  },
})
