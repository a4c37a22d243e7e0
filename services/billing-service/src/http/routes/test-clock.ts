import {
  advanceTestClock,
  readTestClock,
  setTestClock,
} from '../../actions/test-clock/test-clock.ts'
import { refuse } from '../../core/refusal.ts'
import { addLocal, fromIso, toIso } from '../../core/time.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'

const units = { h: 'hours', d: 'days', w: 'weeks', mo: 'months', y: 'years' } as const

/** Reads a length such as `3d` and adds it in the tenant's zone. */
function later(from: number, by: string, zone: string): number {
  const [, count, unit] = /^(\d+)(h|d|w|mo|y)$/.exec(by) ?? refuse('invalid_request')
  return addLocal(from, Number(count), units[unit as keyof typeof units], zone)
}

export function testClockRoutes(server: Server): void {
  const { deps } = server
  serve(server, 'getTestClock', async ({ caller }) => {
    const { kind, now } = await readTestClock(deps, caller)
    return { kind, now: toIso(now) }
  })
  serve(server, 'setTestClock', async ({ caller, body }) => {
    const to = body.to === undefined ? null : fromIso(body.to, '/to')
    const { kind, now } = await setTestClock(deps, caller, to)
    return { kind, now: toIso(now) }
  })
  serve(server, 'advanceTestClock', async ({ caller, body }) => {
    const to = body.to === undefined ? null : fromIso(body.to, '/to')
    const moved = await advanceTestClock(
      deps,
      caller,
      (from, zone) => to ?? later(from, body.by ?? '', zone),
    )
    return {
      kind: moved.kind,
      now: toIso(moved.now),
      complete: moved.complete,
      timeline: moved.timeline.map(({ occurredAt, type, objectId, data }) => ({
        at: toIso(occurredAt),
        type,
        objectId,
        data: { ...data },
      })),
    }
  })
}
