// Past an error that Stripe keeps: for 24 hours it answers the same 500 to the same key, so what was promised
// needs another one. Another key is taken only when the last one is known to have ended in nothing.
import { ProcessorUnavailable } from '../../ports/processor.ts'
import { isStripeError } from './failures.ts'

/** Keys tried in one go; what they could not do is tried again by reconciliation. */
const keysMax = 4

/** A 500 that Stripe replays: the key is used up, and nothing more will come of it. */
export class KeptFailure extends ProcessorUnavailable {}

/** Whether an error is one that Stripe keeps and has just answered again. */
export const isKept = (failure: unknown): boolean =>
  isStripeError(failure) &&
  (failure.statusCode ?? 0) >= 500 &&
  failure.headers?.['idempotent-replayed'] === 'true'

/**
 * Makes something under `key`, or under `<key>_1`, `<key>_2` ... while Stripe replays a 500 of its own and
 * `find` knows of nothing that was made all the same. The keys come in the same order every time, so a
 * repetition after a crash meets what an earlier one began. Throws what the last try threw.
 */
export async function pastKeptFailures<Result>(
  key: string,
  make: (idempotencyKey: string) => Promise<Result>,
  find: () => Promise<Result | null>,
): Promise<Result> {
  for (let n = 0; ; n += 1) {
    try {
      return await make(n === 0 ? key : `${key}_${n}`)
    } catch (failure) {
      if (!(failure instanceof KeptFailure)) throw failure
      const made = await find()
      if (made !== null) return made
      if (n + 1 >= keysMax) throw failure
    }
  }
}
