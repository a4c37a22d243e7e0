// Steering the sandbox's clock, which is no part of Stripe's API: for test tenants whose time is moved.
import { ProcessorUnavailable } from '../../ports/processor.ts'
import type { ConnectOptions } from './connect.ts'

const timeoutMs = 20_000

/** The clock of the sandbox that a connection talks to. It only moves forward. */
export function sandboxClock({ apiBase, secretKey }: ConnectOptions) {
  const ask = async (init: RequestInit): Promise<number> => {
    try {
      const response = await fetch(`${apiBase}/sandbox/clock`, {
        ...init,
        headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(timeoutMs),
      })
      const { iso } = (await response.json()) as { readonly iso?: string }
      if (!response.ok || iso === undefined) throw new Error(`status ${response.status}`)
      return Date.parse(iso)
    } catch (cause) {
      throw new ProcessorUnavailable(`sandbox clock: ${String(cause)}`, { cause })
    }
  }
  return {
    async advanceClock(to: number): Promise<void> {
      if ((await ask({ method: 'GET' })) >= to) return
      const body = JSON.stringify({ to: new Date(to).toISOString() })
      await ask({ method: 'POST', body })
    },
  }
}
