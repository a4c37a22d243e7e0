// Test clocks: frozen time that Stripe Billing's objects of chosen customers follow.

import type Stripe from 'stripe'
import { erase, need, patch, type Work, workAt } from './state.ts'
import type { Task } from './tables.ts'
import { clockOf, nextDue } from './tasks.ts'

/** This unit of work at the time of a customer: their test clock's, or the sandbox's own. */
export function workFor(work: Work, customerId: string): Work {
  const clock = clockOf(work, customerId)
  if (!clock) return work
  return workAt(work, need(work, 'test_clock', clock).frozen_time * 1000)
}

/**
 * Moves a test clock forward to `target` (epoch seconds) and does, each at its own time, everything
 * that its customers' subscriptions have due until then.
 */
export function advanceClock(
  work: Work,
  id: string,
  target: number,
  runTask: (work: Work, task: Task) => void,
): Stripe.TestHelpers.TestClock {
  for (;;) {
    const task = nextDue(work.store.tables.task.rows.values(), id, target * 1000)
    if (!task) break
    const clock = need(work, 'test_clock', id)
    const at = Math.max(task.dueAt, clock.frozen_time * 1000)
    patch(work, 'test_clock', id, { frozen_time: Math.floor(at / 1000) })
    erase(work, 'task', task.id)
    runTask(workAt(work, at), task)
  }
  return patch(work, 'test_clock', id, { frozen_time: target })
}
