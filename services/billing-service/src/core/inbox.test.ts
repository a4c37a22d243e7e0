import { describe, expect, it } from 'vitest'
import {
  afterTry,
  applied,
  type InboxEvent,
  ignored,
  replayed,
  triesMax,
  waitAfterMs,
} from './inbox.ts'

const event: InboxEvent = {
  id: 'stripe:evt_1',
  processor: 'stripe',
  type: 'charge.updated',
  objectId: 'ch_1',
  subject: 'payment_intent:pi_1',
  apiVersion: null,
  payload: {},
  source: 'webhook',
  state: 'received',
  attempts: 0,
  reason: null,
  tenantId: null,
  occurredAt: 0,
  receivedAt: 0,
  dueAt: 0,
  processedAt: null,
  replays: 0,
  replayedBy: null,
  version: 1,
}

describe('an event after a try', () => {
  it('that was applied is done, and names the tenant', () => {
    expect(afterTry(event, applied('acme'), 7)).toMatchObject({
      state: 'applied',
      attempts: 1,
      tenantId: 'acme',
      dueAt: null,
      processedAt: 7,
    })
  })

  it('that was ignored keeps the reason', () => {
    const after = afterTry(event, ignored('not ours'), 7)
    expect(after).toMatchObject({ state: 'ignored', reason: 'not ours', dueAt: null })
  })

  it('that failed comes back after 2.5 to 5 s, after the tenth after 22 to 43 min, never over an hour', () => {
    expect(waitAfterMs('a', 1)).toBeGreaterThanOrEqual(2_500)
    expect(waitAfterMs('a', 1)).toBeLessThanOrEqual(5_000)
    expect(waitAfterMs('a', 10)).toBeGreaterThanOrEqual(1_280_000)
    expect(waitAfterMs('a', 60)).toBeLessThanOrEqual(3_600_000)
    expect(waitAfterMs('a', 3)).not.toBe(waitAfterMs('b', 3))
  })

  it(`that failed ${triesMax} times is given up with its reason, and waits for an operator`, () => {
    let current = event
    for (let tries = 1; tries < triesMax; tries += 1) {
      current = afterTry(current, { state: 'failed', reason: 'no answer' }, 7)
      expect(current.state).toBe('failed')
    }
    const dead = afterTry(current, { state: 'failed', reason: 'no answer' }, 7)
    expect(dead).toMatchObject({ state: 'dead', reason: 'no answer', dueAt: null, processedAt: 7 })
    expect(replayed(dead, 'ada', 9)).toMatchObject({
      state: 'received',
      attempts: 0,
      dueAt: 9,
      replays: 1,
      replayedBy: 'ada',
    })
  })
})
