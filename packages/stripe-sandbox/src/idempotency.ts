// Idempotency keys: which answers are kept, for how long, and how a repetition is recognised.

import { createHash } from 'node:crypto'
import { StripeFailure } from './failures.ts'
import { erase, type Store, save, type Work } from './state.ts'
import type { KeptAnswer } from './tables.ts'

const keptForMs = 24 * 3_600_000
const keyMax = 255

/** A hash of all that must be equal for a request to be the same request. */
export function fingerprintOf(request: { method: string; url: string; body: string }): string {
  return createHash('sha256')
    .update(`${request.method} ${request.url}\n${request.body}`)
    .digest('hex')
}

export function checkKey(key: string): void {
  if (key.length <= keyMax) return
  throw new StripeFailure(400, {
    type: 'idempotency_error',
    message: `Idempotency keys can have up to ${keyMax} characters.`,
  })
}

/** 409 while another request of the same key is running. */
export function keyInUse(): StripeFailure {
  return new StripeFailure(409, {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message:
      'There is currently another in-progress request using this idempotency key (that probably ' +
      'means you submitted twice, and the other request is still going through). Please try ' +
      'again later.',
  })
}

/**
 * The answer kept for a key; 400 when it was given to a request with other parameters. `now` is the base
 * clock: moving the sandbox's own clock forgets no key.
 */
export function keptAnswer(
  store: Store,
  key: string,
  fingerprint: string,
  now: number,
): KeptAnswer | undefined {
  const kept = store.tables.kept_answer.rows.get(key)
  if (!kept || kept.createdAt <= now - keptForMs) return undefined
  if (kept.fingerprint === fingerprint) return kept
  throw new StripeFailure(400, {
    type: 'idempotency_error',
    message:
      'Keys for idempotent requests can only be used with the same parameters they were first ' +
      'used with. Try using a key other than the one given if you meant to execute a different ' +
      'request.',
  })
}

/** Keeps an answer in the same unit of work as its effects, and forgets those of yesterday. */
export function keepAnswer(work: Work, answer: KeptAnswer): void {
  for (const [id, old] of work.store.tables.kept_answer.rows) {
    if (old.createdAt > answer.createdAt - keptForMs) break
    erase(work, 'kept_answer', id)
  }
  save(work, 'kept_answer', answer)
}
