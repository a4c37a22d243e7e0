// Waiting until nothing is under way any more. Slow money is looked at once an hour by the product; here that
// hour is made to pass, nothing else is helped along.
import { setTimeout as wait } from 'node:timers/promises'
import { isFinal, type Transaction } from '../../src/core/payment.ts'
import type { Store } from '../../src/ports/store.ts'
import type { Sandbox } from './parts.ts'

const settledWithinMs = 600_000
const pauseMs = 3_000
const hourMs = 3_600_000
const batchMax = 1_000

/** Transactions that somebody still has to ask about. */
async function unfinished(store: Store): Promise<readonly Transaction[]> {
  const { rows } = await store.system.list('transactions', {
    range: { field: 'checkAt', from: 0 },
    order: { field: 'checkAt', direction: 'asc' },
    limit: batchMax,
  })
  return rows
}

async function waitingEvents(store: Store): Promise<number> {
  return await store.system.count('inbox', { range: { field: 'dueAt', from: 0 } })
}

/** Makes everything that is looked at within the next hours due now. */
async function passHours(store: Store): Promise<void> {
  const now = Date.now()
  await store.system.claim('transactions', {
    field: 'checkAt',
    now: now + 2 * hourMs,
    leaseUntil: now,
    limit: batchMax,
  })
}

const nameOf = ({ tenantId, id, type, status, processorId }: Transaction): string =>
  `${tenantId} ${id}: ${type} ${status}, ${processorId ?? 'unknown to the processor'}`

/** Resolves when no attempt is unfinished and no event waits; throws what is left when that takes too long. */
export async function settle(
  sandbox: Sandbox,
  store: Store,
  say: (line: string) => void,
): Promise<void> {
  const end = performance.now() + settledWithinMs
  for (let round = 0; ; round += 1) {
    await sandbox.steer('POST', 'deliver', {})
    const [left, events] = [await unfinished(store), await waitingEvents(store)]
    if (left.length === 0 && events === 0) return
    if (round % 5 === 0) say(`${left.length} attempts unfinished, ${events} events waiting`)
    if (performance.now() > end) {
      const names = left.slice(0, 20).map(nameOf)
      throw new Error(`not settled in time: ${names.join('; ')}; ${events} events waiting`)
    }
    if (left.some(({ status }) => !isFinal(status)) || round > 3) await passHours(store)
    await wait(pauseMs)
  }
}
