// The machine's clock, the only place that reads it.
import type { Clock } from '../../ports/clock.ts'

export const systemClock: Clock = { real: () => Date.now(), steady: () => performance.now() }
