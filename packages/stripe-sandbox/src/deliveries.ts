// Sends queued events to their endpoints, signed as Stripe signs them, and tries again while they
// are not taken. The queue is part of the state; only the timers live here.

import { createHmac } from 'node:crypto'
import type { Engine } from './engine.ts'
import { noOrigin } from './engine.ts'
import { signingSecret } from './resources/webhook-endpoints.ts'
import { erase, find, patch, type Work } from './state.ts'
import type { Delivery } from './tables.ts'

/** Waits before the tries after the first: a receiver that restarts is reached within seconds. */
const gapsMs = [1000, 2000, 5000, 15_000, 60_000, 300_000, 900_000, 3_600_000, 10_800_000]
const answerTimeoutMs = 10_000
const inFlightMax = 4

export type Deliveries = {
  /** Looks at the queue again: something was added or has changed. */
  wake(): void
  /** Resolves when nothing is in flight and nothing is due now. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** The `Stripe-Signature` header of a body at an instant, in real epoch seconds. */
export function signatureHeader(body: string, secret: string, atSeconds: number): string {
  const digest = createHmac('sha256', secret).update(`${atSeconds}.${body}`).digest('hex')
  return `t=${atSeconds},v1=${digest}`
}

type Parcel = { url: string; body: string; signature: string }

function parcelOf(work: Work, delivery: Delivery): Parcel | undefined {
  const endpoint = find(work, 'webhook_endpoint', delivery.endpoint)
  const event = find(work, 'event', delivery.event)
  if (!event || endpoint?.status !== 'enabled') return undefined
  const body = JSON.stringify(event, null, 2)
  // Signatures follow the real clock, whatever the sandbox's clock says: receivers check their age.
  const at = Math.floor(Date.now() / 1000)
  return {
    url: endpoint.url,
    body,
    signature: signatureHeader(body, signingSecret(work, endpoint.id), at),
  }
}

async function send(parcel: Parcel, signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await fetch(parcel.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': parcel.signature,
        'user-agent': 'Stripe/1.0 (sandbox)',
      },
      body: parcel.body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
    })
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    return false
  }
}

/** Rows leave the queue when their event is taken or given up; the event itself stays. */
function settle(work: Work, id: string, taken: boolean): void {
  const delivery = find(work, 'delivery', id)
  if (!delivery) return
  const gap = taken ? undefined : gapsMs[delivery.attempts]
  if (gap === undefined) erase(work, 'delivery', id)
  else {
    const attempts = delivery.attempts + 1
    patch(work, 'delivery', id, { attempts, nextAt: Date.now() + gap })
  }
  const event = find(work, 'event', delivery.event)
  if (taken && event) {
    patch(work, 'event', event.id, { pending_webhooks: Math.max(0, event.pending_webhooks - 1) })
  }
}

type Pump = {
  engine: Engine
  inFlight: Map<string, Promise<void>>
  stop: AbortController
  timer: NodeJS.Timeout | undefined
  /** A look at the queue is already on its way. */
  woken: boolean
  idlers: (() => void)[]
}

async function deliver({ engine, stop }: Pump, delivery: Delivery): Promise<void> {
  const parcel = engine.transact(noOrigin, work => parcelOf(work, delivery))
  const taken = parcel ? await send(parcel, stop.signal) : false
  // A delivery cut short by closing stays pending in the journal, with its attempt uncounted.
  if (stop.signal.aborted && !taken) return
  engine.transact(noOrigin, work => {
    if (parcel) settle(work, delivery.id, taken)
    else erase(work, 'delivery', delivery.id)
  })
}

function begin(pump: Pump, delivery: Delivery): void {
  const running = deliver(pump, delivery).finally(() => {
    pump.inFlight.delete(delivery.id)
    look(pump)
  })
  pump.inFlight.set(delivery.id, running)
}

/** Looks at the queue: sends what is due, and comes back when the next one will be. */
function look(pump: Pump): void {
  if (pump.stop.signal.aborted) return
  clearTimeout(pump.timer)
  const now = Date.now()
  let next = Number.POSITIVE_INFINITY
  for (const row of pump.engine.store.tables.delivery.rows.values()) {
    if (pump.inFlight.has(row.id)) continue
    if (row.nextAt > now) next = Math.min(next, row.nextAt)
    else if (pump.inFlight.size < inFlightMax) begin(pump, row)
    else return
  }
  if (Number.isFinite(next)) {
    pump.timer = setTimeout(() => look(pump), Math.min(Math.max(next - now, 1), 60_000))
    pump.timer.unref()
  }
  if (pump.inFlight.size > 0) return
  for (const resolve of pump.idlers.splice(0)) resolve()
}

function wake(pump: Pump): void {
  if (pump.woken) return
  pump.woken = true
  // After the current request has been answered; as with Stripe a webhook may still overtake it.
  setImmediate(() => {
    pump.woken = false
    look(pump)
  })
}

export function startDeliveries(engine: Engine): Deliveries {
  const pump: Pump = {
    engine,
    inFlight: new Map(),
    stop: new AbortController(),
    timer: undefined,
    woken: false,
    idlers: [],
  }
  return {
    wake: () => wake(pump),
    idle: () =>
      new Promise(resolve => {
        pump.idlers.push(resolve)
        wake(pump)
      }),
    async close() {
      pump.stop.abort()
      clearTimeout(pump.timer)
      await Promise.allSettled(pump.inFlight.values())
    },
  }
}
