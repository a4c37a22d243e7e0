// Units of work: all or nothing, and tables that keep the order in which rows were made.

import { describe, expect, it } from 'vitest'
import { newFaultBook } from './faults.ts'
import { beginWork, emptyStore, erase, newest, patch, rollBack, save } from './state.ts'

const environment = {
  baseUrl: '',
  publishableKey: '',
  timings: { debitSettlesMs: 0, refundSettlesMs: 0, disputeOpensMs: 0, fundsAvailableMs: 0 },
  faults: newFaultBook(),
  paymentEnded() {},
}

function begin(store = emptyStore()) {
  return beginWork(store, 1_700_000_000_999, { requestId: null, idempotencyKey: null }, environment)
}

describe('a unit of work', () => {
  it('takes back a put, a change and a removal', () => {
    const store = emptyStore()
    const first = begin(store)
    save(first, 'setting', { id: 'a', value: 1 })
    save(first, 'setting', { id: 'b', value: 2 })
    const second = begin(store)
    patch(second, 'setting', 'a', { value: 9 })
    erase(second, 'setting', 'b')
    save(second, 'setting', { id: 'c', value: 3 })
    rollBack(second)
    expect([...newest(second, 'setting')]).toEqual([
      { id: 'b', value: 2 },
      { id: 'a', value: 1 },
    ])
    expect(second.changes).toEqual([])
  })

  it('lists each row once, newest first, after removals and returns', () => {
    const work = begin()
    for (const id of ['a', 'b', 'c']) save(work, 'setting', { id, value: 0 })
    expect([...newest(work, 'setting')].map(row => row.id)).toEqual(['c', 'b', 'a'])
    erase(work, 'setting', 'b')
    save(work, 'setting', { id: 'b', value: 1 })
    expect([...newest(work, 'setting')].map(row => row.id)).toEqual(['b', 'c', 'a'])
  })

  it('writes times in whole seconds', () => {
    expect(begin().at).toBe(1_700_000_000)
  })
})
