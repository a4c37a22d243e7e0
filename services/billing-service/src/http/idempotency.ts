// The first answer to a write with an Idempotency-Key is kept and given again to repetitions. Kept are
// successes and decisions (402, 404, 409); what the caller should simply try again is not.
import { createHash } from 'node:crypto'
import type { IdempotentAnswer } from '../core/records.ts'
import { Refusal, refuse } from '../core/refusal.ts'
import { answerKeptUntil } from '../core/retention.ts'
import type { Instant } from '../core/time.ts'
import type { Deps } from '../deps.ts'
import type { TenantTransaction } from '../ports/store.ts'

/** A request that has not answered by then has died with its process; its repetition may run. */
const runningMaxMs = 120_000
const keyLengthMax = 255

export interface Answer {
  readonly status: number
  readonly body: unknown
}

export interface IdempotentRequest {
  readonly tenantId: string
  readonly method: string
  readonly path: string
  readonly key: string
  readonly body: unknown
}

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** The same text for the same value, whatever the order of its members. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, v]) => `${JSON.stringify(name)}:${canonical(v)}`).join(',')}}`
}

/** The name under which a request's answer is kept; also the key of what it writes. */
export function requestKeyOf({ method, path, key }: IdempotentRequest): string {
  if (key.length === 0 || key.length > keyLengthMax) {
    refuse('invalid_request', {}, [
      { path: '/idempotency-key', message: `must have 1 to ${keyLengthMax} characters` },
    ])
  }
  return hash(`${method} ${path} ${key}`)
}

const isKept = (status: number): boolean =>
  (status >= 200 && status < 300) || [402, 404, 409].includes(status)

/**
 * Runs the work once. Refuses `idempotency_conflict` for another body under the same key and
 * `idempotency_in_progress` while the first request runs.
 */
export async function answerOnce(
  deps: Deps,
  request: IdempotentRequest,
  run: () => Promise<Answer>,
): Promise<Answer & { readonly replayed: boolean }> {
  const id = requestKeyOf(request)
  const requestHash = hash(canonical(request.body))
  const { tenantId } = request
  const row = await claim(deps, tenantId, id, requestHash)
  if (row.state === 'done') return { status: row.status ?? 200, body: row.body, replayed: true }
  const held = { tenantId, id, claimedAt: row.createdAt }
  const hold = (answer: Answer | null) => keepSurely(deps, held, answer)
  let answer: Answer
  try {
    answer = await run()
  } catch (error) {
    // Whether or not it could be let go at once, what went wrong is what the caller hears.
    await hold(null).catch(() => undefined)
    throw error
  }
  await hold(answer)
  return { ...answer, replayed: false }
}

/** A claim of ours on a key. */
interface Held {
  readonly tenantId: string
  readonly id: string
  readonly claimedAt: Instant
}

/** Keeps an answer; while the database is away the caller hears that, and it is kept afterwards. */
async function keepSurely(deps: Deps, held: Held, answer: Answer | null) {
  try {
    await keep(deps, held, answer)
  } catch (error) {
    void keepLater(deps, held, answer)
    throw error
  }
}

const keepEveryMs = 500
/** Shorter than `runningMaxMs`: whoever runs after that keeps an answer of its own. */
const keepWithinMs = 60_000

/** The database went away before the answer was kept: as soon as it is back, repetitions need not wait. */
async function keepLater(deps: Deps, held: Held, answer: Answer | null) {
  const end = performance.now() + keepWithinMs
  while (performance.now() < end) {
    await new Promise(resolve => setTimeout(resolve, keepEveryMs).unref())
    try {
      return await keep(deps, held, answer)
    } catch {
      // Still away.
    }
  }
}

async function claim(
  deps: Deps,
  tenantId: string,
  id: string,
  requestHash: string,
): Promise<IdempotentAnswer> {
  const now = deps.clock.real()
  const fresh: IdempotentAnswer = {
    tenantId,
    id,
    requestHash,
    state: 'running',
    status: null,
    body: null,
    createdAt: now,
    expiresAt: answerKeptUntil(deps.retention, now),
    version: 1,
  }
  return deps.store.transaction(tenantId, async tx => {
    if ((await tx.insertMany('idempotentAnswers', [fresh], { onConflict: 'skip' })) === 1) {
      return fresh
    }
    const known = await lockIfThere(tx, id)
    // Let go of this very moment: a repetition finds the key free.
    if (known === null) refuse('idempotency_in_progress')
    const over = known.expiresAt <= now
    if (!over && known.requestHash !== requestHash) refuse('idempotency_conflict')
    const died = known.state === 'running' && known.createdAt + runningMaxMs <= now
    if (over || died) {
      await tx.replace('idempotentAnswers', { ...fresh, version: known.version })
      return fresh
    }
    if (known.state === 'running') refuse('idempotency_in_progress')
    return known
  })
}

async function lockIfThere(tx: TenantTransaction, id: string): Promise<IdempotentAnswer | null> {
  try {
    return await tx.lock('idempotentAnswers', id)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not_found') return null
    throw error
  }
}

async function keep(deps: Deps, held: Held, answer: Answer | null) {
  const { tenantId, id, claimedAt } = held
  await deps.store.transaction(tenantId, async tx => {
    const row = await lockIfThere(tx, id)
    if (row === null) return
    // Let go of meanwhile, and claimed by a repetition: that one keeps its own answer.
    if (row.createdAt !== claimedAt || row.state !== 'running') return
    if (answer === null || !isKept(answer.status)) {
      await tx.remove('idempotentAnswers', id)
      return
    }
    await tx.replace('idempotentAnswers', {
      ...row,
      state: 'done',
      status: answer.status,
      body: answer.body ?? null,
    })
  })
}
