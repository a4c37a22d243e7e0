// Which faults the sandbox is told to make, and how often: each kind at its own chance between 1 and 20 %.
import type { Chance } from './chance.ts'
import type { Sandbox } from './parts.ts'

interface Mischief {
  readonly kind: string
  /** Percent: the range that the seed chooses from. */
  readonly between: readonly [number, number]
  readonly more?: Readonly<Record<string, unknown>>
}

const onPost = { method: 'POST', match: '/v1/' }
const onIntents = { method: 'POST', match: '/v1/payment_intents' }
const onRefunds = { method: 'POST', match: '/v1/refunds' }

/** Requests that end in silence cost their caller 20 s each, so they are the rarest. */
const mischief: readonly Mischief[] = [
  { kind: 'timeout_after', between: [1, 2], more: onIntents },
  { kind: 'timeout_after', between: [1, 2], more: onRefunds },
  { kind: 'server_error', between: [1, 3], more: { ...onIntents, performs: true } },
  { kind: 'server_error', between: [1, 3], more: { ...onRefunds, performs: true } },
  { kind: 'server_error', between: [1, 3], more: onIntents },
  { kind: 'server_error', between: [1, 3], more: onRefunds },
  { kind: 'server_error', between: [1, 3], more: { method: 'POST', match: '/v1/customers' } },
  { kind: 'reset_before', between: [2, 6], more: onPost },
  { kind: 'reset_after', between: [2, 6], more: onPost },
  { kind: 'lock_timeout', between: [2, 8], more: { ...onPost, status: 409 } },
  { kind: 'rate_limit', between: [2, 8] },
  { kind: 'latency', between: [10, 20], more: { ...onPost, delay_ms: 150 } },
  { kind: 'webhook_loss', between: [3, 10] },
  { kind: 'webhook_duplicate', between: [5, 20], more: { delay_ms: 2_000 } },
  { kind: 'webhook_twin', between: [2, 8] },
  { kind: 'webhook_reorder', between: [5, 20], more: { delay_ms: 3_000 } },
  { kind: 'webhook_delay', between: [5, 10], more: { delay_ms: 10_000 } },
  { kind: 'webhook_same_second', between: [5, 20] },
  { kind: 'late_balance', between: [5, 20] },
]

/** How often each kind has struck. */
export type Struck = Readonly<Record<string, number>>

/** Switches every fault on. */
export async function beginMischief(sandbox: Sandbox, chance: Chance, seed: number): Promise<void> {
  await sandbox.steer('POST', 'faults', { seed })
  for (const { kind, between, more } of mischief) {
    const probability = chance.whole(...between) / 100
    await sandbox.steer('POST', 'faults', { kind, probability, ...more })
  }
}

/** Switches all off; answers how often each kind has struck. */
export async function endMischief(sandbox: Sandbox): Promise<Struck> {
  const { struck } = await sandbox.steer<{ struck: Struck }>('DELETE', 'faults')
  return struck
}

/** Kinds of faults that never struck: a run that says it tried them must have. */
export const neverStruck = (struck: Struck): readonly string[] => [
  ...new Set(mischief.map(({ kind }) => kind).filter(kind => !struck[kind])),
]
