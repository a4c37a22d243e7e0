// What a request with an Idempotency-Key has made, written in the transaction that makes it: when its answer is
// lost with the process or the database, a repetition finds the work and not a refusal of doing it twice.
import type { Caller } from '../core/caller.ts'
import { answerKeptUntil } from '../core/retention.ts'
import type { Instant } from '../core/time.ts'
import type { Deps } from '../deps.ts'
import type { CollectionName } from '../ports/collections.ts'
import type { Reads, TenantTransaction } from '../ports/store.ts'

interface Made {
  readonly subscriptionId: string
  /** The first charge; null where nothing was charged. */
  readonly transactionId: string | null
}

/** Beside the answer, whose own id is a hash without a colon: letting go of the answer leaves it. */
const idOf = (requestKey: string): string => `made:${requestKey}`

/** Writes down what a request makes, for as long as answers are kept; nothing without a key. `now` is real time. */
export async function noteMade(
  { retention }: Pick<Deps, 'retention'>,
  tx: TenantTransaction,
  caller: Caller,
  made: Made,
  now: Instant,
): Promise<void> {
  if (caller.requestKey === null) return
  const id = idOf(caller.requestKey)
  const known = await tx.find('idempotentAnswers', id)
  const note = {
    tenantId: caller.tenantId,
    id,
    requestHash: '',
    state: 'done',
    status: null,
    body: { ...made },
    createdAt: now,
    expiresAt: answerKeptUntil(retention, now),
  } as const
  if (known === null) await tx.insert('idempotentAnswers', { ...note, version: 1 })
  else await tx.replace('idempotentAnswers', { ...note, version: known.version })
}

/** What an earlier run of the same request made, while its note is kept; null when there was none. */
export async function madeBy(
  reads: Pick<Reads<CollectionName>, 'find'>,
  caller: Caller,
  now: Instant,
): Promise<Made | null> {
  if (caller.requestKey === null) return null
  const note = await reads.find('idempotentAnswers', idOf(caller.requestKey))
  return note === null || note.expiresAt <= now ? null : (note.body as Made)
}
