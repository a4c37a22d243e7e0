// Applying a stored event: the object is read afresh, because an event is a hint and the object the truth.
import { systemCaller } from '../../core/caller.ts'
import type { InboxEvent } from '../../core/records.ts'
import type { Deps } from '../../deps.ts'
import type { ProcessorObject } from '../../ports/processor.ts'
import { settleMethod } from '../payment-methods/settle-method.ts'
import { settleAttempt } from '../payments/settle-attempt.ts'
import { settleRefundAttempt } from '../transactions/refund.ts'

const minuteMs = 60_000
const attemptsMax = 12

/** How long to wait after the nth failed try: 1, 2, 4 ... minutes, at most an hour. */
const backoffMs = (attempts: number): number =>
  Math.min(60 * minuteMs, minuteMs * 2 ** Math.min(attempts - 1, 10))

/** Applies one event and writes down what became of it. Never throws for the event's own trouble. */
export async function applyEvent(deps: Deps, event: InboxEvent): Promise<InboxEvent['state']> {
  let state: InboxEvent['state'] = 'applied'
  let lastError: string | null = null
  try {
    state = await applyObject(deps, event)
  } catch (error) {
    state = 'failed'
    lastError = error instanceof Error ? error.message : String(error)
    deps.log.warn({ eventId: event.id, type: event.type, reason: lastError }, 'event not applied')
  }
  const attempts = event.attempts + 1
  const now = deps.clock.real()
  const again = state === 'failed' && attempts < attemptsMax
  await deps.store.system.transaction(async tx => {
    const current = await tx.lock('inbox', event.id)
    await tx.replace('inbox', {
      ...current,
      state,
      attempts,
      lastError,
      dueAt: again ? now + backoffMs(attempts) : null,
      processedAt: again ? null : now,
    })
  })
  return state
}

async function applyObject(deps: Deps, event: InboxEvent): Promise<'applied' | 'ignored'> {
  const objectType = objectTypeOf(event)
  if (objectType === null) return 'ignored'
  const object = await deps.processor.readObject(objectType, event.objectId)
  if (object === null) return 'ignored'
  return settleObject(deps, object)
}

/** Events about money and methods are applied by their object; others are kept for what comes later. */
function objectTypeOf(event: InboxEvent): string | null {
  const object = (event.payload as { data?: { object?: { object?: unknown } } }).data?.object
    ?.object
  const known = ['payment_intent', 'charge', 'refund', 'payment_method', 'setup_intent']
  return typeof object === 'string' && known.includes(object) ? object : null
}

/** Settles an object that names one of our attempts; another's object is not ours to book. */
export async function settleObject(
  deps: Deps,
  object: ProcessorObject,
): Promise<'applied' | 'ignored'> {
  if (object.kind === 'method') return settleMethod(deps, object)
  if (object.kind !== 'payment' && object.kind !== 'refund') return 'ignored'
  const { tenantId, transactionId } = object
  if (tenantId === null || transactionId === null) return 'ignored'
  const known = await deps.store.of(tenantId).find('transactions', transactionId)
  if (known === null) return 'ignored'
  const caller = systemCaller(tenantId, 'webhook', transactionId)
  if (object.kind === 'payment' && known.type === 'payment') {
    await settleAttempt(deps, caller, transactionId, object.observation)
    return 'applied'
  }
  if (object.kind === 'refund' && known.type === 'refund') {
    await settleRefundAttempt(deps, caller, transactionId, object.observation)
    return 'applied'
  }
  return 'ignored'
}
