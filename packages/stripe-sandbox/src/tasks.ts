// Things that happen by themselves when their time comes. This file keeps the timetable; what each
// kind of task does is told by the resource that scheduled it (see timetable.ts).

import { erase, find, newest, newId, save, type Work } from './state.ts'
import type { Task, TaskKind } from './tables.ts'

/** The test clock that the objects of a customer follow, or null for the sandbox's clock. */
export function clockOf(work: Work, customerId: string | null): string | null {
  const clock = customerId ? find(work, 'customer', customerId)?.test_clock : null
  return typeof clock === 'string' ? clock : null
}

/** Schedules a task `delayMs` from now: of the test clock it follows, or of this unit of work. */
export function schedule(
  work: Work,
  kind: TaskKind,
  about: string,
  delayMs: number,
  clock: string | null = null,
): Task {
  const frozen = clock ? find(work, 'test_clock', clock)?.frozen_time : undefined
  const dueAt = (frozen === undefined ? work.atMs : frozen * 1000) + delayMs
  return save(work, 'task', { id: newId('task', 12), kind, dueAt, about, clock })
}

/** Drops the tasks of one kind, or of every kind, about an object. */
export function unschedule(work: Work, about: string, kind?: TaskKind): void {
  for (const task of [...newest(work, 'task')]) {
    if (task.about === about && (kind === undefined || task.kind === kind)) {
      erase(work, 'task', task.id)
    }
  }
}

/** The earliest task of a clock that is due by `untilMs`; equal times keep their order. */
export function nextDue(tasks: Iterable<Task>, clock: string | null, untilMs: number) {
  let earliest: Task | undefined
  for (const task of tasks) {
    if (task.clock !== clock || task.dueAt > untilMs) continue
    if (!earliest || task.dueAt < earliest.dueAt) earliest = task
  }
  return earliest
}
