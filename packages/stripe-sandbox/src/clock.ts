// The sandbox's own clock: a base clock plus an offset that only grows, kept in the state so that
// it survives a restart. Webhook signatures and retries do not follow it.

import { find, type Store, save, type Work } from './state.ts'

const settingId = 'clock_offset_ms'

export function clockOffsetMs(store: Store): number {
  const value = store.tables.setting.rows.get(settingId)?.value
  return typeof value === 'number' ? value : 0
}

/** Moves the clock forward; a negative span is ignored, as time does not run backwards. */
export function moveClock(work: Work, spanMs: number): void {
  const before = find(work, 'setting', settingId)?.value
  const offset = (typeof before === 'number' ? before : 0) + Math.max(0, spanMs)
  save(work, 'setting', { id: settingId, value: offset })
}
