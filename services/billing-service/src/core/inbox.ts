// Events of the processor as they wait to be applied: what becomes of one after each try, and when it is
// tried again. An event is a hint; what it makes us re-read is its subject.
import type { TenantId } from './ids.ts'
import type { Instant } from './time.ts'

/**
 * `received` waits, `failed` waits to be tried again, `dead` was given up and waits for an operator;
 * `ignored` is kept with the reason why nothing followed from it.
 */
export type InboxState = 'received' | 'applied' | 'ignored' | 'failed' | 'dead'

/** An event as it arrived, kept for good. */
export interface InboxEvent {
  /** `<processor>:<the processor's event id>`. */
  readonly id: string
  readonly processor: string
  readonly type: string
  readonly objectId: string
  /** What is read afresh and settled: `<type>:<id>`. Empty for an event that nothing follows from. */
  readonly subject: string
  readonly apiVersion: string | null
  readonly payload: unknown
  /** How we learnt of it: it was delivered, or found missing by the back-fill. */
  readonly source: 'webhook' | 'backfill'
  readonly state: InboxState
  readonly attempts: number
  /** Why it was ignored, failed or given up. */
  readonly reason: string | null
  /** Whose record it changed, once that is known. */
  readonly tenantId: TenantId | null
  /** When the processor made it, to the second. */
  readonly occurredAt: Instant
  readonly receivedAt: Instant
  /** When the worker may next take it; null when it is done or given up. */
  readonly dueAt: Instant | null
  readonly processedAt: Instant | null
  /** How often an operator asked for it again, and who did last. */
  readonly replays: number
  readonly replayedBy: string | null
  readonly version: number
}

/** What a try found out. */
export type Verdict =
  | { readonly state: 'applied'; readonly tenantId: TenantId | null }
  | { readonly state: 'ignored'; readonly reason: string; readonly tenantId?: TenantId }
  | { readonly state: 'failed'; readonly reason: string }

export const applied = (tenantId: TenantId | null): Verdict => ({ state: 'applied', tenantId })
export const ignored = (reason: string): Verdict => ({ state: 'ignored', reason })

/** After this many failed tries, about half a day, an event is given up. */
export const triesMax = 20
const firstWaitMs = 5_000
const waitMaxMs = 3_600_000
const reasonLengthMax = 500

/** A number from 0 to 1 that differs between events and tries, yet is the same at every repetition. */
function spread(text: string): number {
  let hash = 2_166_136_261
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 16_777_619) >>> 0
  return hash / 0xff_ff_ff_ff
}

/**
 * How long to wait after the nth failed try: 5 s, doubling up to an hour, and between half and all of that,
 * so that events which failed together do not all come back together.
 */
export function waitAfterMs(eventId: string, attempts: number): number {
  const whole = Math.min(firstWaitMs * 2 ** Math.min(attempts - 1, 20), waitMaxMs)
  return Math.round(whole * (0.5 + spread(`${eventId}:${attempts}`) * 0.5))
}

/** Writes down what a try found out. */
export function afterTry(event: InboxEvent, verdict: Verdict, now: Instant): InboxEvent {
  const attempts = event.attempts + 1
  if (verdict.state !== 'failed') {
    const reason = verdict.state === 'ignored' ? verdict.reason : null
    const tenantId = verdict.tenantId ?? event.tenantId
    return { ...event, ...verdict, attempts, reason, tenantId, dueAt: null, processedAt: now }
  }
  const reason = verdict.reason.slice(0, reasonLengthMax)
  const dead = attempts >= triesMax
  return {
    ...event,
    state: dead ? 'dead' : 'failed',
    attempts,
    reason,
    dueAt: dead ? null : now + waitAfterMs(event.id, attempts),
    processedAt: dead ? now : null,
  }
}

/** Puts an event back in line, whatever became of it before. Its tries begin again. */
export const replayed = (event: InboxEvent, by: string, now: Instant): InboxEvent => ({
  ...event,
  state: 'received',
  attempts: 0,
  dueAt: now,
  processedAt: null,
  replays: event.replays + 1,
  replayedBy: by,
})
