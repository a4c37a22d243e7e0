// What goes wrong on purpose: the processor's answers, the process, the webhooks.
import { createHmac } from 'node:crypto'
import { receiveEvent } from '../../actions/webhooks/receive-event.ts'
import type { Instant } from '../../core/time.ts'
import { ProcessorUnavailable } from '../../ports/processor.ts'
import type { Around } from './around.ts'
import type { Random } from './random.ts'
import { type SimulatedWorld, webhookSecret } from './world.ts'

/** Counts of what was done and what went wrong, by name. */
export type Counts = Record<string, number>

export const count = (counts: Counts, name: string, more = 1): void => {
  counts[name] = (counts[name] ?? 0) + more
}

/** The process dies: nothing of it runs on, not even what would tidy up. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

const crashText = 'the process died'

/** Dies at the nth call of a port, before or after it was carried out, and stays dead. */
export function crashAt(nth: number, after: boolean): Around {
  let calls = 0
  let dead = false
  const assertAlive = () => {
    if (dead) throw new Crash(crashText)
  }
  return async (_where, _name, call) => {
    assertAlive()
    calls += 1
    const last = calls === nth
    if (last && !after) dead = true
    assertAlive()
    const result = await call()
    if (last) dead = true
    assertAlive()
    return result
  }
}

const requestFaults = {
  timeout_after: 4,
  reset_after: 3,
  reset_before: 2,
  rate_limit: 2,
  lock_timeout: 2,
  server_error: 1,
} as const

/** Lets one of the next requests to the processor go wrong. */
export function troubleProcessor(world: SimulatedWorld, random: Random, counts: Counts): void {
  const kind = random.weighted(requestFaults)
  const performs = random.chance(0.5)
  const status = random.pick([409, 429] as const)
  const remaining = kind === 'server_error' ? 1 : random.pick([1, 1, 2, 4])
  const method = random.chance(0.7) ? 'POST' : null
  world.sandbox.state.faults.add({
    kind,
    remaining,
    probability: 1,
    method,
    match: null,
    delayMs: 0,
    status,
    performs,
  })
  const detail = kind === 'server_error' ? (performs ? '_performed' : '_kept') : ''
  count(counts, `${kind}${kind === 'lock_timeout' ? `_${status}` : detail}`)
  world.diary.push(`  fault: ${kind}${detail} on the next ${remaining} ${method ?? 'any'}`)
}

/** Whether an error is the doing of an injected fault, and so no fault of the product. */
export function isInjected(error: unknown): boolean {
  return error instanceof Crash || error instanceof ProcessorUnavailable
}

const injectedReasons = /^the process died|: (reason=|type=)|statusCode=(409|424|429|5\d\d)/

/** The same for the reason that a log line gives. */
export const isInjectedReason = (reason: string): boolean => injectedReasons.test(reason)

interface Letter {
  readonly eventId: string
  readonly body: string
  readonly dueAt: Instant
}

/** The way of webhooks from the sandbox to us: some are lost, some come twice, late, or overtake others. */
export function openPost(world: SimulatedWorld, random: Random, counts: Counts) {
  let lastSeen: string | null = null
  let letters: Letter[] = []
  const hourMs = 3_600_000
  const delayMs = () =>
    random.chance(0.7)
      ? 0
      : random.chance(0.7)
        ? random.whole(1, hourMs)
        : random.whole(1, 48) * hourMs

  const send = (eventId: string, body: string, late: number) => {
    if (late > 0) count(counts, 'webhook_delayed')
    letters.push({ eventId, body, dueAt: world.now() + late })
  }
  return {
    /** Takes what the sandbox has to say since the last time. */
    collect(): void {
      const fresh: { id: string; body: string }[] = []
      for (const event of world.sandbox.state.newest('event')) {
        if (event.id === lastSeen) break
        fresh.push({ id: event.id, body: JSON.stringify(event) })
      }
      lastSeen = fresh[0]?.id ?? lastSeen
      for (const { id, body } of fresh.reverse()) {
        if (random.chance(0.06)) {
          count(counts, 'webhook_lost')
          continue
        }
        send(id, body, delayMs())
        if (!random.chance(0.1)) continue
        count(counts, 'webhook_duplicated')
        send(id, body, delayMs())
      }
    },
    nextDueAt: (): Instant | null =>
      letters.length === 0 ? null : Math.min(...letters.map(letter => letter.dueAt)),
    /** Delivers what is due, in any order. */
    async deliver(): Promise<void> {
      const due = letters.filter(letter => letter.dueAt <= world.now())
      if (due.length === 0) return
      letters = letters.filter(letter => letter.dueAt > world.now())
      if (due.length > 1 && random.chance(0.3)) {
        count(counts, 'webhook_reordered')
        due.reverse()
      }
      for (const { body } of due) {
        const stamp = Math.floor(world.now() / 1000)
        const digest = createHmac('sha256', webhookSecret).update(`${stamp}.${body}`).digest('hex')
        await receiveEvent(world.deps, Buffer.from(body), `t=${stamp},v1=${digest}`)
      }
    },
  }
}

export type Post = ReturnType<typeof openPost>
